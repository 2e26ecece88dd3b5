"""The application: all vendors on one port, the control paths, the sandbox's date.

Holds how the parts are put together. Does not hold sockets or threads (`server.py`).
Tests: tests/ingestion/sandbox/test_control.py
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingestion.sandbox.clock import Clock, http_date
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.faults import Fault, Faults, FaultyVendors
from ingestion.sandbox.hubspot import hubspot_routes
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.qualtrics import qualtrics_routes
from ingestion.sandbox.trustpilot import trustpilot_routes
from ingestion.sandbox.typeform import typeform_routes
from ingestion.sandbox.world import World
from ingestion.sandbox.zendesk import zendesk_routes


class _Envelope:
    """Counts requests by path and dates every answer by the sandbox's clock."""

    def __init__(self, app: ASGIApp, clock: Clock, requests: Counter[str]) -> None:
        self._app = app
        self._clock = clock
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._requests[scope["path"]] += 1
        # One instant per request: the answer's date is that of its content.
        date = http_date(self._clock.seconds).encode()

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        await self._app(scope, receive, dated)


def create_app(  # noqa: PLR0913 - one keyword per property of a sandbox
    world: World,
    clock: Clock,
    limits: Limits,
    *,
    credentials: Credentials | None = None,
    requests: Counter[str] | None = None,
    faults: Faults | None = None,
) -> Starlette:
    """Build the application.

    Args:
        world: What is served.
        clock: As of when.
        limits: Rate limits of all vendors.
        credentials: What callers must present.
        requests: Where requests are counted by path.
        faults: What goes wrong; may be switched while the sandbox runs.
    """
    keys = credentials or Credentials()
    counter = Counter() if requests is None else requests
    going_wrong = faults or Faults()
    routes = [
        *_control_routes(clock),
        *_fault_routes(going_wrong),
        *zendesk_routes(world, clock, keys, limits),
        *typeform_routes(world, clock, keys, limits),
        *hubspot_routes(world, clock, keys, limits),
        *trustpilot_routes(world, clock, keys, limits),
        *qualtrics_routes(world, clock, keys, limits),
    ]
    envelope = Middleware(_Envelope, clock=clock, requests=counter)
    faulty = Middleware(FaultyVendors, faults=going_wrong)
    # Faults come last: they may change the date that the envelope gives.
    return Starlette(routes=routes, middleware=[faulty, envelope])


def _control_routes(clock: Clock) -> list[Route]:
    def now() -> dict[str, str]:
        return {"now": clock.instant.isoformat().replace("+00:00", "Z")}

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", **now()})

    async def read_clock(request: Request) -> Response:
        return JSONResponse(now())

    async def set_clock(request: Request) -> Response:
        try:
            text = orjson.loads(await request.body())["now"]
            instant = datetime.fromisoformat(text)
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": 'send {"now": "<ISO instant>"}'}, 400)
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        clock.set(zoned)
        return JSONResponse(now())

    return [
        Route("/_sandbox/health", health, methods=["GET"]),
        Route("/_sandbox/clock", read_clock, methods=["GET"]),
        Route("/_sandbox/clock", set_clock, methods=["PUT"]),
    ]


def _fault_routes(faults: Faults) -> list[Route]:
    def told() -> dict[str, object]:
        return {
            "active": [asdict(fault) for fault in faults.active],
            "struck": {
                f"{vendor}:{name}": n for (name, vendor), n in faults.struck.items()
            },
        }

    async def read(request: Request) -> Response:
        return JSONResponse(told())

    async def switch(request: Request) -> Response:
        try:
            chosen = [Fault(**one) for one in orjson.loads(await request.body())]
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        faults.set(*chosen)
        return JSONResponse(told())

    return [
        Route("/_sandbox/faults", read, methods=["GET"]),
        Route("/_sandbox/faults", switch, methods=["PUT"]),
    ]
