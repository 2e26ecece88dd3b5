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
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.tickets import Tickets
from ingestion.sandbox.world.timeline import (
    HOUR,
    Array,
    Span,
    next_full_hour,
    office_time,
)

MAX_STEPS = 26
# What counts as the day where nobody is in charge yet.
_DAY = 7 * HOUR, 20 * HOUR
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
    action = _meet_bot(tickets.bot[active], action, step)
    spam = (fate == born.SPAM) & (status < act.SOLVED)
    dropped = np.where(active % 2 == 0, act.INDEX["delete"], act.INDEX["dismiss"])
    action = np.where(spam, dropped, action)
    quiet = (fate == born.SPAM) & (status == act.SOLVED)
    action = np.where(quiet, act.INDEX["close"], action)
    merged = (fate == born.MERGED) & (status < act.SOLVED)
    action = np.where(merged, act.INDEX["merge"], action)
    action = np.where((fate == born.DELETED) & struck, act.INDEX["delete"], action)
    done = (fate == born.TEST) & (status == act.OPEN)
    return np.where(done, act.INDEX["reply_and_solve"], action)


def _meet_bot(bot: Array, action: Array, step: int) -> Array:
    """Let the bot have its word first."""
    if step == 1:
        return np.where(bot != born.NO_BOT, act.INDEX["bot_reply"], action)
    if step == 2:
        action = np.where(bot == born.CONTAINS, act.INDEX["bot_solve"], action)
        return np.where(bot == born.HANDS_OFF, act.INDEX["ask_for_human"], action)
    return action


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
    assignee = state.assignee[active]
    in_charge = np.where(assignee >= 0, assignee, tickets.agent[active])
    is_free = (assignee < 0) | (assignee == staff.bot)
    opens, closes = staff.hours(in_charge)
    opens = np.where(is_free, _DAY[0], opens)
    closes = np.where(is_free, _DAY[1], closes)
    when = np.where(in_office, office_time(rng, when, opens, closes), when)
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
    by_human = (before >= 0) & (before != staff.bot)
    author = np.where(by_human, before, tickets.agent[active])
    speaks = tickets.language[active]
    after, group = _restaff(rng, staff, state, (active, action, when), speaks)
    changed = (after != before) & by_human
    state.previous[active] = np.where(changed, before, state.previous[active])
    state.assignee[active], state.group[active] = after, group
    kept = _STATUS[action] == act.KEEP
    state.status[active] = np.where(kept, state.status[active], _STATUS[action])
    raised = (action == act.INDEX["raise_priority"]) & (
        state.priority[active] < born.URGENT
    )
    state.priority[active] += raised
    state.when[active] = when
    taking = (_STAFFING[action] == act.TAKE) | (~by_human & (after >= 0))
    user = 1 + np.where(taking, after, author)
    kind = _AUTHOR[action]
    user = np.where(kind == act.CUSTOMER, tickets.requester[active], user)
    user = np.where(kind == act.SYSTEM, -1, user)
    user = np.where(kind == act.BOT, 1 + staff.bot, user)
    return _snapshot(state, active, action, user)


def _restaff(
    rng: np.random.Generator,
    staff: Staff,
    state: _State,
    chosen: tuple[Array, Array, Array],
    language: Array,
) -> tuple[Array, Array]:
    """Give assignee and group of each active ticket after its action."""
    active, action, when = chosen
    how = _STAFFING[action]
    assignee, group = state.assignee[active], state.group[active]
    own = np.where(group >= 0, group, active % staff.groups)
    other = (own + 1) % staff.groups
    # A reply to a ticket that was put back into the queue takes it.
    waits = (assignee < 0) | (assignee == staff.bot)
    idle = waits & (_AUTHOR[action] == act.AGENT) & (how == act.SAME)
    idle &= action != act.INDEX["delete"]
    takes = (how == act.TAKE) | idle
    target = np.where(how == act.HAND_OVER, other, own)
    drawn = staff.suited(staff.pick(rng, target), language, when)
    drawn = np.where(drawn == assignee, staff.neighbour(drawn, target), drawn)
    draws = takes | (how == act.COLLEAGUE) | (how == act.HAND_OVER)
    after = np.where(draws, drawn, assignee)
    after = np.where(how == act.BACK, state.previous[active], after)
    after = np.where(how == act.NOBODY, -1, after)
    after = np.where(how == act.MACHINE, staff.bot, after)
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
