"""The incremental exports.

Holds filters and sideloads of each. Does not hold how pages are cut (`paging.py`).
Tests: tests/ingestion/sandbox/test_zendesk_exports.py
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk.history import History
from ingestion.sandbox.zendesk.metric_events import (
    metric_events_of,
    render_metric_events,
)
from ingestion.sandbox.zendesk.paging import (
    Page,
    export_by_time,
    is_cursor_list,
    list_since,
)
from ingestion.sandbox.zendesk.parties import (
    render_groups,
    render_organizations,
    render_users,
)
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot, by_ai_agent
from ingestion.sandbox.zendesk.ticket_events import render_ticket_events
from ingestion.sandbox.zendesk.tickets import render_tickets

Paging = Callable[[Request, Order, int], Page]
Answer = Callable[[Request, Snapshot], Response]


def includes(request: Request) -> frozenset[str]:
    """Read the sideloads that a request asks for."""
    text = request.query_params.get("include", "")
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def export_tickets(paging: Paging) -> Answer:
    """Build the export of tickets in one of the two paging styles."""

    def answer(request: Request, snapshot: Snapshot) -> Response:
        page = paging(request, _tickets(request, snapshot), snapshot.clock)
        include = includes(request)
        lists = {"tickets": render_tickets(snapshot, page.rows, include)}
        lists |= _sideloads(snapshot, page.rows, include)
        return json_response(page.fields, lists)

    return answer


def _tickets(request: Request, snapshot: Snapshot) -> Order:
    """Give the tickets that the filters of a request leave."""
    scope = _scope(request)
    excludes = request.query_params.get("exclude_deleted", "").lower() in ("true", "1")

    def make() -> Order:
        rows = snapshot.tickets.rows
        keep = _in_scope(snapshot, rows, scope)
        if excludes:
            keep &= ~snapshot.is_deleted[rows]
        return snapshot.tickets.only(keep)

    return snapshot.filtered(("tickets", scope, excludes), make)


def _scope(request: Request) -> str:
    return request.query_params.get("support_type_scope", "agent")


def _in_scope(snapshot: Snapshot, tickets: Array, scope: str) -> Array:
    """Mark the tickets of a scope: human agents' by default."""
    if scope == "all":
        return np.ones(len(tickets), dtype=bool)
    by_ai = by_ai_agent(snapshot.world, tickets)
    return by_ai if scope == "ai_agent" else ~by_ai


def _sideloads(
    snapshot: Snapshot, rows: Array, include: frozenset[str]
) -> dict[str, list[bytes]]:
    """Render users, groups and organizations that the tickets of a page name."""
    if not include & {"users", "groups", "organizations"}:
        return {}
    world = snapshot.world
    requesters = world.tickets.requester[rows]
    users, groups = [requesters, world.tickets.submitter[rows]], np.array([], dtype=int)
    if len(rows):
        history = History(world, rows, snapshot.clock)
        assignees = history.column("assignee")[history.last]
        groups = history.column("group")[history.last]
        users.append(1 + assignees[assignees >= 0])
    companies = world.users.organization[requesters]
    found: dict[str, list[bytes]] = {}
    if "users" in include:
        found["users"] = render_users(snapshot, np.unique(np.concatenate(users)))
    if "groups" in include:
        found["groups"] = render_groups(snapshot, np.unique(groups[groups >= 0]))
    if "organizations" in include:
        known = np.unique(companies[companies >= 0])
        found["organizations"] = render_organizations(snapshot, known)
    return found


def export_users(paging: Paging) -> Answer:
    """Build the export of users in one of the two paging styles."""

    def answer(request: Request, snapshot: Snapshot) -> Response:
        page = paging(request, snapshot.users, snapshot.clock)
        return json_response(page.fields, {"users": render_users(snapshot, page.rows)})

    return answer


def export_organizations(request: Request, snapshot: Snapshot) -> Response:
    """Answer the export of organizations."""
    page = export_by_time(request, snapshot.organizations, snapshot.clock)
    records = render_organizations(snapshot, page.rows)
    return json_response(page.fields, {"organizations": records})


def export_ticket_events(request: Request, snapshot: Snapshot) -> Response:
    """Answer the export of ticket events."""
    world, scope = snapshot.world, _scope(request)

    def make() -> Order:
        everything = snapshot.ticket_events
        tickets = world.events.ticket[everything.rows]
        return everything.only(_in_scope(snapshot, tickets, scope))

    order = snapshot.filtered(("ticket_events", scope), make)
    page = export_by_time(request, order, snapshot.clock)
    with_comments = "comment_events" in includes(request)
    records = render_ticket_events(world, page.rows, with_comments=with_comments)
    return json_response(page.fields, {"ticket_events": records})


def export_metric_events(request: Request, snapshot: Snapshot) -> Response:
    """Answer the export of metric events, as a list when `page[size]` is sent."""
    order = metric_events_of(snapshot)
    paging = list_since if is_cursor_list(request) else export_by_time
    page = paging(request, order, snapshot.clock)
    records = render_metric_events(snapshot, page.rows)
    return json_response(page.fields, {"ticket_metric_events": records})
