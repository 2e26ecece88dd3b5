"""Fewer and larger files in the lake, with the same rows.

Holds how small files of a table are joined so that a kill at any moment loses and
doubles nothing: the new file counts once its record is there, and the record is what
makes the old ones count no more (`Lake.committed_files`). Rows keep their load, so
nothing that is built of them changes. Files of file sources are left alone: their rows
have no load of their own, and they are large. Does not hold which files count
(lake.py). Tests: tests/ingestion/test_compaction.py
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.envelope import LOAD_ID
from ingestion.lake import COMPACTED, Compaction, Lake

# Joined from so many on; larger files stay as they are.
MIN_FILES = 8
SMALL_BYTES = 64 * 1024 * 1024
_BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Joined:
    """What became of one folder.

    Attributes:
        source: Name of the source.
        folder: Folder of the table in the lake.
        files: How many were joined.
        rows: Rows in them.
    """

    source: str
    folder: str
    files: int
    rows: int


def compact(
    lake_url: str,
    *,
    min_files: int = MIN_FILES,
    on_step: Callable[[str], None] = lambda _: None,
) -> list[Joined]:
    """Join the small files of every table; the caller holds the lock.

    Args:
        lake_url: Folder or bucket.
        min_files: From how many small files on a table is worth it.
        on_step: Told each moment at which a kill may come: `written`, `recorded`,
            `removed`.
    """
    lake = Lake(lake_url)
    done = []
    for source in lake.sources():
        clean(lake, source)
        for folder, small in _small_files(lake, source):
            if len(small) >= min_files and _have_loads(lake, small[0]):
                done.append(_join(lake, source, folder, small, on_step))
        clean(lake, source)
    return done


def _small_files(lake: Lake, source: str) -> Iterator[tuple[str, list[str]]]:
    by_folder: dict[str, list[str]] = {}
    for files in lake.committed_files(source).values():
        for file in files:
            path = lake.relative(source, file.path)
            if lake.size(source, path) <= SMALL_BYTES:
                by_folder.setdefault(path.partition("/")[0], []).append(path)
    for folder, paths in sorted(by_folder.items()):
        yield folder, [f"{source}/{path}" for path in sorted(paths)]


def _have_loads(lake: Lake, path: str) -> bool:
    with lake.open(path, "rb") as file:
        return LOAD_ID.name in pq.read_schema(file).names


def _join(
    lake: Lake,
    source: str,
    folder: str,
    paths: list[str],
    on_step: Callable[[str], None],
) -> Joined:
    names = [path.removeprefix(f"{source}/") for path in paths]
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    newest = max(name.rpartition("/")[2].rsplit(".", 2)[0] for name in names)
    target = f"{folder}/{newest}.{COMPACTED}{digest}.parquet"
    rows, loads = _write(lake, f"{source}/{target}", paths)
    on_step("written")
    record = Compaction(target, tuple(names), tuple(sorted(loads)), rows)
    text = json.dumps(asdict(record), indent=1)
    with lake.open(f"{source}/{lake.compaction_path(digest)}", "wb") as file:
        file.write(text.encode())
    on_step("recorded")
    for path in paths:
        lake.remove(path)
    on_step("removed")
    return Joined(source, folder, len(names), rows)


def _write(lake: Lake, target: str, paths: list[str]) -> tuple[int, set[str]]:
    """Write the rows of all files into one, in order: how many, and of which loads."""
    rows, loads = 0, set()
    schema = _schema(lake, paths[0])
    with lake.open(target, "wb") as out, pq.ParquetWriter(out, schema) as writer:
        for path in paths:
            with lake.open(path, "rb") as file:
                for batch in pq.ParquetFile(file).iter_batches(_BATCH_ROWS):
                    table = pa.Table.from_batches([batch])
                    writer.write_table(table.select(schema.names).cast(schema))
                    rows += batch.num_rows
                    loads |= set(table[LOAD_ID.name].unique().to_pylist())
    return rows, loads


def _schema(lake: Lake, path: str) -> pa.Schema:
    with lake.open(path, "rb") as file:
        return pq.read_schema(file).remove_metadata()


def clean(lake: Lake, source: str) -> None:
    """Remove what a killed compaction left: files that do not count any more.

    A record goes last, and only when nothing is left that it speaks of: without it the
    files that it replaced would count again.
    """
    records: dict[str, Any] = lake.compactions(source)
    for record in records.values():
        for name in record.replaces:
            lake.remove(f"{source}/{name}")
    counted = {record.file for record in records.values()}
    for name in lake.compacted_files(source):
        if name not in counted:
            lake.remove(f"{source}/{name}")
    for path, record in records.items():
        if not lake.exists(f"{source}/{record.file}"):
            lake.remove(path)
    for path in lake.broken_compactions(source):
        lake.remove(path)
