"""No credential is anywhere under the data folder, in no cell and in no byte."""

from __future__ import annotations

import base64
import gzip
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

# What must be found, so that the search is known to see: each stands in cells only.
CONTROLS = {
    "duckdb": "cx-sandbox.zendesk.com/agent/tickets/",
    "parquet": "cx-sandbox.zendesk.com/api/v2/tickets/",
    "jsonl": '"load_id"',
    "sqlite": "fct_survey_responses",
}


def _cells_of_duckdb(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        # Views show what tables and the lake's files hold; both are searched.
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables()"
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(f'SELECT * FROM "{schema}"."{table}"')
            yield str(rows.fetchall())


def _cells_of_sqlite(path: Path) -> Iterator[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        for (name,) in names.fetchall():
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                yield str(row)
                yield from (_unpacked(cell) for cell in row if isinstance(cell, bytes))


def _unpacked(blob: bytes) -> str:
    try:
        return zlib.decompress(blob).decode("latin-1")
    except zlib.error:
        return blob.decode("latin-1")


def _kind(path: Path, raw: bytes) -> str:
    if raw[:15] == b"SQLite format 3":
        return "sqlite"
    return {".duckdb": "duckdb", ".parquet": "parquet", ".jsonl": "jsonl"}.get(
        path.suffix, "other"
    )


def _texts(path: Path, raw: bytes) -> Iterator[str]:
    kind = _kind(path, raw)
    yield raw.decode("latin-1")
    if kind == "duckdb":
        yield from _cells_of_duckdb(path)
    elif kind == "sqlite":
        yield from _cells_of_sqlite(path)
    elif kind == "parquet":
        yield str(pq.read_table(path).to_pylist())
    elif path.suffix == ".gz":
        yield gzip.decompress(raw).decode("latin-1")


@pytest.fixture(scope="module")
def planted(vendors) -> list[str]:
    """The tokens, and the forms in which they could show."""
    environment = vendors.environment
    token = environment["SOURCES__ZENDESK__API_TOKEN"]
    pair = f"{environment['SOURCES__ZENDESK__EMAIL']}/token:{token}"
    basic = base64.b64encode(pair.encode()).decode()
    others = (
        "SOURCES__TYPEFORM__TOKEN",
        "SOURCES__HUBSPOT__ACCESS_TOKEN",
        "SOURCES__TRUSTPILOT__API_KEY",
        "SOURCES__TRUSTPILOT__API_SECRET",
        "SOURCES__QUALTRICS__API_TOKEN",
    )
    return [token, basic, *(environment[name] for name in others)]


def test_no_credential_is_left_under_the_data_folder(warehouse, planted):
    found: Counter[str] = Counter()
    leaks = []
    for path in sorted(warehouse.data_dir.rglob("*")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        for text in _texts(path, raw):
            leaks += [path for secret in planted if secret in text]
            kind = _kind(path, raw)
            found[kind] += CONTROLS.get(kind, "\0nothing") in text
    assert not leaks
    assert [kind for kind in CONTROLS if not found[kind]] == []
