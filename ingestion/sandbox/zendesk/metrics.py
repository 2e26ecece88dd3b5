"""A ticket's `metric_set` by the vendor's rules, for a page of tickets at once.

Holds the rules where the vendor documents them; where not, these: minutes are whole
and cut off; a wait counts when the status that caused it ends, and is null before the
first change of status; a resolution time is null while the ticket is not solved;
`closed` counts as solved only for a ticket that never was. Business minutes equal
calendar minutes, since the account has no schedules.
Does not hold our own metrics. Tests: tests/ingestion/sandbox/test_zendesk_metrics.py
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingestion.sandbox.instants import iso, iso_or_none
from ingestion.sandbox.world import actions as act
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
    status = history.column("status")
    solved = (status == act.SOLVED) | (status == act.CLOSED)
    entries = solved & (history.before(status) < act.SOLVED)
    last = np.where(solved[history.last], history.latest(entries), NEVER)
    return history.earliest(entries), last


def _durations(world: World, history: History) -> dict[str, list[Any]]:
    created = world.tickets.created[history.rows]
    first, last = _resolutions(history)
    reply = history.earliest(_agent_replies(world, history))
    waits = _waits(history)
    chat = world.tickets.channel[history.rows] == CHAT
    seconds = np.where(chat & (reply < NEVER), reply - created, _NONE)
    return {
        "reply_time_in_minutes": _pairs(_since(created, reply)),
        "first_resolution_time_in_minutes": _pairs(_since(created, first)),
        "full_resolution_time_in_minutes": _pairs(_since(created, last)),
        "agent_wait_time_in_minutes": _pairs(waits[0]),
        "requester_wait_time_in_minutes": _pairs(waits[1]),
        "on_hold_time_in_minutes": _pairs(waits[2]),
        "reply_time_in_seconds": [
            {"calendar": None if s < 0 else s} for s in seconds.tolist()
        ],
    }


def _waits(history: History) -> tuple[Array, Array, Array]:
    """Give seconds in pending; in new, open and hold; in hold: up to the last change.

    They are `_NONE` for a ticket whose status has never changed.
    """
    status, when = history.column("status"), history.column("when")
    position = np.arange(len(status))
    changed = status != history.before(status)
    last_change = np.maximum.reduceat(np.where(changed, position, -1), history.first)
    ended = position < history.spread(last_change)
    following = np.append(when[1:], 0)
    spans = np.where(ended, following - when, 0)
    never_changed = last_change == history.first
    requester = (status == act.NEW) | (status == act.OPEN) | (status == act.HOLD)
    sums = []
    for mask in (status == act.PENDING, requester, status == act.HOLD):
        sums.append(np.where(never_changed, _NONE, history.total(spans * mask)))
    return sums[0], sums[1], sums[2]


def _since(created: Array, instant: Array) -> Array:
    return np.where(instant < NEVER, instant - created, _NONE)


def _pairs(seconds: Array) -> list[dict[str, int | None]]:
    minutes = np.where(seconds < 0, _NONE, seconds // 60).tolist()
    known = [None if m < 0 else m for m in minutes]
    return [{"calendar": m, "business": m} for m in known]
