"""The legs of calls: the customer's own, and one for each agent who was rung.

Holds which legs a call has. What agents talked, held and worked adds up to the call's
own figures; the customer's leg lasts as long as the call. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_calls.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.calls import Calls
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.timeline import Array

CUSTOMER, AGENT = range(2)
ANSWERED, MISSED, DECLINED = range(3)


@dataclass(frozen=True)
class Legs:
    """One row per leg, by call and then in the order in which they were rung.

    Attributes:
        call: Row of the call.
        agent: The agent, -1 on the customer's leg.
        outcome: ANSWERED, MISSED or DECLINED.
        talk: Seconds.
        hold: Seconds.
        wrap_up: Seconds.
        handed_from: The agent who passed the call on, -1 for none.
        handed_to: The agent whom it was passed on to, -1 for none.
        kind: CUSTOMER or AGENT.
    """

    call: Array
    agent: Array
    outcome: Array
    talk: Array
    hold: Array
    wrap_up: Array
    handed_from: Array
    handed_to: Array
    kind: Array

    def __len__(self) -> int:
        return len(self.call)


def draw_legs(rng: np.random.Generator, calls: Calls, staff: Staff) -> Legs:
    """Draw the legs: one answered call in ten is passed on, one in six rang in vain."""
    count = len(calls)
    everyone = np.arange(count)
    nobody = np.full(count, -1)
    none = np.zeros(count, dtype=np.int64)
    spoken = calls.talk > 0
    group = staff.group_of(np.maximum(calls.agent, 0))
    other = staff.neighbour(np.maximum(calls.agent, 0), group)
    draw = rng.random(count)
    passed = spoken & calls.is_inbound & (draw < 0.1) & (other != calls.agent)
    in_vain = spoken & calls.is_inbound & (draw > 0.84) & (other != calls.agent)
    # What the second agent takes over.
    share = np.where(passed, rng.uniform(0.3, 0.7, count), 0.0)
    talk, hold, work = (
        (seconds * share).astype(np.int64)
        for seconds in (calls.talk, calls.hold, calls.wrap_up)
    )
    first = (calls.talk - talk, calls.hold - hold, calls.wrap_up - work)
    zero = (none, none, none)
    whole = (calls.talk, calls.hold, none)
    to = np.where(passed, other, -1)
    vain = np.where(draw > 0.92, DECLINED, MISSED)
    rung = calls.agent >= 0
    answers = np.where(spoken, ANSWERED, MISSED)
    parts = (
        (everyone >= 0, CUSTOMER, nobody, answers * 0, whole, nobody, nobody),
        (in_vain, AGENT, other, vain, zero, nobody, nobody),
        (rung, AGENT, calls.agent, answers, first, nobody, to),
        (passed, AGENT, other, answers, (talk, hold, work), calls.agent, nobody),
    )
    columns: list[list[Array]] = [[] for _ in range(10)]
    for turn, (mask, kind, agent, outcome, spent, before, after) in enumerate(parts):
        rows = np.flatnonzero(mask)
        values = (everyone, agent, outcome, *spent, before, after)
        for column, value in zip(columns, values, strict=False):
            column.append(value[rows])
        columns[8].append(np.full(len(rows), kind))
        columns[9].append(np.full(len(rows), turn))
    *joined, turns = (np.concatenate(column) for column in columns)
    order = np.lexsort((turns, joined[0]))
    return Legs(*(column[order] for column in joined))
