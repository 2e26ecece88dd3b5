"""The envelope of every answer, and the errors in it.

Holds their wording. Does not hold when they are given (`routes.py`, `options.py`).
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from ingestion.sandbox.answers import JSON, VendorError


def result(content: bytes) -> Response:
    """Build an answer around a ready result."""
    meta = orjson.dumps(_meta(200))
    body = b'{"result":' + content + b',"meta":' + meta + b"}"
    return Response(body, media_type=JSON)


def refused(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> VendorError:
    """An answer other than 200."""
    error = {"errorMessage": message, "errorCode": code}
    return VendorError(status, {"meta": {**_meta(status), "error": error}}, headers)


def invalid(message: str) -> VendorError:
    """A request that the vendor does not accept."""
    return refused(400, "QVAL_1", message)


def not_found(what: str) -> VendorError:
    """A thing that does not exist, or no longer."""
    return refused(404, "QGEN_404", f"{what} was not found")


def _meta(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    return {"requestId": str(uuid.uuid4()), "httpStatus": f"{status} - {phrase}"}
