"""The lake as the warehouse sees it: one view per landed table.

Holds the views `<source>.<table>` over the committed files, which dbt reads
as its sources. Does not hold what counts as committed (`ingestion.lake`) nor typing.
Tests: tests/orchestration/test_catalogue.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ingestion.envelope import (
    ENVELOPE,
    PULLS,
    REJECTS,
    duckdb_columns,
    empty_relation_sql,
)
from ingestion.lake import Lake, LakeFile
from ingestion.registry import SOURCES
from orchestration.errors import LakeDamaged
from orchestration.settings import Settings
from orchestration.warehouse import connect

PULLS_TABLE = "pulls"
REJECTS_TABLE = "rejects"


@dataclass(frozen=True)
class LandedTable:
    """A view of the warehouse and what is behind it."""

    source: str
    table: str
    files: int
    load_ids: tuple[str, ...]


def register_lake(settings: Settings) -> dict[tuple[str, str], LandedTable]:
    """Point `<source>.<table>` at the files of committed loads, as an explicit list.

    A table without files becomes an empty relation of the same columns. Returns one
    entry per view, keyed by source and table. A build starts here, in a new work file.

    Raises:
        LakeDamaged: A file of a committed load cannot be read.
    """
    _discard_work_file(settings)
    lake = Lake(settings.lake_url)
    landed = {}
    with connect(settings.warehouse_path, settings) as connection:
        for source in SOURCES:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{source}"')
            committed = lake.committed_files(source)
            for table, schema in _tables(source):
                files = committed.get(table, [])
                _require_readable(connection, files, schema)
                connection.execute(
                    f'CREATE OR REPLACE VIEW "{source}"."{table}" AS '
                    + _relation_sql(files, schema)
                )
                loads = tuple(sorted({file.load_id for file in files}))
                landed[source, table] = LandedTable(source, table, len(files), loads)
    return landed


def _require_readable(
    connection: duckdb.DuckDBPyConnection, files: list[LakeFile], schema: pa.Schema
) -> None:
    """Read the columns of every file, so that a damaged one is named, not met by dbt.

    Raises:
        LakeDamaged: A file is cut off, is no Parquet, or lacks a column.
    """
    for file in files:
        try:
            connection.execute(
                f"SELECT {_columns(schema)} FROM {_parquet([file])} LIMIT 0"
            )
        except duckdb.Error as error:
            raise LakeDamaged(
                f"A file of load {file.load_id} cannot be read:"
                f" {str(error).splitlines()[0]}",
                file.path,
                "Restore it from the backup of the lake. If there is none, delete the"
                " load's file in `_dlt_loads` of its source and run again: what it"
                " brought is pulled anew. The published release is untouched.",
            ) from error


def _discard_work_file(settings: Settings) -> None:
    # Nothing in it is needed: a build makes every table anew. What a killed build left
    # is not always readable (its log of changes may fail to replay), and a file that is
    # rewritten again and again only grows.
    path = settings.warehouse_path
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _tables(source: str) -> Iterator[tuple[str, pa.Schema]]:
    for stream in SOURCES[source].streams:
        yield stream.name, ENVELOPE
    yield PULLS_TABLE, PULLS
    yield REJECTS_TABLE, REJECTS


def _relation_sql(files: list[LakeFile], schema: pa.Schema) -> str:
    if not files:
        return empty_relation_sql(schema)
    return f"SELECT {_columns(schema)} FROM {_parquet(files)}"


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in duckdb_columns(schema))


def _parquet(files: list[LakeFile]) -> str:
    paths = ", ".join("'" + file.path.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{paths}])"
