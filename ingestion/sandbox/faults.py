"""What vendors really do: answers that fail, break off, repeat or change under way.

Holds the named faults, when each one strikes (probability and seed), and how it changes
an answer. A fault strikes data only, never tokens or the control paths. Does not hold
the answers themselves (the vendors' packages).
Tests: tests/ingestion/sandbox/test_faults.py, tests/acceptance/test_fault_matrix.py
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A vendor is known by its paths, a stream by a part of them.
VENDORS = {
    "zendesk_talk": re.compile(r"^/api/v2/channels/voice/"),
    "zendesk": re.compile(r"^/api/v2/"),
    "hubspot": re.compile(r"^/crm/"),
    "typeform": re.compile(r"^/forms"),
    "trustpilot": re.compile(r"^/v1/(?!oauth)"),
    "qualtrics": re.compile(r"^/API/v3/"),
}
# Where a listing stands: what tells its pages apart.
_POSITIONS = ("cursor", "page[after]", "after", "before", "page", "pageToken", "offset")
_LISTS = ("results", "items", "reviews", "businessUnits", "elements")
_SKEW = timedelta(hours=3)
_CREATION = ("created_at", "createdAt", "creationDate")
_CURSORS = (
    "updated_at",
    "updatedAt",
    "landed_at",
    "lastModified",
    "lastModifiedDate",
)
_MARK = "zz-odd-characters"
_INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)"')


class UnknownFault(ValueError):
    """No fault goes by this name, or it is told wrongly."""


@dataclass(frozen=True)
class Fault:
    """One fault that is switched on.

    Attributes:
        name: One of `FAULTS`.
        vendor: Whom it is about; `*` for all.
        path: A part of the paths that it is about; empty for all.
        probability: Of each request, to be struck.
        seed: Of the draws.
        times: How often it strikes at most; None for as often as it is drawn.
    """

    name: str
    vendor: str = "*"
    path: str = ""
    probability: float = 0.3
    seed: int = 1
    times: int | None = None

    def __post_init__(self) -> None:
        if self.name not in FAULTS:
            known = ", ".join(sorted(FAULTS))
            raise UnknownFault(f"no fault is named {self.name!r}; there are: {known}")
        if self.vendor not in ("*", *VENDORS):
            raise UnknownFault(f"no vendor is named {self.vendor!r}")
        if not 0 <= self.probability <= 1:
            raise UnknownFault("a probability lies between 0 and 1")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read `name`, `vendor:name`, or either with `:probability` and `:seed` behind.

        Raises:
            UnknownFault: It cannot be read.
        """
        parts = text.split(":")
        vendor = parts.pop(0) if parts[0] in ("*", *VENDORS) else "*"
        try:
            name, numbers = parts[0], [float(part) for part in parts[1:]]
            usual = [0.3, 1.0]
            probability, seed = [*numbers, *usual[len(numbers) :]]
        except (IndexError, ValueError):
            raise UnknownFault(
                f"{text!r} is no fault; write [vendor:]name[:probability[:seed]]"
            ) from None
        return cls(name, vendor, probability=probability, seed=int(seed))


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


@dataclass
class Faults:
    """The faults that are switched on, and what they have done."""

    active: tuple[Fault, ...] = ()
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    _draws: dict[Fault, random.Random] = field(default_factory=dict)
    _last: dict[str, Answer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, *faults: Fault) -> None:
        """Switch on these and no others."""
        with self._lock:
            self.active = faults
            self.struck.clear()
            self._draws = {
                fault: random.Random(fault.seed)  # noqa: S311 - draws, no secrets
                for fault in faults
            }
            self._last.clear()

    def strike(self, path: str) -> tuple[Fault, str] | None:
        """The fault that a request for a path meets, and the vendor; None for none."""
        vendor = vendor_of(path)
        if vendor is None:
            return None
        with self._lock:
            for fault in self.active:
                is_meant = fault.vendor in ("*", vendor) and fault.path in path
                used = self.struck[fault.name, vendor]
                if not is_meant or (fault.times is not None and used >= fault.times):
                    continue
                if self._draws[fault].random() < fault.probability:
                    return fault, vendor
        return None

    def count(self, fault: Fault, vendor: str) -> None:
        """Note that a fault changed an answer."""
        with self._lock:
            self.struck[fault.name, vendor] += 1

    def first(self, listing: str, answer: Answer) -> Answer:
        """The page that was asked for first of a listing."""
        with self._lock:
            return self._last.setdefault(listing, answer)

    def previous(self, listing: str, answer: Answer) -> Answer | None:
        """The page before this one of a listing; this one is remembered."""
        with self._lock:
            before = self._last.get(listing)
            self._last[listing] = answer
        return before


def vendor_of(path: str) -> str | None:
    """The vendor whose data a path is."""
    return next((name for name, own in VENDORS.items() if own.match(path)), None)


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
            if pair.partition("=")[0].replace("%5B", "[").replace("%5D", "]")
            not in _POSITIONS
        )
        body = _parsed(self.body)
        if isinstance(body, dict):
            body.pop("after", None)
        return f"{self.path}?{pairs}{body}"


