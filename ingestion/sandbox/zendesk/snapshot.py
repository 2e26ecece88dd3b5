"""What the helpdesk knows at an instant, and in which order it hands it out.

Holds the order of every stream at the clock, found by binary search from then on.
Does not hold pages (`paging.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_zendesk_exports.py
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.tickets import CONTAINS
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids


@dataclass(frozen=True)
class Order:
    """Rows of one stream, ascending by stamp (epoch seconds) and id."""

    rows: Array
    stamps: Array
    ids: Array

    @classmethod
    def by(cls, rows: Array, stamps: Array, identifiers: Array) -> Order:
        """Sort rows by stamp and id."""
        order = np.lexsort((identifiers, stamps))
        return cls(rows[order], stamps[order], identifiers[order])

    def only(self, mask: Array) -> Order:
        """Keep some of the rows."""
        return Order(self.rows[mask], self.stamps[mask], self.ids[mask])

    def up_to(self, stamp: int) -> Order:
        """Keep rows with a stamp of at most `stamp`."""
        end = int(np.searchsorted(self.stamps, stamp, side="right"))
        return Order(self.rows[:end], self.stamps[:end], self.ids[:end])

    def from_stamp(self, stamp: int) -> int:
        """Give the position of the first row at or after a stamp."""
        return int(np.searchsorted(self.stamps, stamp, side="left"))

    def after(self, stamp: int, identifier: int) -> int:
        """Give the position of the first row beyond a pair of stamp and id."""
        low = self.from_stamp(stamp)
        high = int(np.searchsorted(self.stamps, stamp, side="right"))
        return low + int(np.searchsorted(self.ids[low:high], identifier, side="right"))

    def __len__(self) -> int:
        return len(self.rows)


class Snapshot:
    """The world as the helpdesk has it at one instant."""

    def __init__(self, world: World, clock: int) -> None:
        self.world = world
        self.clock = clock
        self._filtered: dict[Hashable, Order] = {}

    def filtered(self, key: Hashable, make: Callable[[], Order]) -> Order:
        """Give a filtered order, made once per filter and not once per page."""
        if key not in self._filtered:
            self._filtered[key] = make()
        return self._filtered[key]

    @cached_property
    def updated(self) -> Array:
        """When each ticket last had an update, -1 for those not yet made."""
        events = self.world.events
        known = np.where(events.when <= self.clock, events.when, -1)
        latest: Array = np.maximum.reduceat(known, events.offset[:-1])
        return latest

    @cached_property
    def generated(self) -> Array:
        """When each ticket last changed in any way, ratings included."""
        ratings, generated = self.world.ratings, self.updated.copy()
        for instants in (ratings.created, ratings.answered):
            seen = instants <= self.clock
            np.maximum.at(generated, ratings.ticket[seen], instants[seen])
        # A closed ticket comes to name the ones that follow it up.
        following = self._following
        source, made = self.world.follows[following], self.world.tickets.created
        np.maximum.at(generated, source, made[following])
        return generated

    @cached_property
    def followed_by(self) -> dict[int, list[int]]:
        """The follow-ups of each ticket that has any by now."""
        found: dict[int, list[int]] = {}
        for row in self._following.tolist():
            found.setdefault(int(self.world.follows[row]), []).append(row)
        return found

    @cached_property
    def _following(self) -> Array:
        is_made = self.world.tickets.created <= self.clock
        return np.flatnonzero((self.world.follows >= 0) & is_made)

    @cached_property
    def tickets(self) -> Order:
        """All tickets by their last change."""
        count = int(np.searchsorted(self.world.tickets.created, self.clock, "right"))
        rows = np.arange(count)
        return Order.by(rows, self.generated[:count], ids.ticket_id(rows))

    @cached_property
    def is_deleted(self) -> Array:
        """Which tickets are deleted by now."""
        events = self.world.events
        gone = (events.status == act.GONE) & (events.when <= self.clock)
        deleted = np.zeros(len(self.world.tickets), dtype=bool)
        deleted[events.ticket[gone]] = True
        return deleted

    @cached_property
    def is_closed(self) -> Array:
        """Which tickets are closed by now."""
        events = self.world.events
        known = (events.status == act.CLOSED) & (events.when <= self.clock)
        closed = np.zeros(len(self.world.tickets), dtype=bool)
        closed[events.ticket[known]] = True
        return closed

    @cached_property
    def ticket_events(self) -> Order:
        """All updates of tickets in the order of time; a deletion is none."""
        events = self.world.events
        known = int(np.searchsorted(events.when[events.by_time], self.clock, "right"))
        rows = events.by_time[:known]
        rows = rows[events.status[rows] != act.GONE]
        # Already ascending by time and rank, hence by stamp and id.
        audits = ids.audit_id(events.rank[rows].astype(np.int64))
        return Order(rows, events.when[rows], audits)

    @cached_property
    def users(self) -> Order:
        """Users by their last change."""
        users = self.world.users
        rows = np.flatnonzero(users.created <= self.clock)
        return Order.by(rows, users.updated(self.clock)[rows], ids.user_id(rows))

    @cached_property
    def organizations(self) -> Order:
        """Organizations by their last change."""
        companies = self.world.organizations
        rows = np.flatnonzero(companies.created <= self.clock)
        changed = companies.changed <= self.clock
        stamps = np.where(changed, companies.changed, companies.created)[rows]
        return Order.by(rows, stamps, ids.organization_id(rows))

    @cached_property
    def ratings(self) -> Order:
        """Satisfaction ratings by id, with their last change as stamp."""
        ratings = self.world.ratings
        is_older = ratings.created < self.world.newer_csat
        rows = np.flatnonzero(is_older & (ratings.created <= self.clock))
        return Order(rows, ratings.updated(self.clock)[rows], ids.rating_id(rows))

    @cached_property
    def groups(self) -> Order:
        """Groups, which never change."""
        rows = np.arange(self.world.staff.groups)
        stamps = np.full(len(rows), self.world.span.start, dtype=np.int64)
        return Order(rows, stamps, ids.group_id(rows))


def by_ai_agent(world: World, rows: Array) -> Array:
    """Tell which tickets a bot handles without a human agent's help."""
    marks: Array = world.tickets.bot[rows] == CONTAINS
    return marks


class Snapshots:
    """The last few snapshots of one world, since clocks mostly stand still."""

    def __init__(self, world: World) -> None:
        self._at = lru_cache(maxsize=4)(lambda clock: Snapshot(world, clock))

    def at(self, clock: int) -> Snapshot:
        """Give the snapshot at an instant."""
        return self._at(clock)
