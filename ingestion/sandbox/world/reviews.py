"""What people write on the review site: stars, edits, replies and removals.

Holds the draw; stars follow the person's latent satisfaction and, where an invitation
after a ticket led to the review, how that ticket went. Does not hold wording or JSON
(`ingestion.sandbox.trustpilot`). Tests: tests/ingestion/sandbox/test_reviews.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import NO_MAIL, People
from ingestion.sandbox.world.ratings import Outcome
from ingestion.sandbox.world.tickets import ORDINARY, Tickets
from ingestion.sandbox.world.timeline import DAY, HOUR, NEVER, Array, Span, in_outage


@dataclass(frozen=True)
class Reviews:
    """Reviews in the order in which they were written, one per person at most.

    Instants that never come are NEVER. `stars` becomes `stars_after` at `edited`; the
    company answers at `replied` and rewrites that at `reply_edited`; it reports the
    review at `reported`; from `removed` on nobody sees it. `ticket` is the ticket that
    it is about, or -1. `is_linked` tells whether it carries the ticket's number,
    `has_email` whether it carries the person's address. `number` makes the id.
    """

    person: Array
    ticket: Array
    created: Array
    stars: Array
    edited: Array
    stars_after: Array
    replied: Array
    reply_edited: Array
    reported: Array
    removed: Array
    language: Array
    is_linked: Array
    has_email: Array
    number: Array

    def __len__(self) -> int:
        return len(self.person)

    def visible(self, clock: int) -> Array:
        """Give the rows that the site shows at the clock, oldest first."""
        until = int(np.searchsorted(self.created, clock, side="right"))
        return np.flatnonzero(self.removed[:until] > clock)


def draw_reviews(
    rng: np.random.Generator,
    span: Span,
    people: People,
    tickets: Tickets,
    outcome: Outcome,
) -> Reviews:
    """Draw reviews by about one person in eleven; strong feelings write more often."""
    eager = 0.06 + 0.04 * np.abs(people.satisfaction)
    person = np.flatnonzero(rng.random(len(people)) < eager)
    ticket = _invitations(rng, people, tickets, outcome)[person]
    ticket = np.where(rng.random(len(person)) < 0.6, ticket, -1)
    created = _when(rng, span, people, person)
    asked = outcome.solved[ticket] + rng.integers(DAY, 10 * DAY, len(person))
    created = np.where(ticket >= 0, asked, created)
    kept = np.flatnonzero(created <= span.end)
    order = kept[np.argsort(created[kept], kind="stable")]
    person, ticket, created = person[order], ticket[order], created[order]
    stars = _stars(rng, span, people.satisfaction[person], created)
    stars = stars + np.where(ticket >= 0, 0.4 * outcome.feeling[ticket], 0.0)
    columns = {"person": person, "ticket": ticket, "created": created}
    columns["stars"] = np.clip(np.rint(stars), 1, 5).astype(np.int8)
    columns |= _fates(rng, columns["stars"], created)
    return Reviews(**columns, **_particulars(rng, people, person, ticket))


def _invitations(
    rng: np.random.Generator, people: People, tickets: Tickets, outcome: Outcome
) -> Array:
    """Choose one solved ticket of each person, -1 for those who have none."""
    solved = np.flatnonzero((tickets.fate == ORDINARY) & (outcome.solved < NEVER))
    solved = rng.permutation(solved)
    persons, places = np.unique(tickets.person[solved], return_index=True)
    chosen = np.full(len(people), -1, dtype=np.int64)
    chosen[persons] = solved[places]
    return chosen


def _when(rng: np.random.Generator, span: Span, people: People, person: Array) -> Array:
    """Spread reviews over the time as a customer; the outage moves the unhappy."""
    begin = np.maximum(people.signed_up[person], span.start)
    created = begin + (rng.random(len(person)) * (span.end - begin)).astype(np.int64)
    outage = span.outage[0] + rng.integers(2 * HOUR, 5 * DAY, len(person))
    angry = (people.satisfaction[person] < 0) & (begin < span.outage[0])
    angry &= rng.random(len(person)) < 0.3
    return np.where(angry, outage, created)


def _stars(
    rng: np.random.Generator, span: Span, satisfaction: Array, created: Array
) -> Array:
    noise = rng.normal(0.0, 0.5, len(created))
    struck = in_outage(span, created, tail_days=14.0)
    return 4.2 + 2.0 * satisfaction + noise - 1.6 * struck


def _fates(rng: np.random.Generator, stars: Array, created: Array) -> dict[str, Array]:
    """Draw what happens to each review after it was written."""
    count = len(created)

    def later(since: Array, share: Array | float, days: tuple[float, float]) -> Array:
        happens = (rng.random(count) < share) & (since < NEVER)
        low, high = (int(day * DAY) for day in days)
        return np.where(happens, since + rng.integers(low, high, count), NEVER)

    replied = later(created, np.where(stars <= 2, 0.8, 0.5), (0.1, 9.0))
    edited = later(created, 0.15, (1.0, 45.0))
    # Who was answered first is won back more often than not.
    answered = replied < edited
    change = rng.choice([-1, 0, 1, 2], count, p=[0.3, 0.3, 0.3, 0.1])
    change = np.where(answered, np.abs(change), change)
    reported = later(created, np.where(stars <= 2, 0.08, 0.0), (0.5, 5.0))
    removed = later(created, 0.03, (2.0, 70.0))
    after_report = later(reported, 0.5, (1.0, 8.0))
    return {
        "replied": replied,
        "reply_edited": later(replied, 0.1, (0.5, 6.0)),
        "edited": edited,
        "stars_after": np.clip(stars + change, 1, 5).astype(np.int8),
        "reported": reported,
        "removed": np.minimum(removed, after_report),
    }


def _particulars(
    rng: np.random.Generator, people: People, person: Array, ticket: Array
) -> dict[str, Array]:
    """Draw what a review carries besides its story."""
    count = len(person)
    reachable = people.mail[person] != NO_MAIL
    mailed = np.where(ticket >= 0, 0.9, 0.15)
    return {
        "language": people.language[person],
        "is_linked": (ticket >= 0) & (rng.random(count) < 0.8),
        "has_email": reachable & (rng.random(count) < mailed),
        "number": rng.integers(0, 2**64, count, dtype=np.uint64),
    }
