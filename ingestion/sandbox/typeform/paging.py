"""How the survey vendor selects and cuts pages of responses.

Holds filters, order, tokens and totals. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_typeform.py
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from starlette.datastructures import QueryParams

from ingestion.sandbox.answers import VendorError, number
from ingestion.sandbox.world.surveys import Responses
from ingestion.sandbox.world.timeline import Array

_DEFAULT_SIZE, _MAX_SIZE = 25, 1000
_TYPES = ("started", "partial", "completed")


def invalid(field: str, description: str) -> VendorError:
    """A parameter that the vendor does not accept."""
    details = [{"code": "INVALID", "description": description, "field": field}]
    body = {"code": "VALIDATION_ERROR", "description": "Validation error"}
    return VendorError(400, {**body, "details": details})


@dataclass(frozen=True)
class Selection:
    """One page of responses: its rows and the totals that go with it."""

    rows: Array
    totals: dict[str, Any]


class Index:
    """Responses to one form, found by instant, kind or token.

    Rows are ascending by the instant at which they came in.
    """

    def __init__(self, responses: Responses) -> None:
        self._responses = responses

    @cached_property
    def _by_token(self) -> tuple[Array, Array]:
        high = self._responses.token[:, 0]
        order = np.argsort(high, kind="stable")
        return high[order], order

    @cached_property
    def _kinds(self) -> dict[str, Array]:
        complete = self._responses.submitted > 0
        return {
            "completed": np.flatnonzero(complete),
            "partial": np.flatnonzero(~complete),
            "both": np.arange(len(complete)),
        }

    def select(self, query: QueryParams, clock: int) -> Selection:
        """Cut the page that a request asks for."""
        rows = self._kinds[_kind(query)]
        came = self._responses.came
        since, until = _instant(query, "since"), _instant(query, "until")
        low = 0
        high = _count_until(came, rows, clock)
        if since is not None:
            low = _count_until(came, rows, since - 1)
        if until is not None:
            high = min(high, _count_until(came, rows, until))
        before, after = query.get("before"), query.get("after")
        if before:
            high = min(high, int(np.searchsorted(rows, self._row(before, "before"))))
        if after:
            row = self._row(after, "after")
            low = max(low, int(np.searchsorted(rows, row, side="right")))
        rows = rows[low : max(low, high)]
        size = _size(query)
        page = rows[:size] if _is_ascending(query) else rows[::-1][:size]
        total = len(rows)
        return Selection(page, {"total_items": total, "page_count": -(-total // size)})

    def _row(self, token: str, name: str) -> int:
        try:
            wanted = np.uint64(int(token[:16], 16))
        except (ValueError, OverflowError) as error:
            raise invalid(name, "unknown token") from error
        keys, order = self._by_token
        place = int(np.searchsorted(keys, wanted))
        if place == len(keys) or keys[place] != wanted:
            raise invalid(name, "unknown token")
        return int(order[place])


def _count_until(came: Array, rows: Array, instant: int) -> int:
    # The rows are ascending in time, so a binary search over them will do.
    everything = int(np.searchsorted(came, instant, side="right"))
    return int(np.searchsorted(rows, everything, side="left"))


def _kind(query: QueryParams) -> str:
    if query.get("completed", "").lower() == "false":
        return "partial"
    asked = set(query.get("response_type", "completed").split(",")) - {""}
    if not asked <= set(_TYPES):
        raise invalid("response_type", "must be started, partial or completed")
    has_partial, has_completed = "partial" in asked, "completed" in asked
    if has_partial and has_completed:
        return "both"
    return "completed" if has_completed else "partial"


def _is_ascending(query: QueryParams) -> bool:
    sort = query.get("sort")
    if sort and (query.get("before") or query.get("after")):
        raise invalid("sort", "sort cannot be used with before or after")
    if sort and sort not in ("submitted_at,asc", "submitted_at,desc"):
        raise invalid("sort", "must be submitted_at,asc or submitted_at,desc")
    return bool(query.get("after")) or sort == "submitted_at,asc"


def _size(query: QueryParams) -> int:
    size = number(query.get("page_size"))
    if size is None:
        return _DEFAULT_SIZE
    if not 1 <= size <= _MAX_SIZE:
        raise invalid("page_size", f"must be between 1 and {_MAX_SIZE}")
    return size


def _instant(query: QueryParams, name: str) -> int | None:
    """Read ISO text, with or without an offset, or epoch seconds."""
    text = query.get(name)
    if not text:
        return None
    seconds = number(text)
    if seconds is not None:
        return seconds
    try:
        # An offset's plus sign may arrive as a blank.
        parsed = datetime.fromisoformat(text.replace(" ", "+").replace("Z", "+00:00"))
    except ValueError as error:
        raise invalid(name, "must be a date") from error
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return int(parsed.timestamp())
