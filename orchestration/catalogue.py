"""The lake as the warehouse sees it: one view per landed table.

Holds the views `<source>.<table>` over the committed files, which dbt reads as its
sources; those of files are `files.<entity>`, with the source of each row.
Does not hold what counts as committed (`ingestion.lake`) nor typing.
Tests: tests/orchestration/test_catalogue.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ingestion.envelope import (
    ENVELOPE,
    LOAD_ID,
    PULLS,
    REJECTS,
    TAKEN_FILES,
    duckdb_columns,
    empty_relation_sql,
)
from ingestion.files.canonical import ENTITIES
from ingestion.files.conversions import quoted
from ingestion.files.landed import landed_sql
from ingestion.lake import Lake, LakeFile
from ingestion.registry import FILES, SOURCES, SourceSpec, is_file_source
from orchestration.errors import LakeDamaged
from orchestration.settings import Settings
from orchestration.warehouse import connect

PULLS_TABLE = "pulls"
REJECTS_TABLE = "rejects"
_LOGS_OF_FILES = {
    PULLS_TABLE: PULLS,
    REJECTS_TABLE: REJECTS,
    "taken_files": TAKEN_FILES,
}
_DECLARED = {
    "source": "VARCHAR",
    "table_name": "VARCHAR",
    "label": "VARCHAR",
    "is_required": "BOOLEAN",
    "expected_every_minutes": "INTEGER",
    "max_staleness_minutes": "INTEGER",
    "owner": "VARCHAR",
}


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
            committed, undone = lake.committed_files(source), lake.taken_back(source)
            for table, schema in _tables(source):
                files = committed.get(table, [])
                _require_readable(connection, files, schema)
                connection.execute(
                    f'CREATE OR REPLACE VIEW "{source}"."{table}" AS '
                    + _relation_sql(files, schema, undone)
                )
                landed[source, table] = _told(source, table, files)
        for told in _register_files(connection, lake, settings.known_sources()):
            landed[FILES, told.table] = told
    return landed


def _told(source: str, table: str, files: Sequence[LakeFile]) -> LandedTable:
    loads = tuple(sorted({file.load_id for file in files}))
    return LandedTable(source, table, len(files), loads)


def _register_files(
    connection: duckdb.DuckDBPyConnection, lake: Lake, known: Mapping[str, SourceSpec]
) -> Iterator[LandedTable]:
    """Register what file sources landed, also those whose mapping is gone by now."""
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{FILES}"')
    declared = [spec for spec in known.values() if is_file_source(spec.name)]
    landed = {source for source in lake.sources() if is_file_source(source)}
    committed = {source: lake.committed_files(source) for source in sorted(landed)}
    undone = {source: lake.taken_back(source) for source in committed}
    views = {"declared": _declared_sql(declared)}
    found: dict[str, dict[str, list[LakeFile]]] = {}
    for name, entity in ENTITIES.items():
        found[name] = {source: of.get(name, []) for source, of in committed.items()}
        for files in found[name].values():
            _require_readable(connection, files, None)
        views[name] = landed_sql(connection, entity, found[name])
    for name, schema in _LOGS_OF_FILES.items():
        found[name] = {source: of.get(name, []) for source, of in committed.items()}
        for files in found[name].values():
            _require_readable(connection, files, schema)
        views[name] = " UNION ALL ".join(
            f"SELECT {quoted(source)} AS source, *"
            f" FROM ({_relation_sql(of, schema, undone.get(source, ()))})"
            for source, of in {"": [], **found[name]}.items()
        )
    for name, query in views.items():
        connection.execute(f'CREATE OR REPLACE VIEW "{FILES}"."{name}" AS {query}')
    for name, by_source in found.items():
        yield _told(FILES, name, [file for of in by_source.values() for file in of])


def _declared_sql(sources: Sequence[SourceSpec]) -> str:
    """What the mappings promise, one row per source and entity."""
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in _DECLARED.items())
    rows = [f"SELECT {columns} WHERE false"]
    for source in sources:
        minutes = int(source.max_staleness.total_seconds()) // 60
        every = minutes // 2 if source.is_required else "NULL"
        for stream in source.streams:
            owner = quoted(f"team:{source.owner}") if source.owner else "NULL"
            rows.append(
                f"SELECT {quoted(source.name)}, {quoted(stream.name)},"
                f" {quoted(source.name)}, {source.is_required}, {every}, {minutes},"
                f" {owner}"
            )
    return " UNION ALL ".join(rows)


def _require_readable(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[LakeFile],
    schema: pa.Schema | None,
) -> None:
    """Read the columns of every file, so that a damaged one is named, not met by dbt.

    Raises:
        LakeDamaged: A file is cut off, is no Parquet, or lacks a column.
    """
    for file in files:
        try:
            connection.execute(
                f"SELECT {_columns(schema) if schema else '*'}"
                f" FROM {parquet_sql([file])} LIMIT 0"
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


def _relation_sql(
    files: Sequence[LakeFile], schema: pa.Schema, undone: Sequence[str] = ()
) -> str:
    """The rows of files, but for those of loads that were undone."""
    if not files:
        return empty_relation_sql(schema)
    rows = f"SELECT {_columns(schema)} FROM {parquet_sql(files)}"
    if not undone:
        return rows
    return f"{rows} WHERE {LOAD_ID.name} NOT IN ({', '.join(map(quoted, undone))})"


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in duckdb_columns(schema))


def parquet_sql(files: Sequence[LakeFile]) -> str:
    """The rows of files, one by one: what can stand after FROM."""
    paths = ", ".join("'" + file.path.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{paths}])"
