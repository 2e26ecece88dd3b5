"""The people who sell.

Holds their draw. Does not hold what they own (`companies.py`, `deals.py`).
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.crm.lives import some_day, sometimes
from ingestion.sandbox.world.timeline import DAY, Array, Span


@dataclass(frozen=True)
class Owners:
    """Sales people; `archived` is when one left, mostly NEVER."""

    first: Array
    last: Array
    created: Array
    archived: Array

    def __len__(self) -> int:
        return len(self.first)


def draw_owners(rng: np.random.Generator, span: Span, customers: int) -> Owners:
    """Draw about one for 400 customers, at least four; the last one is a queue."""
    count = max(4, round(customers / 400))
    created = span.start - rng.integers(30 * DAY, 600 * DAY, count)
    left = sometimes(rng, 0.15, some_day(rng, span, created))
    # One has always left, and with the queue somebody always stays.
    left[0] = span.start + 200 * DAY
    left[-2:] = sometimes(rng, 0.0, left[-2:])
    return Owners(
        first=rng.integers(0, len(names.FIRST), count),
        last=rng.integers(0, len(names.LAST), count),
        created=created,
        archived=left,
    )
