"""One stream of a source while it is pulled: from pages to the tables of the lake.

Holds the loop that every stream shares: pages in; envelopes, rejects and one row of
`pulls` out; and the window of a backfill. Does not hold paging, vendors or dlt.
Tests: tests/ingestion/test_stream.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from ingestion.batches import EnvelopeBuilder, Page, RecordRules
from ingestion.envelope import PULLS, without_load_id
from ingestion.instants import from_datetime
from ingestion.paging import State
from ingestion.registry import Mode, StreamSpec

Reader = Callable[[State], Iterator[Page]]
_A_DAY = 86_400_000_000
# Pages, rows, and the share of the time that is read.
OnPage = Callable[[int, int, float | None], None]


@dataclass(frozen=True)
class Window:
    """A stretch of time to read again; `end` is not in it. Both know their time zone.

    Raises:
        ValueError: It is empty, or has no time zone.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs instants with a time zone")
        if self.start >= self.end:
            raise ValueError(f"nothing lies between {self.start} and {self.end}")


WindowReader = Callable[[Window], Iterator[Page]]


@dataclass(frozen=True)
class Progress:
    """How far the pull of one stream has come.

    Attributes:
        source: Name of the source.
        stream: Name of the stream.
        pages: Answers read.
        rows: Records received.
        share: What part of the time to read has been read; None where that cannot be
            told: in snapshots, and where the newest records come first.
    """

    source: str
    stream: str
    pages: int
    rows: int
    share: float | None = None


@dataclass(frozen=True)
class StreamReport:
    """What one pull brought for one stream.

    Attributes:
        pages: Answers read.
        rows: Records received, rejected ones included.
        rejected: Records that could not be parsed.
        window_from: Where the pull before this one ended; None for the first.
        window_to: All that the vendor had up to here is in the lake.
        source_now: The vendor's clock when the pull began.
    """

    pages: int
    rows: int
    rejected: int
    window_from: datetime | None
    window_to: datetime
    source_now: datetime


@dataclass(frozen=True)
class Stream:
    """How to read one stream.

    Attributes:
        spec: Its name and mode.
        rules: The fields that its envelope reads.
        read: Makes its pages, at least one, from what the last pull left in the state.
        withheld: What the vendor leaves out for being too recent.
        read_window: Makes the pages of a stretch of time, at least one; None for a
            stream that cannot be read by date. It may bring a little more than that.
    """

    spec: StreamSpec
    rules: RecordRules
    read: Reader
    withheld: timedelta = timedelta(0)
    read_window: WindowReader | None = None

    @property
    def is_readable_by_date(self) -> bool:
        """Whether a stretch of time can be read again."""
        return self.read_window is not None

    def pages(self, state: State, window: Window | None) -> Iterator[Page]:
        """What is new since the last pull, or everything in a window."""
        if window is None:
            return self.read(state)
        if self.read_window is None:
            raise ValueError(f"{self.spec.name} cannot be read by date")
        return self.read_window(window)


def tables(
    stream: Stream,
    state: State,
    on_page: OnPage,
    on_end: Callable[[StreamReport], None],
    window: Window | None = None,
) -> Iterator[tuple[str, pa.Table]]:
    """Pull one stream; yields table name and rows in batches.

    Args:
        stream: What to pull.
        state: What its last pull left; is changed, but never by a backfill.
        on_page: Told pages and rows so far, and the share of the time that is read.
        on_end: Told the totals.
        window: The stretch of time to read again, for a backfill.
    """
    name = stream.spec.name
    builder = EnvelopeBuilder(stream.rules)
    pages, is_complete = 0, True
    source_now: datetime | None = None
    distance = _Distance(stream.spec.mode)
    for page in stream.pages(state, window):
        source_now = source_now or page.at
        builder.add(page)
        for batch in builder.full_batches():
            yield name, batch
        for batch in builder.rejects(name):
            yield "rejects", batch
        pages += 1
        is_complete = is_complete and not page.is_short
        on_page(pages, builder.rows, distance.share(page))
    if source_now is None:
        raise RuntimeError(f"the reader of {name} made no page")  # a bug, not a vendor
    for batch in builder.last_batch():
        yield name, batch
    if window is None and stream.spec.mode == "snapshot":
        is_complete = is_complete and not _is_suddenly_empty(state, builder.rows)
    known_to = source_now - stream.withheld
    begin, end = _reach(state, known_to, window)
    report = StreamReport(pages, builder.rows, builder.rejected, begin, end, source_now)
    if window is None:
        state["window_to"] = end.isoformat()
    on_end(report)
    mode = stream.spec.mode if window is None else "backfill"
    yield "pulls", _pull_row(stream, mode, report, source_now, is_complete)


def _is_suddenly_empty(state: State, rows: int) -> bool:
    """Whether a list that had records has none: believed only when it comes twice.

    A vendor in trouble gives empty lists too, and a complete one deletes everything.
    """
    had_rows = bool(state.get("had_rows"))
    state["had_rows"] = rows > 0
    return had_rows and rows == 0


class _Distance:
    """How much of the time between its first page and now a stream has read."""

    def __init__(self, mode: Mode) -> None:
        self._is_by_time = mode == "incremental"
        self._first: int | None = None

    def share(self, page: Page) -> float | None:
        if not self._is_by_time or page.newest_cursor is None:
            return None
        if self._first is None:
            self._first = page.newest_cursor
        whole = from_datetime(page.at) - self._first
        # Streams that begin with the newest records have nothing in front of them.
        if whole < _A_DAY:
            return None
        return min(max((page.newest_cursor - self._first) / whole, 0.0), 1.0)


def _reach(
    state: State, known_to: datetime, window: Window | None
) -> tuple[datetime | None, datetime]:
    if window is not None:
        return window.start, min(window.end, known_to)
    text = state.get("window_to")
    return (None if text is None else datetime.fromisoformat(text)), known_to


def _pull_row(
    stream: Stream,
    mode: Mode,
    report: StreamReport,
    source_now: datetime,
    is_complete: bool,
) -> pa.Table:
    row = {
        "stream": stream.spec.name,
        "mode": mode,
        "window_from": report.window_from,
        "window_to": report.window_to,
        "source_now": source_now,
        "pages": report.pages,
        "rows": report.rows,
        "rejected": report.rejected,
        "is_complete": is_complete,
    }
    return pa.Table.from_pylist([row], schema=without_load_id(PULLS))
