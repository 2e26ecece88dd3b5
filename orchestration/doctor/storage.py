"""The data at rest before publication: lake, state, key ledger, work file.

Holds whether each can be read and is complete. Does not hold releases (`releases`).
Tests: tests/orchestration/doctor/test_storage.py
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.lake import Lake
from orchestration import run_lock
from orchestration.doctor.finding import Finding, counted, fail, listed, ok, warn
from orchestration.identity.ledger import COLUMNS, ledger_dir
from orchestration.publication.layout import releases_on_disk
from orchestration.settings import Settings
from orchestration.warehouse import connect

_RUN = "Run `cx run`."
_BACKUP = "Restore data/state from its backup before the next run."


def lake(settings: Settings) -> Finding:
    """Can the last committed load of each source be read, and did the last pull end?"""
    store = Lake(settings.lake_url)
    loads = {source: list(store.committed_loads(source)) for source in store.sources()}
    newest = max((ids[-1] for ids in loads.values() if ids), default=None)
    if newest is None:
        return warn("lake", f"{settings.lake_url} holds no committed load", _RUN)
    broken = [path for source in loads for path in _unreadable(store, source)]
    if broken:
        return fail(
            "lake",
            f"cannot be read: {listed(broken, 1)}",
            "Restore these files from a backup of the lake, or delete all files of "
            "that load, its rows in _dlt_loads and _dlt_pipeline_state too, and pull "
            "again.",
        )
    count = sum(map(len, loads.values()))
    seen = (
        f"{counted(count, 'load')} of {counted(len(loads), 'source')}, the last "
        f"{_ago(newest)}"
    )
    return _uncommitted(store, loads, seen, run_lock.holder(settings) is not None)


def _uncommitted(
    store: Lake, loads: dict[str, list[str]], seen: str, is_running: bool
) -> Finding:
    left = {source: store.uncommitted_loads(source) for source in loads}
    files = sum(sum(found.values()) for found in left.values())
    if not files:
        return ok("lake", seen)
    seen += f"; {counted(files, 'file')} of loads that never count"
    # A later good load has brought again what the killed one had.
    died = [
        source
        for source, found in left.items()
        if found and max(found) > max(loads[source], default="")
    ]
    if died and not is_running:
        return warn("lake", f"{seen}, the last pull of {listed(died)} died", _RUN)
    return ok("lake", seen)


def _unreadable(store: Lake, source: str) -> list[str]:
    """Files of the last committed load that are not whole, of a lake on this disk."""
    loads = store.committed_loads(source)
    last = max(loads, default="")
    paths = [
        file.path
        for files in store.committed_files(source).values()
        for file in files
        if file.load_id == last and "://" not in file.path
    ]
    return [path for path in paths if not _is_parquet(Path(path))]


def _is_parquet(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return False
    return True


def _ago(load_id: str) -> str:
    try:
        moment = datetime.fromtimestamp(float(load_id), UTC)
    except (ValueError, OverflowError):
        return load_id
    return f"at {moment:%Y-%m-%d %H:%M} UTC"


def state(settings: Settings) -> Finding:
    """Is the folder there that cannot be rebuilt?"""
    folder = settings.state_dir
    released = releases_on_disk(settings)
    if not folder.is_dir():
        if released:
            return fail(
                "state",
                f"{folder} is gone, but not {listed(released)}",
                _BACKUP,
            )
        return ok("state", "made by the first run")
    files = [path for path in folder.rglob("*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in files), default=None)
    if newest is None:
        return ok("state", f"{folder}, empty")
    written = datetime.fromtimestamp(newest, UTC)
    return ok(
        "state",
        f"{counted(len(files), 'file')}, last written {written:%Y-%m-%d %H:%M} UTC",
    )


def key_ledger(settings: Settings) -> Finding:
    """Are all segments there, readable, and of the right columns?"""
    segments = sorted(ledger_dir(settings).glob("[0-9]*.parquet"))
    if not segments:
        if releases_on_disk(settings):
            return fail("key ledger", "no segment, though releases are there", _BACKUP)
        return ok("key ledger", "empty before the first run")
    numbers = [int(path.stem) for path in segments]
    absent = sorted(set(range(1, numbers[-1] + 1)) - set(numbers))
    broken = [path.name for path in segments if not _is_segment(path)]
    if absent or broken:
        wrong = [f"segment {number} is missing" for number in absent]
        wrong += [f"{name} cannot be read" for name in broken]
        return fail("key ledger", listed(wrong), _BACKUP)
    rows = sum(pq.read_metadata(path).num_rows for path in segments)
    told = f"{counted(rows, 'record')} in {counted(len(segments), 'segment')}"
    return ok("key ledger", told)


def _is_segment(path: Path) -> bool:
    try:
        return pq.read_table(path).column_names == list(COLUMNS)
    except (pa.ArrowException, OSError):
        return False


def work_file(settings: Settings) -> Finding:
    """Can the private work file be opened? A run makes a new one anyway."""
    path = settings.warehouse_path
    if not path.exists():
        return ok("work file", "made by the first build")
    try:
        with connect(path, settings, read_only=True) as connection:
            (tables,) = connection.execute(
                "SELECT count(*) FROM duckdb_tables()"
            ).fetchall()[0]
    except duckdb.Error as error:
        if run_lock.holder(settings) is not None:
            return ok("work file", "in use by the run in progress")
        first = str(error).splitlines()[0]
        return warn("work file", first, f"{_RUN} It builds a new one.")
    size = path.stat().st_size / 1024**2
    return ok("work file", f"{size:,.1f} MB, {counted(tables, 'table')}")
