"""Who may ask the CRM, and how often.

Holds authentication, the tokens of OAuth apps and the counting of requests. Does not
hold what is answered to those who may not (`errors.py`).
Tests: tests/ingestion/sandbox/test_hubspot_gate.py
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.limits import Allowance, Limits

TOKEN_SECONDS = 1800
_OAUTH = "CN-sandbox"


class Gate:
    """Lets requests in, one by one."""

    def __init__(self, clock: Clock, credentials: Credentials, limits: Limits) -> None:
        self._clock = clock
        self._credentials = credentials
        self._limits = limits

    def authenticate(self, request: Request) -> bool:
        """Tell whether an OAuth app asks, else it is the private one.

        Raises:
            VendorError: 401, nobody known or no longer.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise errors.unauthenticated()
        if _same(token, self._credentials.hubspot_access_token):
            return False
        issued = token.removeprefix(f"{_OAUTH}-").partition("-")[0]
        if not issued.isdecimal() or not _same(token, self._access_token(int(issued))):
            raise errors.unauthenticated()
        late = self._clock.seconds - int(issued) - TOKEN_SECONDS
        if late >= 0:
            raise errors.expired(late)
        return True

    def token(self, body: bytes) -> dict[str, Any]:
        """Answer a request for an access token.

        Raises:
            VendorError: 400, the refresh token or the app is wrong.
        """
        form = {name: each[-1] for name, each in parse_qs(body.decode()).items()}
        keys = self._credentials
        if form.get("grant_type") != "refresh_token":
            raise errors.bad_grant("missing or unknown grant_type")
        if form.get("client_id") != keys.hubspot_client_id or not _same(
            form.get("client_secret", ""), keys.hubspot_client_secret
        ):
            raise errors.bad_grant("missing or unknown client id or client secret")
        if not _same(form.get("refresh_token", ""), keys.hubspot_refresh_token):
            raise errors.bad_grant("missing or unknown refresh token")
        return {
            "token_type": "bearer",
            "access_token": self._access_token(self._clock.seconds),
            "refresh_token": keys.hubspot_refresh_token,
            "expires_in": TOKEN_SECONDS,
        }

    def count(self, *, is_oauth: bool, is_search: bool) -> dict[str, str]:
        """Count a request and give the headers that tell about the limits.

        Raises:
            VendorError: 429, in the words of the bucket that is empty.
        """
        if is_search:
            # Answers to searches say nothing about limits, refusals included.
            if not self._limits.take(limits_.HUBSPOT_SEARCH).allowed:
                raise errors.rate_limited("SECONDLY", {})
            return {}
        bucket = limits_.HUBSPOT_OAUTH if is_oauth else limits_.HUBSPOT
        rolling = self._limits.take(bucket)
        headers = _headers(rolling)
        if not is_oauth:
            daily = self._limits.take(limits_.HUBSPOT_DAILY)
            headers["X-HubSpot-RateLimit-Daily"] = str(daily.limit)
            headers["X-HubSpot-RateLimit-Daily-Remaining"] = str(daily.remaining)
            if not daily.allowed:
                raise errors.rate_limited("DAILY", headers)
        if not rolling.allowed:
            raise errors.rate_limited("TEN_SECONDLY_ROLLING", headers)
        return headers

    def _access_token(self, issued: int) -> str:
        text = f"{self._credentials.hubspot_client_secret}:{issued}"
        return f"{_OAUTH}-{issued}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def _headers(allowance: Allowance) -> dict[str, str]:
    return {
        "X-HubSpot-RateLimit-Max": str(allowance.limit),
        "X-HubSpot-RateLimit-Remaining": str(allowance.remaining),
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
    }


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
