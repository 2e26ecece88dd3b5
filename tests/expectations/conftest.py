"""The hand-made work file as catalogs of their own, ready to be spoilt."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

SMALL_WAREHOUSE = Path(__file__).parent / "small_warehouse.sql"
CATALOGS = ("work", "cx", "previous")


@contextmanager
def catalogs(directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in CATALOGS:
            connection.execute(f"ATTACH '{directory / name}.duckdb' AS {name}")
        yield connection


def make_clean(directory: Path) -> None:
    with catalogs(directory) as connection:
        connection.execute("USE work")
        connection.execute(SMALL_WAREHOUSE.read_text(encoding="utf-8"))
        connection.execute("USE memory.main")
        copy_published(connection, "cx")
        copy_published(connection, "previous")
        connection.execute(
            "CREATE TABLE previous.meta.releases AS"
            " SELECT 'r000001' AS release_id, as_of FROM work.intermediate.as_of"
        )


def copy_published(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
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
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., object]:
    """Open a candidate as the audit has it, after some statements have spoilt it."""
    made = tmp_path_factory.mktemp("clean")
    make_clean(made)

    @contextmanager
    def candidate(*spoil: str) -> Iterator[duckdb.DuckDBPyConnection]:
        with TemporaryDirectory() as copied:
            shutil.copytree(made, copied, dirs_exist_ok=True)
            with catalogs(Path(copied)) as connection:
                for statement in spoil:
                    connection.execute(statement)
                yield connection

    return candidate
