"""Who may ask the helpdesk, and how often.

Holds authentication, the rights of admins and the counting of requests. Does not hold
what is answered to those who may not (`errors.py`).
Tests: tests/ingestion/sandbox/test_auth.py, test_limits.py
"""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.requests import Request

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import errors

ADMIN_ROW = 0


class Gate:
    """Lets requests in, one by one."""

    def __init__(self, world: World, credentials: Credentials, limits: Limits) -> None:
        self._credentials = credentials
        self._limits = limits
        staff = range(1 + world.staff.agents)
        address = world.directory.user_address
        self._staff = {str(address(row)).lower(): row for row in staff}
        self._staff[credentials.zendesk_email.lower()] = ADMIN_ROW

    def authenticate(self, request: Request) -> int:
        """Give the user's row behind a request.

        Raises:
            VendorError: 401, nobody known.
        """
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if _same(value, self._credentials.zendesk_oauth_token):
                return ADMIN_ROW
        elif scheme.lower() == "basic":
            email, _, token = _decode(value).partition("/token:")
            row = self._staff.get(email.lower())
            if row is not None and _same(token, self._credentials.zendesk_api_token):
                return row
        raise errors.unauthenticated()

    def count(self, bucket: str | None) -> dict[str, str]:
        """Count a request and give the headers that tell about the limits.

        Raises:
            VendorError: 429, in the words of the bucket that is empty.
        """
        account = self._limits.take(limits_.ZENDESK_ACCOUNT)
        headers = {
            "x-rate-limit": str(account.limit),
            "x-rate-limit-remaining": str(account.remaining),
            "ratelimit-limit": str(account.limit),
            "ratelimit-remaining": str(account.remaining),
            "ratelimit-reset": str(account.reset),
        }
        if not account.allowed:
            raise errors.account_limit(headers)
        if bucket is not None:
            own = self._limits.take(bucket)
            if not own.allowed:
                raise errors.export_limit(headers, own)
        return headers


def require_admin(row: int) -> None:
    """Refuse everybody but the admin.

    Raises:
        VendorError: 403.
    """
    if row != ADMIN_ROW:
        raise errors.forbidden()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _decode(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        return ""
