"""Whom the company invites to its own surveys by mail, and what comes of it.

Holds the draw of invitations and of responses to two surveys: one on the relationship,
each quarter, and one on effort, each week after contacts. Answers follow the person's
latent satisfaction and how the contact went. Does not hold questions or JSON
(`ingestion.sandbox.qualtrics`). Tests: tests/ingestion/sandbox/test_invitations.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import ENGLISH, NO_MAIL, People
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

RELATIONSHIP, EFFORT = range(2)
# What the vendor calls the status of a response.
NORMAL, PREVIEW, TEST, SPAM = 0, 1, 2, 8
STATEMENTS = 3
_QUARTER, _WEEK = 91 * DAY, 7 * DAY


@dataclass(frozen=True)
class Invitations:
    """Invitations by survey and distribution, one per person in each.

    `distribution` counts over both surveys; `first` and `sent_at` are per distribution:
    its first row and its instant. `opened` and `started` are NEVER for what did not
    happen. `ticket` is the contact that led to the invitation, or -1.
    """

    survey: Array
    distribution: Array
    person: Array
    ticket: Array
    bounced: Array
    opened: Array
    started: Array
    first: Array
    sent_at: Array
    survey_of: Array

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Answers:
    """Responses in the order in which they were recorded.

    `invitation`, `person` and `ticket` are -1 where there is none. `finished` is false
    for one that was closed a week after it had been left. `score` becomes `score_after`
    at `modified`, NEVER for most. `satisfaction` holds 1 to 5 per statement, -1 where
    it was left out. `token` makes the id.
    """

    survey: Array
    invitation: Array
    person: Array
    ticket: Array
    started: Array
    ended: Array
    recorded: Array
    modified: Array
    finished: Array
    score: Array
    score_after: Array
    satisfaction: Array
    has_comment: Array
    status: Array
    language: Array
    is_linked: Array
    token: Array

    def __len__(self) -> int:
        return len(self.person)

    def changed(self, clock: int) -> Array:
        """Give each response's last change as known at the clock."""
        return np.where(self.modified <= clock, self.modified, self.recorded)


@dataclass(frozen=True)
class Campaigns:
    """What was sent and what came back; `answer_of` leads from this to that."""

    invitations: Invitations
    answers: Answers
    answer_of: Array


def draw_campaigns(
    rng: np.random.Generator,
    span: Span,
    people: People,
    tickets: Tickets,
    outcome: Outcome,
) -> Campaigns:
    """Draw invitations (of 100: 97 delivered, 37 opened, 14 answered) and responses."""
    invitations = _fates(rng, _sent(rng, span, people, tickets, outcome))
    answers = _answers(rng, span, people, outcome, invitations)
    answer_of = np.full(len(invitations), -1, dtype=np.int64)
    rows = np.flatnonzero(answers.invitation >= 0)
    answer_of[answers.invitation[rows]] = rows
    return Campaigns(invitations, answers, answer_of)


def _sent(
    rng: np.random.Generator,
    span: Span,
    people: People,
    tickets: Tickets,
    outcome: Outcome,
) -> dict[str, Array]:
    """Decide who is invited when: a person once per distribution at most."""
    reachable = people.mail != NO_MAIL
    person, ticket, sent_at, survey_of = [], [], [], []
    quarters = np.arange(span.start + 50 * DAY, span.end, _QUARTER) + 8 * HOUR
    for sent in quarters.tolist():
        rows = np.flatnonzero(reachable & (people.signed_up <= sent))
        person.append(rows)
        ticket.append(np.full(len(rows), -1, dtype=np.int64))
        sent_at.append(sent)
        survey_of.append(RELATIONSHIP)
    asked = (outcome.solved < NEVER) & (tickets.fate == ORDINARY)
    asked &= reachable[tickets.person] & (rng.random(len(tickets)) < 0.7)
    rows = np.flatnonzero(asked)
    rows = rows[np.argsort(outcome.solved[rows], kind="stable")]
    weeks = np.arange(span.start + _WEEK, span.end, _WEEK) + 10 * HOUR
    bounds = np.searchsorted(outcome.solved[rows], [weeks[0] - _WEEK, *weeks.tolist()])
    for sent, low, high in zip(weeks.tolist(), bounds, bounds[1:], strict=False):
        # The last contact of the week counts: unique() keeps the first of each.
        latest = rows[low:high][::-1]
        persons, places = np.unique(tickets.person[latest], return_index=True)
        if len(persons):
            person.append(persons)
            ticket.append(latest[places])
            sent_at.append(sent)
            survey_of.append(EFFORT)
    sizes = [len(rows) for rows in person]
    distribution = np.repeat(np.arange(len(sizes)), sizes)
    return {
        "survey": np.array(survey_of)[distribution],
        "distribution": distribution,
        "person": np.concatenate(person),
        "ticket": np.concatenate(ticket),
        "first": np.concatenate([[0], np.cumsum(sizes)]),
        "sent_at": np.array(sent_at, dtype=np.int64),
        "survey_of": np.array(survey_of),
    }


