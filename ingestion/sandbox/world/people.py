"""Who the customers are: one row per person and per company, with the latent truth.

Holds the draw of people and organizations. Does not hold the helpdesk's records of
them (one person may have two of those, and several people may share one: `users.py`)
nor how names and addresses are written (`contacts.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.timeline import DAY, NEVER, Array, Span

# How a person is reached.
NO_MAIL, COMPANY_MAIL, FREE_MAIL, GMAIL, ROLE_MAIL = range(5)
# How an address is written down.
PLAIN, PLUS, DOTLESS, UPPER = range(4)
# What a person speaks.
LANGUAGES = ("en", "de", "fr", "es")
ENGLISH, GERMAN, FRENCH, SPANISH = range(len(LANGUAGES))


@dataclass(frozen=True)
class Organizations:
    """Companies; `created` and `changed` are instants, `changed` may be NEVER."""

    name: Array
    trade: Array
    role: Array
    created: Array
    changed: Array

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class People:
    """Customers as they are, whatever the systems know about them.

    `satisfaction` is the latent truth, standard normal; `survey_form` tells how the
    person writes the address into surveys; `language` is a place in `LANGUAGES`.
    """

    satisfaction: Array
    weight: Array
    organization: Array
    first: Array
    last: Array
    mail: Array
    survey_form: Array
    language: Array
    signed_up: Array

    def __len__(self) -> int:
        return len(self.satisfaction)

    @property
    def is_german(self) -> Array:
        """Who is served from Berlin."""
        return self.language == GERMAN


def draw_organizations(
    rng: np.random.Generator, span: Span, customers: int
) -> Organizations:
    """Draw about one company per eight customers."""
    count = max(3, customers // 8)
    created = span.start + rng.integers(-300 * DAY, 30 * DAY, count)
    changed = created + rng.integers(60 * DAY, 900 * DAY, count)
    return Organizations(
        name=rng.integers(0, len(names.COMPANY), count),
        trade=rng.integers(0, len(names.TRADE), count),
        role=rng.integers(0, len(names.ROLES), count),
        created=created,
        changed=np.where(rng.random(count) < 0.2, changed, NEVER),
    )


def draw_people(
    rng: np.random.Generator, span: Span, organizations: int, count: int
) -> People:
    """Draw the customers; unhappy ones write in more often."""
    satisfaction = rng.normal(0.0, 1.0, count)
    in_company = rng.random(count) < 0.6
    organization = np.where(in_company, rng.integers(0, organizations, count), -1)
    old = rng.random(count) < 0.5
    joined = span.start + (rng.random(count) * (span.end - span.start)).astype(np.int64)
    mail = _mail_kinds(rng, in_company)
    return People(
        satisfaction=satisfaction,
        weight=rng.gamma(1.3, 1.0, count) * np.exp(-0.25 * satisfaction),
        organization=organization,
        first=rng.integers(0, len(names.FIRST), count),
        last=rng.integers(0, len(names.LAST), count),
        mail=mail,
        survey_form=_survey_forms(rng, mail),
        language=_languages(rng, count),
        signed_up=np.where(old, span.start - 30 * DAY, joined),
    )


def _languages(rng: np.random.Generator, count: int) -> Array:
    shares = np.cumsum([0.12, 0.06, 0.04])
    drawn = np.searchsorted(shares, rng.random(count), side="right")
    return np.array([GERMAN, FRENCH, SPANISH, ENGLISH], dtype=np.int8)[drawn]


def _mail_kinds(rng: np.random.Generator, in_company: Array) -> Array:
    draw = rng.random(len(in_company))
    private = np.where(draw < 0.55, GMAIL, FREE_MAIL)
    at_work = np.where(draw < 0.86, COMPANY_MAIL, np.where(draw < 0.93, GMAIL, -1))
    at_work = np.where(at_work < 0, ROLE_MAIL, at_work)
    kinds = np.where(in_company, at_work, private)
    return np.where(rng.random(len(in_company)) < 0.04, NO_MAIL, kinds).astype(np.int8)


def _survey_forms(rng: np.random.Generator, mail: Array) -> Array:
    draw = rng.random(len(mail))
    forms = np.where(draw < 0.08, UPPER, np.where(draw < 0.14, PLUS, PLAIN))
    dotless = (mail == GMAIL) & (draw > 0.8)
    return np.where(dotless, DOTLESS, forms).astype(np.int8)
