"""Faults of the transport: refusals, answers that break off, a clock that is wrong.

Does not hold faults of what an answer says.
Tests: tests/ingestion/sandbox/test_faults.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from ingestion.sandbox.faults.base import Answer, Change, Memory, Request

_SKEW = timedelta(hours=3)
_SLOW_DOWN = b'{"error":"slow down"}'


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> Change:
    def change(answer: Answer, request: Request, vendor: str, _: Memory) -> Answer:
        told = tuple((name.encode(), text.encode()) for name, text in headers.items())
        kept = tuple(pair for pair in answer.headers if pair[0].lower() == b"date")
        return Answer(status, (*kept, *told), body)

    return change


def _limited_by_vendor(
    answer: Answer, request: Request, vendor: str, memory: Memory
) -> Answer | None:
    """429 with the header that the vendor has for it, where it has one."""
    own = {
        "zendesk": {"ratelimit-reset": "1"},
        "zendesk_talk": {"ratelimit-reset": "1"},
        "hubspot": {"X-HubSpot-RateLimit-Interval-Milliseconds": "1000"},
    }.get(vendor, {"X-RateLimit-Reset": "1"})
    return _refusal(429, own, _SLOW_DOWN)(answer, request, vendor, memory)


def _cut(answer: Answer, *_: object) -> Answer:
    half = answer.body[: len(answer.body) // 2]
    return replace(answer, body=half, length=len(answer.body), is_cut=True)


def _truncated(answer: Answer, *_: object) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _wrong_length(answer: Answer, *_: object) -> Answer:
    return replace(answer, length=len(answer.body) + 100, is_cut=True)


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


TRANSPORT: dict[str, Change] = {
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
    "clock_skew": _skewed,
}
