"""Lakes of two loads: a whole one, and what a pull by cursor brings later.

Holds the names of the loads and the cut from a whole load to an incremental one.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq

from ingestion.registry import SOURCES
from ingestion.sandbox.world import DEFAULT_NOW

DAYS_BETWEEN = 28
FIRST_LOAD = f"{DEFAULT_NOW.timestamp():.0f}.000001"
SECOND_LOAD = f"{(DEFAULT_NOW + timedelta(days=DAYS_BETWEEN)).timestamp():.0f}.000001"


def make_incremental(lake: Path, load_id: str = SECOND_LOAD) -> None:
    """Take from a whole load what an earlier one brought already.

    Leaves what a pull by cursor brings: records with another version. Snapshots stay.
    """
    for source, spec in SOURCES.items():
        counts: dict[str, int] = {}
        incremental = {s.name for s in spec.streams if s.mode == "incremental"}
        for folder in sorted((lake / source).iterdir()):
            files = (
                sorted(folder.glob(f"{load_id}.*.parquet")) if folder.is_dir() else []
            )
            if not files or folder.name not in incremental:
                continue
            known: set[tuple[str, int]] = set()
            for path in folder.glob("*.parquet"):
                if path not in files:
                    old = pq.read_table(path, columns=["key", "version"])
                    known |= set(
                        zip(*(c.to_pylist() for c in old.columns), strict=True)
                    )
            for path in files:
                table = pq.read_table(path)
                keys = zip(
                    table["key"].to_pylist(), table["version"].to_pylist(), strict=True
                )
                kept = table.filter([key not in known for key in keys])
                pq.write_table(kept, path)
                counts[folder.name] = counts.get(folder.name, 0) + kept.num_rows
        _note_counts(lake / source / "pulls", load_id, counts)


def _note_counts(folder: Path, load_id: str, counts: dict[str, int]) -> None:
    (path,) = folder.glob(f"{load_id}.*.parquet")
    table = pq.read_table(path)
    rows = table.to_pylist()
    before = [p for p in sorted(folder.glob("*.parquet")) if p != path]
    ends = {
        told["stream"]: told["window_to"]
        for earlier in before
        for told in pq.read_table(earlier).to_pylist()
    }
    for row in rows:
        row["rows"] = counts.get(row["stream"], row["rows"])
        row["window_from"] = ends[row["stream"]]
    plain = type(table).from_pylist(rows, schema=table.schema)
    pq.write_table(plain, path)
