"""What contacts answer in the CRM's own surveys.

Holds the draw of submissions from the satisfaction of the people behind contacts. Does
not hold the surveys of other tools (`ingestion.sandbox.world.surveys`).
Tests: tests/ingestion/sandbox/test_crm_touches.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm.contacts import Contacts
from ingestion.sandbox.world.crm.lives import Lives, between, some_day, sometimes
from ingestion.sandbox.world.people import People
from ingestion.sandbox.world.timeline import DAY, Array, Span, in_outage

NPS, CSAT, CES = range(3)
# By survey: lowest and highest score, the usual one, and how far moods carry.
_SCALES = np.array([[0, 10, 8.0, 1.7], [1, 5, 4.2, 0.9], [1, 7, 5.6, 1.1]])
_SHARE, _ANONYMOUS = 0.3, 0.06


@dataclass(frozen=True)
class Submissions:
    """Submissions in the order of their rows.

    Attributes:
        contact: Who answered, -1 where nobody knows.
        survey: Which survey it was.
        score: The answer, on that survey's scale.
        feeling: How the person felt, standard normal.
        has_comment: Whether there is a text.
        channel: A number for how the survey came.
        created: When it was submitted.
        archived: When it was deleted, mostly NEVER.
    """

    contact: Array
    survey: Array
    score: Array
    feeling: Array
    has_comment: Array
    channel: Array
    created: Array
    archived: Array

    def __len__(self) -> int:
        return len(self.contact)

    def lives(self, links: list[tuple[Array, Array]]) -> Lives:
        """Give the dates of all submissions; `links` tells when their links changed."""
        return Lives.of(self.created, self.archived, np.full(len(self), -1), links)


def draw_submissions(
    rng: np.random.Generator, span: Span, people: People, contacts: Contacts
) -> Submissions:
    """Draw answers of contacts who are customers, while they are in the CRM."""
    is_customer = (contacts.person >= 0) & (contacts.merged_into < 0)
    is_customer &= contacts.created < span.end - 2 * DAY
    contact = np.flatnonzero(is_customer & (rng.random(len(contacts)) < _SHARE))
    low = np.maximum(contacts.created[contact], span.start)
    created = between(rng, low, np.full(len(contact), span.end - DAY))
    kept = created < contacts.archived[contact]
    contact, created = contact[kept], created[kept]
    count = len(contact)
    survey = rng.integers(0, len(_SCALES), count)
    feeling = people.satisfaction[contacts.person[contact]]
    feeling = feeling - 0.8 * in_outage(span, created, tail_days=30)
    lowest, highest, usual, reach = _SCALES[survey].T
    score = np.rint(usual + reach * feeling + rng.normal(0.0, 0.6, count))
    return Submissions(
        contact=np.where(rng.random(count) < _ANONYMOUS, -1, contact),
        survey=survey,
        score=np.clip(score, lowest, highest).astype(np.int64),
        feeling=feeling,
        has_comment=rng.random(count) < 0.4,
        channel=rng.integers(0, 3, count),
        created=created,
        archived=sometimes(rng, 0.03, some_day(rng, span, created)),
    )
