"""The helpdesk's own clocks on every ticket: replies, work, waits, updates, resolution.

Holds how the vendor starts, pauses and ends each clock, which target it gets and when
that is broken, for all tickets at once. It knows the world's events and nothing of how
our models count. A clock runs in instances: a reopened ticket starts a new one.
Does not hold the log that it ends in (`metric_log.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_clocks.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import targets
from ingestion.sandbox.world.lives import Lives
from ingestion.sandbox.world.metric_log import Block, MetricEvents, block_of, join
from ingestion.sandbox.world.timeline import NEVER, Array

METRICS = (
    "reply_time",
    "agent_work_time",
    "requester_wait_time",
    "periodic_update_time",
    "pausable_update_time",
    "resolution_time",
)
FULFILL, PAUSE, STATUS, ACTIVATE, APPLY, BREACH = range(6)
# In the order in which those of one instant are told.
KINDS = ("fulfill", "pause", "update_status", "activate", "apply_sla", "breach")


@dataclass(frozen=True)
class _Clock:
    """One clock, by event: its state after each.

    Attributes:
        instance: The open instance, 0 while there is none.
        runs: Whether it runs.
        name: The target that it is measured by.
    """

    instance: Array
    runs: Array
    name: Array


def metric_events(blocks: Iterable[Lives], begin: int, end: int) -> MetricEvents:
    """Follow every clock of every ticket until `end`.

    Args:
        blocks: The updates of some tickets each, in the order of tickets.
        begin: The first second of the story.
        end: Its last second.
    """
    return join((_block(lives, begin, end) for lives in blocks), begin, end)


def _block(lives: Lives, begin: int, end: int) -> Block:
    parts = [
        part | {"metric": np.full(len(part["ticket"]), metric, dtype=np.int8)}
        for metric, clock in enumerate(_clocks(lives))
        for part in _follow(lives, clock)
    ]
    return block_of(parts, begin, end)


def _clocks(lives: Lives) -> Iterator[_Clock]:
    yield _replies(lives)
    for name, states in (
        (targets.AGENT_WORK, lives.in_new | lives.in_open),
        (targets.REQUESTER_WAIT, lives.is_unsolved & ~lives.in_pending),
    ):
        yield _of_states(lives, name, states)
    yield _updates(lives, targets.PERIODIC_UPDATE, lives.is_unsolved)
    yield _updates(
        lives, targets.PAUSABLE_UPDATE, lives.is_unsolved & ~lives.in_pending
    )
    yield _of_states(lives, targets.RESOLUTION, lives.is_unsolved)


def _replies(lives: Lives) -> _Clock:
    """A run of questions opens one wait; an answer or the solution ends it."""
    solved = ~lives.is_unsolved & lives.before(lives.is_unsolved, False)
    marks = lives.asks | lives.answers | solved
    waits = lives.asks & ~lives.before(lives.last(marks, lives.asks), False)
    instance = np.where(lives.last(marks, lives.asks), lives.counted(waits), 0)
    name = np.where(instance > 1, targets.NEXT_REPLY, targets.FIRST_REPLY)
    return _Clock(instance, instance > 0, name)


def _of_states(lives: Lives, name: int, states: Array) -> _Clock:
    """It runs in some states, from the ticket's birth or reopening to its solution."""
    reopened = lives.is_unsolved & ~lives.before(lives.is_unsolved, True)
    instance = np.where(lives.is_unsolved, 1 + lives.counted(reopened), 0)
    return _Clock(instance, states, np.full(len(lives), name))


def _updates(lives: Lives, name: int, states: Array) -> _Clock:
    """From one public word of an agent to the next, while the ticket is unsolved."""
    said = lives.speaks & lives.is_unsolved
    waits = lives.last(said | ~lives.is_unsolved, said)
    instance = np.where(waits, lives.counted(said), 0)
    return _Clock(instance, states & waits, np.full(len(lives), name))


def _follow(lives: Lives, clock: _Clock) -> Iterator[dict[str, Array]]:
    was, ran = lives.before(clock.instance, 0), lives.before(clock.runs, False)
    is_open, same = clock.instance > 0, clock.instance == was
    ended = (was > 0) & ~same
    paused = (was > 0) & same & ran & ~clock.runs
    started = clock.runs & is_open & ~(ran & same)
    spent = _Spent(lives, clock.runs & is_open, ~same & is_open)
    stopped = np.flatnonzero(ended | paused)
    status = {
        "seconds": spent.calendar_by(stopped),
        "open_seconds": spent.business_by(stopped),
    }
    for kind, rows, more in (
        (FULFILL, np.flatnonzero(ended), {}),
        (PAUSE, np.flatnonzero(paused), {}),
        (STATUS, stopped, status),
        (ACTIVATE, np.flatnonzero(started), {}),
    ):
        instance = clock.instance if kind == ACTIVATE else was
        yield _part(lives, kind, rows, instance[rows], more)
    yield from _judge(lives, clock, spent)


