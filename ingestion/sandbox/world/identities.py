"""How systems know people: spellings, second addresses, shared and reused telephones.

Holds what keeps the records of one person apart and makes those of two look alike, by
person and system. Does not hold the text of a name or an address (`names.py`,
`contacts.py`) nor which records there are.
Tests: tests/ingestion/sandbox/test_identities.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.people import FREE_MAIL, GMAIL, People
from ingestion.sandbox.world.timeline import Array

HELPDESK, CRM, FORMS, MAILINGS, REVIEWS = range(5)
# Which address a system has of a person.
MAIN, SECOND, MISTYPED = range(3)

# By system: the share of each way to write a name, the rest being as it should be.
_SPELLINGS: tuple[dict[int, float], ...] = (
    {
        names.NICKNAME: 0.06,
        names.INITIAL: 0.04,
        names.MISSPELT: 0.03,
        names.LOWER: 0.06,
        names.REVERSED: 0.02,
        names.UNACCENTED: 0.05,
        names.MAILBOX: 0.08,
    },
    {
        names.NICKNAME: 0.05,
        names.INITIAL: 0.02,
        names.MISSPELT: 0.03,
        names.LOWER: 0.02,
        names.UNACCENTED: 0.06,
    },
    {},
    {names.NICKNAME: 0.04, names.MISSPELT: 0.02, names.UNACCENTED: 0.08},
    {
        names.NICKNAME: 0.10,
        names.LOWER: 0.05,
        names.FIRST_ONLY: 0.25,
        names.ABBREVIATED: 0.25,
    },
)
# By system: how often it has the second address, and how often a mistyped one.
_ADDRESSES = ((0.0, 0.0), (0.0, 0.015), (0.25, 0.02), (0.10, 0.0), (0.30, 0.01))
_HAS_SECOND = (0.15, 0.40)
_IN_HOUSEHOLDS, _SHARE_MAILBOX, _SHARE_NAME, _SHARE_PHONE = 0.10, 0.4, 0.85, 0.6
_REUSED, _RENAMED = 0.015, 0.025
_TWO_DOMAINS, _AT_SECOND = 0.2, 0.4


@dataclass(frozen=True)
class Identities:
    """What the systems have of people, by person, and of companies' domains.

    Attributes:
        spelling: A row per system: how it writes the person's name.
        address: A row per system: which address it has.
        has_second: Who uses a second address.
        former: The last name until it changed, or -1; old records and addresses at
            work still bear it.
        household: The first person of the household, -1 for who lives alone.
        mailbox: Whose mailbox the person uses: the own one for nearly all.
        phone: Whose number the person has: the own one for most; shared in
            households, and some took over a stranger's.
        at_second_domain: Whose address at work is at the company's second domain.
        has_two_domains: By company, whether it has a second domain.
    """

    spelling: Array
    address: Array
    has_second: Array
    former: Array
    household: Array
    mailbox: Array
    phone: Array
    at_second_domain: Array
    has_two_domains: Array


def draw_identities(
    rng: np.random.Generator, people: People, companies: int
) -> tuple[People, Identities]:
    """Draw how people are known; who lives together may come to share a name.

    Returns:
        The people with the names and mailboxes of their households, and the rest.
    """
    count = len(people)
    everyone = np.arange(count)
    household = _households(rng, people)
    head = np.where(household >= 0, household, everyone)
    lives_with = head != everyone
    shares_mailbox = lives_with & (rng.random(count) < _SHARE_MAILBOX)
    shares_name = lives_with & (rng.random(count) < _SHARE_NAME)
    shares_phone = lives_with & (rng.random(count) < _SHARE_PHONE)
    stranger = rng.integers(0, count, count)
    takes_over = rng.random(count) < _REUSED
    phone = np.where(takes_over, stranger, np.where(shares_phone, head, everyone))
    has_two_domains = rng.random(companies) < _TWO_DOMAINS
    at_second = has_two_domains[people.organization] & (people.organization >= 0)
    renamed = (rng.random(count) < _RENAMED) & ~lives_with
    at_work = (people.organization >= 0).astype(np.int64)
    has_second = rng.random(count) < np.array(_HAS_SECOND)[at_work]
    known = replace(
        people,
        last=np.where(shares_name, people.last[head], people.last),
        mail=np.where(shares_mailbox, people.mail[head], people.mail),
    )
    former = rng.integers(0, len(names.LAST), count)
    return known, Identities(
        spelling=np.stack([_spellings(rng, shares, count) for shares in _SPELLINGS]),
        address=np.stack([_addresses(rng, odds, has_second) for odds in _ADDRESSES]),
        has_second=has_second,
        former=np.where(renamed, former, -1),
        household=household,
        mailbox=np.where(shares_mailbox, head, everyone),
        phone=phone,
        at_second_domain=at_second & (rng.random(count) < _AT_SECOND),
        has_two_domains=has_two_domains,
    )


def _households(rng: np.random.Generator, people: People) -> Array:
    """Put some private customers together by two; the first one's row names both."""
    private = (people.organization < 0) & np.isin(people.mail, (GMAIL, FREE_MAIL))
    rows = rng.permutation(np.flatnonzero(private))
    pairs = rows[: 2 * int(_IN_HOUSEHOLDS * len(rows) / 2)].reshape(-1, 2)
    household = np.full(len(people), -1, dtype=np.int64)
    household[pairs] = pairs.min(axis=1)[:, None]
    return household


def _spellings(rng: np.random.Generator, shares: dict[int, float], count: int) -> Array:
    kinds = np.array([*shares, names.FULL], dtype=np.int8)
    bounds = np.cumsum(list(shares.values()))
    return kinds[np.searchsorted(bounds, rng.random(count), side="right")]


def _addresses(
    rng: np.random.Generator, odds: tuple[float, float], has_second: Array
) -> Array:
    draw = rng.random(len(has_second))
    second, mistyped = odds
    other = np.where(draw > 1 - mistyped, MISTYPED, MAIN)
    return np.where(has_second & (draw < second), SECOND, other).astype(np.int8)