Change = Callable[[Answer, Request, str, Faults], Answer | None]


class FaultyVendors:
    """Middleware that lets faults strike."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, changed where a fault strikes."""
        met = None
        if scope["type"] == "http" and self._faults.active:
            met = self._faults.strike(scope["path"])
        if met is None:
            await self._app(scope, receive, send)
            return
        fault, vendor = met
        body = await _body_of(receive)
        request = Request(scope["path"], scope["query_string"], body)
        answer = await self._answer(scope, body)
        changed = None
        if answer.status == 200:
            changed = FAULTS[fault.name](answer, request, vendor, self._faults)
        if changed is not None:
            self._faults.count(fault, vendor)
        await _send(changed or answer, send)

    async def _answer(self, scope: Scope, body: bytes) -> Answer:
        status, parts = 500, []
        headers: tuple[tuple[bytes, bytes], ...] = ()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = tuple(
                    (name, value)
                    for name, value in message["headers"]
                    if name.lower() != b"content-length"
                )
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return Answer(status, headers, b"".join(parts))


async def _body_of(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(answer: Answer, send: Send) -> None:
    length = len(answer.body) if answer.length is None else answer.length
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                *answer.headers,
                (b"content-length", str(length).encode()),
                *([(b"connection", b"close")] if answer.is_cut else []),
            ],
        }
    )
    await send(
        {
            "type": "http.response.body",
            "body": answer.body,
            # More is promised and never comes: the server closes the connection.
            "more_body": answer.is_cut,
        }
    )


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> Change:
    def change(answer: Answer, request: Request, vendor: str, _: Faults) -> Answer:
        told = tuple((name.encode(), text.encode()) for name, text in headers.items())
        kept = tuple(pair for pair in answer.headers if pair[0].lower() == b"date")
        return Answer(status, (*kept, *told), body)

    return change


def _limited_by_vendor(
    answer: Answer, request: Request, vendor: str, faults: Faults
) -> Answer:
    """429 with the header that the vendor has for it, where it has one."""
    own = {
        "zendesk": {"ratelimit-reset": "1"},
        "zendesk_talk": {"ratelimit-reset": "1"},
        "hubspot": {"X-HubSpot-RateLimit-Interval-Milliseconds": "1000"},
    }.get(vendor, {"X-RateLimit-Reset": "1"})
    refused = _refusal(429, own, b'{"error":"slow down"}')(
        answer, request, vendor, faults
    )
    assert refused is not None  # noqa: S101 - refusals always change
    return refused


def _cut(answer: Answer, *_: object) -> Answer:
    half = answer.body[: len(answer.body) // 2]
    return replace(answer, body=half, length=len(answer.body), is_cut=True)


def _truncated(answer: Answer, *_: object) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _wrong_length(answer: Answer, *_: object) -> Answer:
    return replace(answer, length=len(answer.body) + 100, is_cut=True)


def _repeated(
    answer: Answer, request: Request, _: str, faults: Faults
) -> Answer | None:
    """The page before this one once more, as a stale cache gives it."""
    before = faults.previous(request.listing, answer)
    return None if before is None or before.body == answer.body else before


def _records_of(document: Any, path: str) -> list[Any] | None:
    """The list of records of an answer."""
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


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _each_record(edit: Callable[[dict[str, Any], int], None]) -> Change:
    """A change of every record that is an object."""

    def change(answer: Answer, request: Request, _: str, __: Faults) -> Answer | None:
        document = _parsed(answer.body)
        records = _records_of(document, request.path)
        if not records:
            return None
        for place, record in enumerate(records):
            if isinstance(record, dict):
                edit(record, place)
        return replace(answer, body=orjson.dumps(document))

    return change


def _new_field(record: dict[str, Any], place: int) -> None:
    record["zz_added_by_the_vendor"] = {"n": place, "texts": ["a", None, 1.5]}


def _numbers_to_texts(record: dict[str, Any], _: int) -> None:
    for name, value in record.items():
        if isinstance(value, int) and not isinstance(value, bool):
            record[name] = str(value)


def _long_text(record: dict[str, Any], place: int) -> None:
    if place == 0:
        record["zz_long"] = "ä" * 500_000


def _without_creation(record: dict[str, Any], place: int) -> None:
    for name in _CREATION if place == 0 else ():
        record.pop(name, None)


def _creation_as_list(record: dict[str, Any], place: int) -> None:
    for name in _CREATION if place == 0 else ():
        if name in record:
            record[name] = [record[name]]


def _without_cursor(record: dict[str, Any], place: int) -> None:
    for name in _CURSORS if place == 0 else ():
        if name in record:
            record[name] = None


def _with_copies(edit: Callable[[dict[str, Any]], None], *, is_before: bool) -> Change:
    """A page on which the first record stands twice, once edited."""

    def change(answer: Answer, request: Request, _: str, __: Faults) -> Answer | None:
        document = _parsed(answer.body)
        records = _records_of(document, request.path)
        if not records or not isinstance(records[0], dict):
            return None
        # Copied by way of JSON: deep.
        copy = orjson.loads(orjson.dumps(records[0]))
        edit(copy)
        records.insert(0 if is_before else len(records), copy)
        return replace(answer, body=orjson.dumps(document))

    return change


def _as_draft(record: dict[str, Any]) -> None:
    for name in ("name", "subject", "status", "title"):
        if isinstance(record.get(name), str) and name != "status":
            record[name] = f"draft of {record[name]}"
    record["zz_draft"] = True


def _as_it_was(record: dict[str, Any]) -> None:
    _as_draft(record)
    for name, value in record.items():
        if name in (*_CURSORS, "generated_timestamp"):
            record[name] = _day_before(value)


def _day_before(value: Any) -> Any:
    if isinstance(value, int | float):
        return value - 86_400
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value) - timedelta(days=1)
    return moment.isoformat().replace("+00:00", "Z")


