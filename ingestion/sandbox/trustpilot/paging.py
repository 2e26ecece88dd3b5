"""How the review site selects, orders and cuts lists of reviews.

Holds filters, pages by number and pages by token. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from starlette.datastructures import QueryParams

from ingestion.sandbox.answers import number
from ingestion.sandbox.trustpilot import errors
from ingestion.sandbox.trustpilot.reviews import Snapshot
from ingestion.sandbox.world.people import LANGUAGES
from ingestion.sandbox.world.timeline import Array

_DEFAULT_SIZE, MAX_SIZE = 20, 100
_ORDERS = ("createdat.desc", "createdat.asc", "stars.desc", "stars.asc")


@dataclass(frozen=True)
class Cut:
    """A page of rows and how to get the next one; None at the end."""

    rows: Array
    next: str | None


def numbered_page(snapshot: Snapshot, query: QueryParams, *, by_date: bool) -> Cut:
    """Cut the page that a request asks for; past the end it is empty.

    Args:
        snapshot: The reviews.
        query: The request's parameters.
        by_date: Whether the list may be bounded by dates.
    """
    size, page = _size(query), number(query.get("page"))
    page = 1 if page is None else page
    if page < 1:
        raise errors.invalid("page", "must be at least 1")
    rows = _selected(snapshot, query)
    if by_date:
        rows = _between(snapshot, query, rows)
    rows = _ordered(snapshot, query, rows)
    low = (page - 1) * size
    is_last = low + size >= len(rows)
    return Cut(rows[low : low + size], None if is_last else str(page + 1))


def token_page(snapshot: Snapshot, query: QueryParams) -> Cut:
    """Cut a page of all reviews, newest first; the token is the last row's."""
    size = _size(query)
    rows = _selected(snapshot, query)[::-1]
    token = query.get("pageToken")
    if token:
        rows = rows[rows < _row(token)]
    page = rows[:size]
    has_more = len(rows) > size
    return Cut(page, _token(int(page[-1])) if has_more else None)


def _selected(snapshot: Snapshot, query: QueryParams) -> Array:
    rows = snapshot.rows
    if query.get("stars"):
        wanted = [number(text) for text in query["stars"].split(",")]
        if any(star is None or not 1 <= star <= 5 for star in wanted):
            raise errors.invalid("stars", "must be numbers from 1 to 5")
        rows = rows[np.isin(snapshot.stars(rows), np.array(wanted, dtype=np.int64))]
    language = query.get("language")
    if language:
        known = LANGUAGES.index(language) if language in LANGUAGES else -1
        rows = rows[snapshot.world.reviews.language[rows] == known]
    return rows


def _between(snapshot: Snapshot, query: QueryParams, rows: Array) -> Array:
    created = snapshot.world.reviews.created[rows]
    start, end = _instant(query, "startDateTime"), _instant(query, "endDateTime")
    kept = np.ones(len(rows), dtype=bool)
    if start is not None:
        kept &= created >= start
    if end is not None:
        kept &= created <= end
    return rows[kept]


def _ordered(snapshot: Snapshot, query: QueryParams, rows: Array) -> Array:
    order = query.get("orderBy", "createdat.desc")
    if order not in _ORDERS:
        raise errors.invalid("orderBy", f"must be one of {', '.join(_ORDERS)}")
    if order.startswith("stars"):
        # Newest first among equals.
        rows = rows[::-1]
        stars = snapshot.stars(rows).astype(np.int64)
        return rows[
            np.argsort(-stars if order.endswith("desc") else stars, kind="stable")
        ]
    return rows[::-1] if order.endswith("desc") else rows


def _size(query: QueryParams) -> int:
    size = number(query.get("perPage"))
    if size is None:
        return _DEFAULT_SIZE
    if not 1 <= size <= MAX_SIZE:
        raise errors.invalid("perPage", f"must be between 1 and {MAX_SIZE}")
    return size


def _instant(query: QueryParams, name: str) -> int | None:
    text = query.get(name)
    if not text:
        return None
    try:
        # An offset's plus sign may arrive as a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise errors.invalid(name, "must be a date") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _token(row: int) -> str:
    return base64.urlsafe_b64encode(f"before:{row}".encode()).decode()


def _row(token: str) -> int:
    try:
        kind, _, row = (
            base64.b64decode(token, b"-_", validate=True).decode().partition(":")
        )
        if kind == "before":
            return int(row)
    except (ValueError, binascii.Error):
        pass
    raise errors.invalid("pageToken", "unknown token")
