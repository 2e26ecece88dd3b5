"""Lists of the helpdesk.

Holds filters and order of each. Does not hold how pages are cut (`paging.py`) nor
single records (`singles.py`). Tests: tests/ingestion/sandbox/test_zendesk_lists.py
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, number
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.timeline import DAY, Array
from ingestion.sandbox.zendesk import account, errors, ids
from ingestion.sandbox.zendesk.audits import render_audits, render_comments
from ingestion.sandbox.zendesk.history import History
from ingestion.sandbox.zendesk.metrics import metric_sets
from ingestion.sandbox.zendesk.paging import list_page
from ingestion.sandbox.zendesk.parties import (
    render_groups,
    render_organizations,
    render_ratings,
    render_users,
)
from ingestion.sandbox.zendesk.singles import ticket_row
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.tickets import render_tickets

ARCHIVED_AFTER = 120 * DAY


def list_ratings(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of satisfaction ratings; the times filter on `updated_at`."""
    start = number(request.query_params.get("start_time"))
    end = number(request.query_params.get("end_time"))
    score = request.query_params.get("score")

    def make() -> Order:
        order = snapshot.ratings
        keep = np.ones(len(order), dtype=bool)
        if start is not None:
            keep &= order.stamps >= start
        if end is not None:
            keep &= order.stamps < end
        if score:
            keep &= _has_score(snapshot, order.rows, score)
        return order.only(keep)

    order = snapshot.filtered(("ratings", start, end, score), make)
    page = list_page(request, order)
    records = render_ratings(snapshot, page.rows)
    return json_response(page.fields, {"satisfaction_ratings": records})


def _has_score(snapshot: Snapshot, rows: Array, score: str) -> Array:
    """Tell which ratings a value of `score` asks for."""
    ratings = snapshot.world.ratings
    answered = ratings.answered[rows] <= snapshot.clock
    is_good, has_comment = ratings.is_good[rows], ratings.has_comment[rows]
    base, _, rest = score.partition("_")
    kinds = {
        "offered": ~answered,
        "unoffered": np.zeros(len(rows), dtype=bool),
        "received": answered,
        "good": answered & is_good,
        "bad": answered & ~is_good,
    }
    comments = {"with_comment": has_comment, "without_comment": ~has_comment}
    if base not in kinds or (rest and rest not in comments):
        raise errors.invalid_value("score is not valid")
    return kinds[base] & comments.get(rest, True)


def list_groups(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of groups."""
    page = list_page(request, snapshot.groups)
    return json_response(page.fields, {"groups": render_groups(snapshot, page.rows)})


def list_tickets(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of tickets by id; deleted ones are not in it."""

    def make() -> Order:
        rows = np.sort(snapshot.tickets.rows)
        rows = rows[~snapshot.is_deleted[rows]]
        return Order(rows, snapshot.generated[rows], ids.ticket_id(rows))

    page = list_page(request, snapshot.filtered("ticket list", make))
    records = render_tickets(snapshot, page.rows, is_export=False)
    return json_response(page.fields, {"tickets": records})


def list_users(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of users by id."""
    page = list_page(request, _by_id(snapshot, "user list", snapshot.users))
    return json_response(page.fields, {"users": render_users(snapshot, page.rows)})


def list_organizations(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of organizations by id."""
    order = _by_id(snapshot, "organization list", snapshot.organizations)
    page = list_page(request, order)
    records = render_organizations(snapshot, page.rows)
    return json_response(page.fields, {"organizations": records})


def _by_id(snapshot: Snapshot, name: str, order: Order) -> Order:
    def make() -> Order:
        places = np.argsort(order.ids)
        return Order(order.rows[places], order.stamps[places], order.ids[places])

    return snapshot.filtered(name, make)


def ticket_comments(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of a ticket's comments."""
    order = _updates(request, snapshot)
    action = snapshot.world.events.action[order.rows]
    spoken = order.only(act.column("comment")[action] != act.SILENT)
    page = list_page(request, spoken)
    records = render_comments(snapshot.world, page.rows)
    return json_response(page.fields, {"comments": records})


def ticket_audits(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of a ticket's audits."""
    page = list_page(request, _updates(request, snapshot))
    records = render_audits(snapshot.world, page.rows)
    return json_response(page.fields, {"audits": records})


def _updates(request: Request, snapshot: Snapshot) -> Order:
    """Give the updates of the ticket that a path names, known by now."""
    events = snapshot.world.events
    rows = History(
        snapshot.world, np.array([ticket_row(request, snapshot)]), snapshot.clock
    ).index
    return Order(rows, events.when[rows], ids.audit_id(events.rank[rows].astype(int)))


def list_metrics(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of tickets' metrics, newest first; archived ones are missing."""

    def make() -> Order:
        rows = np.sort(snapshot.tickets.rows)[::-1]
        archived = snapshot.updated[rows] < snapshot.clock - ARCHIVED_AFTER
        rows = rows[~snapshot.is_deleted[rows] & ~(archived & snapshot.is_closed[rows])]
        # Ascending by the negative: the cursor goes back in time.
        return Order(rows, snapshot.generated[rows], -ids.ticket_id(rows))

    page = list_page(request, snapshot.filtered("metrics", make))
    sets = metric_sets(
        snapshot.world, History(snapshot.world, page.rows, snapshot.clock)
    )
    records = [orjson.dumps(found) for found in sets]
    return json_response(page.fields, {"ticket_metrics": records})


def list_of(name: str) -> Callable[[Request, Snapshot], Response]:
    """Build what answers with one of the lists of the account's set-up."""
    order, render = account.LISTS[name]

    def answer(request: Request, snapshot: Snapshot) -> Response:
        page = list_page(request, order(snapshot))
        return json_response(page.fields, {name: render(snapshot, page.rows)})

    return answer


def list_schedules(request: Request, snapshot: Snapshot) -> Response:
    """Answer with all schedules: they have no pages."""
    order = account.schedules_of(snapshot)
    records = account.render_schedules(snapshot, order.rows)
    return json_response({}, {"schedules": records})


def list_holidays(request: Request, snapshot: Snapshot) -> Response:
    """Answer with all holidays of the schedule that a path names."""
    order = account.schedules_of(snapshot)
    rows = order.rows[order.ids == request.path_params["id"]]
    if not len(rows):
        raise errors.not_found()
    return json_response({"holidays": account.holidays_of(snapshot, int(rows[0]))})
