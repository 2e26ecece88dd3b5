"""What the CRM answers when it refuses.

Holds bodies and headers, as documented or recorded. Does not hold the reasons.
Tests: tests/ingestion/sandbox/test_hubspot_gate.py, test_hubspot_search.py
"""

from __future__ import annotations

import uuid
from typing import Any

from ingestion.sandbox.answers import VendorError


def _error(status: int, category: str, message: str, **more: Any) -> VendorError:
    body = {
        "status": "error",
        "message": message,
        "correlationId": str(uuid.uuid4()),
        "category": category,
        **more,
    }
    return VendorError(status, body)


def unauthenticated() -> VendorError:
    """Missing or wrong credentials."""
    return _error(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 "
        "authentication and you can find more details at "
        "https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    )


def expired(seconds: int) -> VendorError:
    """An access token of an OAuth app that is too old."""
    return _error(
        401,
        "EXPIRED_AUTHENTICATION",
        f"The OAuth token used to make this call expired {seconds} second(s) ago.",
    )


def invalid(message: str) -> VendorError:
    """A request that cannot be understood."""
    return _error(400, "VALIDATION_ERROR", message)


def unknown_kind(name: str) -> VendorError:
    """A kind of object that the account does not have."""
    return invalid(f"Unable to infer object type from: {name}")


def not_found(message: str = "resource not found") -> VendorError:
    """No such record or path."""
    return _error(404, "OBJECT_NOT_FOUND", message)


def bad_grant(message: str) -> VendorError:
    """A token request with wrong credentials."""
    return VendorError(
        400,
        {
            "status": "BAD_REFRESH_TOKEN",
            "message": message,
            "correlationId": str(uuid.uuid4()),
        },
    )


def rate_limited(policy: str, headers: dict[str, str]) -> VendorError:
    """Too many requests: TEN_SECONDLY_ROLLING, SECONDLY (search) or DAILY."""
    body = {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid.uuid4()),
        "policyName": policy,
        "requestId": str(uuid.uuid4()),
    }
    return VendorError(429, body, headers)