def _odd_characters(answer: Answer, request: Request, *_: object) -> Answer | None:
    """NUL and half of a surrogate pair, as JSON may write them, in a new field."""
    marked = _each_record(lambda record, _: record.update(zz_odd=_MARK))(
        answer, request, "", Faults()
    )
    if marked is None:
        return None
    odd = b"a\\u0000b\\ud800c"
    return replace(marked, body=marked.body.replace(_MARK.encode(), odd))


def _looping(answer: Answer, request: Request, _: str, faults: Faults) -> Answer | None:
    """The first page of a listing, again and again."""
    first = faults.first(request.listing, answer)
    return None if first.body == answer.body else first


def _mixed_offsets(answer: Answer, *_: object) -> Answer | None:
    """The same instants in other offsets and precisions, one after the other."""
    number = -1

    def other(match: re.Match[bytes]) -> bytes:
        nonlocal number
        number += 1
        moment = datetime.fromisoformat(match[1].decode()).replace(tzinfo=UTC)
        fraction = b"." + match[2] if match[2] else b""
        shift = (0, 2, -5)[number % 3]
        local = (moment + timedelta(hours=shift)).strftime("%Y-%m-%dT%H:%M:%S")
        zone = (b"+00:00", b"+02:00", b"-05:00")[number % 3]
        if not fraction and number % 2:
            fraction = b".000"
        return b'"' + local.encode() + fraction + zone + b'"'

    body = _INSTANT.sub(other, answer.body)
    return None if body == answer.body else replace(answer, body=body)


def _no_rows(answer: Answer, request: Request, *_: object) -> Answer | None:
    """An answer without records that says that it is the last one."""
    document = _parsed(answer.body)
    records = _records_of(document, request.path)
    if not records:
        return None
    records.clear()
    inner = document.get("result")
    for part in (document, inner if isinstance(inner, dict) else {}):
        for name in ("next_page", "paging", "nextPage", "after_cursor", "after_url"):
            part.pop(name, None)
        for name in ("count", "total", "total_items", "end_time"):
            if name in part:
                part[name] = None if name == "end_time" else 0
        if "end_of_stream" in part:
            part["end_of_stream"] = True
        if isinstance(part.get("meta"), dict):
            part["meta"] = {"has_more": False}
    return replace(answer, body=orjson.dumps(document))


def _skewed(answer: Answer, *_: object) -> Answer:
    """The vendor's clock, as the answer tells it, is hours ahead."""
    return replace(
        answer,
        headers=tuple(
            (name, _later(value)) if name.lower() == b"date" else (name, value)
            for name, value in answer.headers
        ),
    )


def _later(date: bytes) -> bytes:
    moment = parsedate_to_datetime(date.decode()) + _SKEW
    return format_datetime(moment, usegmt=True).encode()


_SLOW_DOWN = b'{"error":"slow down"}'
FAULTS: dict[str, Change] = {
    "limited_with_retry_after": _refusal(429, {"Retry-After": "1"}, _SLOW_DOWN),
    "limited_with_vendor_header": _limited_by_vendor,
    "limited_bare": _refusal(429, {}, _SLOW_DOWN),
    "error_500": _refusal(500, {}, b"oops"),
    "error_502": _refusal(502, {}, b"<html>bad gateway</html>"),
    "error_503": _refusal(503, {"Retry-After": "1"}, b""),
    "cut_in_body": _cut,
    "truncated_json": _truncated,
    "wrong_content_length": _wrong_length,
    "token_expired": _refusal(401, {}, b'{"error":"token expired"}'),
    "repeated_page": _repeated,
    "cursor_loop": _looping,
    "edited_twice": _with_copies(_as_draft, is_before=True),
    "stale_redelivery": _with_copies(_as_it_was, is_before=False),
    "null_cursor": _each_record(_without_cursor),
    "vanished_field": _each_record(_without_creation),
    "scalar_to_list": _each_record(_creation_as_list),
    "odd_characters": _odd_characters,
    "long_text": _each_record(_long_text),
    "new_field": _each_record(_new_field),
    "number_to_text": _each_record(_numbers_to_texts),
    "mixed_offsets": _mixed_offsets,
    "no_rows": _no_rows,
    "clock_skew": _skewed,
}
