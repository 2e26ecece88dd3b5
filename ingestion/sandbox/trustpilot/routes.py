"""The review site's paths, its keys and its limits.

Holds one small function per resource. Does not hold records or paging.
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.answers import VendorError, json_response, link
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.trustpilot import errors
from ingestion.sandbox.trustpilot.paging import Cut, numbered_page, token_page
from ingestion.sandbox.trustpilot.reviews import Snapshot, render_reviews
from ingestion.sandbox.trustpilot.tokens import Tokens, same
from ingestion.sandbox.trustpilot.units import REFERRING, UNIT_ID, unit_record
from ingestion.sandbox.world.world import World

TOKEN_PATH = "/v1/oauth/oauth-business-users-for-applications/accesstoken"  # noqa: S105
Answer = Callable[[Request], Response]


class _Trustpilot:
    """Answers about one company."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock

    def find(self, request: Request) -> Response:
        """Answer with the profile behind a domain."""
        name = request.query_params.get("name", "").lower()
        if not name:
            raise errors.invalid("name", "is required")
        if name not in REFERRING:
            raise errors.not_found("Business unit")
        snapshot = self._snapshot()
        return json_response(unit_record(snapshot.stars(snapshot.rows)))

    def public_reviews(self, request: Request) -> Response:
        """Answer with a numbered page for everybody."""
        return self._numbered(request, is_private=False)

    def private_reviews(self, request: Request) -> Response:
        """Answer with a numbered page for the company."""
        return self._numbered(request, is_private=True)

    def all_reviews(self, request: Request) -> Response:
        """Answer with a page that a token leads on from."""
        _require_unit(request)
        snapshot = self._snapshot()
        cut = token_page(snapshot, request.query_params)
        fields = {} if cut.next is None else {"nextPageToken": cut.next}
        records = render_reviews(snapshot, cut.rows, is_private=False)
        return json_response(fields, {"reviews": records})

    def _numbered(self, request: Request, *, is_private: bool) -> Response:
        _require_unit(request)
        snapshot = self._snapshot()
        cut = numbered_page(snapshot, request.query_params, by_date=is_private)
        records = render_reviews(snapshot, cut.rows, is_private=is_private)
        return json_response({"links": _links(request, cut)}, {"reviews": records})

    def _snapshot(self) -> Snapshot:
        return Snapshot(self._world, self._clock.seconds)


def _require_unit(request: Request) -> None:
    if request.path_params["unit"] != UNIT_ID:
        raise errors.not_found("Business unit")


def _links(request: Request, cut: Cut) -> list[dict[str, str]]:
    if cut.next is None:
        return []
    # A key in the address belongs to the caller, not into an answer.
    href = link(request, {"page": cut.next, "apikey": None})
    return [{"href": href, "method": "GET", "rel": "next-page"}]


class _Gate:
    """Keys, tokens and limits."""

    def __init__(self, credentials: Credentials, limits: Limits, clock: Clock) -> None:
        self._keys = credentials
        self._limits = limits
        self._tokens = Tokens(clock, credentials)

    def guarded(self, answer: Answer, *, is_private: bool) -> Answer:
        """Let an answer be given only to those who may have it."""

        def respond(request: Request) -> Response:
            try:
                self._require_key(request)
                if is_private:
                    self._tokens.require(_bearer(request))
                self._count()
                return answer(request)
            except VendorError as error:
                return error.response()

        return respond

    def granting(self, *, is_refresh: bool) -> Callable[[Request], Awaitable[Response]]:
        """Give out tokens to the application."""
        give = self._tokens.refresh if is_refresh else self._tokens.grant

        async def respond(request: Request) -> Response:
            form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
            try:
                self._require_application(request)
                self._count()
                return json_response(give(form))
            except VendorError as error:
                return error.response()

        return respond

    def _require_key(self, request: Request) -> None:
        key = request.headers.get("apikey") or request.query_params.get("apikey")
        if not key:
            raise errors.no_key()
        if not same(key, self._keys.trustpilot_api_key):
            raise errors.wrong_key()

    def _require_application(self, request: Request) -> None:
        key, _, secret = _basic(request.headers).partition(":")
        is_known = same(key, self._keys.trustpilot_api_key)
        if not (is_known and same(secret, self._keys.trustpilot_api_secret)):
            raise errors.wrong_client()

    def _count(self) -> None:
        for bucket in (limits_.TRUSTPILOT, limits_.TRUSTPILOT_HOUR):
            if not self._limits.take(bucket).allowed:
                raise errors.too_many()


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _basic(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        return ""


def trustpilot_routes(
    world: World, clock: Clock, credentials: Credentials, limits: Limits
) -> list[Route]:
    """Build the routes."""
    site, gate = _Trustpilot(world, clock), _Gate(credentials, limits, clock)
    resources = {
        "/v1/business-units/find": (site.find, False),
        "/v1/business-units/{unit}/reviews": (site.public_reviews, False),
        "/v1/business-units/{unit}/all-reviews": (site.all_reviews, False),
        "/v1/private/business-units/{unit}/reviews": (site.private_reviews, True),
    }
    granted = {TOKEN_PATH: False, f"{TOKEN_PATH.rpartition('/')[0]}/refresh": True}
    return [
        *(
            Route(
                path + slash,
                gate.guarded(answer, is_private=is_private),
                methods=["GET"],
            )
            for path, (answer, is_private) in resources.items()
            for slash in ("", "/")
        ),
        *(
            Route(path, gate.granting(is_refresh=is_refresh), methods=["POST"])
            for path, is_refresh in granted.items()
        ),
    ]
