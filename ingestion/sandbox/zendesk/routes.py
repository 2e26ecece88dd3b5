"""The helpdesk's paths: which request gets which records.

Holds one small function per resource. Does not hold records, paging or errors.
Tests: tests/ingestion/sandbox/test_zendesk_exports.py, test_zendesk_lists.py
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.answers import VendorError
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import errors
from ingestion.sandbox.zendesk.exports import (
    export_metric_events,
    export_organizations,
    export_ticket_events,
    export_tickets,
    export_users,
)
from ingestion.sandbox.zendesk.gate import Gate, require_admin
from ingestion.sandbox.zendesk.lists import (
    list_groups,
    list_holidays,
    list_metrics,
    list_of,
    list_organizations,
    list_ratings,
    list_schedules,
    list_tickets,
    list_users,
    ticket_audits,
    ticket_comments,
)
from ingestion.sandbox.zendesk.paging import export_by_cursor, export_by_time
from ingestion.sandbox.zendesk.singles import (
    one_group,
    one_organization,
    one_ticket,
    one_user,
    ticket_metrics,
    who_am_i,
)
from ingestion.sandbox.zendesk.snapshot import Snapshot, Snapshots
from ingestion.sandbox.zendesk.survey_responses import list_survey_responses
from ingestion.sandbox.zendesk.talk_answers import (
    account_overview,
    agents_activity,
    export_calls,
    export_legs,
    list_lines,
)

Answer = Callable[[Request, Snapshot], Response]


@dataclass(frozen=True)
class _Resource:
    """One path below /api/v2: what answers it and what it counts against."""

    path: str
    answer: Answer
    bucket: str | None = None
    for_admins: bool = False


def _export(path: str, answer: Answer) -> _Resource:
    return _Resource(
        f"incremental/{path}", answer, limits_.ZENDESK_EXPORT, for_admins=True
    )


_VOICE = "channels/voice"
_RESOURCES = (
    _export("tickets/cursor", export_tickets(export_by_cursor)),
    _export("tickets", export_tickets(export_by_time)),
    _export("users/cursor", export_users(export_by_cursor)),
    _export("users", export_users(export_by_time)),
    _export("organizations", export_organizations),
    _export("ticket_events", export_ticket_events),
    _export("ticket_metric_events", export_metric_events),
    _Resource("satisfaction_ratings", list_ratings, for_admins=True),
    _Resource("guide/survey_responses", list_survey_responses, for_admins=True),
    _Resource("groups", list_groups),
    _Resource("brands", list_of("brands")),
    _Resource("ticket_fields", list_of("ticket_fields")),
    _Resource("ticket_metrics", list_metrics, for_admins=True),
    _Resource("slas/policies", list_of("sla_policies"), for_admins=True),
    _Resource("business_hours/schedules", list_schedules),
    _Resource("business_hours/schedules/{id:int}/holidays", list_holidays),
    _Resource(f"{_VOICE}/stats/incremental/calls", export_calls, limits_.TALK_EXPORT),
    _Resource(f"{_VOICE}/stats/incremental/legs", export_legs, limits_.TALK_EXPORT),
    _Resource(f"{_VOICE}/stats/agents_activity", agents_activity, limits_.TALK),
    _Resource(f"{_VOICE}/stats/account_overview", account_overview, limits_.TALK),
    _Resource(f"{_VOICE}/phone_numbers", list_lines, limits_.TALK),
    _Resource("users/me", who_am_i),
    _Resource("tickets", list_tickets),
    _Resource("users", list_users),
    _Resource("organizations", list_organizations),
    _Resource("users/{id:int}", one_user),
    _Resource("organizations/{id:int}", one_organization),
    _Resource("groups/{id:int}", one_group),
    _Resource("tickets/{id:int}", one_ticket),
    _Resource("tickets/{id:int}/comments", ticket_comments),
    _Resource("tickets/{id:int}/metrics", ticket_metrics),
    _Resource("tickets/{id:int}/audits", ticket_audits, limits_.ZENDESK_AUDITS),
)


def zendesk_routes(
    world: World, clock: Clock, credentials: Credentials, limits: Limits
) -> list[Route]:
    """Build the routes; every path works with and without `.json`."""
    gate, snapshots = Gate(world, credentials, limits), Snapshots(world)

    def endpoint(resource: _Resource) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            try:
                user = gate.authenticate(request)
                headers = gate.count(resource.bucket)
            except VendorError as error:
                return _stamp(error.response(), {})
            try:
                if resource.for_admins:
                    require_admin(user)
                request.state.user = user
                response = resource.answer(request, snapshots.at(clock.seconds))
            except VendorError as error:
                response = error.response()
            return _stamp(response, headers)

        return respond

    routes = []
    for resource in _RESOURCES:
        for suffix in (".json", "", "/"):
            path = f"/api/v2/{resource.path}{suffix}"
            routes.append(Route(path, endpoint(resource), methods=["GET"]))
    unknown = _Resource("", _unknown)
    routes.append(Route("/api/v2/{rest:path}", endpoint(unknown), methods=["GET"]))
    return routes


def _unknown(request: Request, snapshot: Snapshot) -> Response:
    raise errors.not_found()


def _stamp(response: Response, headers: dict[str, str]) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    response.headers["x-request-id"] = str(uuid.uuid4())
    return response
