"""The paging styles of the vendors, each as a generator of pages.

Holds how one page leads to the next, when to stop, and what a stream remembers until
its next pull. Does not hold paths, fields of records, or how a page becomes rows. State
is only kept when the whole pull is committed, so readers may write to it at any time.
Tests: tests/ingestion/test_paging.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.batches import Page
from ingestion.errors import BadAnswer
from ingestion.http import Answer, HttpClient
from ingestion.instants import from_datetime, to_datetime, to_microseconds
from ingestion.raw_json import mended

State = dict[str, Any]
# How long after its date a record may come into a list that is read by date.
LATE_ROWS = timedelta(hours=6)
_TOO_RECENT = (HTTPStatus.UNPROCESSABLE_ENTITY,)


class Listing(msgspec.Struct, kw_only=True):
    """`meta` of a list answer."""

    has_more: bool
    after_cursor: str | None = None


class Body(msgspec.Struct, kw_only=True):
    """What any paged answer may say about itself, with its records left as bytes."""

    items: list[msgspec.Raw]
    after_cursor: str | None = None
    end_of_stream: bool | None = None
    end_time: int | None = None
    meta: Listing | None = None
    next_page: str | None = None
    total_items: int = 0
    page_count: int = 0
    links: Any = None

    @property
    def has_next_link(self) -> bool:
        """Whether one of its links leads to a next page."""
        return isinstance(self.links, list) and any(
            isinstance(link, dict) and link.get("rel") == "next-page"
            for link in self.links
        )


@dataclass(frozen=True)
class Endpoint:
    """A list of records: where it is and under which name its answers hold them.

    `size_name` is the parameter that asks an incremental export for so many records.
    """

    client: HttpClient
    path: str
    items: str
    parameters: dict[str, Any] = field(default_factory=dict)
    size_name: str = "per_page"

    def page(self, parameters: dict[str, Any]) -> tuple[Answer, Body]:
        """Ask for one page. "Too recent" (422) counts as a last page without records.

        Raises:
            SourceError: The vendor did not give a page.
        """
        answer = self.client.get(
            self.path, {**self.parameters, **parameters}, also=_TOO_RECENT
        )
        if answer.status in _TOO_RECENT:
            if b"start_time" not in answer.body:
                raise self.client.bad_answer(self.path, "unexpected status 422")
            return answer, Body(
                items=[], end_of_stream=True, meta=Listing(has_more=False)
            )
        return answer, self.body(answer)

    def empty_page(self) -> BadAnswer:
        """The error for a page without records that is not the last one.

        Where the next page is found by what stands on this one, or by its number, it is
        the end of the list as well as not: reading on might never end, and stopping
        would lose records.
        """
        return self.client.bad_answer(
            self.path, "an empty page, though it says that more follow"
        )

    def body(self, answer: Answer) -> Body:
        """Read a page.

        Raises:
            BadAnswer: It is no JSON, or not of the shape that the API promises.
        """
        kind = _body_type(self.items)
        for candidate in mended(answer.body):
            try:
                body: Body = msgspec.json.decode(candidate, type=kind)
            except (msgspec.DecodeError, RecursionError) as error:
                problem = str(error)
            else:
                return body
        raise self.client.bad_answer(self.path, f"not the page it should be: {problem}")


class Track:
    """The positions a stream has been at; a position must never come again."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: set[object] = set()

    def advance(self, position: object) -> Any:
        """The position, if it is a new one.

        Raises:
            BadAnswer: It is none, or paging has been there: it would never end.
        """
        if position is None or position in self._seen:
            raise self._endpoint.client.bad_answer(
                self._endpoint.path, "paging goes in circles (same position twice)"
            )
        self._seen.add(position)
        return position


def export_by_cursor(
    endpoint: Endpoint, state: State, *, start: datetime, page_size: int
) -> Iterator[Page]:
    """Incremental export by an opaque cursor, in the order in which records changed.

    The last page's cursor is kept even though nothing follows it: the next pull starts
    from there. A page with a record from the future does not move the cursor, or the
    vendor would skip everything that happens until then.
    """
    cursor = state.get("after_cursor")
    position: dict[str, Any] = (
        {"cursor": cursor} if cursor else {"start_time": int(start.timestamp())}
    )
    track = Track(endpoint)
    while True:
        answer, body = endpoint.page({"per_page": page_size, **position})
        page = Page(body.items, answer.at)
        yield page
        if body.after_cursor and (page.newest_version or 0) <= from_datetime(answer.at):
            state["after_cursor"] = body.after_cursor
        if body.end_of_stream:
            return
        position = {"cursor": track.advance(body.after_cursor)}


