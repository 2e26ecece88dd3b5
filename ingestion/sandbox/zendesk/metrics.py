"""A ticket's `metric_set` by the vendor's rules, for a page of tickets at once.

Holds the rules where the vendor documents them; where not, these: minutes are whole
and cut off; a wait counts when the status that caused it ends, and is null before the
first change of status; a resolution time is null while the ticket is not solved;
`closed` counts as solved only for a ticket that never was. Business minutes count the
open hours of one schedule: the one in force at the event that ends a single interval,
the one in force at its beginning for each wait.
Does not hold our own metrics. Tests: tests/ingestion/sandbox/test_zendesk_metrics.py
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingestion.sandbox.instants import iso, iso_or_none
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.hours import schedule_of
from ingestion.sandbox.world.tickets import CHAT
from ingestion.sandbox.world.timeline import NEVER, Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.history import History

_COMMENT = act.column("comment")
_NONE = -1


def metric_sets(world: World, history: History) -> list[dict[str, Any] | None]:
    """Build the metric set of each ticket; a deleted ticket has none."""
    columns = {**_counts(world, history), **_instants(world, history)}
    columns |= _durations(world, history)
    names, values = list(columns), list(columns.values())
    status = history.column("status")[history.last]
    sets: list[dict[str, Any] | None] = []
    rows = history.rows.tolist()
    gone = (status == act.GONE).tolist()
    for row, deleted, *figures in zip(rows, gone, *values, strict=True):
        if deleted:
            sets.append(None)
            continue
        number = ids.metric_id(row)
        sets.append(
            {
                "url": f"{ids.ACCOUNT_URL}/ticket_metrics/{number}.json",
                "id": number,
                "ticket_id": ids.ticket_id(row),
                **dict(zip(names, figures, strict=True)),
            }
        )
    return sets


def _agent_replies(world: World, history: History) -> Array:
    author = history.column("author")
    marks = (author >= 0) & (author <= world.staff.agents)
    marks &= _COMMENT[history.column("action")] == act.PUBLIC
    # The opening comment is no reply, whoever wrote it.
    marks[history.first] = False
    return marks


def _counts(world: World, history: History) -> dict[str, list[int]]:
    status = history.column("status")
    assignee, group = history.column("assignee"), history.column("group")
    reopened = (history.before(status) == act.SOLVED) & (status < act.SOLVED)
    moved = (assignee != history.before(assignee)) & (assignee >= 0)
    regrouped = (group != history.before(group)) & (group >= 0)
    return {
        "group_stations": history.total(regrouped).tolist(),
        "assignee_stations": history.total(moved).tolist(),
        "reopens": history.total(reopened).tolist(),
        "replies": history.total(_agent_replies(world, history)).tolist(),
    }


def _instants(world: World, history: History) -> dict[str, list[Any]]:
    status, assignee = history.column("status"), history.column("assignee")
    author = history.column("author")
    changed = status != history.before(status)
    assigned = (assignee != history.before(assignee)) & (assignee >= 0)
    current = history.spread(assignee[history.last])
    requester = history.spread(world.tickets.requester[history.rows])
    created = world.tickets.created[history.rows]
    status_at = iso(history.latest(changed))
    everything = np.ones(len(status), dtype=bool)
    commented = _COMMENT[history.column("action")] != act.SILENT
    unassigned = assignee[history.last] < 0
    assigned_at = np.where(unassigned, NEVER, history.latest(assigned))
    assignee_at = history.latest((author == current + 1) & (current >= 0))
    requester_at = np.maximum(history.latest(author == requester), created)
    return {
        "assignee_updated_at": iso_or_none(assignee_at),
        "requester_updated_at": iso(requester_at),
        "status_updated_at": status_at,
        "initially_assigned_at": iso_or_none(history.earliest(assigned)),
        "assigned_at": iso_or_none(assigned_at),
        "solved_at": iso_or_none(_resolutions(history)[1]),
        "latest_comment_added_at": iso(history.latest(commented)),
        "custom_status_updated_at": status_at,
        "created_at": iso(created),
        "updated_at": iso(history.latest(everything)),
    }


def _resolutions(history: History) -> tuple[Array, Array]:
    """Give the first and the last resolution; the last is NEVER while unsolved."""
    entries, is_solved = _entries(history)
    return history.earliest(entries), np.where(
        is_solved, history.latest(entries), NEVER
    )


def _entries(history: History) -> tuple[Array, Array]:
    """Mark the entries into solved, and the tickets that are solved."""
    status = history.column("status")
    solved = (status == act.SOLVED) | (status == act.CLOSED)
    return solved & (history.before(status) < act.SOLVED), solved[history.last]


def _durations(world: World, history: History) -> dict[str, list[Any]]:
    created = world.tickets.created[history.rows]
    person = world.tickets.person[history.rows]
    schedule = schedule_of(
        history.spread(world.people.is_german[person]), history.column("priority")
    )
    entries, is_solved = _entries(history)
    replies = _agent_replies(world, history)
    last = np.where(is_solved, history.last_place(entries), _NONE)
    reply = history.earliest(replies)
    waits = _waits(world, history, schedule)
    chat = world.tickets.channel[history.rows] == CHAT
    seconds = np.where(chat & (reply < NEVER), reply - created, _NONE)
    since = _Since(world, history, schedule)
    return {
        "reply_time_in_minutes": since.birth_to(history.first_place(replies)),
        "first_resolution_time_in_minutes": since.birth_to(
            history.first_place(entries)
        ),
        "full_resolution_time_in_minutes": since.birth_to(last),
        "agent_wait_time_in_minutes": waits[0],
        "requester_wait_time_in_minutes": waits[1],
        "on_hold_time_in_minutes": waits[2],
        "reply_time_in_seconds": [
            {"calendar": None if s < 0 else s} for s in seconds.tolist()
        ],
    }


class _Since:
    """Time from each ticket's birth to one event, by that event's schedule."""

    def __init__(self, world: World, history: History, schedule: Array) -> None:
        self._hours = world.hours
        self._created = world.tickets.created[history.rows]
        self._when = history.column("when")
        self._schedule = schedule

    def birth_to(self, place: Array) -> list[dict[str, int | None]]:
        """Give minutes to the event at a place per ticket, none where it is -1."""
        when = self._when[place]
        hours = self._hours.between(self._schedule[place], self._created, when)
        known = place >= 0
        return _pairs(
            np.where(known, when - self._created, _NONE), np.where(known, hours, _NONE)
        )


def _waits(
    world: World, history: History, schedule: Array
) -> list[list[dict[str, int | None]]]:
    """Give minutes in pending; in new, open and hold; in hold: up to the last change.

    They are null for a ticket whose status has never changed. Each wait counts by the
    schedule in force when it began.
    """
    status, when = history.column("status"), history.column("when")
    position = np.arange(len(status))
    changed = status != history.before(status)
    last_change = np.maximum.reduceat(np.where(changed, position, -1), history.first)
    ended = position < history.spread(last_change)
    following = np.where(ended, np.append(when[1:], 0), when)
    spans = following - when
    hours = world.hours.between(schedule, when, following)
    never_changed = last_change == history.first
    requester = (status == act.NEW) | (status == act.OPEN) | (status == act.HOLD)
    return [
        _pairs(
            np.where(never_changed, _NONE, history.total(spans * mask)),
            np.where(never_changed, _NONE, history.total(hours * mask)),
        )
        for mask in (status == act.PENDING, requester, status == act.HOLD)
    ]


def _pairs(calendar: Array, business: Array) -> list[dict[str, int | None]]:
    known = [
        [None if m < 0 else m for m in (seconds // 60).tolist()]
        for seconds in (calendar, business)
    ]
    return [{"calendar": c, "business": b} for c, b in zip(*known, strict=True)]
