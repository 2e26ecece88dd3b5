"""The envelope: the one shape in which every record of every vendor enters the lake.

Holds the schemas of the lake, for writers (Arrow) and readers (DuckDB). Does not
hold how records get into that shape (batches.py).
Tests: tests/ingestion/test_envelope.py
"""

from __future__ import annotations

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
LOAD_ID = pa.field("_dlt_load_id", pa.string(), nullable=False)

ENVELOPE = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("parent_key", pa.string()),
        pa.field("cursor_at", INSTANT),
        pa.field("version", pa.int64()),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("op", pa.string(), nullable=False),
        pa.field("extracted_at", INSTANT, nullable=False),
        pa.field("payload", pa.string(), nullable=False),
        LOAD_ID,
    ]
)
PULLS = pa.schema(
    [
        pa.field("stream", pa.string(), nullable=False),
        pa.field("mode", pa.string(), nullable=False),
        pa.field("window_from", INSTANT),
        pa.field("window_to", INSTANT, nullable=False),
        pa.field("source_now", INSTANT, nullable=False),
        pa.field("pages", pa.int64(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("rejected", pa.int64(), nullable=False),
        pa.field("is_complete", pa.bool_(), nullable=False),
        LOAD_ID,
    ]
)
REJECTS = pa.schema(
    [
        pa.field("stream", pa.string(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("body", pa.binary(), nullable=False),
        pa.field("extracted_at", INSTANT, nullable=False),
        LOAD_ID,
    ]
)
TAKEN_FILES = pa.schema(
    [
        pa.field("stream", pa.string(), nullable=False),
        pa.field("file_number", pa.int64(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("modified_at", INSTANT, nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("rejected", pa.int64(), nullable=False),
        LOAD_ID,
    ]
)

_DUCKDB_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BLOB",
    INSTANT: "TIMESTAMPTZ",
}


def duckdb_columns(schema: pa.Schema) -> dict[str, str]:
    """Column name to DuckDB type, in order."""
    return {column.name: _DUCKDB_TYPES[column.type] for column in schema}


def empty_relation_sql(schema: pa.Schema) -> str:
    """A query without rows whose columns are those of the schema."""
    columns = ", ".join(
        f'NULL::{kind} AS "{name}"' for name, kind in duckdb_columns(schema).items()
    )
    return f"SELECT {columns} WHERE false"


def without_load_id(schema: pa.Schema) -> pa.Schema:
    """What a connector writes: dlt itself adds the load id."""
    return schema.remove(schema.get_field_index(LOAD_ID.name))
