"""Deals: who buys what for how much, and how it went.

Holds their draw. Does not hold the way through stages (`stages.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.companies import Companies
from ingestion.sandbox.world.crm.contacts import Contacts
from ingestion.sandbox.world.crm.lives import (
    before,
    between,
    some_day,
    sometimes,
)
from ingestion.sandbox.world.crm.owners import Owners
from ingestion.sandbox.world.crm.stages import Visits, draw_visits
from ingestion.sandbox.world.people import People
from ingestion.sandbox.world.timeline import DAY, HOUR, NEVER, Array, Span

_FAIL_SAFE = 5.0


@dataclass(frozen=True)
class Deals:
    """Deals of companies and, where `company` is -1, of a private customer.

    Attributes:
        company: Row of the buyer, or -1.
        buyer: Row of the contact who signs, or -1.
        is_new: Whether it is the buyer's first.
        cents: Amount in hundredths of its currency, -1 when nobody entered one.
        currency: Place of the company's country in `companies.CURRENCIES`.
        edited: When the amount was lowered by a tenth, or NEVER.
        visits: Its stages.
    """

    company: Array
    buyer: Array
    pipeline: Array
    is_new: Array
    cents: Array
    currency: Array
    owner: Array
    created: Array
    edited: Array
    archived: Array
    visits: Visits

    def __len__(self) -> int:
        return len(self.company)


def draw_deals(  # noqa: PLR0913, PLR0917 - one argument per part that it rests on
    rng: np.random.Generator,
    span: Span,
    people: People,
    companies: Companies,
    contacts: Contacts,
    owners: Owners,
) -> Deals:
    """Draw one first deal per customer company and others over the story."""
    company, buyer, created, is_new = _buyers(rng, span, companies, contacts)
    count = len(company)
    again = ~is_new & (rng.random(count) < 0.6)
    pipeline = np.where(again, pipe.RENEWALS, pipe.SALES)
    appeal = rng.normal(0.0, 1.0, count)
    appeal = appeal + 0.6 * _mood(people, companies)[company] * (company >= 0)
    # Customers were won once; it is how they came to be customers.
    is_customer = (company >= 0) & (company < companies.organizations)
    appeal = appeal + _FAIL_SAFE * (is_new & (is_customer | (company < 0)))
    value = np.exp(rng.normal(8.3, 0.9, count) - 0.4 * again - 1.5 * (company < 0))
    cents = np.round(value) * 100 + 50 * (rng.random(count) < 0.15)
    gone = sometimes(rng, 0.03, some_day(rng, span, created))
    gone = np.where(created < span.end, gone, NEVER)
    edited = sometimes(rng, 0.2, created + rng.integers(2 * DAY, 25 * DAY, count))
    own = rng.integers(0, len(owners), count)
    of_company = np.where(company >= 0, companies.owner[company], own)
    kept_owner = np.where(rng.random(count) < 0.8, of_company, own)
    return Deals(
        company=company,
        buyer=buyer,
        pipeline=pipeline,
        is_new=is_new,
        cents=np.where(rng.random(count) < 0.06, -1, cents.astype(np.int64)),
        currency=np.where(company >= 0, companies.country[company], 0),
        owner=kept_owner,
        created=created,
        edited=before(gone, edited),
        archived=gone,
        visits=draw_visits(rng, span, created, pipeline, appeal),
    )


def _buyers(
    rng: np.random.Generator, span: Span, companies: Companies, contacts: Contacts
) -> tuple[Array, Array, Array, Array]:
    """Draw who buys when: company, contact, instant, and whether for the first time."""
    known, prospects = companies.organizations, companies.prospects
    first = np.arange(known)
    more = np.repeat(first, rng.poisson(2.0, known))
    hoped = known + np.repeat(np.arange(prospects), rng.poisson(0.8, prospects))
    is_private = (contacts.person >= 0) & (contacts.company < 0)
    alone = np.flatnonzero(is_private & (contacts.merged_into < 0))
    alone = alone[rng.random(len(alone)) < 0.12]
    at_companies = np.concatenate([first, more, hoped])
    made = companies.created
    start = np.concatenate(
        [
            made[first] + rng.integers(2 * DAY, 15 * DAY, known),
            _late(rng, np.maximum(made[more], span.start) + 30 * DAY, span.end),
            made[hoped] + rng.integers(DAY, 60 * DAY, len(hoped)),
            contacts.created[alone] + rng.integers(HOUR, 3 * DAY, len(alone)),
        ]
    )
    company = np.concatenate([at_companies, np.full(len(alone), -1)])
    buyer = np.concatenate([_colleague(rng, contacts, at_companies), alone])
    is_new = np.ones(len(company), dtype=bool)
    is_new[known : known + len(more)] = False
    return company, buyer, start, is_new


def _late(rng: np.random.Generator, low: Array, high: int) -> Array:
    """Draw instants that grow more frequent, as business does."""
    return np.maximum(between(rng, low, high), between(rng, low, high))


def _colleague(rng: np.random.Generator, contacts: Contacts, company: Array) -> Array:
    """Draw one of each company's contacts, -1 where it has none."""
    order = np.argsort(contacts.company, kind="stable")
    sorted_companies = contacts.company[order]
    low = np.searchsorted(sorted_companies, company, "left")
    high = np.searchsorted(sorted_companies, company, "right")
    place = low + (rng.random(len(company)) * (high - low)).astype(np.int64)
    return np.where(high > low, order[np.minimum(place, len(order) - 1)], -1)


def _mood(people: People, companies: Companies) -> Array:
    """Give the mean satisfaction of each company's people, 0 without any."""
    belongs = people.organization >= 0
    places = people.organization[belongs]
    total = np.bincount(places, people.satisfaction[belongs], len(companies))
    return total / np.maximum(np.bincount(places, minlength=len(companies)), 1)


def second_buyers(rng: np.random.Generator, deals: Deals, contacts: Contacts) -> Array:
    """Draw another contact who takes part, -1 for most deals."""
    drawn = _colleague(rng, contacts, deals.company)
    drawn = np.where(rng.random(len(deals)) < 0.3, drawn, -1)
    return np.where((drawn == deals.buyer) | (deals.company < 0), -1, drawn)
