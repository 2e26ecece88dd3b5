"""Which records of the CRM belong together, and for how long.

Holds the links between contacts, companies and deals. Does not hold how a link is
labelled. Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm.companies import Companies
from ingestion.sandbox.world.crm.contacts import Contacts
from ingestion.sandbox.world.crm.deals import Deals, second_buyers
from ingestion.sandbox.world.crm.lives import Touch, some_day, sometimes
from ingestion.sandbox.world.timeline import NEVER, Array, Span


@dataclass(frozen=True)
class Links:
    """Links from records of one kind to records of another, each for a time.

    `until` is when it was removed or one of its ends was archived, or NEVER.
    """

    low: Array
    high: Array
    since: Array
    until: Array
    is_primary: Array

    def __len__(self) -> int:
        return len(self.low)

    @property
    def touches(self) -> list[Touch]:
        """When the records that links start from were changed by them."""
        return [(self.low, self.since), (self.low, self.until)]


def contact_companies(contacts: Contacts, companies: Companies) -> Links:
    """Link contacts to where they work."""
    first = np.flatnonzero(contacts.company >= 0)
    second = np.flatnonzero(contacts.second >= 0)
    low = np.concatenate([first, second])
    high = np.concatenate([contacts.company[first], contacts.second[second]])
    left = np.concatenate([contacts.left[first], np.full(len(second), NEVER)])
    return _links(
        (low, high),
        np.maximum(contacts.created[low], companies.created[high]),
        (left, contacts.archived[low], companies.archived[high]),
        np.arange(len(low)) < len(first),
    )


def deal_contacts(
    rng: np.random.Generator, span: Span, deals: Deals, contacts: Contacts
) -> Links:
    """Link deals to who takes part; some of the second ones drop out again."""
    first = np.flatnonzero(deals.buyer >= 0)
    other = second_buyers(rng, deals, contacts)
    second = np.flatnonzero(other >= 0)
    low = np.concatenate([first, second])
    high = np.concatenate([deals.buyer[first], other[second]])
    out = sometimes(rng, 0.4, some_day(rng, span, deals.created[second]))
    out = np.concatenate([np.full(len(first), NEVER), out])
    return _links(
        (low, high),
        np.maximum(deals.created[low], contacts.created[high]),
        (out, deals.archived[low], contacts.archived[high]),
        np.zeros(len(low), dtype=bool),
    )


def deal_companies(
    rng: np.random.Generator, span: Span, deals: Deals, companies: Companies
) -> Links:
    """Link deals to who buys; some have a partner too, added later."""
    first = np.flatnonzero(deals.company >= 0)
    partner = rng.integers(0, companies.organizations, len(deals))
    has_partner = (rng.random(len(deals)) < 0.06) & (partner != deals.company)
    second = np.flatnonzero(has_partner & (deals.company >= 0))
    low = np.concatenate([first, second])
    high = np.concatenate([deals.company[first], partner[second]])
    joined = some_day(rng, span, deals.created[second])
    since = np.concatenate([deals.created[first], joined])
    return _links(
        (low, high),
        np.maximum(since, companies.created[high]),
        (deals.archived[low], companies.archived[high]),
        np.arange(len(low)) < len(first),
    )


def touch_contacts(
    rows: Array, created: Array, archived: Array, contacts: Contacts
) -> Links:
    """Link what somebody did with a contact to it.

    Args:
        rows: The contact of each record, -1 for none.
        created: When each record was made.
        archived: When it was deleted, or NEVER.
        contacts: The contacts.
    """
    low = np.flatnonzero(rows >= 0)
    high = rows[low]
    return _links(
        (low, high),
        np.maximum(created[low], contacts.created[high]),
        (archived[low], contacts.archived[high]),
        np.zeros(len(low), dtype=bool),
    )


def _links(
    ends: tuple[Array, Array], since: Array, over: tuple[Array, ...], primary: Array
) -> Links:
    until = np.minimum.reduce(over)
    # A link that would end before it began was never made.
    made = since < until
    low, high = ends
    return Links(low[made], high[made], since[made], until[made], primary[made])