def _fates(rng: np.random.Generator, columns: dict[str, Array]) -> Invitations:
    """Draw which mails bounce, are opened, and lead to a response."""
    count = len(columns["person"])
    sent = columns["sent_at"][columns["distribution"]]
    bounced = rng.random(count) < 0.03
    opened = ~bounced & (rng.random(count) < 0.38)
    started = opened & (rng.random(count) < 0.41)
    opening = sent + 60 + (DAY * 0.5 * rng.exponential(1.0, count)).astype(np.int64)
    start = opening + 5 + (HOUR * rng.exponential(1.0, count)).astype(np.int64)
    return Invitations(
        **columns,
        bounced=bounced,
        opened=np.where(opened, opening, NEVER),
        started=np.where(started, start, NEVER),
    )


def _answers(
    rng: np.random.Generator,
    span: Span,
    people: People,
    outcome: Outcome,
    invitations: Invitations,
) -> Answers:
    """Draw the responses of the invited, and a few by anonymous link."""
    invited = np.flatnonzero(invitations.started < NEVER)
    strangers = 12 + len(invited) // 25
    nobody = np.full(strangers, -1, dtype=np.int64)
    moments = rng.integers(span.start + 60 * DAY, span.end, strangers)
    columns = {
        "survey": np.append(invitations.survey[invited], rng.integers(0, 2, strangers)),
        "invitation": np.append(invited, nobody),
        "person": np.append(invitations.person[invited], nobody),
        "ticket": np.append(invitations.ticket[invited], nobody),
        "started": np.append(invitations.started[invited], moments),
    }
    count = len(columns["person"])
    columns["ended"] = columns["started"] + rng.integers(25, 420, count)
    columns["finished"] = rng.random(count) < 0.9
    abandoned = np.where(columns["finished"], 0, _WEEK)
    columns["recorded"] = columns["ended"] + abandoned
    # Colleagues try the survey out by the link, and robots find it.
    odd = rng.choice([NORMAL, PREVIEW, TEST, SPAM], count, p=[0.5, 0.2, 0.1, 0.2])
    columns["status"] = np.where(columns["invitation"] < 0, odd, NORMAL)
    columns |= _opinions(rng, span, people, outcome, columns)
    order = np.argsort(columns["recorded"], kind="stable")
    order = order[columns["recorded"][order] <= span.end]
    return Answers(**{name: values[order] for name, values in columns.items()})


def _opinions(
    rng: np.random.Generator,
    span: Span,
    people: People,
    outcome: Outcome,
    columns: dict[str, Array],
) -> dict[str, Array]:
    """Draw what is answered, and what is later corrected by the support team."""
    person, ticket = columns["person"], columns["ticket"]
    count = len(person)
    mood = np.where(
        person < 0, rng.normal(0.0, 1.0, count), people.satisfaction[person]
    )
    feeling = np.where(ticket < 0, 0.5 * mood, outcome.feeling[ticket])
    struck = in_outage(span, columns["started"], tail_days=30)
    dearer = after_price_change(span, columns["started"], days=60)
    loyalty = 8.3 + 1.7 * mood + rng.normal(0.0, 1.1, count)
    loyalty = loyalty - 1.1 * struck - 0.6 * dearer
    ease = 5.8 + 1.1 * feeling + rng.normal(0.0, 0.9, count)
    is_effort = columns["survey"] == EFFORT
    low, high = np.where(is_effort, 1, 0), np.where(is_effort, 7, 10)
    score = np.clip(np.rint(np.where(is_effort, ease, loyalty)), low, high)
    noise = rng.normal(0.0, 0.7, (count, STATEMENTS))
    satisfaction = np.clip(np.rint(4.0 + 0.9 * mood[:, None] + noise), 1, 5)
    satisfaction[rng.random((count, STATEMENTS)) < 0.04] = -1
    satisfaction[~columns["finished"]] = -1
    edited = columns["finished"] & (rng.random(count) < 0.03)
    later = columns["recorded"] + rng.integers(HOUR, 20 * DAY, count)
    after = np.clip(score + rng.choice([-1, 0, 1, 2], count), low, high)
    # Nobody knows of strangers; they read what comes first.
    language = np.where(person >= 0, people.language[person], ENGLISH)
    return {
        "modified": np.where(edited, later, NEVER),
        "score": score.astype(np.int8),
        "score_after": after.astype(np.int8),
        "satisfaction": satisfaction.astype(np.int8),
        "has_comment": columns["finished"] & (rng.random(count) < 0.4),
        "language": language,
        "is_linked": (person >= 0) & (rng.random(count) < 0.6),
        "token": rng.integers(0, 2**64, count, dtype=np.uint64),
    }
