"""A world straight into the lake: what a first pull would bring, without HTTP.

Holds the layout of a committed load, in files that one or more processes write. Does
not hold records (`streams.py`): those are the ones of the HTTP answers, byte for byte.
Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import fsspec
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.envelope import ENVELOPE, INSTANT, LOAD_ID, PULLS, without_load_id
from ingestion.registry import SOURCES
from ingestion.sandbox.record_runs import Records
from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.world import World
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk.paging import EXCLUDED_SECONDS

# Seconds before the vendor's now up to which each connector says that it has read.
_WITHHELD = {
    **{
        ("zendesk", stream): EXCLUDED_SECONDS
        for stream in (
            "tickets",
            "users",
            "organizations",
            "ticket_events",
            "ticket_metric_events",
        )
    },
    **{
        ("hubspot", stream.name): 300
        for stream in SOURCES["hubspot"].streams
        if stream.mode == "incremental"
    },
}
_INIT = b'{"initial_version":2,"current_version":2}'
_PAGE = 1000
_ROW_GROUP = 20_000
_FILE = 240_000
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class _Load:
    """Where one load goes and what dates it."""

    url: str
    load_id: str
    now: datetime

    def path(self, source: str, table: str, name: str) -> str:
        return f"{self.url.rstrip('/')}/{source}/{table}/{name}"


@dataclass(frozen=True)
class _File:
    """One file in the making: a run of records, and the `seq` of the first one."""

    records: Records
    low: int
    high: int
    number: int
    seq: int


def write_lake(
    world: World,
    lake_url: str,
    *,
    now: datetime | None = None,
    load_id: str | None = None,
    processes: int = 1,
) -> dict[str, dict[str, int]]:
    """Write one committed load per source, as known at `now`.

    Args:
        world: What is written.
        lake_url: Folder or bucket of the lake.
        now: As of when, with a time zone; the world's own `now` by default.
        load_id: Name of the loads; made of `now` by default, so that later is larger.
        processes: Number of processes that render; more than one needs `fork`, and a
            process without other threads: forked among them, a child may hang.

    Returns:
        Rows written, by source and stream.
    """
    instant = now or datetime.fromtimestamp(world.span.now, UTC)
    seconds = int(instant.timestamp())
    load = _Load(str(lake_url), load_id or f"{seconds}.000001", instant)
    streams = sandbox_streams(world, seconds, withheld=EXCLUDED_SECONDS)
    for source in SOURCES:
        _make_dataset(load, source)
    _write_all(load, list(_files(streams)), processes)
    written: dict[str, dict[str, int]] = {source: {} for source in SOURCES}
    for records in streams:
        counts = written[records.source]
        counts[records.stream] = counts.get(records.stream, 0) + len(records)
    for source, counts in written.items():
        _write_pulls(load, source, counts)
        # The row that commits comes last, as dlt has it.
        _commit(load, source)
    return written


def _files(streams: list[Records]) -> Iterator[_File]:
    """Cut streams into files; runs of the same stream continue each other."""
    seqs: dict[tuple[str, str], int] = {}
    for records in streams:
        name = (records.source, records.stream)
        for low in range(0, len(records), _FILE):
            high = min(low + _FILE, len(records))
            seq = seqs.get(name, 0)
            yield _File(records, low, high, seq, seq)
            seqs[name] = seq + high - low


def _write_all(load: _Load, files: list[_File], processes: int) -> None:
    if processes == 1:
        for file in files:
            _write_file(load, file)
        return
    global _inherited  # noqa: PLW0603  # forked children share the world through it
    _inherited = (load, files)
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            pool.map(_write_inherited, range(len(files)), chunksize=1)
    finally:
        gc.unfreeze()
        _inherited = None


_inherited: tuple[_Load, list[_File]] | None = None


def _write_inherited(place: int) -> None:
    if _inherited is None:
        raise RuntimeError("only a forked child knows what to write")
    load, files = _inherited
    _write_file(load, files[place])


def _write_file(load: _Load, file: _File) -> None:
    records = file.records
    name = f"{load.load_id}.{file.number:010x}.parquet"
    path = load.path(records.source, records.stream, name)
    schema = _with_load_id(ENVELOPE)
    with (
        fsspec.open(path, "wb", auto_mkdir=True) as target,
        pq.ParquetWriter(target, schema) as writer,
    ):
        for low in range(file.low, file.high, _ROW_GROUP):
            places = slice(low, min(low + _ROW_GROUP, file.high))
            seq = file.seq + low - file.low
            writer.write_table(_envelopes(load, records, places, seq))


def _envelopes(load: _Load, records: Records, places: slice, seq: int) -> pa.Table:
    """Put a row group's records into envelopes."""
    rows = records.rows[places]
    count = len(rows)
    payloads: list[bytes] = []
    for low in range(0, count, _PAGE):
        payloads += records.render(rows[low : low + _PAGE])
    deleted = np.zeros(count, dtype=bool)
    if records.is_deleted is not None:
        deleted = records.is_deleted[places]
    stamps = records.stamps[places] * records.tick
    extracted = np.full(count, int(load.now.timestamp()) * _MICROSECONDS)
    columns = {
        "key": pa.array(records.keys(rows), pa.string()),
        "parent_key": pa.array([records.parent_key] * count, pa.string()),
        "cursor_at": _instants(records.moments[places] * records.tick),
        "version": pa.array(stamps),
        "seq": pa.array(np.arange(seq, seq + count)),
        "op": pa.array(np.where(deleted, "delete", "upsert").tolist(), pa.string()),
        "extracted_at": _instants(extracted),
        "payload": pa.array(payloads, pa.binary()).cast(pa.string()),
    }
    arrays = [columns[name] for name in without_load_id(ENVELOPE).names]
    return _stamped(load, arrays, ENVELOPE)


