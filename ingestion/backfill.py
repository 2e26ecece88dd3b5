"""Reading a past stretch of a source again, window by window.

Holds how a stretch is cut and that each window is a load of its own: what was read
before a failure stays, and reading it again changes nothing. Does not hold a pull
(pipelines.py). Tests: tests/ingestion/test_backfill_windows.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ingestion.pipelines import PullReport, pull
from ingestion.stream import Progress, Window

# Long enough that a load's own cost is small, short enough to lose little.
WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class ReadWindow:
    """One window that is in the lake.

    Attributes:
        window: The stretch.
        report: What it brought.
        number: Its place, from 1.
        total: How many windows there are.
    """

    window: Window
    report: PullReport
    number: int
    total: int


def windows_of(stretch: Window, step: timedelta = WINDOW) -> list[Window]:
    """Cut a stretch into windows that meet; the last one may be shorter."""
    windows, start = [], stretch.start
    while start < stretch.end:
        end = min(start + step, stretch.end)
        windows.append(Window(start, end))
        start = end
    return windows


def read_again(
    source: str,
    stretch: Window,
    *,
    lake_url: str,
    pipelines_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[ReadWindow]:
    """Read a stretch of time again; yields each window once it is committed.

    No cursor is read or moved. What cannot be read by date is left out.

    Raises:
        SourceError: A window failed; those before it are in the lake.
    """
    windows = windows_of(stretch)
    for number, window in enumerate(windows, 1):
        report = pull(
            source,
            lake_url=lake_url,
            pipelines_dir=pipelines_dir,
            on_progress=on_progress,
            window=window,
        )
        yield ReadWindow(window, report, number, len(windows))
