"""What the helpdesk answers when it refuses.

Holds bodies and headers, as documented or recorded. Does not hold the reasons.
Tests: tests/ingestion/sandbox/test_auth.py, test_zendesk_exports.py, test_limits.py
"""

from __future__ import annotations

from ingestion.sandbox.answers import VendorError
from ingestion.sandbox.limits import Allowance


def unauthenticated() -> VendorError:
    """Missing or wrong credentials."""
    return VendorError(401, {"error": "Couldn't authenticate you"})


def forbidden() -> VendorError:
    """A user without the right; exports need an admin."""
    message = (
        "You do not have access to this page. Please contact the account owner of "
        "this help desk for further help."
    )
    return VendorError(403, {"error": {"title": "Forbidden", "message": message}})


def not_found() -> VendorError:
    """No such record or path."""
    return VendorError(404, {"error": "RecordNotFound", "description": "Not found"})


def missing_start() -> VendorError:
    """A first export request without a place to start."""
    return VendorError(
        400, {"error": "StartTimeMissing", "description": "Missing start_time"}
    )


def invalid_value(description: str) -> VendorError:
    """A parameter that cannot be read."""
    return VendorError(400, {"error": "InvalidValue", "description": description})


def too_recent() -> VendorError:
    """An export that starts in the last minute."""
    description = "Too recent start_time. Use a start_time older than 60 seconds"
    return VendorError(422, {"error": "InvalidValue", "description": description})


def too_deep() -> VendorError:
    """Offset paging past its last page."""
    description = "Requested response size was greater than Search Response Limits"
    return VendorError(
        400, {"error": "InvalidPaginationDepth", "description": description}
    )


def account_limit(headers: dict[str, str]) -> VendorError:
    """Too many requests of any kind; the body is plain text."""
    text = "Number of allowed API requests per minute exceeded"
    return VendorError(429, text, {**headers, "retry-after": "1"})


def export_limit(headers: dict[str, str], allowance: Allowance) -> VendorError:
    """Too many incremental exports."""
    description = (
        "Number of allowed incremental export API requests per minute exceeded"
    )
    return VendorError(
        429,
        {"error": "APIRateLimitExceeded", "description": description},
        {**headers, "Retry-After": str(allowance.reset)},
    )