def export_by_time(
    endpoint: Endpoint,
    state: State,
    *,
    start: datetime,
    overlap: timedelta,
    page_size: int,
) -> Iterator[Page]:
    """Incremental export by time: the next page starts at the end of the last one.

    The overlap is for records that the vendor files late, below the time already read.
    Where an answer does not say whether it is the last one, a short page is that leads
    no further; another short one may only lack what has moved to the next.
    """
    begin = int(start.timestamp())
    if "end_time" in state:
        begin = max(begin, state["end_time"] - int(overlap.total_seconds()))
    was_empty = False
    while True:
        answer, body = endpoint.page(
            {endpoint.size_name: page_size, "start_time": begin}
        )
        page = Page(body.items, answer.at)
        yield page
        reached = _seconds_reached(body, page)
        if reached is not None:
            state["end_time"] = max(state.get("end_time", reached), reached)
        is_last = body.end_of_stream
        if is_last is None:
            # Some give the present as the end, which would go on for ever.
            is_empty = not body.items
            leads_on = body.end_time is not None and body.end_time > begin
            is_last = len(body.items) < page_size and (
                not leads_on or (is_empty and was_empty)
            )
            was_empty = is_empty
        if is_last:
            return
        if body.end_time is None or body.end_time <= begin:
            raise endpoint.client.bad_answer(
                endpoint.path, f"paging does not advance (end_time {body.end_time})"
            )
        begin = body.end_time


def _seconds_reached(body: Body, page: Page) -> int | None:
    """The end of a page, or of its part that is not dated in the future."""
    if body.end_time is not None and body.end_time <= page.at.timestamp():
        return body.end_time
    return None if page.newest_cursor is None else page.newest_cursor // 1_000_000


def up_to(pages: Iterator[Page], end: datetime) -> Iterator[Page]:
    """Pages in order of time, up to the first with a record from `end` on.

    Records dated in the future do not count: they say nothing about the others.
    """
    for page in pages:
        yield page
        if page.newest_cursor is not None and page.newest_cursor >= from_datetime(end):
            return


def list_by_cursor(
    endpoint: Endpoint, parameters: dict[str, Any], *, page_size: int
) -> Iterator[Page]:
    """A plain list; only `has_more` says whether there is another page."""
    position: dict[str, Any] = {}
    track = Track(endpoint)
    while True:
        answer, body = endpoint.page(
            {"page[size]": page_size, **parameters, **position}
        )
        yield Page(body.items, answer.at)
        if body.meta is None:
            raise endpoint.client.bad_answer(endpoint.path, "a list without its meta")
        if not body.meta.has_more:
            return
        position = {"page[after]": track.advance(body.meta.after_cursor)}


def list_by_page(endpoint: Endpoint, *, page_size: int) -> Iterator[Page]:
    """A plain list with numbered pages, for what has no list by cursor."""
    number = 1
    while True:
        answer, body = endpoint.page({"per_page": page_size, "page": number})
        yield Page(body.items, answer.at)
        if body.next_page is None:
            return
        if not body.items:
            raise endpoint.empty_page()
        number += 1


class Watermark:
    """Latest cursor of a stream that was not in the future; it never moves back."""

    def __init__(self, state: State, name: str) -> None:
        self._state = state
        self._name = name

    def since(self, overlap: timedelta) -> datetime | None:
        """Where the next pull starts, or None for all there is."""
        reached = to_microseconds(self._state.get(self._name))
        return None if reached is None else to_datetime(reached) - overlap

    def rise(self, page: Page) -> None:
        """Take in the newest cursor of a page."""
        before = to_microseconds(self._state.get(self._name))
        reached = page.newest_cursor
        if reached is not None and (before is None or reached > before):
            self._state[self._name] = to_datetime(reached).isoformat()


@cache
def _body_type(items: str) -> type[Body]:
    fields = [("items", list[msgspec.Raw], msgspec.field(name=items))]
    return msgspec.defstruct("NamedBody", fields, bases=(Body,), kw_only=True)  # type: ignore[return-value]
