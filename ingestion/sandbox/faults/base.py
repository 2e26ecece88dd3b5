"""What every fault works on: an answer, what was asked, and the pages before.

Holds also how records are found in an answer, and whether it has a next page. Does not
hold any fault. Tests: tests/ingestion/sandbox/test_faults.py
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

import orjson

# Where a listing stands: what tells its pages apart.
_POSITIONS = (
    *("cursor", "start_time", "page[after]", "after", "before"),
    *("page", "pageToken", "skipToken", "offset"),
)
_LISTS = ("results", "items", "reviews", "businessUnits", "elements")


@dataclass(frozen=True)
class Answer:
    """What goes back, or what comes from the vendor.

    Attributes:
        status: HTTP status.
        headers: All but Content-Length.
        body: The bytes.
        length: Content-Length, where it is not that of the body.
        is_cut: The connection closes when `body` is sent, whatever was promised.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    length: int | None = None
    is_cut: bool = False

    def header(self, name: bytes) -> bytes:
        """The value of a header (in lower case); empty where there is none."""
        found = (value for key, value in self.headers if key.lower() == name)
        return next(found, b"")


@dataclass(frozen=True)
class Request:
    """What is asked, as far as faults care."""

    path: str
    query: bytes
    body: bytes

    @property
    def listing(self) -> str:
        """What all pages of one listing have in common."""
        pairs = sorted(
            pair
            for pair in self.query.decode().split("&")
            if pair
            and pair.partition("=")[0].replace("%5B", "[").replace("%5D", "]")
            not in _POSITIONS
        )
        body = parsed(self.body)
        if isinstance(body, dict):
            body.pop("after", None)
        return f"{self.path}?{pairs}{body}"


@dataclass
class Memory:
    """The pages that listings gave, and records that were held back from them."""

    _pages: dict[str, list[Answer]] = field(default_factory=dict)
    _held: dict[str, list[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: Request, answer: Answer) -> None:
        """Remember a page, together with those that it goes on from."""
        with self._lock:
            before = self._pages.get(request.listing, [])
            if not before or not _follows(before[-1], request):
                before = []
            self._pages[request.listing] = [*before, answer]

    def pages_before(self, request: Request) -> list[Answer]:
        """The pages of a listing before the one asked for; none where it is first."""
        with self._lock:
            return self._pages.get(request.listing, [])[:-1]

    def hold(self, listing: str, records: list[Any]) -> None:
        """Hold records back until the next page of their listing."""
        with self._lock:
            self._held[listing] = records

    def release(self, listing: str) -> list[Any]:
        """What was held back from the page before."""
        with self._lock:
            return self._held.pop(listing, [])


def _follows(page: Answer, request: Request) -> bool:
    """Whether a request asks for what comes after a page."""
    asked = request.query.decode() + request.body.decode()
    if (
        re.search(r"(?:^|&)(?:page|offset|skipToken)=[1-9]\d*", asked)
        and "page=1" not in asked
    ):
        return True
    document = parsed(page.body)
    if not isinstance(document, dict):
        return False
    part = document.get("result")
    part = part if isinstance(part, dict) else document
    places = (part, part.get("meta"), (part.get("paging") or {}).get("next"))
    names = ("after_cursor", "end_time", "after", "nextPageToken")
    pointers = [
        str(place[name])
        for place in places
        if isinstance(place, dict)
        for name in names
        if place.get(name)
    ]
    last = (records_of(document, request.path) or [None])[-1]
    if isinstance(last, dict):
        pointers += [str(last[name]) for name in ("token", "id") if last.get(name)]
    return any(unquote(pointer) in unquote(asked) for pointer in pointers)


Change = Callable[[Answer, Request, str, Memory], Answer | None]
"""From an answer, the request, the vendor and what was to what goes back; None where
there is nothing to change."""


def parsed(body: bytes) -> Any:
    """JSON as it is; None for anything else."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def records_of(document: Any, path: str) -> list[Any] | None:
    """The list of records of an answer; None where it has none."""
    if not isinstance(document, dict):
        return None
    inner = document.get("result")
    if isinstance(inner, dict):
        document = inner
    names = [*_LISTS, *(part for part in reversed(path.split("/")) if part)]
    for name in names:
        found = document.get(name.removesuffix(".json"))
        if isinstance(found, list):
            return found
    return None


def goes_on(document: Any) -> bool:
    """Whether an answer says that another page follows."""
    part = document.get("result")
    part = part if isinstance(part, dict) else document
    if "end_of_stream" in part:
        return not part["end_of_stream"]
    if isinstance(part.get("meta"), dict):
        return bool(part["meta"].get("has_more"))
    links = part.get("links")
    if isinstance(links, list):
        return any(link.get("rel") == "next-page" for link in links)
    if part.get("page_count", 1) > 1:
        return True
    names = ("next_page", "nextPage", "nextPageToken", "paging")
    return any(part.get(name) for name in names)


def each_record(edit: Callable[[dict[str, Any], int], None]) -> Change:
    """A change of every record that is an object; `edit` is told its place too."""

    def change(answer: Answer, request: Request, _: str, __: Memory) -> Answer | None:
        document = parsed(answer.body)
        records = records_of(document, request.path)
        # A list of the fields that records have holds no records.
        if not records or "/properties/" in request.path:
            return None
        for place, record in enumerate(records):
            if isinstance(record, dict):
                edit(record, place)
        body = orjson.dumps(document)
        return replace(answer, body=body)

    return change
