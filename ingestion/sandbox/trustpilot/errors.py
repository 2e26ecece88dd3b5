"""What the review site answers when it refuses.

Holds bodies: those of the gateway in front (Apigee) and those of the services behind.
Does not hold the reasons. Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

from ingestion.sandbox.answers import VendorError


def _fault(status: int, text: str, code: str) -> VendorError:
    detail = {"errorcode": code}
    return VendorError(status, {"fault": {"faultstring": text, "detail": detail}})


def _service(status: int, message: str, code: int) -> VendorError:
    return VendorError(
        status, {"message": message, "errorCode": code, "details": message}
    )


def no_key() -> VendorError:
    """A request without an API key."""
    return _fault(
        401,
        "Failed to resolve API Key variable request.header.apikey",
        "steps.oauth.v2.FailedToResolveAPIKey",
    )


def wrong_key() -> VendorError:
    """An API key that no application has."""
    return _fault(401, "Invalid ApiKey", "oauth.v2.InvalidApiKey")


def wrong_token() -> VendorError:
    """No access token, or one that was never given out."""
    return _fault(
        401, "Invalid Access Token", "keymanagement.service.invalid_access_token"
    )


def expired_token() -> VendorError:
    """An access token whose time is over."""
    return _fault(
        401, "Access Token expired", "keymanagement.service.access_token_expired"
    )


def wrong_client() -> VendorError:
    """A token request with the wrong key or secret, or of the wrong user."""
    return VendorError(401, {"ErrorCode": "invalid_client", "Error": "Invalid client"})


def wrong_refresh_token() -> VendorError:
    """A refresh token that is unknown or used up."""
    return VendorError(
        401, {"ErrorCode": "invalid_request", "Error": "Invalid Refresh Token"}
    )


def wrong_grant(grant: str) -> VendorError:
    """A token request of an unknown kind."""
    return VendorError(
        400,
        {"ErrorCode": "invalid_request", "Error": f"Unsupported grant type : {grant}"},
    )


def too_many() -> VendorError:
    """Over the limit; the gateway does not say how long to wait."""
    return _fault(
        429,
        "Rate limit quota violation. Quota limit  exceeded. Identifier : _default",
        "policies.ratelimit.QuotaViolation",
    )


def not_found(what: str) -> VendorError:
    """No such business unit."""
    return _service(404, f"{what} not found", 1005)


def invalid(parameter: str, reason: str) -> VendorError:
    """A parameter that cannot be used."""
    return _service(400, f"Invalid parameter '{parameter}': {reason}", 1001)
