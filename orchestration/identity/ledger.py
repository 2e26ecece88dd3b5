"""The key ledger: which customer key was given to which source record, for ever.

Holds the append-only segments under `data/state/key_ledger`, the one place where
customer keys live. Does not hold how keys are chosen (`resolution`).
Tests: tests/orchestration/identity/test_ledger.py
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from orchestration.settings import Settings

COLUMNS = {
    "source": "VARCHAR",
    "source_id": "VARCHAR",
    "customer_key": "VARCHAR",
}


def ledger_dir(settings: Settings) -> Path:
    """Folder of the segments; it must be backed up."""
    return settings.state_dir / "key_ledger"


def read_ledger(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the temporary table `ledger(source, source_id, customer_key, segment)`."""
    segments = _segments(settings)
    if segments:
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in segments)
        relation = (
            f"SELECT {', '.join(COLUMNS)}, "
            "CAST(parse_filename(filename, true) AS BIGINT) AS segment "
            f"FROM read_parquet([{paths}], filename = true)"
        )
    else:
        nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
        relation = f"SELECT {nothing}, NULL::BIGINT AS segment WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ledger AS {relation}")


def append_to_ledger(
    connection: duckdb.DuckDBPyConnection, settings: Settings, assignments: str
) -> int:
    """Add the rows of relation `assignments` as one new segment; nothing for no rows.

    The segment is complete on disk before it gets its name, so a crash leaves either
    all of it or none. Returns the number of rows.
    """
    count = connection.execute(f"SELECT count(*) FROM {assignments}").fetchall()[0][0]
    if not count:
        return 0
    folder = ledger_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    segments = _segments(settings)
    number = int(segments[-1].stem) + 1 if segments else 1
    target = folder / f"{number:08d}.parquet"
    unfinished = folder / f".{target.name}.unfinished"
    connection.execute(
        f"COPY (SELECT {', '.join(COLUMNS)} FROM {assignments} "
        "ORDER BY source, source_id) "
        f"TO '{str(unfinished).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
    )
    _sync(unfinished)
    unfinished.replace(target)
    _sync(folder)
    return int(count)


def _segments(settings: Settings) -> list[Path]:
    return sorted(ledger_dir(settings).glob("[0-9]*.parquet"))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
