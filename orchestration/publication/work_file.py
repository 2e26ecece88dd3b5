"""Reading the private work file from another connection.

Holds how it is attached and what a release must know of its inputs. Writes nothing.
Tests: tests/orchestration/publication/test_work_file.py
"""

from __future__ import annotations

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


def input_loads(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the load ids behind the lake views, per source, oldest first."""
    views = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_columns()"
        " WHERE database_name = $work AND column_name = '_dlt_load_id'"
        " AND schema_name IN (SELECT schema_name FROM duckdb_columns()"
        "  WHERE database_name = $work AND table_name = 'pulls'"
        "  AND column_name = '_dlt_load_id') ORDER BY ALL",
        {"work": WORK},
    ).fetchall()
    loads: dict[str, set[str]] = {}
    for source, table in views:
        rows = connection.execute(
            f"SELECT DISTINCT _dlt_load_id FROM {WORK}.{quoted(source)}.{quoted(table)}"
        ).fetchall()
        loads.setdefault(source, set()).update(load_id for (load_id,) in rows)
    return {source: sorted(ids) for source, ids in loads.items()}


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
