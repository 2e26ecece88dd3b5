"""The helpdesk's paging styles over an ordered stream.

Holds how pages are cut and what their envelopes say. Does not hold what a row looks
like: routes render it.
Tests: tests/ingestion/sandbox/test_zendesk_exports.py, test_zendesk_lists.py
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from starlette.requests import Request

from ingestion.sandbox.answers import link, number
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import errors
from ingestion.sandbox.zendesk.snapshot import Order

EXCLUDED_SECONDS = 60
_EXPORT_PAGE = 1000
_LIST_PAGE = 100
_LAST_OFFSET_PAGE = 100


@dataclass(frozen=True)
class Page:
    """Rows of one page and the fields that go around them."""

    rows: Array
    fields: dict[str, Any]


def _size(request: Request, name: str, usual: int, most: int | None = None) -> int:
    asked = number(request.query_params.get(name))
    return usual if asked is None else min(max(asked, 1), most or usual)


def _start(request: Request, clock: int) -> int:
    text = request.query_params.get("start_time")
    if not text:
        raise errors.missing_start()
    start = number(text)
    if start is None:
        raise errors.invalid_value("start_time is not a valid time")
    if start > clock - EXCLUDED_SECONDS:
        raise errors.too_recent()
    return start


def export_by_cursor(request: Request, order: Order, clock: int) -> Page:
    """Cut a page of a cursor export: strictly beyond the cursor, the last minute left.

    The cursor is the pair of stamp and id of the last row, in base64.
    """
    visible = order.up_to(clock - EXCLUDED_SECONDS)
    text = request.query_params.get("cursor")
    if text:
        low = visible.after(*_read_cursor(text))
    else:
        start = _start(request, clock)
        low = visible.from_stamp(start)
        text = None
    high = min(low + _size(request, "per_page", _EXPORT_PAGE), len(visible))
    if high > low:
        after: str | None = _cursor(visible, high - 1)
        before: str | None = _cursor(visible, low) if text else None
    else:
        after, before = text, None
        if after is None:
            after = _encode(f"{start}.0||0|")
    fields = {
        "after_cursor": after,
        "after_url": _cursor_link(request, after),
        "before_cursor": before,
        "before_url": _cursor_link(request, before),
        "end_of_stream": high >= len(visible),
    }
    return Page(visible.rows[low:high], fields)


def _cursor(order: Order, position: int) -> str:
    return _encode(f"{order.stamps[position]}.0||{order.ids[position]}|")


def _encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _read_cursor(text: str) -> tuple[int, int]:
    try:
        stamp, _, identifier, _ = base64.b64decode(text).decode().split("|")
        return int(float(stamp)), int(identifier)
    except (ValueError, binascii.Error) as error:
        raise errors.invalid_value("Invalid cursor") from error


def _cursor_link(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return link(request, {"start_time": None, "cursor": cursor})


def export_by_time(request: Request, order: Order, clock: int) -> Page:
    """Cut a page of a time export: from `start_time` on, the last minute left out.

    The next page starts at the last row's second, so its rows come again; a page that
    lies in one second holds all of it and the next starts one second later.
    """
    start = _start(request, clock)
    visible = order.up_to(clock - EXCLUDED_SECONDS)
    low = visible.from_stamp(start)
    size = _size(request, "per_page", _EXPORT_PAGE)
    high = min(low + size, len(visible))
    end = start
    if high > low:
        end = int(visible.stamps[high - 1])
        if high < len(visible) and int(visible.stamps[low]) == end:
            high = visible.from_stamp(end + 1)
            end += 1
    fields = {
        "count": high - low,
        "end_of_stream": high >= len(visible),
        "end_time": end,
        "next_page": link(request, {"start_time": end}),
    }
    return Page(visible.rows[low:high], fields)


def endless(request: Request, order: Order) -> Page:
    """Cut a page of a list without an end: `next_page` is never null.

    Rows of the last second come again, unless there is nothing after them: then the
    next page starts a second later and is empty.
    """
    start = number(request.query_params.get("start_time"))
    if start is None:
        raise errors.missing_start()
    low = order.from_stamp(start)
    high = min(low + _size(request, "limit", _LIST_PAGE, 1000), len(order))
    end = start
    if high > low:
        end = int(order.stamps[high - 1])
        if high == len(order) or int(order.stamps[low]) == end:
            high = order.from_stamp(end + 1)
            end += 1
    fields = {
        "count": high - low,
        "next_page": link(request, {"start_time": end}),
        "end_time": end,
    }
    return Page(order.rows[low:high], fields)


def list_page(request: Request, order: Order) -> Page:
    """Cut a page of a list: by cursor when `page[...]` is sent, else by offset."""
    if is_cursor_list(request):
        return _list_by_cursor(request, order)
    return _list_by_offset(request, order)


def is_cursor_list(request: Request) -> bool:
    """Tell whether a request asks for a list by cursor."""
    return any(name.startswith("page[") for name in request.query_params)


def list_since(request: Request, order: Order, clock: int) -> Page:
    """Cut a page of a cursor list that begins at `start_time`.

    The rows must ascend by id as they do by stamp.
    """
    start = _start(request, clock)
    visible = order.up_to(clock - EXCLUDED_SECONDS)
    low = visible.from_stamp(start)
    rows, stamps, numbers = visible.rows, visible.stamps, visible.ids
    return _list_by_cursor(request, Order(rows[low:], stamps[low:], numbers[low:]))


def _list_by_cursor(request: Request, order: Order) -> Page:
    size = _size(request, "page[size]", _LIST_PAGE)
    after = request.query_params.get("page[after]")
    before = request.query_params.get("page[before]")
    count = len(order)
    if before:
        high = int(np.searchsorted(order.ids, _read_position(before), side="left"))
        low = max(0, high - size)
        has_more = low > 0
    else:
        low = 0
        if after:
            low = int(np.searchsorted(order.ids, _read_position(after), side="right"))
        high = min(low + size, count)
        has_more = high < count
    first = last = previous = following = None
    if high > low:
        first, last = (_position(order, place) for place in (low, high - 1))
        previous = link(request, {"page[after]": None, "page[before]": first})
        following = link(request, {"page[before]": None, "page[after]": last})
    meta = {"has_more": has_more, "after_cursor": last, "before_cursor": first}
    links = {"prev": previous, "next": following}
    return Page(order.rows[low:high], {"meta": meta, "links": links})


def _position(order: Order, place: int) -> str:
    mark = orjson.dumps({"o": "id", "v": int(order.ids[place])})
    return base64.b64encode(mark).decode()


def _read_position(text: str) -> int:
    try:
        return int(orjson.loads(base64.b64decode(text))["v"])
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise errors.invalid_value("Invalid cursor") from error


def _list_by_offset(request: Request, order: Order) -> Page:
    size = _size(request, "per_page", _LIST_PAGE)
    page = max(number(request.query_params.get("page")) or 1, 1)
    if page > _LAST_OFFSET_PAGE:
        raise errors.too_deep()
    low, high = (page - 1) * size, page * size
    more = high < len(order)
    fields = {
        "next_page": link(request, {"page": page + 1}) if more else None,
        "previous_page": link(request, {"page": page - 1}) if page > 1 else None,
        "count": len(order),
    }
    return Page(order.rows[low:high], fields)
