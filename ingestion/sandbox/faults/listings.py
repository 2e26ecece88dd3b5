"""Faults of listings: pages that repeat, lack records, or bring them late.

Does not hold faults within records. Tests: tests/ingestion/sandbox/test_faults.py
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from ingestion.sandbox.faults.base import (
    Answer,
    Change,
    Memory,
    Request,
    goes_on,
    parsed,
    records_of,
)

_LATEST_HOURS = 6
_MOMENTS = (
    *("updated_at", "updatedAt", "modifiedDate", "lastModified", "lastModifiedDate"),
    *("timestamp", "time", "submitted_at", "landed_at"),
    *("created_at", "createdAt", "createdDate", "creationDate"),
)
_POINTERS = (
    *("next_page", "paging", "nextPage", "nextPageToken", "links"),
    *("after_cursor", "after_url"),
)
# A cursor of the vendor's own stands behind whatever comes late; the others are read
# by id, not by date.
_NEVER_LATE = ("/cursor", "/batch/read", "/associations/", "/properties/")


def _repeated(
    answer: Answer, request: Request, _: str, memory: Memory
) -> Answer | None:
    """The page before this one once more, as a stale cache gives it."""
    before = memory.pages_before(request)
    return before[-1] if before and before[-1].body != answer.body else None


def _looping(answer: Answer, request: Request, _: str, memory: Memory) -> Answer | None:
    """The first page of a listing, again and again."""
    before = memory.pages_before(request)
    return before[0] if before and before[0].body != answer.body else None


def _holding_back(choose: Callable[[list[Any]], int]) -> Change:
    """Some last records of a page come with the next one instead."""

    def change(
        answer: Answer, request: Request, _: str, memory: Memory
    ) -> Answer | None:
        document = parsed(answer.body)
        records = records_of(document, request.path)
        if not records or not goes_on(document):
            return None
        kept = choose(records)
        if kept == len(records):
            return None
        memory.hold(request.listing, records[kept:])
        del records[kept:]
        return replace(answer, body=orjson.dumps(document))

    return change


def with_held_back(answer: Answer, request: Request, held: list[Any]) -> Answer:
    """A page that begins with what was held back from the one before."""
    document = parsed(answer.body)
    records = records_of(document, request.path)
    if records is None:
        return answer
    records[:0] = held
    return replace(answer, body=orjson.dumps(document))


def _no_rows(answer: Answer, request: Request, *_: object) -> Answer | None:
    """An answer without records that says that it is the last one."""
    document = parsed(answer.body)
    records = records_of(document, request.path)
    # A question about some records is no list of a stream.
    if not records or "/batch/read" in request.path:
        return None
    records.clear()
    inner = document.get("result")
    for part in (document, inner if isinstance(inner, dict) else {}):
        for name in _POINTERS:
            part.pop(name, None)
        for name in ("count", "total", "total_items", "page_count", "end_time"):
            if name in part:
                part[name] = None if name == "end_time" else 0
        if "end_of_stream" in part:
            part["end_of_stream"] = True
        if isinstance(part.get("meta"), dict):
            part["meta"] = {"has_more": False}
    return replace(answer, body=orjson.dumps(document))


def _late(answer: Answer, request: Request, *_: object) -> Answer | None:
    """Each record shows only some hours after its date: none to five, by its id."""
    document = parsed(answer.body)
    records = records_of(document, request.path)
    if not records or any(part in request.path for part in _NEVER_LATE):
        return None
    now = parsedate_to_datetime(answer.header(b"date").decode()).timestamp()
    shown = [record for record in records if _shows_from(record) <= now]
    if len(shown) == len(records):
        return None
    records[:] = shown
    return replace(answer, body=orjson.dumps(document))


def _shows_from(record: Any) -> float:
    moments = [_seconds(record.get(name)) for name in _MOMENTS]
    hours = zlib.crc32(str(record.get("id")).encode()) % _LATEST_HOURS
    return max(moments) + 3600 * hours


def _seconds(value: Any) -> float:
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return 0
    moment = datetime.fromisoformat(value)
    # Some write UTC without saying so.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


LISTINGS: dict[str, Change] = {
    "repeated_page": _repeated,
    "cursor_loop": _looping,
    "empty_page": _holding_back(lambda records: 0),
    "moved_rows": _holding_back(lambda records: max(len(records) - 1, 1)),
    "late_rows": _late,
    "no_rows": _no_rows,
}
