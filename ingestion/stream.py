"""One stream of a source while it is pulled: from pages to the tables of the lake.

Holds the loop that every stream shares: pages in; envelopes, rejects and one row of
`pulls` out. Does not hold paging, vendors or dlt.
Tests: tests/ingestion/test_stream.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from ingestion.batches import EnvelopeBuilder, Page, RecordRules
from ingestion.envelope import PULLS, without_load_id
from ingestion.paging import State
from ingestion.registry import StreamSpec

Reader = Callable[[State], Iterator[Page]]


@dataclass(frozen=True)
class Progress:
    """How far the pull of one stream has come."""

    source: str
    stream: str
    pages: int
    rows: int


@dataclass(frozen=True)
class StreamReport:
    """What one pull brought for one stream.

    Attributes:
        pages: Answers read.
        rows: Records received, rejected ones included.
        rejected: Records that could not be parsed.
        window_from: Where the pull before this one ended; None for the first.
        window_to: All that the vendor had up to here is in the lake.
    """

    pages: int
    rows: int
    rejected: int
    window_from: datetime | None
    window_to: datetime


@dataclass(frozen=True)
class Stream:
    """How to read one stream.

    Attributes:
        spec: Its name and mode.
        rules: The fields that its envelope reads.
        read: Makes its pages, at least one, from what the last pull left in the state.
        withheld: What the vendor leaves out for being too recent.
    """

    spec: StreamSpec
    rules: RecordRules
    read: Reader
    withheld: timedelta = timedelta(0)


def tables(
    stream: Stream,
    state: State,
    on_page: Callable[[int, int], None],
    on_end: Callable[[StreamReport], None],
) -> Iterator[tuple[str, pa.Table]]:
    """Pull one stream; yields table name and rows in batches.

    Args:
        stream: What to pull.
        state: What its last pull left; is changed.
        on_page: Told pages and rows so far.
        on_end: Told the totals.
    """
    name = stream.spec.name
    builder = EnvelopeBuilder(stream.rules)
    pages, is_complete = 0, True
    source_now: datetime | None = None
    for page in stream.read(state):
        source_now = source_now or page.at
        builder.add(page)
        for batch in builder.full_batches():
            yield name, batch
        for batch in builder.rejects(name):
            yield "rejects", batch
        pages += 1
        is_complete = is_complete and not page.is_short
        on_page(pages, builder.rows)
    if source_now is None:
        raise RuntimeError(f"the reader of {name} made no page")  # a bug, not a vendor
    for batch in builder.last_batch():
        yield name, batch
    report = StreamReport(
        pages,
        builder.rows,
        builder.rejected,
        _last_window(state),
        source_now - stream.withheld,
    )
    state["window_to"] = report.window_to.isoformat()
    on_end(report)
    yield "pulls", _pull_row(stream, report, source_now, is_complete)


def _last_window(state: State) -> datetime | None:
    text = state.get("window_to")
    return None if text is None else datetime.fromisoformat(text)


def _pull_row(
    stream: Stream, report: StreamReport, source_now: datetime, is_complete: bool
) -> pa.Table:
    row = {
        "stream": stream.spec.name,
        "mode": stream.spec.mode,
        "window_from": report.window_from,
        "window_to": report.window_to,
        "source_now": source_now,
        "pages": report.pages,
        "rows": report.rows,
        "rejected": report.rejected,
        "is_complete": is_complete,
    }
    return pa.Table.from_pylist([row], schema=without_load_id(PULLS))
