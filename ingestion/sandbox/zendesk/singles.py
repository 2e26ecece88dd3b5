"""Single records of the helpdesk.

Holds how a path names one. Does not hold lists (`lists.py`).
Tests: tests/ingestion/sandbox/test_zendesk_lists.py
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import errors, ids
from ingestion.sandbox.zendesk.history import History
from ingestion.sandbox.zendesk.metrics import metric_sets
from ingestion.sandbox.zendesk.parties import (
    render_groups,
    render_organizations,
    render_users,
)
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.tickets import render_tickets

Render = Callable[[Snapshot, Array], list[bytes]]


def who_am_i(request: Request, snapshot: Snapshot) -> Response:
    """Answer with the user behind the credentials."""
    return _single("user", render_users(snapshot, np.array([request.state.user]))[0])


def one_user(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one user."""
    return _single("user", _one(request, snapshot.users, snapshot, render_users))


def one_organization(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one organization."""
    order = snapshot.organizations
    record = _one(request, order, snapshot, render_organizations)
    return _single("organization", record)


def one_group(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one group."""
    return _single("group", _one(request, snapshot.groups, snapshot, render_groups))


def _one(request: Request, order: Order, snapshot: Snapshot, render: Render) -> bytes:
    rows = order.rows[order.ids == request.path_params["id"]]
    if not len(rows):
        raise errors.not_found()
    return render(snapshot, rows)[0]


def _single(name: str, record: bytes) -> Response:
    return json_response({name: orjson.Fragment(record)})


def ticket_row(request: Request, snapshot: Snapshot) -> int:
    """Find the ticket that a path names; a deleted one is gone."""
    row = request.path_params["id"] - ids.ticket_id(0)
    tickets = snapshot.world.tickets
    known = 0 <= row < len(tickets) and tickets.created[row] <= snapshot.clock
    if not known or snapshot.is_deleted[row]:
        raise errors.not_found()
    return int(row)


def one_ticket(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one ticket."""
    rows = np.array([ticket_row(request, snapshot)])
    return _single("ticket", render_tickets(snapshot, rows, is_export=False)[0])


def ticket_metrics(request: Request, snapshot: Snapshot) -> Response:
    """Answer with one ticket's metrics."""
    rows = np.array([ticket_row(request, snapshot)])
    history = History(snapshot.world, rows, snapshot.clock)
    return json_response({"ticket_metric": metric_sets(snapshot.world, history)[0]})
