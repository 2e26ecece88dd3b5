"""When records of the CRM were made, touched and archived.

Holds the one shape that contacts, companies and deals share, and the draw of instants.
Does not hold what a touch changed: the parts themselves do.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.timeline import DAY, NEVER, Array, Ints, Span

# Some rows, and when each of them was touched.
Touch = tuple[Array, Array]


@dataclass(frozen=True)
class Lives:
    """The dates of all records of one kind, one row each.

    Attributes:
        created: When it was made.
        archived: When it was deleted or lost a merge; NEVER for most.
        merged_into: The row that won the merge, -1 for all others.
        touched_row: A row for every time that something about a row changed ...
        touched_at: ... and when, never after it was archived.
    """

    created: Array
    archived: Array
    merged_into: Array
    touched_row: Array
    touched_at: Array

    @classmethod
    def of(
        cls,
        created: Array,
        archived: Array,
        merged_into: Array,
        touches: Sequence[Touch],
    ) -> Lives:
        """Put the touches of one kind together; being archived is the last one."""
        lost = np.flatnonzero(merged_into >= 0)
        every = [
            *touches,
            (np.arange(len(created)), archived),
            (merged_into[lost], archived[lost]),
        ]
        row = np.concatenate([rows for rows, _ in every]).astype(np.int64)
        when = np.concatenate([instants for _, instants in every])
        kept = (when < NEVER) & (when >= created[row]) & (when <= archived[row])
        return cls(created, archived, merged_into, row[kept], when[kept])

    def __len__(self) -> int:
        return len(self.created)

    def updated(self, clock: int) -> Array:
        """Give the last change of every row as known at the clock."""
        latest = self.created.copy()
        seen = self.touched_at <= clock
        np.maximum.at(latest, self.touched_row[seen], self.touched_at[seen])
        return latest


def between(rng: np.random.Generator, low: Array | int, high: Array | int) -> Ints:
    """Draw an instant between each pair of two."""
    count = np.broadcast(np.asarray(low), np.asarray(high)).size
    drawn: Ints = (low + rng.random(count) * (np.asarray(high) - low)).astype(np.int64)
    return drawn


def some_day(rng: np.random.Generator, span: Span, after: Array) -> Ints:
    """Draw an instant of the story for each row, one in three in the horizon.

    None lies within a day of `after`.
    """
    low = np.maximum(after + DAY, span.start)
    ahead = rng.random(len(after)) < 0.34
    floor = np.where(ahead | (low >= span.now), np.maximum(low, span.now), low)
    ceiling = np.where(ahead | (low >= span.now), span.end, span.now)
    return between(rng, floor, np.maximum(ceiling, floor + 1))


def sometimes(rng: np.random.Generator, share: float, when: Array) -> Array:
    """Keep a share of the instants; the others become NEVER."""
    return np.where(rng.random(len(when)) < share, when, NEVER)
