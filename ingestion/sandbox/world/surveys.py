"""What customers answer in surveys: the quarterly relationship one, the contact one.

Holds the draw of responses with what they carry of the person and the ticket. Does
not hold questions or JSON (`ingestion.sandbox.typeform`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import NO_MAIL, People
from ingestion.sandbox.world.ratings import Outcome
from ingestion.sandbox.world.tickets import ORDINARY, Tickets
from ingestion.sandbox.world.timeline import (
    DAY,
    HOUR,
    NEVER,
    Array,
    Span,
    after_price_change,
    in_outage,
)

# Whose address a response carries.
NOBODYS, STRANGERS, OWN = range(3)
_CAMPAIGN_DAYS = 91


@dataclass(frozen=True)
class Responses:
    """Responses to one form in the order in which they came in.

    `submitted` is 0 for those never sent off; `came` is when the vendor first knew
    of the row as it is. `ticket` is a row of tickets or -1. The answers are -1 when
    the question was left out. `token` holds two 64-bit numbers per row.
    """

    person: Array
    ticket: Array
    landed: Array
    submitted: Array
    came: Array
    score: Array
    effort: Array
    has_comment: Array
    sender: Array
    token: Array

    def __len__(self) -> int:
        return len(self.person)


def draw_relationship(
    rng: np.random.Generator, span: Span, people: People
) -> Responses:
    """Draw answers to the NPS question: a campaign per quarter, one in six answers."""
    parts = []
    campaigns = np.arange(span.start + 20 * DAY, span.end, _CAMPAIGN_DAYS * DAY)
    for sent in campaigns + 9 * HOUR:
        known = people.signed_up <= sent
        asked = known & (rng.random(len(people)) < 0.17)
        parts.append((np.flatnonzero(asked), int(sent)))
    person = np.concatenate([rows for rows, _ in parts])
    sent_at = np.repeat([sent for _, sent in parts], [len(rows) for rows, _ in parts])
    delay = DAY * np.exp(rng.normal(-0.2, 1.0, len(person)))
    submitted = sent_at + delay.astype(np.int64)
    opinion = 8.65 + 1.7 * people.satisfaction[person]
    opinion = opinion + rng.normal(0.0, 1.1, len(person))
    opinion = opinion - 1.1 * in_outage(span, submitted, tail_days=30)
    opinion = opinion - 0.6 * after_price_change(span, submitted, days=60)
    score = np.clip(np.rint(opinion), 0, 10).astype(np.int8)
    nowhere = np.full(len(person), -1, dtype=np.int64)
    columns = {"person": person, "ticket": nowhere, "submitted": submitted}
    columns |= {"score": score, "effort": nowhere.astype(np.int8)}
    return _complete(rng, span, people, columns)


def draw_contact(
    rng: np.random.Generator,
    span: Span,
    people: People,
    tickets: Tickets,
    outcome: Outcome,
) -> Responses:
    """Draw answers about solved tickets: satisfaction 1 to 5 and ease 1 to 7."""
    asked = (outcome.solved < NEVER) & (tickets.fate == ORDINARY)
    ticket = np.flatnonzero(asked & (rng.random(len(tickets)) < 0.16))
    count = len(ticket)
    delay = (6 * HOUR * np.exp(rng.normal(0.0, 1.1, count))).astype(np.int64) + 120
    feeling = outcome.feeling[ticket]
    satisfaction = np.rint(4.3 + 0.9 * feeling + rng.normal(0.0, 0.6, count))
    ease = np.rint(5.8 + 1.1 * feeling + rng.normal(0.0, 0.9, count))
    score = np.clip(satisfaction, 1, 5).astype(np.int8)
    effort = np.clip(ease, 1, 7).astype(np.int8)
    score[rng.random(count) < 0.03] = -1
    effort[rng.random(count) < 0.12] = -1
    columns = {
        "person": tickets.person[ticket],
        "ticket": np.where(rng.random(count) < 0.03, -1, ticket),
        "submitted": outcome.solved[ticket] + delay,
        "score": score,
        "effort": effort,
    }
    return _complete(rng, span, people, columns)


def _complete(
    rng: np.random.Generator, span: Span, people: People, columns: dict[str, Array]
) -> Responses:
    """Add senders, comments, unfinished responses and tokens; sort by time."""
    count = len(columns["person"])
    submitted = columns["submitted"]
    columns["landed"] = submitted - rng.integers(20, 400, count)
    columns["has_comment"] = rng.random(count) < 0.45
    draw = rng.random(count)
    sender = np.where(draw < 0.04, NOBODYS, np.where(draw < 0.07, STRANGERS, OWN))
    mute = people.mail[columns["person"]] == NO_MAIL
    columns["sender"] = np.where(mute, NOBODYS, sender)
    unfinished = rng.random(count) < 0.14
    columns["submitted"] = np.where(unfinished, 0, submitted)
    columns["came"] = np.where(unfinished, columns["landed"] + HOUR, submitted)
    columns["token"] = rng.integers(0, 2**64, (count, 2), dtype=np.uint64)
    kept = np.flatnonzero(columns["came"] <= span.end)
    order = kept[np.argsort(columns["came"][kept], kind="stable")]
    return Responses(**{name: values[order] for name, values in columns.items()})
