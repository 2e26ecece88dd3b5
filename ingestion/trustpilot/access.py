"""How requests to Trustpilot are signed: an API key, and an access token where needed.

Holds getting the token and getting another one when the vendor says that it is over.
Tokens stay in memory. Does not hold settings or paths of data.
Tests: tests/ingestion/trustpilot/test_access.py
"""

from __future__ import annotations

import base64
import threading
from http import HTTPStatus
from typing import Any

import msgspec
import requests
from requests.auth import AuthBase

from ingestion.configuration import Secret
from ingestion.http import HttpClient

TOKEN_PATH = "/v1/oauth/oauth-business-users-for-applications/accesstoken"  # noqa: S105


class _Granted(msgspec.Struct):
    access_token: str


class ApplicationAuth(AuthBase):
    """Adds the key to every request, and a token where there is a secret.

    Public paths need no token, but so a wrong secret is told before anything is read.
    """

    def __init__(
        self, source: str, base_url: str, api_key: Secret, api_secret: Secret | None
    ) -> None:
        self._api_key = api_key
        self._tokens = None
        if api_secret is not None:
            self._tokens = _Tokens(source, base_url, api_key, api_secret)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        request.headers["apikey"] = self._api_key.reveal()
        tokens = self._tokens
        if tokens is not None:
            token = tokens.current()
            _carry(request, token)

            def renew(response: requests.Response, **sending: Any) -> requests.Response:
                return _renewed(tokens, token, response, **sending)

            request.register_hook("response", renew)
        return request


def _carry(request: requests.PreparedRequest, token: Secret) -> None:
    request.headers["Authorization"] = f"Bearer {token.reveal()}"


def _renewed(
    tokens: _Tokens, token: Secret, response: requests.Response, **sending: Any
) -> requests.Response:
    """Ask once more with a new token: a long pull may outlive the first one."""
    if response.status_code != HTTPStatus.UNAUTHORIZED:
        return response
    # The connection is free for the next request once the answer has been read.
    response.content  # noqa: B018
    response.close()
    again = response.request.copy()
    _carry(again, tokens.after(token))
    return response.connection.send(again, **sending)


class _Tokens:
    """The token of one application, fetched when it is first needed."""

    def __init__(
        self, source: str, base_url: str, api_key: Secret, api_secret: Secret
    ) -> None:
        pair = base64.b64encode(f"{api_key.reveal()}:{api_secret.reveal()}".encode())
        variables = ("API_KEY", "API_SECRET")
        self._client = HttpClient(
            source,
            base_url,
            Secret(f"Basic {pair.decode()}"),
            " and ".join(f"SOURCES__{source}__{name}".upper() for name in variables),
        )
        self._token: Secret | None = None
        self._lock = threading.Lock()

    def current(self) -> Secret:
        """The token in use.

        Raises:
            SourceError: The vendor gives none.
        """
        with self._lock:
            if self._token is None:
                self._token = self._fetch()
            return self._token

    def after(self, refused: Secret) -> Secret:
        """A token that is not the one that was refused.

        Raises:
            SourceError: The vendor gives none.
        """
        with self._lock:
            if self._token is None or self._token is refused:
                self._token = self._fetch()
            return self._token

    def _fetch(self) -> Secret:
        answer = self._client.post_form(
            TOKEN_PATH, {"grant_type": "client_credentials"}
        )
        try:
            granted = msgspec.json.decode(answer.body, type=_Granted)
        except msgspec.DecodeError:
            granted = None
        # Raised out here: the decoder's error may hold what it read.
        if granted is None:
            raise self._client.bad_answer(TOKEN_PATH, "a token answer without a token")
        return Secret(granted.access_token)
