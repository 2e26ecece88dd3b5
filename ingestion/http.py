"""One small HTTP client for all vendors: retried, timed, with errors in our words.

Holds what counts as trouble (429, 5xx, dropped connections, cut answers), the vendor's
clock, and the translation of failures. Does not hold how long is waited (retrying.py,
pacing.py), paging or any vendor's paths. Credentials stay in the request: they are in
no message and no exception chain.
Tests: tests/ingestion/test_http.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.auth import AuthBase

from ingestion.configuration import Secret
from ingestion.errors import (
    AuthFailed,
    BadAnswer,
    RateLimited,
    SourceError,
    VendorUnavailable,
)
from ingestion.pacing import Pacer
from ingestion.retrying import Policy

_CONNECT_SECONDS, _READ_SECONDS = 10.0, 120.0
# HubSpot while it moves an account, with a Retry-After.
_MIGRATION = 477
_COMPLETE = (HTTPStatus.OK, HTTPStatus.MULTI_STATUS)
# Kinds of answers that are no JSON, and how they are read.
_FILES = ("application/zip", "application/octet-stream")
_PIECE, _DOWNLOADS = 256 * 1024, 3
# A limit that nobody should wait for within a pull.
_DAILY = re.compile(rb'"policyName"\s*:\s*"DAILY"')
_hurry: ContextVar[float | None] = ContextVar("hurry", default=None)


@contextmanager
def in_a_hurry(seconds: float) -> Iterator[None]:
    """Let clients made in this block ask once, wait so long at most, and give up."""
    token = _hurry.set(seconds)
    try:
        yield
    finally:
        _hurry.reset(token)


class HeaderAuth(AuthBase):
    """Sends one header that authorizes; requests then ignores any .netrc."""

    def __init__(self, header: Secret, name: str = "Authorization") -> None:
        self._header = header
        self._name = name

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header to a request."""
        request.headers[self._name] = self._header.reveal()
        return request


@dataclass(frozen=True)
class Answer:
    """A complete answer: its status, its body, and the vendor's clock."""

    status: int
    body: bytes
    at: datetime


