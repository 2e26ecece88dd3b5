"""The part of the tickets' lives that is known at the clock, for some tickets.

Holds the gathering of a page's events and folds over each ticket's own. Does not hold
the meaning of any figure (`metrics.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_zendesk_metrics.py
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.world.timeline import NEVER, Array
from ingestion.sandbox.world.world import World


class History:
    """Events of the given tickets up to the clock, one run of them per ticket.

    Attributes:
        rows: The tickets, each created by then.
        index: Rows of the world's events, ticket by ticket.
        first: Position in `index` of each ticket's first event.
        last: Position in `index` of each ticket's last event.
    """

    def __init__(self, world: World, rows: Array, clock: int) -> None:
        events = world.events
        start, stop = events.offset[rows], events.offset[rows + 1]
        counts = stop - start
        index = _runs(start, counts)
        known = events.when[index] <= clock
        owner = np.repeat(np.arange(len(rows)), counts)
        counts = np.bincount(owner[known], minlength=len(rows))
        self.rows = rows
        self.index = index[known]
        self.first = np.cumsum(counts) - counts
        self.last = self.first + counts - 1
        self._counts = counts
        self._events = events

    def column(self, name: str) -> Array:
        """Give an attribute of the events."""
        values: Array = getattr(self._events, name)[self.index]
        return values

    def spread(self, per_ticket: Array) -> Array:
        """Repeat a value per ticket for each of its events."""
        return np.repeat(per_ticket, self._counts)

    def before(self, values: Array, none: int = -1) -> Array:
        """Give the value of the event before, `none` at a ticket's first."""
        shifted = np.empty_like(values)
        shifted[1:] = values[:-1]
        shifted[self.first] = none
        return shifted

    def total(self, values: Array) -> Array:
        """Sum values (or count marks) per ticket."""
        return np.add.reduceat(values.astype(np.int64), self.first)

    def earliest(self, mask: Array) -> Array:
        """Give the instant of each ticket's first marked event, else NEVER."""
        when = np.where(mask, self.column("when"), NEVER)
        return np.minimum.reduceat(when, self.first)

    def latest(self, mask: Array) -> Array:
        """Give the instant of each ticket's last marked event, else -1."""
        when = np.where(mask, self.column("when"), -1)
        return np.maximum.reduceat(when, self.first)

    def first_place(self, mask: Array) -> Array:
        """Give the position in `index` of each ticket's first marked event, else -1."""
        none = len(self.index)
        place = np.where(mask, np.arange(none), none)
        found = np.minimum.reduceat(place, self.first)
        return np.where(found < none, found, -1)

    def last_place(self, mask: Array) -> Array:
        """Give the position in `index` of each ticket's last marked event, else -1."""
        place = np.where(mask, np.arange(len(self.index)), -1)
        return np.maximum.reduceat(place, self.first)


def _runs(start: Array, counts: Array) -> Array:
    """Join the ranges start, start + 1, ... of the given lengths."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(start - (ends - counts), counts)
