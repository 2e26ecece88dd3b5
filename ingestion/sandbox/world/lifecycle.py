"""The lives of all tickets at once: step by step, each step one array operation.

Holds the draw of the updates (`events.py`) and the state that each leaves behind. Does
not hold what may follow what (`actions.py`) nor ratings (`ratings.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world import tickets as born
from ingestion.sandbox.world.events import COLUMNS, Events, assemble
from ingestion.sandbox.world.tickets import Tickets
from ingestion.sandbox.world.timeline import Array, Span, next_full_hour, office_time
from ingestion.sandbox.world.users import Staff

MAX_STEPS = 26
_SMOOTH_FROM = 14


@dataclass
class _State:
    """The state of every ticket while the steps go by."""

    when: Array
    status: Array
    assignee: Array
    previous: Array
    group: Array
    priority: Array


_SHARES, _CHOSEN = act.choice_tables()
_AUTHOR, _STATUS = act.column("author"), act.column("status")
_STAFFING = act.column("staffing")
_MINUTES, _SIGMA = act.column("minutes"), act.column("sigma")
_RAISE = act.INDEX["raise_priority"]
_HOURLY = np.array([act.INDEX["auto_solve"], act.INDEX["close"]])


def live(
    rng: np.random.Generator, span: Span, tickets: Tickets, staff: Staff
) -> Events:
    """Draw the whole life of every ticket up to the end of the horizon."""
    state, first = _open_all(tickets, staff)
    parts = [first]
    active = np.arange(len(tickets))
    for step in range(1, MAX_STEPS + 1):
        action = _choose(rng, tickets, state, active, step)
        when = _next_instant(rng, tickets, staff, state, (active, action))
        in_time = when <= span.end
        active, action, when = active[in_time], action[in_time], when[in_time]
        if not len(active):
            break
        parts.append(_apply(rng, tickets, staff, state, (active, action, when)))
        active = active[state.status[active] < act.CLOSED]
    return assemble(parts, len(tickets))


def _open_all(tickets: Tickets, staff: Staff) -> tuple[_State, dict[str, Array]]:
    count = len(tickets)
    by_agent = np.isin(tickets.channel, (born.VOICE, born.BY_AGENT))
    group = staff.group_of(tickets.agent)
    state = _State(
        when=tickets.created.copy(),
        status=np.where(by_agent, act.OPEN, act.NEW),
        assignee=np.where(by_agent, tickets.agent, -1),
        previous=np.full(count, -1, dtype=np.int64),
        group=np.where(by_agent | (tickets.person % 3 > 0), group, -1),
        priority=tickets.priority.astype(np.int64),
    )
    everyone = np.arange(count)
    action = np.zeros(count, dtype=np.int8)
    return state, _snapshot(state, everyone, action, tickets.submitter)


def _choose(
    rng: np.random.Generator,
    tickets: Tickets,
    state: _State,
    active: Array,
    step: int,
) -> Array:
    draw = rng.random(len(active)) + 0.08 * np.tanh(tickets.experience[active])
    draw = np.clip(draw, 0.0, 0.999999)
    if step > _SMOOTH_FROM:
        draw = np.maximum(draw, 0.999)
    status = state.status[active]
    place = (draw[:, None] >= _SHARES[status]).sum(axis=1)
    action = _CHOSEN[status, place]
    action = _possible(state, active, action)
    fate = tickets.fate[active]
    struck = step >= tickets.ends_at_step[active]
    merged = (fate == born.MERGED) & (status < act.SOLVED)
    action = np.where(merged, act.INDEX["merge"], action)
    action = np.where((fate == born.DELETED) & struck, act.INDEX["delete"], action)
    done = (fate == born.TEST) & (status == act.OPEN)
    return np.where(done, act.INDEX["reply_and_solve"], action)


def _possible(state: _State, active: Array, action: Array) -> Array:
    """Replace actions that would change nothing."""
    lost = (action == act.INDEX["hand_back"]) & (state.previous[active] < 0)
    action = np.where(lost, act.INDEX["to_colleague"], action)
    top = (action == act.INDEX["raise_priority"]) & (
        state.priority[active] >= born.URGENT
    )
    idle = (action == act.INDEX["put_back"]) & (state.assignee[active] < 0)
    return np.where(top | idle, act.INDEX["note"], action)


def _next_instant(
    rng: np.random.Generator,
    tickets: Tickets,
    staff: Staff,
    state: _State,
    chosen: tuple[Array, Array],
) -> Array:
    active, action = chosen
    spread = np.exp(_SIGMA[action] * rng.normal(0.0, 1.0, len(active)))
    by_agent = _AUTHOR[action] == act.AGENT
    factor = tickets.pace[active] * staff.pace[tickets.agent[active]]
    delay = _MINUTES[action] * 60 * spread * np.where(by_agent, factor, 1.0)
    when = state.when[active] + np.maximum(delay, 40).astype(np.int64)
    # Chats and calls are answered in the moment, everything else in office hours.
    in_office = by_agent & (rng.random(len(active)) < 0.93)
    when = np.where(in_office, office_time(rng, when), when)
    hourly = next_full_hour(when, 5)
    return np.where(np.isin(action, _HOURLY), hourly, when)


def _apply(
    rng: np.random.Generator,
    tickets: Tickets,
    staff: Staff,
    state: _State,
    chosen: tuple[Array, Array, Array],
) -> dict[str, Array]:
    active, action, when = chosen
    before = state.assignee[active]
    author = np.where(before >= 0, before, tickets.agent[active])
    after, group = _restaff(rng, staff, state, active, action)
    changed = (after != before) & (before >= 0)
    state.previous[active] = np.where(changed, before, state.previous[active])
    state.assignee[active], state.group[active] = after, group
    kept = _STATUS[action] == act.KEEP
    state.status[active] = np.where(kept, state.status[active], _STATUS[action])
    raised = (action == act.INDEX["raise_priority"]) & (
        state.priority[active] < born.URGENT
    )
    state.priority[active] += raised
    state.when[active] = when
    taking = _STAFFING[action] == act.TAKE
    user = 1 + np.where(taking, after, author)
    kind = _AUTHOR[action]
    user = np.where(kind == act.CUSTOMER, tickets.requester[active], user)
    user = np.where(kind == act.SYSTEM, -1, user)
    return _snapshot(state, active, action, user)


def _restaff(
    rng: np.random.Generator, staff: Staff, state: _State, active: Array, action: Array
) -> tuple[Array, Array]:
    """Give assignee and group of each active ticket after its action."""
    how = _STAFFING[action]
    assignee, group = state.assignee[active], state.group[active]
    own = np.where(group >= 0, group, active % staff.groups)
    other = (own + 1) % staff.groups
    # A reply to a ticket that was put back into the queue takes it.
    idle = (assignee < 0) & (_AUTHOR[action] == act.AGENT) & (how == act.SAME)
    idle &= action != act.INDEX["delete"]
    takes = (how == act.TAKE) | idle
    target = np.where(how == act.HAND_OVER, other, own)
    drawn = staff.pick(rng, target)
    drawn = np.where(drawn == assignee, staff.neighbour(drawn, target), drawn)
    draws = takes | (how == act.COLLEAGUE) | (how == act.HAND_OVER)
    after = np.where(draws, drawn, assignee)
    after = np.where(how == act.BACK, state.previous[active], after)
    after = np.where(how == act.NOBODY, -1, after)
    moved = np.where(after >= 0, staff.group_of(after), group)
    return after, np.where(how == act.TRIAGE, other, moved)


def _snapshot(
    state: _State, active: Array, action: Array, author: Array
) -> dict[str, Array]:
    values = {
        "ticket": active,
        "when": state.when[active],
        "action": action,
        "author": author,
        "status": state.status[active],
        "assignee": state.assignee[active],
        "group": state.group[active],
        "priority": state.priority[active],
    }
    return {name: values[name].astype(kind) for name, kind in COLUMNS.items()}