class HttpClient:
    """Asks one vendor."""

    def __init__(  # noqa: PLR0913  (who, where, as whom; and two manners)
        self,
        source: str,
        base_url: str,
        authorization: Secret | AuthBase,
        credentials: str,
        patience: timedelta = timedelta(minutes=5),
        *,
        pacer: Pacer | None = None,
    ) -> None:
        """Make a client.

        Args:
            source: Name of the source, for messages.
            base_url: Scheme, host and any prefix of the vendor's API.
            authorization: Value of the Authorization header, or what signs requests.
            credentials: The settings to check when the vendor refuses, for messages.
            patience: How long 429 is waited out, however short the waits that the
                vendor asks for.
            pacer: Keeps to the rates that the vendor documents.
        """
        self.source = source
        self.base_url = _without_userinfo(base_url).rstrip("/")
        self._credentials = credentials
        hurry = _hurry.get()
        self._policy = (
            Policy.configured(patience.total_seconds())
            if hurry is None
            else Policy(attempts=1, limited_seconds=0.0)
        )
        self._timeout = (hurry or _CONNECT_SECONDS, hurry or _READ_SECONDS)
        self._pacer = pacer or Pacer(())
        self._session = requests.Session()
        self._session.auth = (
            HeaderAuth(authorization)
            if isinstance(authorization, Secret)
            else authorization
        )
        for name, value in _surroundings(self.base_url).items():
            setattr(self._session, name, value)

    def get(
        self,
        path: str,
        parameters: dict[str, Any] | None = None,
        *,
        also: tuple[int, ...] = (),
    ) -> Answer:
        """One answer with status 200, or one of those in `also`.

        Raises:
            SourceError: Anything else, after all retries.
        """
        return self._ask("GET", path, also, params=parameters or {})

    def post_form(self, path: str, fields: dict[str, str]) -> Answer:
        """The answer with status 200 to a form that was sent.

        Raises:
            SourceError: Anything else, after all retries.
        """
        return self._ask("POST", path, data=fields)

    def bad_answer(self, path: str, what: str) -> BadAnswer:
        """The error for an answer that breaks the vendor's own API."""
        return BadAnswer(
            self.source,
            what,
            self.base_url + path,
            "Run again; if it comes again, the vendor has changed its API. Nothing of "
            "this pull was kept, the lake is as it was.",
        )

    def post_json(
        self, path: str, content: dict[str, Any], *, also: tuple[int, ...] = ()
    ) -> Answer:
        """The answer to a question that is sent as JSON; it must change nothing.

        Raises:
            SourceError: Another status than 200 or those in `also`, after all retries.
        """
        return self._ask("POST", path, also, json=content)

    @property
    def _base_url_variable(self) -> str:
        return f"SOURCES__{self.source}__BASE_URL".upper()

    def download(self, path: str, target: BinaryIO) -> None:
        """Write a file to `target` in pieces, so that memory holds none of it whole.

        Raises:
            SourceError: It cannot be had whole, after all retries.
        """
        for _ in range(_DOWNLOADS):
            target.seek(0)
            target.truncate()
            response = self._respond("GET", path, stream=True)
            try:
                with response:
                    for piece in response.iter_content(_PIECE):
                        target.write(piece)
            except requests.RequestException:
                continue
            return
        raise VendorUnavailable(
            self.source,
            "a file that broke off each time",
            self.base_url + path,
            "Run again: nothing is lost.",
        )

    def _ask(
        self, method: str, path: str, also: tuple[int, ...] = (), **content: Any
    ) -> Answer:
        response = self._respond(method, path, also, **content)
        return Answer(response.status_code, response.content, self._clock(response))

    def _respond(
        self, method: str, path: str, also: tuple[int, ...] = (), **content: Any
    ) -> requests.Response:
        url = self.base_url + path
        response, failure = self._send(method, url, content)
        if response is None:
            # Raised out here: requests' own error holds the request and its headers.
            raise VendorUnavailable(
                self.source,
                f"no connection to the vendor ({failure})",
                self.base_url,
                f"Is the vendor up, and is {self._base_url_variable} right? Run again: "
                "nothing is lost, the next pull starts where the last one ended.",
            )
        if response.status_code not in (HTTPStatus.OK, *also):
            raise self._refusal(response, url)
        return response

    def _send(
        self, method: str, url: str, content: dict[str, Any]
    ) -> tuple[requests.Response | None, str]:
        def request() -> requests.Response:
            self._pacer.wait(url)
            return self._session.request(
                method, url, timeout=self._timeout, allow_redirects=False, **content
            )

        try:
            response = self._policy.send(
                request, is_trouble=_is_trouble, is_limited=_is_limited
            )
        except requests.RequestException as error:
            return None, _reason(error)
        return response, ""

    def _refusal(self, response: requests.Response, url: str) -> SourceError:
        status = response.status_code
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return AuthFailed(
                self.source,
                f"the vendor refused the credentials or their rights ({status})",
                url,
                f"Check {self._credentials}; exports need an administrator's rights.",
            )
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(
                self.source,
                "still rate limited after all waits (429)",
                url,
                "Something else uses the same account's limit. Run again later.",
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == _MIGRATION:
            return VendorUnavailable(
                self.source,
                f"the vendor keeps answering with a server error ({status})",
                url,
                "Look at the vendor's status page and run again later.",
            )
        return self.bad_answer(
            url.removeprefix(self.base_url),
            f"unexpected status {status} (is {self._base_url_variable} right?)",
        )

    def _clock(self, response: requests.Response) -> datetime:
        try:
            return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            problem = self.bad_answer(
                urlsplit(response.url).path, "an answer without a usable Date header"
            )
        raise problem


def _without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _surroundings(base_url: str) -> dict[str, Any]:
    """Proxies and certificates that the environment names, read once.

    A session would look through the whole environment again for each request: a
    millisecond, as much as a page of records costs.
    """
    with requests.Session() as session:
        found = session.merge_environment_settings(base_url, {}, None, None, None)
    return {"proxies": found["proxies"], "verify": found["verify"], "trust_env": False}


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "timed out"
    text = str(error).lower()
    if "refused" in text:
        return "connection refused"
    if "resolve" in text or "name or service" in text:
        return "host name unknown"
    return type(error).__name__


def _is_limited(response: requests.Response) -> bool:
    """Whether waiting helps: not where the day's requests are used up."""
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS and not _DAILY.search(
        response.content
    )


def _is_trouble(response: requests.Response) -> bool:
    """Whether an answer is the vendor's own failure, or lacks the end of its JSON."""
    status = response.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == _MIGRATION:
        return True
    if status not in _COMPLETE:
        return False
    if response.headers.get("Content-Type", "").startswith(_FILES):
        return False
    return not response.content.rstrip().endswith(b"}")
