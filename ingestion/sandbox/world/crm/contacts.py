"""Contacts in the CRM: most customers, leads who never wrote, and doubles.

Holds their draw and under which address each stands. Does not hold how an address is
written (`directory.py`). Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.crm.companies import Companies
from ingestion.sandbox.world.crm.lives import (
    before,
    between,
    some_day,
    sometimes,
)
from ingestion.sandbox.world.crm.owners import Owners
from ingestion.sandbox.world.identities import Identities
from ingestion.sandbox.world.people import NO_MAIL, ROLE_MAIL, People
from ingestion.sandbox.world.timeline import DAY, HOUR, NEVER, Array, Span

# Whose address a contact carries: the helpdesk's; another one with the helpdesk's as
# an additional one; another one alone; none.
SAME, ADDED, OTHER, NONE = range(4)
# What a later edit did.
PHONE_ADDED, STATUS_SET, OPTED_OUT, OWNER_CHANGED = range(4)


@dataclass(frozen=True)
class Contacts:
    """Contacts; `person` is -1 for leads, `lead` numbers those.

    Attributes:
        company: Row of the company they belong to at first, or -1.
        second: Row of another company they work for, or -1.
        left: When they left the company, or NEVER.
        qualified: When marketing took a lead for a good one, or NEVER.
        campaigns: Two rows: when each campaign took the contact in, or NEVER.
        merged_into: The record that won, -1 for all that lost no merge.
    """

    person: Array
    first: Array
    last: Array
    mail: Array
    company: Array
    second: Array
    owner: Array
    created: Array
    edited: Array
    edit: Array
    left: Array
    qualified: Array
    campaigns: Array
    archived: Array
    merged_into: Array

    def __len__(self) -> int:
        return len(self.person)


def campaigns_of(span: Span) -> tuple[int, int]:
    """Give the instants at which many contacts are changed at once."""
    midnight = span.now - span.now % DAY
    return midnight - 40 * DAY + 9 * HOUR, midnight + 10 * DAY + 9 * HOUR


def draw_contacts(  # noqa: PLR0913, PLR0917 - one argument per part that it rests on
    rng: np.random.Generator,
    span: Span,
    people: People,
    identities: Identities,
    companies: Companies,
    owners: Owners,
) -> Contacts:
    """Draw contacts: five of six customers, one lead for eight, a few doubles."""
    known = np.flatnonzero(rng.random(len(people)) < 0.85)
    leads = max(3, len(people) // 8)
    found = between(rng, span.start, np.full(leads, span.end - DAY))
    met = people.signed_up[known] + rng.integers(-20 * DAY, 5 * DAY, len(known))
    twice = np.flatnonzero(rng.random(len(known)) < 0.05)
    twice = twice if len(twice) else np.array([0])
    again = met[twice] + rng.integers(DAY, 30 * DAY, len(twice))
    created = np.concatenate([met, found, again])
    person = np.concatenate([known, np.full(leads, -1), known[twice]])
    merged_into = np.concatenate([np.full(len(known) + leads, -1), twice])
    own = {
        "person": person,
        "created": created,
        "merged_into": merged_into,
        "mail": _mail(rng, people, identities, person, merged_into),
        "company": _company(rng, people, companies, person, merged_into),
        "archived": _archived(rng, span, created, merged_into),
    }
    names_of = rng.integers(
        0, [[len(names.FIRST)], [len(names.LAST)]], (2, len(person))
    )
    is_person = person >= 0
    own["first"] = np.where(is_person, people.first[person], names_of[0])
    own["last"] = np.where(is_person, people.last[person], names_of[1])
    return Contacts(**own, **_changes(rng, span, companies, owners, own))


def _mail(
    rng: np.random.Generator,
    people: People,
    identities: Identities,
    person: Array,
    merged_into: Array,
) -> Array:
    draw = rng.random(len(person))
    mail = np.where(draw < 0.05, ADDED, np.where(draw < 0.08, OTHER, SAME))
    is_person = person >= 0
    kind = people.mail[person]
    # A mailbox that several share can belong to one contact only.
    shared = is_person & (kind == ROLE_MAIL)
    rows = np.flatnonzero(shared & (merged_into < 0))
    _, places = np.unique(people.organization[person[rows]], return_index=True)
    is_first = np.zeros(len(person), dtype=bool)
    is_first[rows[places]] = True
    mail = np.where(shared, np.where(is_first, SAME, NONE), mail)
    # Nor can a family's: it is the one's whose name it bears.
    is_guest = is_person & (identities.mailbox[person] != person)
    other = np.where(identities.has_second[person], OTHER, NONE)
    mail = np.where(is_guest, other, mail)
    mail = np.where(is_person & (kind == NO_MAIL), NONE, mail)
    mail = np.where(is_person, mail, SAME)
    return np.where((merged_into >= 0) & (mail != NONE), OTHER, mail)


def _company(
    rng: np.random.Generator,
    people: People,
    companies: Companies,
    person: Array,
    merged_into: Array,
) -> Array:
    count = len(person)
    prospect = companies.organizations + rng.integers(0, companies.prospects, count)
    prospect = np.where(rng.random(count) < 0.7, prospect, -1)
    at_work = np.where(person >= 0, people.organization[person], prospect)
    return np.where(merged_into >= 0, -1, at_work)


def _archived(
    rng: np.random.Generator, span: Span, created: Array, merged_into: Array
) -> Array:
    is_loser = merged_into >= 0
    when = some_day(rng, span, created)
    gone = sometimes(rng, 0.03, when)
    gone[merged_into[is_loser]] = NEVER
    gone = np.where(is_loser, when, gone)
    # What would be made after the end of the story never is.
    return np.where(created < span.end, gone, NEVER)


def _changes(
    rng: np.random.Generator,
    span: Span,
    companies: Companies,
    owners: Owners,
    own: dict[str, Array],
) -> dict[str, Array]:
    """Draw what happens to contacts later on."""
    created, company, end = own["created"], own["company"], own["archived"]
    count = len(created)
    edited = created + rng.integers(5 * DAY, 400 * DAY, count)
    taken = rng.random((2, count)) < 0.4
    when = np.array(campaigns_of(span))[:, None]
    other = rng.integers(0, companies.organizations, count)
    has_second = (company >= 0) & (rng.random(count) < 0.04) & (other != company)
    left = sometimes(rng, 0.06, some_day(rng, span, created))
    is_lead = (own["person"] < 0) & (rng.random(count) < 0.4)
    qualified = created + rng.integers(DAY, 60 * DAY, count)
    return {
        "edited": before(end, sometimes(rng, 0.35, edited)),
        "edit": rng.choice(4, count, p=[0.35, 0.3, 0.2, 0.15]),
        "campaigns": before(end, np.where(taken & (created < when), when, NEVER)),
        "second": np.where(has_second, other, -1),
        "left": np.where(company >= 0, left, NEVER),
        "qualified": before(end, np.where(is_lead, qualified, NEVER)),
        "owner": np.where(
            rng.random(count) < 0.15, -1, rng.integers(0, len(owners), count)
        ),
    }
