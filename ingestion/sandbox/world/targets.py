"""What support has promised: SLA policies with their targets, and how these changed.

Holds the policies as data, and the target that a ticket gets. Does not hold when a
target is broken (`clocks.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_clocks.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ingestion.sandbox.world.tickets import CHAT, URGENT
from ingestion.sandbox.world.timeline import Array

FIRST_REPLY, NEXT_REPLY, AGENT_WORK, REQUESTER_WAIT = range(4)
PERIODIC_UPDATE, PAUSABLE_UPDATE, RESOLUTION = range(4, 7)
# As policies call them.
TARGET_NAMES = (
    "first_reply_time",
    "next_reply_time",
    "agent_work_time",
    "requester_wait_time",
    "periodic_update_time",
    "pausable_update_time",
    "total_resolution_time",
)
_HOUR = 60


@dataclass(frozen=True)
class Policy:
    """One SLA policy; the first one whose conditions a ticket meets is its own.

    Attributes:
        title: Its name.
        description: What it is for.
        conditions: Its filter, as the helpdesk writes it.
        is_business: Whether its targets count open hours; urgent tickets' never do.
        minutes: Target per name of `TARGET_NAMES`, by priority low to urgent.
        minutes_before: What differed until support got its new process.
    """

    title: str
    description: str
    conditions: dict[str, list[dict[str, Any]]]
    is_business: bool
    minutes: dict[int, tuple[int, int, int, int]]
    minutes_before: dict[int, tuple[int, int, int, int]]

    def table(self, *, is_new: bool) -> np.ndarray:
        """Give minutes by name and priority, 0 where there is no target."""
        table = np.zeros((len(TARGET_NAMES), URGENT + 1), dtype=np.int64)
        for name, minutes in self.minutes.items():
            table[name] = minutes if is_new else self.minutes_before.get(name, minutes)
        return table


POLICIES = (
    Policy(
        "Live chat",
        "Chats are answered while the customer waits.",
        {
            "all": [{"field": "via_id", "operator": "is", "value": 29}],
            "any": [],
        },
        is_business=False,
        minutes={FIRST_REPLY: (30, 20, 10, 5), NEXT_REPLY: (60, 40, 20, 10)},
        minutes_before={FIRST_REPLY: (60, 40, 20, 10)},
    ),
    Policy(
        "Standard support",
        "Everything else.",
        {
            "all": [{"field": "via_id", "operator": "is_not", "value": 29}],
            "any": [],
        },
        is_business=True,
        minutes={
            FIRST_REPLY: (12 * _HOUR, 8 * _HOUR, 2 * _HOUR, 30),
            NEXT_REPLY: (16 * _HOUR, 9 * _HOUR, 4 * _HOUR, _HOUR),
            AGENT_WORK: (27 * _HOUR, 18 * _HOUR, 9 * _HOUR, 8 * _HOUR),
            REQUESTER_WAIT: (36 * _HOUR, 27 * _HOUR, 12 * _HOUR, 12 * _HOUR),
            PERIODIC_UPDATE: (45 * _HOUR, 27 * _HOUR, 18 * _HOUR, 12 * _HOUR),
            PAUSABLE_UPDATE: (27 * _HOUR, 18 * _HOUR, 9 * _HOUR, 4 * _HOUR),
            RESOLUTION: (90 * _HOUR, 54 * _HOUR, 36 * _HOUR, 48 * _HOUR),
        },
        minutes_before={
            FIRST_REPLY: (18 * _HOUR, 9 * _HOUR, 4 * _HOUR, _HOUR),
            # This one was relaxed: what was late by it may no longer be.
            RESOLUTION: (45 * _HOUR, 18 * _HOUR, 18 * _HOUR, 24 * _HOUR),
        },
    ),
)
_IS_BUSINESS = np.array([policy.is_business for policy in POLICIES])
# By whether the process is new, policy, name and priority.
_TABLES = np.array([[p.table(is_new=n) for p in POLICIES] for n in (False, True)])


def policy_of(channel: Array) -> Array:
    """Tell which policy is a ticket's."""
    return np.where(channel == CHAT, 0, 1)


def target_of(
    policy: Array, name: Array, priority: Array, is_new: Array
) -> tuple[Array, Array]:
    """Give the target in seconds, 0 for none, and whether it counts open hours.

    A ticket without a priority has no target.
    """
    known = np.minimum(priority, URGENT)
    minutes = _TABLES[is_new.astype(np.int64), policy, name, known]
    seconds = np.where(priority <= URGENT, 60 * minutes, 0)
    return seconds, _IS_BUSINESS[policy] & (priority != URGENT)
