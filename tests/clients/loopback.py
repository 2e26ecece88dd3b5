"""The way from a client library that knows only its vendor's address to the sandbox.

Holds one transport for `requests`. It changes where a request goes, and nothing else:
the library sees its vendor's address on both sides, as it would behind a proxy.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter


class Loopback(HTTPAdapter):
    """Sends requests for any host to one on the loopback."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base = urlsplit(base_url)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        asked = urlsplit(request.url)
        sent = request.copy()
        sent.url = urlunsplit(asked._replace(scheme="http", netloc=self._base.netloc))
        # The sandbox writes its links from these, so pages lead to the vendor's host.
        sent.headers["Host"] = asked.netloc
        sent.headers["X-Forwarded-Proto"] = asked.scheme
        kwargs["verify"] = None
        answer = super().send(sent, *args, **kwargs)
        answer.request, answer.url = request, str(request.url)
        return answer


def session(base_url: str) -> Session:
    """Make a session that reaches the sandbox under every name."""
    made = Session()
    made.trust_env = False
    made.mount("https://", Loopback(base_url))
    return made
