"""The CRM's paths: which request gets which answer, at v3, v4 and the dated versions.

Holds the table of resources. Does not hold records, paging or errors.
Tests: tests/ingestion/sandbox/test_hubspot_objects.py, test_hubspot_search.py
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingestion.sandbox.answers import VendorError, json_response
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.hubspot import associations, errors, objects, settings
from ingestion.sandbox.hubspot.gate import Gate
from ingestion.sandbox.hubspot.search import LAG_SECONDS, search
from ingestion.sandbox.hubspot.snapshot import Snapshot, Snapshots
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.world.world import World

Answer = Callable[[Request, bytes, Snapshot], Response]
_DATED = ("2025-09", "2026-03", "2026-09")


@dataclass(frozen=True)
class _Resource:
    """One path below an API: what answers it, and how it is asked."""

    api: str
    path: str
    answer: Answer | None
    method: str = "GET"
    version: str = "v3"

    def paths(self) -> list[str]:
        """Give the path at every version, each also with a slash at its end."""
        versions = [f"/crm/{self.version}/{self.api}"]
        versions += [f"/crm/{self.api}/{date}" for date in _DATED]
        return [base + self.path + end for base in versions for end in ("", "/")]


_RESOURCES = (
    _Resource("objects", "/{kind}/search", None, "POST"),
    _Resource("objects", "/{kind}/batch/read", objects.batch_read, "POST"),
    _Resource("objects", "/{kind}", objects.list_objects),
    _Resource("objects", "/{kind}/{id}", objects.one_object),
    _Resource(
        "objects", "/{kind}/{id}/associations/{other}", associations.of_one,
        version="v4",
    ),
    _Resource(
        "associations", "/{kind}/{other}/batch/read", associations.batch_read, "POST",
        version="v4",
    ),
    _Resource("properties", "/{kind}", settings.list_properties),
    _Resource("pipelines", "/{kind}", settings.list_pipelines),
    _Resource("owners", "", settings.list_owners),
    _Resource("schemas", "", settings.list_schemas),
)  # fmt: skip


def hubspot_routes(
    world: World, clock: Clock, credentials: Credentials, limits: Limits
) -> list[Route]:
    """Build the routes."""
    account = _Account(world, clock, credentials, limits)
    routes = [
        Route(path, account.endpoint(resource), methods=[resource.method])
        for resource in _RESOURCES
        for path in resource.paths()
    ]
    routes += [
        Route(f"/oauth/{version}/token{end}", account.token, methods=["POST"])
        for version in ("v1", *_DATED)
        for end in ("", "/")
    ]
    unknown = _Resource("", "", _unknown)
    rest = Route("/crm/{rest:path}", account.endpoint(unknown), methods=["GET", "POST"])
    return [*routes, rest]


class _Account:
    """Answers for one account."""

    def __init__(
        self, world: World, clock: Clock, credentials: Credentials, limits: Limits
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._gate = Gate(clock, credentials, limits)
        self._snapshots = Snapshots(world)

    def endpoint(self, resource: _Resource) -> Callable[[Request], Awaitable[Response]]:
        """Give what answers the requests to a resource."""

        async def respond(request: Request) -> Response:
            body = await request.body()
            return await run_in_threadpool(self._respond, resource, request, body)

        return respond

    async def token(self, request: Request) -> Response:
        """Answer a request for an access token."""
        try:
            return json_response(self._gate.token(await request.body()))
        except VendorError as error:
            return error.response()

    def _respond(self, resource: _Resource, request: Request, body: bytes) -> Response:
        headers: dict[str, str] = {}
        try:
            is_oauth = self._gate.authenticate(request)
            is_search = resource.answer is None
            headers = self._gate.count(is_oauth=is_oauth, is_search=is_search)
            response = self._answer(resource, request, body)
        except VendorError as error:
            response = error.response()
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["x-hubspot-correlation-id"] = str(uuid.uuid4())
        return response

    def _answer(self, resource: _Resource, request: Request, body: bytes) -> Response:
        now = self._clock.seconds
        if resource.answer is not None:
            return resource.answer(request, body, self._snapshots.at(now))
        # The index has not heard of the last moments.
        index = self._snapshots.at(now - LAG_SECONDS)
        kind = objects.kind_in(request)
        return search(index, kind, body, self._limits.search_cap)


def _unknown(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    raise errors.not_found()
