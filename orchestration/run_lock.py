"""One writer: the lock of a data folder, and the marks of living runs.

Holds the `flock` that every entry point takes before it writes (the kernel frees it
when the process dies) and one mark per run, by which others see that its process
lives. Does not know Dagster: `orchestration.defs.resources` marks dead runs as failed.
Tests: tests/orchestration/test_run_lock.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from orchestration.errors import RunInProgress
from orchestration.publication.durable import file_lock
from orchestration.settings import Settings

_held_here: set[Path] = set()
# Never closed: the kernel frees them with the process, which is what they tell.
_marks: list[AbstractContextManager[None]] = []


@dataclass(frozen=True)
class Holder:
    """Who holds the lock.

    Attributes:
        pid: Process id.
        since: When it took the lock, ISO 8601 in UTC.
        command: What it runs.
    """

    pid: int
    since: str
    command: str


def lock_path(settings: Settings) -> Path:
    """Return the file that a run locks."""
    return settings.data_dir / ".lock"


@contextmanager
def hold(
    settings: Settings, *, command: str, wait_seconds: float = 0.0
) -> Iterator[None]:
    """Hold the lock of the data folder; free if this process holds it already.

    Raises:
        RunInProgress: Another process still holds it after `wait_seconds`.
    """
    path = lock_path(settings)
    if path in _held_here:
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(path, wait_seconds))
        except BlockingIOError:
            raise _in_progress(settings) from None
        _held_here.add(path)
        stack.callback(_held_here.discard, path)
        _write_holder(path, command)
        yield


def holder(settings: Settings) -> Holder | None:
    """Return who holds the lock, or None when it is free."""
    path = lock_path(settings)
    try:
        with file_lock(path, 0.0):
            return None
    except BlockingIOError:
        return _read_holder(path)


class Life(StrEnum):
    """What the mark of a run says about its process."""

    ALIVE = "alive"
    DEAD = "dead"
    UNMARKED = "unmarked"


def mark_alive(settings: Settings, run_id: str) -> None:
    """Mark the run as living until this process ends, however it ends."""
    mark = _mark_path(settings, run_id)
    if mark in _held_here:
        return
    lock = file_lock(mark, 0.0)
    lock.__enter__()
    _held_here.add(mark)
    _marks.append(lock)


def life_of(settings: Settings, run_id: str) -> Life:
    """Tell whether the process that marked the run still lives."""
    mark = _mark_path(settings, run_id)
    if not mark.exists():
        return Life.UNMARKED
    try:
        with file_lock(mark, 0.0):
            return Life.DEAD
    except BlockingIOError:
        return Life.ALIVE


def remove_dead_marks(settings: Settings) -> None:
    """Remove the marks of processes that are gone; the caller holds the lock."""
    for mark in _mark_path(settings, "any").parent.glob("*"):
        if life_of(settings, mark.name) is Life.DEAD:
            mark.unlink()


def _mark_path(settings: Settings, run_id: str) -> Path:
    return settings.data_dir / ".runs" / run_id


def _write_holder(path: Path, command: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = json.dumps(asdict(Holder(os.getpid(), now, command)))
    path.write_text(content + "\n", encoding="utf-8")


def last_holder(settings: Settings) -> Holder | None:
    """Return who held the lock last, or holds it now; None when nobody ever did."""
    path = lock_path(settings)
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        return None
    return _read_holder(path)


def _read_holder(path: Path) -> Holder:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        # The other one has the lock and is about to write who it is.
        return Holder(pid=0, since="just now", command="unknown")


def _in_progress(settings: Settings) -> RunInProgress:
    other = _read_holder(lock_path(settings))
    return RunInProgress(
        f"Another run is in progress: {other.command} (pid {other.pid}, since "
        f"{other.since}).",
        f"The lock of {settings.data_dir}",
        "Wait until it ends, or stop that process. A process that died holds no lock.",
    )
