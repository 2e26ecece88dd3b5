"""The values of all properties of objects at an instant.

Holds what each property says; all are text or nothing. Does not hold which of them an
answer has (`properties.py`) nor the records around them (`records.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ingestion.sandbox.hubspot.deal_values import deal_values
from ingestion.sandbox.hubspot.histories import contact_changes
from ingestion.sandbox.hubspot.ids import (
    COMPANIES,
    CONTACTS,
    DEALS,
    object_id,
)
from ingestion.sandbox.hubspot.properties import CREATED, MODIFIED
from ingestion.sandbox.hubspot.property_lists import LIFECYCLE
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.hubspot.touch_values import TOUCH_WRITERS, owner_text
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.world import names
from ingestion.sandbox.world.crm.companies import COUNTRIES
from ingestion.sandbox.world.crm.contacts import (
    OPTED_OUT,
    OWNER_CHANGED,
    PHONE_ADDED,
    STATUS_SET,
)
from ingestion.sandbox.world.people import ENGLISH
from ingestion.sandbox.world.timeline import Array

Values = dict[str, str | None]


def values_of(snapshot: Snapshot, kind: str, rows: Array) -> list[Values]:
    """Give all properties of some rows."""
    if not len(rows):
        return []
    shelf = snapshot.shelf(kind)
    created = iso_with_milliseconds(shelf.created[rows])
    updated = iso_with_milliseconds(shelf.updated[rows])
    every = _WRITERS[kind](snapshot, rows)
    for row, values, made, changed in zip(
        rows.tolist(), every, created, updated, strict=True
    ):
        values["hs_object_id"] = str(object_id(kind, row))
        values[CREATED[kind]] = made
        values[MODIFIED[kind]] = changed
        values["hs_merged_object_ids"] = _joined(
            str(object_id(kind, loser)) for loser in shelf.merges.get(row, [])
        )
    return every


def _contact_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    contacts, directory = snapshot.crm.contacts, snapshot.world.crm_directory
    workplaces, clock = snapshot.workplaces, snapshot.clock
    merges = snapshot.shelf(CONTACTS).merges
    stages = [
        LIFECYCLE[changes[-1].stage] for changes in contact_changes(snapshot, rows)
    ]
    edits = _seen(contacts.edit[rows], contacts.edited[rows], clock)
    waves = (contacts.campaigns[:, rows] <= clock).sum(axis=0).tolist()
    owners = contacts.owner[rows].tolist()
    countries = _countries(snapshot, rows)
    written: list[Values] = []
    for row, stage, edit, wave, owner, country in zip(
        rows.tolist(), stages, edits, waves, owners, countries, strict=True
    ):
        first, last = directory.contact_names(row)
        company = workplaces.get(row)
        others = [directory.additional_address(row)]
        others += [directory.contact_address(loser) for loser in merges.get(row, [])]
        owned = _next_owner(snapshot, owner) if edit == OWNER_CHANGED else owner
        written.append(
            {
                "email": directory.contact_address(row),
                "hs_additional_emails": _joined(each for each in others if each),
                "firstname": first,
                "lastname": last,
                "company": None if company is None else directory.company(company),
                "phone": directory.phone(row) if row % 4 == 0 else None,
                "mobilephone": directory.phone(row) if edit == PHONE_ADDED else None,
                "country": country,
                "lifecyclestage": stage,
                "hs_lead_status": "CONNECTED" if edit == STATUS_SET else "NEW",
                "associatedcompanyid": (
                    None if company is None else str(object_id(COMPANIES, company))
                ),
                "hs_email_optout": "true" if edit == OPTED_OUT else None,
                "northlight_campaign": _CAMPAIGNS[wave],
                "hubspot_owner_id": owner_text(owned),
            }
        )
    return written


_COUNTRIES = (None, "Germany", "France", "Spain")
_CAMPAIGNS = (None, "spring", "summer")


def _company_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    companies, directory = snapshot.crm.companies, snapshot.world.crm_directory
    merges = snapshot.shelf(COMPANIES).merges
    edited = (companies.edited[rows] <= snapshot.clock).tolist()
    written: list[Values] = []
    for row, stage, trade, country, employees, owner, is_edited in zip(
        rows.tolist(),
        _company_stages(snapshot, rows),
        companies.trade[rows].tolist(),
        companies.country[rows].tolist(),
        companies.employees[rows].tolist(),
        companies.owner[rows].tolist(),
        edited,
        strict=True,
    ):
        staff = employees + employees // 5 + 1 if is_edited else employees
        losers = merges.get(row, [])
        written.append(
            {
                "name": directory.company(row),
                "domain": directory.domain(row),
                "hs_additional_domains": _joined(
                    [*directory.more_domains(row), *map(directory.domain, losers)]
                ),
                "country": COUNTRIES[country],
                "industry": names.TRADE[trade].upper(),
                "annualrevenue": str(staff * 87_500) if row % 3 else None,
                "numberofemployees": str(staff),
                "lifecyclestage": stage,
                "hubspot_owner_id": owner_text(owner),
            }
        )
    return written


def _deal_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    written = deal_values(snapshot, rows)
    owners = snapshot.crm.deals.owner[rows].tolist()
    for values, owner in zip(written, owners, strict=True):
        values["hubspot_owner_id"] = owner_text(owner)
    return written


_WRITERS: dict[str, Callable[[Snapshot, Array], list[Values]]] = {
    CONTACTS: _contact_values,
    COMPANIES: _company_values,
    DEALS: _deal_values,
    **TOUCH_WRITERS,
}


def _company_stages(snapshot: Snapshot, rows: Array) -> list[str]:
    """Give the lifecycle stage of companies; it never goes back."""
    standing, clock = snapshot.crm.standing[COMPANIES], snapshot.clock
    customer = (standing.customer[rows] <= clock).tolist()
    opportunity = (standing.opportunity[rows] <= clock).tolist()
    return [
        "customer" if won else "opportunity" if wants else "lead"
        for won, wants in zip(customer, opportunity, strict=True)
    ]


def _countries(snapshot: Snapshot, rows: Array) -> list[str | None]:
    person = snapshot.crm.contacts.person[rows]
    language = np.where(person >= 0, snapshot.world.people.language[person], ENGLISH)
    return [_COUNTRIES[place] for place in language.tolist()]


def _seen(edit: Array, edited: Array, clock: int) -> list[int]:
    """Give what the edits did that were made by now, -1 for the others."""
    return [
        what if when <= clock else -1
        for what, when in zip(edit.tolist(), edited.tolist(), strict=True)
    ]


def _next_owner(snapshot: Snapshot, owner: int) -> int:
    return (owner + 1) % len(snapshot.crm.owners)


def _joined(texts: Iterable[str]) -> str | None:
    return ";".join(texts) or None
