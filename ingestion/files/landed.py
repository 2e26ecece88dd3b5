"""Landed files as envelopes: what a build reads of an entity, from all file sources.

Holds the one query that gives the rows of an entity the columns of an envelope beside
their own. Does not hold which files count (`ingestion.lake`).
Tests: tests/ingestion/files/test_landed.py
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import duckdb

from ingestion.envelope import ENVELOPE, duckdb_columns
from ingestion.files.conversions import CURSOR, FILE_NUMBER, KEY, OTHER, named, quoted
from ingestion.files.entities import DUCKDB_TYPES, Entity, Kind
from ingestion.files.streams import LINES_PER_FILE
from ingestion.lake import LakeFile

# Of `<load id>.<file id>.parquet`; a load id has a dot of its own.
_LOAD_ID = r"([^/\\]+)\.[^./\\]+\.parquet$"
_INSTANT = DUCKDB_TYPES[Kind.INSTANT]


def landed_sql(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    files: Mapping[str, Sequence[LakeFile]],
) -> str:
    """The query for an entity: `source`, the envelope, and the entity's own columns.

    Args:
        connection: Reads the columns of the files.
        entity: What a row is.
        files: Source to the files of its committed loads.

    Raises:
        duckdb.Error: A file cannot be read.
    """
    folders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, found in sorted(files.items()):
        for file in found:
            folders[source, str(PurePosixPath(file.path).parent)].append(file.path)
    parts = [
        _folder_sql(entity, source, paths, _columns(connection, paths[0]))
        for (source, _), paths in folders.items()
    ]
    return " UNION ALL BY NAME ".join([_nothing_sql(entity), *parts])


def _columns(connection: duckdb.DuckDBPyConnection, path: str) -> set[str]:
    # One speaks for its folder: all files in there have the same columns.
    described = connection.execute(
        f"DESCRIBE SELECT * FROM read_parquet({quoted(path)})"
    ).fetchall()
    return {name for name, *_ in described}


def _nothing_sql(entity: Entity) -> str:
    """All columns with their types, and no row."""
    kinds = {"source": "VARCHAR", **duckdb_columns(ENVELOPE)}
    own = {column.name: DUCKDB_TYPES[column.kind] for column in entity.columns}
    columns = ", ".join(
        f"CAST(NULL AS {kind}) AS {named(name)}"
        for name, kind in {**kinds, **own}.items()
    )
    return f"SELECT {columns} WHERE false"


def _folder_sql(
    entity: Entity, source: str, paths: Sequence[str], present: set[str]
) -> str:
    own = [column.name for column in entity.columns if column.name in present]
    key = KEY if KEY in present else named(entity.key[0])
    dates = [CURSOR, *entity.cursor]
    cursor = next(
        (named(name) for name in dates if name in present), f"CAST(NULL AS {_INSTANT})"
    )
    load_id = f"regexp_extract(filename, {quoted(_LOAD_ID)}, 1)"
    is_deleted = "is_deleted" if "is_deleted" in present else "false"
    kept = [*own, *([OTHER] if OTHER in present else [])]
    payload = ", ".join(f"{quoted(name)}: {named(name)}" for name in kept)
    listed = ", ".join(map(quoted, paths))
    columns = [
        f"{quoted(source)} AS source",
        f"{key} AS key",
        f"make_timestamptz(epoch_us({cursor})) AS cursor_at",
        f"epoch_us({cursor}) AS version",
        f"{FILE_NUMBER} * CAST({LINES_PER_FILE} AS BIGINT) + file_row_number AS seq",
        f"CASE WHEN {is_deleted} THEN 'delete' ELSE 'upsert' END AS op",
        f"to_timestamp(CAST({load_id} AS DOUBLE)) AS extracted_at",
        f"CAST(to_json({{{payload}}}) AS VARCHAR) AS payload",
        f"{load_id} AS _dlt_load_id",
        *map(named, own),
    ]
    return (
        f"SELECT {', '.join(columns)} FROM read_parquet([{listed}], "
        "filename = true, file_row_number = true)"
    )
