"""The hand-made work file as catalogs in memory, ready to be spoilt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

SMALL_WAREHOUSE = Path(__file__).parent / "small_warehouse.sql"


@contextmanager
def candidate(*spoil: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as the audit has it; `spoil` is run on the work file before."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("ATTACH ':memory:' AS work; USE work")
        connection.execute(SMALL_WAREHOUSE.read_text(encoding="utf-8"))
        connection.execute("USE memory.main")
        copy_published(connection, "cx")
        copy_published(connection, "previous")
        connection.execute(
            "CREATE TABLE previous.meta.releases AS"
            " SELECT 'r000001' AS release_id, as_of FROM work.intermediate.as_of"
        )
        for statement in spoil:
            connection.execute(statement)
        yield connection


def copy_published(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    connection.execute(f"ATTACH ':memory:' AS {catalog}")
    connection.execute(f"CREATE SCHEMA {catalog}.marts; CREATE SCHEMA {catalog}.meta")
    tables = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
        " WHERE database_name = 'work' AND schema_name IN ('marts', 'meta')"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"CREATE TABLE {catalog}.{table} AS FROM work.{table}")
    connection.execute(
        f"CREATE TABLE {catalog}.meta.input_loads AS"
        " SELECT source, stream AS table_name, _dlt_load_id AS load_id,"
        " count(*) AS rows, sum(hash(payload)::HUGEINT)::VARCHAR AS digest"
        " FROM work.staging.envelopes GROUP BY ALL"
    )


@pytest.fixture(scope="session")
def clean() -> Callable[..., object]:
    """Open a candidate that nobody has spoilt."""
    return candidate


@pytest.fixture
def spoilt() -> Callable[..., object]:
    """Open a candidate after some statements have spoilt it."""
    return candidate
