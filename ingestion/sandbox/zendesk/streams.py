"""Every stream of the helpdesk as a first pull reads it.

Holds the order of records per stream at an instant. Does not hold HTTP (`routes.py`).
Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

from functools import partial

import numpy as np
import orjson

from ingestion.sandbox.record_runs import Records, Render
from ingestion.sandbox.world.hours import SCHEDULES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.users import DEACTIVATED
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import account, ids, talk
from ingestion.sandbox.zendesk.metric_events import (
    metric_events_of,
    render_metric_events,
)
from ingestion.sandbox.zendesk.parties import (
    render_groups,
    render_organizations,
    render_ratings,
    render_users,
)
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.survey_responses import (
    render_survey_responses,
    survey_response_id,
    survey_responses_of,
)
from ingestion.sandbox.zendesk.ticket_events import render_ticket_events
from ingestion.sandbox.zendesk.tickets import render_tickets

TICKET_SIDELOADS = frozenset({"metric_sets", "users", "groups", "organizations"})


def support_streams(world: World, clock: int, withheld: int) -> list[Records]:
    """List the helpdesk's streams, as known at the clock.

    Args:
        world: What is read.
        clock: As of when.
        withheld: Seconds that exports leave out.
    """
    snapshot = Snapshot(world, clock)
    return [
        *_exports(snapshot, clock - withheld),
        *_lists(snapshot),
        *_telephone(snapshot),
    ]


def _telephone(snapshot: Snapshot) -> list[Records]:
    return [
        _records(f"zendesk_talk.{stream}", order(snapshot), partial(render, snapshot))
        for stream, order, render in (
            ("calls", talk.calls_of, talk.render_calls),
            ("legs", talk.legs_of, talk.render_legs),
            ("phone_numbers", talk.lines_of, talk.render_lines),
        )
    ]


def _exports(snapshot: Snapshot, limit: int) -> list[Records]:
    world = snapshot.world
    tickets = snapshot.tickets.up_to(limit)
    users = snapshot.users.up_to(limit)
    gone = world.users.change[users.rows] == DEACTIVATED
    gone &= world.users.changed[users.rows] <= snapshot.clock
    return [
        _records(
            "zendesk.tickets",
            tickets,
            lambda rows: render_tickets(snapshot, rows, TICKET_SIDELOADS),
            moments=snapshot.updated[tickets.rows],
            is_deleted=snapshot.is_deleted[tickets.rows],
        ),
        _records(
            "zendesk.users",
            users,
            lambda rows: render_users(snapshot, rows),
            is_deleted=gone,
        ),
        _records(
            "zendesk.organizations",
            snapshot.organizations.up_to(limit),
            lambda rows: render_organizations(snapshot, rows),
        ),
        _records(
            "zendesk.ticket_events",
            snapshot.ticket_events.up_to(limit),
            lambda rows: render_ticket_events(world, rows, with_comments=True),
        ),
        _records(
            "zendesk.ticket_metric_events",
            metric_events_of(snapshot).up_to(limit),
            partial(render_metric_events, snapshot),
        ),
    ]


def _lists(snapshot: Snapshot) -> list[Records]:
    return [
        _records(
            "zendesk.satisfaction_ratings",
            snapshot.ratings,
            lambda rows: render_ratings(snapshot, rows),
        ),
        _records(
            "zendesk.groups",
            snapshot.groups,
            lambda rows: render_groups(snapshot, rows),
        ),
        *(
            _records(f"zendesk.{stream}", order(snapshot), partial(render, snapshot))
            for stream, (order, render) in account.LISTS.items()
        ),
        _survey_responses(snapshot),
        *(_holidays(snapshot, row) for row in range(len(SCHEDULES))),
    ]


def _survey_responses(snapshot: Snapshot) -> Records:
    order = survey_responses_of(snapshot)
    return Records(
        "zendesk",
        "survey_responses",
        order.rows,
        order.stamps,
        order.stamps,
        partial(render_survey_responses, snapshot),
        lambda rows: [survey_response_id(ids.rating_id(row)) for row in rows.tolist()],
    )


def _holidays(snapshot: Snapshot, schedule: int) -> Records:
    """Take the holidays of a schedule, dated by the vendor's clock at the answer."""
    holidays = account.holidays_of(snapshot, schedule)
    now = np.full(len(holidays), snapshot.clock)
    return Records(
        "zendesk",
        "holidays",
        np.arange(len(holidays)),
        now,
        now,
        lambda rows: [orjson.dumps(holidays[row]) for row in rows.tolist()],
        lambda rows: [str(holidays[row]["id"]) for row in rows.tolist()],
        parent_key=str(ids.schedule_id(schedule)),
    )


def _records(
    table: str,
    order: Order,
    render: Render,
    *,
    moments: Array | None = None,
    is_deleted: Array | None = None,
) -> Records:
    # Positions stand for rows, so that ids need no way back from them.
    source, _, stream = table.partition(".")
    return Records(
        source,
        stream,
        np.arange(len(order)),
        order.stamps,
        order.stamps if moments is None else moments,
        lambda places: render(order.rows[places]),
        lambda places: [str(number) for number in order.ids[places].tolist()],
        is_deleted,
    )
