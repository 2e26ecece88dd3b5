"""How customers rate solved tickets: offers, answers and changes of mind.

Holds the helpdesk's own satisfaction ratings and how well each ticket went in the
end, which the surveys follow too. Does not hold the surveys (`surveys.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.events import Events
from ingestion.sandbox.world.people import NO_MAIL, People
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.tickets import ORDINARY, Tickets
from ingestion.sandbox.world.timeline import (
    DAY,
    HOUR,
    NEVER,
    Array,
    Span,
    next_full_hour,
)

_COMMENT = act.column("comment")


@dataclass(frozen=True)
class Ratings:
    """One row per rating in the order of creation.

    A rating is offered at `created` and answered at `answered` (NEVER without an
    answer; equal to `created` when the customer came back to change the mind).
    `by_ticket` sorts the rows by ticket, `offset` finds a ticket's own in it.
    """

    ticket: Array
    created: Array
    answered: Array
    is_good: Array
    has_comment: Array
    by_ticket: Array
    offset: Array

    def __len__(self) -> int:
        return len(self.ticket)

    def updated(self, clock: int) -> Array:
        """Give each rating's `updated_at` as known at the clock."""
        return np.where(self.answered <= clock, self.answered, self.created)


@dataclass(frozen=True)
class Outcome:
    """How each ticket went: first solved when (NEVER if not), and how it felt."""

    solved: Array
    feeling: Array


def judge(tickets: Tickets, events: Events, staff: Staff) -> Outcome:
    """Work out when tickets were first solved and how their customers feel."""
    count = len(tickets)
    by_agent = (events.author >= 0) & (events.author <= staff.agents)
    reply = by_agent & (_COMMENT[events.action] == act.PUBLIC)
    reply[events.offset[:-1]] = False
    replied = _first(events, reply, count)
    solved = _first(events, events.status == act.SOLVED, count)
    waited = np.minimum(replied - tickets.created, 14 * DAY) / HOUR
    reopens = np.bincount(
        events.ticket[events.action == act.INDEX["reopen"]], minlength=count
    )
    feeling = tickets.experience - 0.22 * np.log1p(waited) - 0.5 * reopens
    return Outcome(solved=solved, feeling=feeling)


def _first(events: Events, mask: Array, count: int) -> Array:
    """Give the first marked instant of each ticket, NEVER without one."""
    rows = np.flatnonzero(mask)
    tickets, places = np.unique(events.ticket[rows], return_index=True)
    first = np.full(count, NEVER, dtype=np.int64)
    first[tickets] = events.when[rows[places]]
    return first


def draw_ratings(
    rng: np.random.Generator,
    span: Span,
    people: People,
    tickets: Tickets,
    outcome: Outcome,
) -> Ratings:
    """Draw offers a day after solving, answers, and second thoughts."""
    reachable = people.mail[tickets.person] != NO_MAIL
    offered = (tickets.fate == ORDINARY) & (outcome.solved < NEVER) & reachable
    offered &= rng.random(len(tickets)) < 0.62
    ticket = np.flatnonzero(offered)
    created = next_full_hour(outcome.solved[ticket] + DAY, 20)
    delay = (9 * HOUR * rng.exponential(1.0, len(ticket))).astype(np.int64) + 60
    answers = rng.random(len(ticket)) < 0.38
    answered = np.where(answers, created + delay, NEVER)
    inclined = 1 / (1 + np.exp(-3.3 - 1.3 * outcome.feeling[ticket]))
    is_good = rng.random(len(ticket)) < inclined
    again = np.flatnonzero(answers & (rng.random(len(ticket)) < 0.06))
    later = answered[again] + rng.integers(HOUR, 5 * DAY, len(again))
    columns = {
        "ticket": np.concatenate([ticket, ticket[again]]),
        "created": np.concatenate([created, later]),
        "answered": np.concatenate([answered, later]),
        "is_good": np.concatenate([is_good, ~is_good[again]]),
    }
    columns["has_comment"] = rng.random(len(columns["ticket"])) < 0.4
    return _sorted(span, columns, len(tickets))


def _sorted(span: Span, columns: dict[str, Array], tickets: int) -> Ratings:
    kept = np.flatnonzero(columns["created"] <= span.end)
    order = kept[np.argsort(columns["created"][kept], kind="stable")]
    columns = {name: values[order] for name, values in columns.items()}
    by_ticket = np.argsort(columns["ticket"], kind="stable")
    sorted_tickets = columns["ticket"][by_ticket]
    offset = np.searchsorted(sorted_tickets, np.arange(tickets + 1))
    return Ratings(**columns, by_ticket=by_ticket, offset=offset)
