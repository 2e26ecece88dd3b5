"""The CRM's part of the world, put together.

Holds the order of the draws and what follows from deals for their buyers. Does not
hold state as of an instant: renderers derive that from the columns and the clock.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.companies import Companies, draw_companies
from ingestion.sandbox.world.crm.contacts import Contacts, draw_contacts
from ingestion.sandbox.world.crm.deals import Deals, draw_deals
from ingestion.sandbox.world.crm.feedback import Submissions, draw_submissions
from ingestion.sandbox.world.crm.lifecycles import Lifecycles, draw_lifecycles
from ingestion.sandbox.world.crm.links import (
    Links,
    contact_companies,
    deal_companies,
    deal_contacts,
    touch_contacts,
)
from ingestion.sandbox.world.crm.lives import Lives, before
from ingestion.sandbox.world.crm.owners import Owners, draw_owners
from ingestion.sandbox.world.crm.stages import first_entry
from ingestion.sandbox.world.crm.touches import KINDS, Touches, draw_touches
from ingestion.sandbox.world.identities import Identities
from ingestion.sandbox.world.people import Organizations, People
from ingestion.sandbox.world.timeline import NEVER, Array, Span


@dataclass(frozen=True)
class Standing:
    """When each contact or company got an opportunity and became a customer."""

    opportunity: Array
    customer: Array


@dataclass(frozen=True)
class Crm:
    """Everything that the CRM knows.

    Attributes:
        touches: By `calls`, `meetings`, `emails` and `notes`.
        submissions: Answers to the CRM's own surveys.
        links: By the streams that tell them, such as `contact_companies`.
        standing: Of `contacts` and `companies`.
        lives: Of every kind of object.
        lifecycles: Of contacts.
    """

    owners: Owners
    companies: Companies
    contacts: Contacts
    deals: Deals
    touches: dict[str, Touches]
    submissions: Submissions
    links: dict[str, Links]
    standing: dict[str, Standing]
    lives: dict[str, Lives]
    lifecycles: Lifecycles


def draw_crm(  # noqa: PLR0913, PLR0917 - one argument per part that it rests on
    seed: np.random.SeedSequence,
    later_seed: np.random.SeedSequence,
    span: Span,
    people: People,
    identities: Identities,
    organizations: Organizations,
) -> Crm:
    """Draw the CRM around the customers that there are.

    Args:
        seed: Source of owners, companies, contacts, deals and their links.
        later_seed: Source of what came to the story later, so that the rest stays.
        span: The story's span.
        people: The customers.
        identities: How the systems know them.
        organizations: Their companies.
    """
    later = [np.random.default_rng(part) for part in later_seed.spawn(3)]
    rngs = [np.random.default_rng(part) for part in seed.spawn(5)]
    owners = draw_owners(rngs[0], span, len(people))
    companies = draw_companies(rngs[1], span, organizations, owners)
    contacts = draw_contacts(rngs[2], span, people, identities, companies, owners)
    deals = draw_deals(rngs[3], span, people, companies, contacts, owners)
    links = {
        "contact_companies": contact_companies(contacts, companies),
        "deal_contacts": deal_contacts(rngs[4], span, deals, contacts),
        "deal_companies": deal_companies(rngs[4], span, deals, companies),
    }
    touches = {kind: draw_touches(later[1], span, deals, kind) for kind in KINDS}
    submissions = draw_submissions(later[2], span, people, contacts)
    # Kind of object -> what there is of it, and the stream that tells its contacts.
    noted: dict[str, tuple[Touches | Submissions, str]] = {
        "feedback_submissions": (submissions, "feedback_submission_contacts"),
        **{kind: (touches[kind], f"{kind[:-1]}_contacts") for kind in KINDS},
    }
    links |= {
        stream: touch_contacts(each.contact, each.created, each.archived, contacts)
        for each, stream in noted.values()
    }
    standing = {
        "companies": _standing(deals, links["deal_companies"], len(companies)),
        "contacts": _contacts_standing(people, contacts, deals, links),
    }
    return Crm(
        owners=owners,
        companies=companies,
        contacts=contacts,
        deals=deals,
        touches=touches,
        submissions=submissions,
        links=links,
        standing=standing,
        lives={
            "contacts": _contact_lives(contacts, standing["contacts"], links),
            "companies": _company_lives(companies, standing["companies"]),
            "deals": _deal_lives(deals, links),
            **{
                kind: each.lives(links[stream].touches)
                for kind, (each, stream) in noted.items()
            },
        },
        lifecycles=draw_lifecycles(
            later[0],
            contacts.created,
            contacts.qualified,
            standing["contacts"].opportunity,
            standing["contacts"].customer,
        ),
    )


def _standing(deals: Deals, links: Links, count: int) -> Standing:
    opportunity = np.full(count, NEVER, dtype=np.int64)
    customer = opportunity.copy()
    np.minimum.at(opportunity, links.high, links.since)
    won = np.maximum(first_entry(deals.visits, pipe.WON)[links.low], links.since)
    # What was won before the link was made, or after it ended, does not count.
    won = np.where(won < links.until, won, NEVER)
    np.minimum.at(customer, links.high, won)
    return Standing(opportunity, customer)


def _contacts_standing(
    people: People, contacts: Contacts, deals: Deals, links: dict[str, Links]
) -> Standing:
    by_deals = _standing(deals, links["deal_contacts"], len(contacts))
    is_person = (contacts.person >= 0) & (contacts.merged_into < 0)
    joined = np.maximum(people.signed_up[contacts.person], contacts.created)
    joined = np.where(is_person, joined, NEVER)
    customer = np.minimum(by_deals.customer, joined)
    return Standing(by_deals.opportunity, before(contacts.archived, customer))


def _contact_lives(
    contacts: Contacts, standing: Standing, links: dict[str, Links]
) -> Lives:
    rows = np.arange(len(contacts))
    instants = (
        contacts.edited,
        contacts.qualified,
        *contacts.campaigns,
        standing.opportunity,
        standing.customer,
    )
    touches = [(rows, when) for when in instants]
    touches += links["contact_companies"].touches
    return Lives.of(contacts.created, contacts.archived, contacts.merged_into, touches)


def _company_lives(companies: Companies, standing: Standing) -> Lives:
    rows = np.arange(len(companies))
    instants = (companies.edited, standing.opportunity, standing.customer)
    touches = [(rows, when) for when in instants]
    return Lives.of(
        companies.created, companies.archived, companies.merged_into, touches
    )


def _deal_lives(deals: Deals, links: dict[str, Links]) -> Lives:
    touches = [
        (np.arange(len(deals)), deals.edited),
        (deals.visits.deal, deals.visits.when),
        *links["deal_contacts"].touches,
        *links["deal_companies"].touches,
    ]
    nowhere = np.full(len(deals), -1)
    return Lives.of(deals.created, deals.archived, nowhere, touches)
