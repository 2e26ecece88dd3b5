"""What sales people do about deals: calls, meetings, e-mails and notes.

Holds their draw, one shape for all four. Does not hold the vendor's words for
directions and outcomes (`ingestion.sandbox.hubspot`).
Tests: tests/ingestion/sandbox/test_crm_touches.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm.deals import Deals
from ingestion.sandbox.world.crm.lives import Lives, between, some_day, sometimes
from ingestion.sandbox.world.timeline import (
    DAY,
    HOUR,
    NEVER,
    Array,
    Span,
    office_time,
)

CALLS, MEETINGS, EMAILS, NOTES = KINDS = ("calls", "meetings", "emails", "notes")
INBOUND, OUTBOUND = range(2)
# How it went, by share: as planned, and three ways in which it did not.
_OUTCOMES = (0.72, 0.14, 0.08, 0.06)
# Per deal, on average.
_USUAL = {CALLS: 1.2, MEETINGS: 0.6, EMAILS: 1.6, NOTES: 0.8}
# Typical length in minutes of what has any.
_MINUTES = {CALLS: 6.0, MEETINGS: 40.0}


@dataclass(frozen=True)
class Touches:
    """Touches of one kind.

    Attributes:
        deal: What it was about.
        contact: With whom, -1 for nobody that the CRM knows.
        owner: Who did it.
        happened: When it began.
        seconds: How long it took; 0 for what has no length.
        direction: Who turned to whom.
        outcome: Place in the shares of outcomes, 0 for as planned.
        created: When it was entered; meetings are planned ahead.
        settled: When it was last worked on, or NEVER.
        archived: When it was deleted, mostly NEVER.
    """

    deal: Array
    contact: Array
    owner: Array
    happened: Array
    seconds: Array
    direction: Array
    outcome: Array
    created: Array
    settled: Array
    archived: Array

    def __len__(self) -> int:
        return len(self.deal)

    def lives(self, links: list[tuple[Array, Array]]) -> Lives:
        """Give the dates of all touches; `links` tells when their links changed."""
        nowhere = np.full(len(self), -1)
        touches = [(np.arange(len(self)), self.settled), *links]
        return Lives.of(self.created, self.archived, nowhere, touches)


def draw_touches(
    rng: np.random.Generator, span: Span, deals: Deals, kind: str
) -> Touches:
    """Draw the touches of one kind, from each deal's start to soon after its end."""
    deal = np.repeat(np.arange(len(deals)), rng.poisson(_USUAL[kind], len(deals)))
    last_visit = deals.visits.when[deals.visits.offset[1:] - 1]
    over = np.minimum(last_visit + 10 * DAY, span.end - DAY)
    begun = deals.created[deal]
    happened = office_time(rng, between(rng, begun, np.maximum(over[deal], begun + 1)))
    kept = (happened < deals.archived[deal]) & (happened < span.end - DAY)
    deal, happened = deal[kept], happened[kept]
    count = len(deal)
    outcome = rng.choice(len(_OUTCOMES), count, p=_OUTCOMES)
    seconds = _seconds(rng, kind, outcome)
    created, settled = _dates(rng, kind, deals.created[deal], happened, seconds)
    gone = sometimes(rng, 0.03, some_day(rng, span, created))
    return Touches(
        deal=deal,
        contact=deals.buyer[deal],
        owner=deals.owner[deal],
        happened=happened,
        seconds=seconds,
        direction=np.where(rng.random(count) < 0.35, INBOUND, OUTBOUND),
        outcome=outcome,
        created=created,
        settled=np.where(settled < gone, settled, NEVER),
        archived=gone,
    )


def _seconds(rng: np.random.Generator, kind: str, outcome: Array) -> Array:
    """Draw lengths; a call that did not come about took no time."""
    if kind not in _MINUTES:
        return np.zeros(len(outcome), dtype=np.int64)
    spread = np.exp(rng.normal(0.0, 0.6, len(outcome)))
    seconds = (60 * _MINUTES[kind] * spread).astype(np.int64) + 1
    if kind == CALLS:
        return np.where(outcome == 0, seconds, 0)
    # Meetings are planned in quarters of an hour.
    return (seconds // 900 + 1) * 900


def _dates(
    rng: np.random.Generator, kind: str, begun: Array, happened: Array, seconds: Array
) -> tuple[Array, Array]:
    """Draw when touches were entered, and when they were settled."""
    count = len(happened)
    if kind == MEETINGS:
        ahead = happened - rng.integers(2 * HOUR, 6 * DAY, count)
        after = happened + seconds + rng.integers(60, 4 * HOUR, count)
        return np.maximum(ahead, begun), after
    entered = happened + seconds + rng.integers(5, 600, count)
    amended = entered + rng.integers(HOUR, 3 * DAY, count)
    return entered, sometimes(rng, 0.4 if kind == NOTES else 0.0, amended)
