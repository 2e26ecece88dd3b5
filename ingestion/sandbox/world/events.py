"""The updates of all tickets, as columns.

Holds their shape and order. Does not hold how they come about (`lifecycle.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.timeline import Array


@dataclass(frozen=True)
class Events:
    """Updates of tickets, sorted by ticket and time; `offset` finds a ticket's own.

    `status`, `assignee` (agent or -1), `group` (or -1) and `priority` are the state
    after the update. `author` is a row of the users, -1 the system. `rank` is the
    position in the order of time over all tickets, from which ids are made.
    """

    ticket: Array
    when: Array
    action: Array
    author: Array
    status: Array
    assignee: Array
    group: Array
    priority: Array
    offset: Array
    rank: Array
    by_time: Array

    def __len__(self) -> int:
        return len(self.when)


COLUMNS = {
    "ticket": np.int32,
    "when": np.int64,
    "action": np.int8,
    "author": np.int32,
    "status": np.int8,
    "assignee": np.int32,
    "group": np.int8,
    "priority": np.int8,
}


def assemble(parts: list[dict[str, Array]], tickets: int) -> Events:
    """Join the steps of all lives, which `parts` holds and then no longer does."""
    joined = {name: np.concatenate([p[name] for p in parts]) for name in COLUMNS}
    parts.clear()
    order = np.argsort(joined["ticket"], kind="stable")
    joined = {name: values[order] for name, values in joined.items()}
    by_time = np.argsort(joined["when"], kind="stable").astype(np.int32)
    rank = np.empty(len(order), dtype=np.int32)
    rank[by_time] = np.arange(len(order), dtype=np.int32)
    offset = np.searchsorted(joined["ticket"], np.arange(tickets + 1))
    return Events(**joined, offset=offset, rank=rank, by_time=by_time)
