"""The survey platform's paths, its authentication and its limits.

Holds one small function per resource. Does not hold records or exports.
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from http import HTTPMethod
from urllib.parse import quote

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.answers import VendorError, link, number
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.qualtrics.deliveries import (
    distributions_of,
    invitations_of,
    render_distributions,
    render_history,
)
from ingestion.sandbox.qualtrics.errors import invalid, not_found, refused, result
from ingestion.sandbox.qualtrics.exports import Exports
from ingestion.sandbox.qualtrics.ids import distribution_id
from ingestion.sandbox.qualtrics.options import read_options
from ingestion.sandbox.qualtrics.surveys import (
    SURVEYS,
    Survey,
    survey_definition,
    survey_item,
)
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World

_PAGE = 100


class _Qualtrics:
    """Answers for one brand."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._exports = Exports(world, clock)
        count = len(world.campaigns.invitations.sent_at)
        self._distributions = {distribution_id(n): n for n in range(count)}

    def surveys(self, request: Request, _: bytes) -> Response:
        """Answer the list of surveys."""
        items = [orjson.dumps(survey_item(self._world, survey)) for survey in SURVEYS]
        first = _offset(request)
        return _page(request, items[first : first + _PAGE], first, len(items))

    def survey(self, request: Request, _: bytes) -> Response:
        """Answer with one survey."""
        survey, now = _survey(request), self._clock.seconds
        return result(survey_definition(self._world, survey, now))

    def start(self, request: Request, body: bytes) -> Response:
        """Start an export."""
        survey = _survey(request)
        options = read_options(body, survey, self._clock.seconds)
        return result(orjson.dumps(self._exports.start(survey, options)))

    def progress(self, request: Request, _: bytes) -> Response:
        """Tell how far an export is."""
        job = request.path_params["job"]
        return result(orjson.dumps(self._exports.progress(_survey(request), job)))

    def file(self, request: Request, _: bytes) -> Response:
        """Hand out the file of an export."""
        file = request.path_params["job"]
        name, content, is_zip = self._exports.file(_survey(request), file)
        header = {"content-disposition": f"attachment; filename={quote(name)}"}
        kind = "application/zip" if is_zip else "application/octet-stream"
        return Response(content, headers=header, media_type=kind)

    def distributions(self, request: Request, _: bytes) -> Response:
        """Answer a page of the distributions of a survey."""
        survey = _survey(request, request.query_params.get("surveyId"))
        now = self._clock.seconds
        numbers = distributions_of(self._world, survey.number, now)
        first = _offset(request)
        some: Array = numbers[first : first + _PAGE]
        records = render_distributions(self._world, some, now)
        return _page(request, records, first, len(numbers))

    def history(self, request: Request, _: bytes) -> Response:
        """Answer a page of the invitations of a distribution."""
        now = self._clock.seconds
        place = self._distributions.get(request.path_params["distribution"])
        sent = self._world.campaigns.invitations.sent_at
        if place is None or sent[place] > now:
            raise not_found("The distribution")
        rows, first = invitations_of(self._world, place), _offset(request)
        records = render_history(self._world, rows[first : first + _PAGE], now)
        return _page(request, records, first, len(rows))


def _page(request: Request, records: list[bytes], first: int, total: int) -> Response:
    end = first + len(records)
    more = link(request, {"skipToken": end}) if end < total else None
    body = b'{"elements":[' + b",".join(records) + b'],"nextPage":'
    return result(body + orjson.dumps(more) + b"}")


def _offset(request: Request) -> int:
    text = request.query_params.get("skipToken")
    place = number(text) if text else 0
    if place is None or place < 0:
        raise invalid("The skipToken is invalid.")
    return place


def _survey(request: Request, identifier: str | None = None) -> Survey:
    wanted = identifier or request.path_params.get("survey")
    if wanted is None:
        raise invalid("surveyId is required.")
    for survey in SURVEYS:
        if survey.id == wanted:
            return survey
    raise not_found("The survey")


def qualtrics_routes(
    world: World, clock: Clock, credentials: Credentials, limits: Limits
) -> list[Route]:
    """Build the routes."""
    brand = _Qualtrics(world, clock)

    def guarded(
        answer: Callable[[Request, bytes], Response], *buckets: str
    ) -> Callable[[Request], object]:
        async def respond(request: Request) -> Response:
            body = await request.body()

            def work() -> Response:
                _authenticate(request, credentials)
                for bucket in (limits_.QUALTRICS, *buckets):
                    _count(limits, bucket)
                return answer(request, body)

            try:
                return await run_in_threadpool(work)
            except VendorError as error:
                return error.response()

        return respond

    root, export = "/API/v3", "/surveys/{survey}/export-responses"
    start, progress = limits_.QUALTRICS_START, limits_.QUALTRICS_PROGRESS
    resources = (
        (HTTPMethod.GET, "/surveys", guarded(brand.surveys)),
        (HTTPMethod.GET, "/surveys/{survey}", guarded(brand.survey)),
        (HTTPMethod.POST, export, guarded(brand.start, start)),
        (HTTPMethod.GET, export + "/{job}", guarded(brand.progress, progress)),
        (
            HTTPMethod.GET,
            export + "/{job}/file",
            guarded(brand.file, limits_.QUALTRICS_FILE),
        ),
        (HTTPMethod.GET, "/distributions", guarded(brand.distributions)),
        (
            HTTPMethod.GET,
            "/distributions/{distribution}/history",
            guarded(brand.history),
        ),
    )
    return [
        Route(root + path + slash, answer, methods=[method])
        for method, path, answer in resources
        for slash in ("", "/")
    ]


def _authenticate(request: Request, credentials: Credentials) -> None:
    token = request.headers.get("x-api-token", "").encode()
    if not hmac.compare_digest(token, credentials.qualtrics_api_token.encode()):
        raise refused(401, "AUTH_6", "Invalid API token.")


def _count(limits: Limits, bucket: str) -> None:
    allowance = limits.take(bucket)
    if not allowance.allowed:
        wait = {"Retry-After": str(allowance.reset)}
        raise refused(429, "QGEN_429", "Too many requests.", wait)