def _judge(lives: Lives, clock: _Clock, spent: _Spent) -> Iterator[dict[str, Array]]:
    """Give each instance its targets, and find when they are broken."""
    is_open = clock.instance > 0
    same = clock.instance == lives.before(clock.instance, 0)
    target, business = targets.target_of(
        lives.policy, clock.name, lives.priority, lives.is_new
    )
    target = np.where(is_open, target, 0)
    old = np.where(same, lives.before(target, 0), 0)
    old_business = lives.before(business, False)
    changed = (target != old) | (same & (business != old_business))
    applied = np.flatnonzero(is_open & (target > 0) & changed)
    given = {
        "name": clock.name[applied],
        "seconds": target[applied],
        "is_business": business[applied],
    }
    yield _part(lives, APPLY, applied, clock.instance[applied], given)
    begun = spent.so_far(business)
    due = spent.reaches(target, business, begun)
    # A target that is shorter than what has passed is broken when it is given.
    late = np.zeros(len(lives), dtype=bool)
    late[applied] = (begun[applied] >= target[applied]) & (
        (old[applied] == 0) | (begun[applied] < old[applied])
    )
    due = np.where(late, lives.when, due)
    broken = np.flatnonzero(
        is_open & (target > 0) & (clock.runs | late) & (due < NEVER)
    )
    # The target that follows in the same instance, if it is not broken itself.
    place = np.searchsorted(applied, broken, side="right")
    following = applied[np.minimum(place, len(applied) - 1)] if len(applied) else broken
    relieved = (place < len(applied)) & (spent.start[following] == spent.start[broken])
    relieved &= begun[following] < target[following]
    void = np.where(relieved, lives.when[following], NEVER)
    more = {"when": due[broken], "void_since": void}
    yield _part(lives, BREACH, broken, clock.instance[broken], more)


class _Spent:
    """Time that a clock has run within its open instance."""

    def __init__(self, lives: Lives, runs: Array, opens: Array) -> None:
        self._lives, self._runs = lives, runs
        going = np.flatnonzero(runs & ~lives.is_last)
        place = np.arange(len(lives))
        self.start = np.maximum.accumulate(np.where(opens, place, 0))
        start, end = lives.when[going], lives.until[going]
        calendar, business = np.zeros((2, len(lives) + 1), dtype=np.int64)
        calendar[going + 1] = end - start
        business[going + 1] = lives.hours.between(lives.schedule[going], start, end)
        self._calendar, self._business = np.cumsum(calendar), np.cumsum(business)

    def calendar_by(self, rows: Array) -> Array:
        """Seconds of the instance that was open before some events."""
        return self._calendar[rows] - self._calendar[self.start[rows - 1]]

    def business_by(self, rows: Array) -> Array:
        """The same in seconds of the schedule."""
        return self._business[rows] - self._business[self.start[rows - 1]]

    def so_far(self, business: Array) -> Array:
        """Seconds at each event of the instance that it leaves open."""
        sums = (self._calendar, self._business)
        calendar, opened = (total[:-1] - total[self.start] for total in sums)
        return np.where(business, opened, calendar)

    def reaches(self, target: Array, business: Array, begun: Array) -> Array:
        """Give when the time since an event reaches the target before the next one."""
        lives = self._lives
        waits = np.flatnonzero(self._runs & (target > begun))
        missing, start = (target - begun)[waits], lives.when[waits]
        instants = np.where(
            business[waits],
            lives.hours.after(lives.schedule[waits], start, missing),
            start + missing,
        )
        due = np.full(len(lives), NEVER, dtype=np.int64)
        due[waits] = np.where(instants < lives.until[waits], instants, NEVER)
        return due


def _part(
    lives: Lives,
    kind: int,
    rows: Array,
    instance: Array,
    more: dict[str, Array],
) -> dict[str, Array]:
    count = len(rows)
    none = np.zeros(count, dtype=np.int64)
    part = {
        "ticket": lives.ticket[rows],
        "when": lives.when[rows],
        "instance": instance.astype(np.int32),
        "kind": np.full(count, kind, dtype=np.int8),
        "name": none.astype(np.int8),
        "seconds": none,
        "open_seconds": none,
        "is_business": none.astype(bool),
        "void_since": np.full(count, NEVER, dtype=np.int64),
    }
    return part | more
