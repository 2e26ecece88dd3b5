"""Lists and single records of the helpdesk.

Holds what is not an incremental export. Does not hold how pages are cut (`paging.py`).
Tests: tests/ingestion/sandbox/test_zendesk_lists.py
"""

from __future__ import annotations

import numpy as np
import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, number
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import errors, ids
from ingestion.sandbox.zendesk.audits import render_audits, render_comments
from ingestion.sandbox.zendesk.history import History
from ingestion.sandbox.zendesk.metrics import metric_sets
from ingestion.sandbox.zendesk.paging import list_page
from ingestion.sandbox.zendesk.parties import (
    render_groups,
    render_ratings,
    render_users,
)
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.tickets import render_tickets


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


def who_am_i(request: Request, snapshot: Snapshot) -> Response:
    """Answer with the user behind the credentials."""
    return _single("user", render_users(snapshot, np.array([request.state.user]))[0])


def one_user(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one user."""
    users = snapshot.world.users
    row = ids.user_row(request.path_params["id"], len(users))
    if row is None or users.created[row] > snapshot.clock:
        raise errors.not_found()
    return _single("user", render_users(snapshot, np.array([row]))[0])


def _single(name: str, record: bytes) -> Response:
    return json_response({name: orjson.Fragment(record)})


def _ticket_row(request: Request, snapshot: Snapshot) -> int:
    """Find the ticket that a path names; a deleted one is gone."""
    row = request.path_params["id"] - ids.ticket_id(0)
    tickets = snapshot.world.tickets
    known = 0 <= row < len(tickets) and tickets.created[row] <= snapshot.clock
    if not known or snapshot.is_deleted[row]:
        raise errors.not_found()
    return int(row)


def one_ticket(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one ticket."""
    rows = np.array([_ticket_row(request, snapshot)])
    return _single("ticket", render_tickets(snapshot, rows, is_export=False)[0])


def ticket_metrics(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one ticket's metrics."""
    rows = np.array([_ticket_row(request, snapshot)])
    history = History(snapshot.world, rows, snapshot.clock)
    return json_response({"ticket_metric": metric_sets(snapshot.world, history)[0]})


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
        snapshot.world, np.array([_ticket_row(request, snapshot)]), snapshot.clock
    ).index
    return Order(rows, events.when[rows], ids.audit_id(events.rank[rows].astype(int)))
