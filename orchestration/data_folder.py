"""Working on a data folder: the lock, and what must be so before anything is done.

Holds the one entrance for whoever writes. Does not hold the lock itself (`run_lock`).
Tests: tests/orchestration/backup/, tests/orchestration/test_data_format.py
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from orchestration import run_lock
from orchestration.backup import restore
from orchestration.data_format import require_usable
from orchestration.settings import Settings


@contextmanager
def working_on(
    settings: Settings, *, command: str, wait_seconds: float = 0.0
) -> Iterator[None]:
    """Hold the lock of a data folder that this version can use.

    A restore that was killed on its way is finished first.

    Raises:
        RunInProgress: Another process holds the lock.
        ForeignData: A newer version made the data.
    """
    with run_lock.hold(settings, command=command, wait_seconds=wait_seconds):
        restore.finish(settings)
        require_usable(settings)
        yield
