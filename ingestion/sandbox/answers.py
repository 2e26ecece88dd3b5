"""Answers and the reading of requests that both vendors share.

Holds JSON answers made of ready records, tolerant numbers, and the address that a
request was made to. Does not hold any vendor's wording.
Tests: tests/ingestion/sandbox/test_zendesk_exports.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json; charset=utf-8"


class VendorError(Exception):
    """An answer other than 200, raised from wherever it is noticed."""

    def __init__(
        self, status: int, body: Any, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Build the answer; a text body stays plain text."""
        if isinstance(self.body, str):
            return Response(
                self.body, self.status, self.headers, media_type="text/plain"
            )
        return Response(
            orjson.dumps(self.body), self.status, self.headers, media_type=JSON
        )


def json_response(
    fields: Mapping[str, Any], lists: Mapping[str, Sequence[bytes]] | None = None
) -> Response:
    """Build an answer of lists of ready records, followed by plain fields."""
    parts = [
        orjson.dumps(name) + b":[" + b",".join(records) + b"]"
        for name, records in (lists or {}).items()
    ]
    rest = orjson.dumps(dict(fields))[1:-1]
    body = b"{" + b",".join([*parts, rest] if rest else parts) + b"}"
    return Response(body, media_type=JSON)


def number(text: str | None) -> int | None:
    """Read `100`, `100.0` or nothing; None also for what is no number."""
    try:
        return None if text is None else int(float(text))
    except (ValueError, OverflowError):
        return None


def origin(request: Request) -> str:
    """Give scheme and host that the caller used, proxies considered."""
    headers = request.headers
    scheme = headers.get("x-forwarded-proto", request.url.scheme)
    host = headers.get("x-forwarded-host") or headers.get("host", request.url.netloc)
    return f"{scheme}://{host}"


def link(request: Request, changes: Mapping[str, Any]) -> str:
    """Give the request's own URL with some query parameters set or (None) removed."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changes]
    added = [(k, str(v)) for k, v in changes.items() if v is not None]
    return f"{origin(request)}{request.url.path}?{urlencode(kept + added)}"
