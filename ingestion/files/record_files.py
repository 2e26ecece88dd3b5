"""JSON Lines and Parquet files as relations.

Holds how both are read. Does not hold what columns mean.
Tests: tests/ingestion/files/test_taking.py, test_bad_files.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion.files.conversions import LINE, PROBLEM, RAW, Relation, named, quoted
from ingestion.files.csv_files import BATCH_CHARACTERS, BATCH_ROWS, MAX_CHARACTERS
from ingestion.files.errors import BadFile
from ingestion.files.mapping import EntityMapping

_RECORD = "record"


def fast_json_relation(path: Path, said: EntityMapping) -> Relation:
    """The file as DuckDB reads it, which refuses a line that is no JSON."""
    sql = (
        f"(SELECT json AS {_RECORD} FROM read_ndjson_objects({quoted(str(path))}, "
        f"maximum_object_size = {MAX_CHARACTERS}, ignore_errors = false) "
        "WHERE json IS NOT NULL)"
    )
    return _json_relation(sql, said, has_lines=False)


def json_line_relation(name: str, said: EntityMapping) -> Relation:
    """The batches of `json_batches`, registered under a name."""
    record = f"CAST({_RECORD} AS JSON) AS {_RECORD}"
    sql = f"(SELECT {record}, {LINE}, {RAW}, {PROBLEM} FROM {name})"
    return _json_relation(sql, said, has_lines=True)


def _json_relation(sql: str, said: EntityMapping, *, has_lines: bool) -> Relation:
    columns = {
        name: f"{_RECORD} ->> {quoted(_json_path(name))}" for name in said.file_columns
    }
    columns = {name: f"({expression})" for name, expression in columns.items()}
    record = f"CAST({_RECORD} AS VARCHAR)"
    return Relation(sql, columns, {}, record, has_lines)


def _json_path(name: str) -> str:
    return "$." + ".".join(
        '"' + part.replace('"', '\\"') + '"' for part in name.split(".")
    )


def json_batches(path: Path) -> pa.RecordBatchReader:
    """Every line with its number; what is wrong with it is said, too."""
    schema = pa.schema(
        [
            (_RECORD, pa.string()),
            (LINE, pa.int64()),
            (RAW, pa.string()),
            (PROBLEM, pa.string()),
        ]
    )

    def batches() -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, object]] = []
        size = 0
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), start=1):
                if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                    continue
                rows.append({LINE: number, **_judged(line)})
                size += len(line)
                if len(rows) >= BATCH_ROWS or size >= BATCH_CHARACTERS:
                    yield pa.RecordBatch.from_pylist(rows, schema)
                    rows, size = [], 0
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _lines(file: object) -> Iterator[bytes]:
    while line := file.readline(MAX_CHARACTERS):  # type: ignore[attr-defined]
        yield line


def _judged(line: bytes) -> dict[str, object]:
    try:
        text = line.strip(b"\xef\xbb\xbf \t\r\n").decode()
    except UnicodeDecodeError:
        return {RAW: line.decode("utf-8", "backslashreplace"), PROBLEM: "bad_encoding"}
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {RAW: text, PROBLEM: "invalid_json"}
    if not isinstance(record, dict):
        return {RAW: text, PROBLEM: "no_object"}
    if "\\u0000" in text or _has_lone_surrogate(text):
        return {RAW: text, PROBLEM: "bad_encoding"}
    return {_RECORD: text, RAW: text, PROBLEM: None}


def _has_lone_surrogate(text: str) -> bool:
    if "\\ud" not in text.lower():
        return False
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def unreadable(error: Exception) -> BadFile:
    """What DuckDB said of a file that it could not read."""
    return BadFile("unreadable_file", " ".join(str(error).split())[:200])


def parquet_relation(
    connection: duckdb.DuckDBPyConnection, path: Path, said: EntityMapping
) -> Relation:
    """The file with its rows numbered.

    Raises:
        BadFile: It has no whole footer, or lacks a mapped column.
    """
    read = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise unreadable(error) from None
    types = {name: kind for name, kind, *_ in described if name != "file_row_number"}
    missing = [name for name in said.file_columns if name not in types]
    if missing:
        raise BadFile(
            "missing_columns",
            f"it lacks {', '.join(missing)}; it has {', '.join(types)}"[:300],
        )
    columns = {name: named(name) for name in types}
    record = ", ".join(f"{quoted(name)}: {named(name)}" for name in types)
    sql = (
        f"(SELECT *, file_row_number + 1 AS {LINE}, "
        f"CAST(to_json({{{record}}}) AS VARCHAR) AS {RAW}, "
        f"CAST(NULL AS VARCHAR) AS {PROBLEM} FROM {read})"
    )
    return Relation(sql, columns, types, has_lines=True)