def _instants(microseconds: Array) -> pa.Array:
    return pa.array(microseconds).cast(INSTANT)


def _with_load_id(schema: pa.Schema) -> pa.Schema:
    """Give the schema of a file: dlt writes the load id as a dictionary."""
    kind = pa.dictionary(pa.int8(), pa.string())
    return without_load_id(schema).append(pa.field(LOAD_ID.name, kind, nullable=False))


def _stamped(load: _Load, arrays: list[pa.Array], schema: pa.Schema) -> pa.Table:
    zeros = pa.array(np.zeros(len(arrays[0]), dtype=np.int8))
    ids = pa.DictionaryArray.from_arrays(zeros, pa.array([load.load_id]))
    return pa.table([*arrays, ids], schema=_with_load_id(schema))


def _write_pulls(load: _Load, source: str, counts: dict[str, int]) -> None:
    rows = []
    for spec in SOURCES[source].streams:
        withheld = _WITHHELD.get((source, spec.name), 0)
        count = counts.get(spec.name, 0)
        rows.append(
            {
                "stream": spec.name,
                "mode": spec.mode,
                "window_from": None,
                "window_to": load.now - timedelta(seconds=withheld),
                "source_now": load.now,
                "pages": max(1, -(-count // _PAGE)),
                "rows": count,
                "rejected": 0,
                "is_complete": True,
            }
        )
    plain = pa.Table.from_pylist(rows, schema=without_load_id(PULLS)).combine_chunks()
    arrays = [column.chunk(0) for column in plain.columns]
    path = load.path(source, "pulls", f"{load.load_id}.{0:010x}.parquet")
    with fsspec.open(path, "wb", auto_mkdir=True) as target:
        pq.write_table(_stamped(load, arrays, PULLS), target)


def _make_dataset(load: _Load, source: str) -> None:
    """Mark the folder as dlt does, so that a later pull may go on in it."""
    path = f"{load.url.rstrip('/')}/{source}/init"
    with fsspec.open(path, "wb", auto_mkdir=True) as target:
        target.write(_INIT)


def _commit(load: _Load, source: str) -> None:
    row = {
        "load_id": load.load_id,
        "schema_name": source,
        "status": 0,
        "inserted_at": load.now.isoformat(),
        "schema_version_hash": "",
    }
    path = load.path(source, "_dlt_loads", f"{source}__{load.load_id}.jsonl")
    with fsspec.open(path, "wb", auto_mkdir=True) as target:
        target.write(orjson.dumps(row))
