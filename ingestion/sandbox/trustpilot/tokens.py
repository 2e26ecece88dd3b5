"""Access tokens for private data: given out, refreshed, expired by the sandbox's clock.

Holds the tokens that are out and the shape of the answer. Does not hold paths.
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Mapping

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.trustpilot import errors

# A hundred hours less a second, as the vendor has it.
LIFETIME = 359_999


class Tokens:
    """The tokens of one application."""

    def __init__(self, clock: Clock, credentials: Credentials) -> None:
        self._clock = clock
        self._keys = credentials
        self._expires: dict[str, int] = {}
        self._refresh: set[str] = set()
        self._count = 0
        # Requests are answered in several threads.
        self._lock = threading.Lock()

    def grant(self, form: Mapping[str, str]) -> dict[str, str]:
        """Give a token for a grant of client credentials or of a password.

        Raises:
            VendorError: The grant is of another kind, or not for this user.
        """
        kind = form.get("grant_type", "")
        if kind == "password":
            pairs = (
                (form.get("username", ""), self._keys.trustpilot_username),
                (form.get("password", ""), self._keys.trustpilot_password),
            )
            if not all(same(given, expected) for given, expected in pairs):
                raise errors.wrong_client()
        elif kind != "client_credentials":
            raise errors.wrong_grant(kind)
        return self._issue()

    def refresh(self, form: Mapping[str, str]) -> dict[str, str]:
        """Give a new token for a refresh token, which works once.

        Raises:
            VendorError: It is unknown, or the grant is of another kind.
        """
        kind = form.get("grant_type", "")
        if kind != "refresh_token":
            raise errors.wrong_grant(kind)
        with self._lock:
            if form.get("refresh_token", "") not in self._refresh:
                raise errors.wrong_refresh_token()
            self._refresh.discard(form["refresh_token"])
        return self._issue()

    def require(self, token: str) -> None:
        """Let a valid access token pass.

        Raises:
            VendorError: 401, unknown or expired.
        """
        expires = self._expires.get(token)
        if expires is None:
            raise errors.wrong_token()
        if self._clock.seconds >= expires:
            raise errors.expired_token()

    def _issue(self) -> dict[str, str]:
        now = self._clock.seconds
        with self._lock:
            self._count += 1
            access, refresh = (self._made(kind) for kind in ("access", "refresh"))
            self._expires[access] = now + LIFETIME
            self._refresh.add(refresh)
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": str(LIFETIME),
            "token_type": "BearerToken",
            "issued_at": str(now * 1000),
            "status": "approved",
        }

    def _made(self, kind: str) -> str:
        text = f"{self._keys.trustpilot_api_secret}/{kind}/{self._count}"
        return hashlib.sha256(text.encode()).hexdigest()[:28]


def same(given: str, expected: str) -> bool:
    """Compare without telling by the time taken how much was right."""
    return hmac.compare_digest(given.encode(), expected.encode())
