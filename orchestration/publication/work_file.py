"""Reading the private work file from another connection.

Holds how it is attached and what a release must know of its inputs. Writes nothing.
Tests: tests/orchestration/publication/test_work_file.py
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.publication.errors import PublicationError
from orchestration.publication.names import literal, quoted
from orchestration.settings import Settings

WORK = "work"


def attach_work(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Attach the work file read-only as `work`.

    It is attached under its own name too: dbt writes that name into its views, and
    they could not be read without it.

    Raises:
        PublicationError: The file is missing, locked or unreadable.
    """
    path = settings.warehouse_path
    try:
        for name in (WORK, path.stem):
            connection.execute(f"ATTACH {literal(path)} AS {quoted(name)} (READ_ONLY)")
    except duckdb.Error as error:
        raise PublicationError(
            f"The work file {path} cannot be opened: {str(error).splitlines()[0]}",
            "If another run is in progress, wait for it; otherwise run `cx run`.",
        ) from error


@dataclass(frozen=True)
class InputLoad:
    """What one load brought to one table of the lake.

    Attributes:
        source: The source.
        table_name: Table of the lake.
        load_id: The load.
        rows: How many records.
        digest: Of all their columns; the same as long as nobody touches the files.
    """

    source: str
    table_name: str
    load_id: str
    rows: int
    digest: str


def input_loads(connection: duckdb.DuckDBPyConnection) -> list[InputLoad]:
    """Return what the lake views hold, per table and load, oldest first."""
    # Rows of files say themselves which source they are of.
    views = connection.execute(
        "SELECT schema_name, table_name, bool_or(column_name = 'source')"
        " FROM duckdb_columns()"
        " WHERE database_name = $work"
        " AND (column_name = '_dlt_load_id' OR column_name = 'source')"
        " AND schema_name IN (SELECT schema_name FROM duckdb_columns()"
        "  WHERE database_name = $work AND table_name = 'pulls'"
        "  AND column_name = '_dlt_load_id') GROUP BY ALL"
        " HAVING bool_or(column_name = '_dlt_load_id') ORDER BY ALL",
        {"work": WORK},
    ).fetchall()
    return [
        InputLoad(source, table, *row)
        for schema, table, is_told in views
        for source, *row in connection.execute(
            f"SELECT {'source' if is_told else literal(schema)}, _dlt_load_id,"
            " count(*), sum(hash(*COLUMNS(*))::HUGEINT)::VARCHAR"
            f" FROM {WORK}.{quoted(schema)}.{quoted(table)} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    ]


def load_ids(loads: Iterable[InputLoad]) -> dict[str, list[str]]:
    """Return the load ids per source, oldest first."""
    ids: dict[str, set[str]] = {}
    for load in loads:
        ids.setdefault(load.source, set()).add(load.load_id)
    return {source: sorted(found) for source, found in ids.items()}


def as_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Return up to which instant the data speaks, ISO 8601 in UTC.

    Raises:
        PublicationError: `intermediate.as_of` does not have exactly one instant.
    """
    rows = connection.execute(
        f"SELECT as_of::TIMESTAMP FROM {WORK}.intermediate.as_of"
    ).fetchall()
    if len(rows) != 1 or rows[0][0] is None:
        raise PublicationError(
            f"intermediate.as_of has {len(rows)} rows instead of one instant.",
            "It is built by dbt from the last pulls; look at the dbt step of the run.",
        )
    return str(rows[0][0].isoformat()) + "Z"
