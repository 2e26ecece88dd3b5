"""Companies in the CRM: customers, prospects, and records that were made twice.

Holds their draw. Does not hold deals or how a company is written.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.crm.lives import between, some_day, sometimes
from ingestion.sandbox.world.crm.owners import Owners
from ingestion.sandbox.world.people import Organizations
from ingestion.sandbox.world.timeline import DAY, NEVER, Array, Span

COUNTRIES = ("Germany", "United Kingdom", "United States", "France")
CURRENCIES = ("EUR", "GBP", "USD", "EUR")


@dataclass(frozen=True)
class Companies:
    """Companies; row i below `organizations` is the helpdesk's organization i.

    After those come `prospects` that never wrote, then records that lost a merge.

    Attributes:
        owner: Row of its owner, -1 for nobody.
        edited: When somebody corrected the number of employees, or NEVER.
        merged_into: The record that won, -1 for all that lost no merge.
    """

    organizations: int
    prospects: int
    name: Array
    trade: Array
    country: Array
    employees: Array
    owner: Array
    created: Array
    edited: Array
    archived: Array
    merged_into: Array

    def __len__(self) -> int:
        return len(self.name)


def draw_companies(
    rng: np.random.Generator, span: Span, organizations: Organizations, owners: Owners
) -> Companies:
    """Draw the CRM's companies around the organizations that the helpdesk knows."""
    known = len(organizations)
    prospects = max(3, known // 2)
    twice = np.flatnonzero(rng.random(known) < 0.03)
    twice = twice if len(twice) else np.array([known - 1])
    first = organizations.created - rng.integers(30 * DAY, 90 * DAY, known)
    found = between(rng, span.start, np.full(prospects, span.end - DAY))
    again = first[twice] + rng.integers(DAY, 25 * DAY, len(twice))
    created = np.concatenate([first, found, again])
    count = len(created)
    merged_into = np.concatenate([np.full(known + prospects, -1), twice])
    archived = np.full(count, NEVER, dtype=np.int64)
    gone = sometimes(rng, 0.08, some_day(rng, span, found))
    archived[known : known + prospects] = np.where(gone < span.end, gone, NEVER)
    archived[known + prospects :] = some_day(rng, span, again)
    edited = created + rng.integers(10 * DAY, 400 * DAY, count)
    owner = rng.integers(0, len(owners), count)
    drawn = rng.integers(0, [[len(names.COMPANY)], [len(names.TRADE)]], (2, prospects))
    return Companies(
        organizations=known,
        prospects=prospects,
        name=np.concatenate([organizations.name, drawn[0], organizations.name[twice]]),
        trade=np.concatenate(
            [organizations.trade, drawn[1], organizations.trade[twice]]
        ),
        country=rng.choice(len(COUNTRIES), count, p=[0.5, 0.2, 0.2, 0.1]),
        employees=np.exp(rng.normal(4.0, 1.3, count)).astype(np.int64) + 1,
        owner=np.where(rng.random(count) < 0.08, -1, owner),
        created=created,
        edited=sometimes(rng, 0.3, edited),
        archived=archived,
        merged_into=merged_into,
    )
