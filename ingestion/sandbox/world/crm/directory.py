"""How the CRM's records name and address people and companies.

Holds the text that depends on a record. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from ingestion.sandbox.world import names
from ingestion.sandbox.world.contacts import (
    COMPANY_DOMAIN,
    Directory,
    local_spelling,
)
from ingestion.sandbox.world.crm.book import Crm
from ingestion.sandbox.world.crm.contacts import ADDED, NONE, SAME
from ingestion.sandbox.world.identities import CRM, HELPDESK


class CrmDirectory:
    """Names, addresses and phone numbers in the CRM."""

    def __init__(self, crm: Crm, everybody: Directory) -> None:
        self._everybody = everybody
        self._organizations = crm.companies.organizations
        # Plain lists: one value of those costs a fraction of an array's.
        self._person = crm.contacts.person.tolist()
        self._first = crm.contacts.first.tolist()
        self._last = crm.contacts.last.tolist()
        self._mail = crm.contacts.mail.tolist()
        self._work = crm.contacts.company.tolist()
        self._lost_to = crm.contacts.merged_into.tolist()
        self._won_by = crm.companies.merged_into.tolist()
        self._name = crm.companies.name.tolist()
        self._trade = crm.companies.trade.tolist()
        self._owner_names = list(
            zip(crm.owners.first.tolist(), crm.owners.last.tolist(), strict=True)
        )

    def company(self, row: int) -> str:
        """Write a company's name, the same in the helpdesk; a double has its own."""
        winner = self._won_by[row]
        number = 1 + (row if winner < 0 else winner)
        name = names.COMPANY[self._name[row]]
        text = f"{name} {names.TRADE[self._trade[row]]} {number}"
        return text if winner < 0 else f"{text} Group"

    def domain(self, row: int) -> str:
        """Write a company's first domain, the same in the helpdesk."""
        winner = self._won_by[row]
        number = 1 + (row if winner < 0 else winner)
        name, trade = names.COMPANY[self._name[row]], names.TRADE[self._trade[row]]
        group = "" if winner < 0 else "-group"
        return f"{name}-{trade}{number}{group}.example".lower()

    def more_domains(self, row: int) -> list[str]:
        """Write the domains of a company besides its first."""
        known = row < self._organizations
        return self._everybody.domains(row)[1:] if known else []

    def contact_names(self, row: int) -> tuple[str, str]:
        """Give first and last name of a contact."""
        if self._person[row] >= 0:
            return self._everybody.name(self._person[row], CRM)
        return names.FIRST[self._first[row]], names.LAST[self._last[row]]

    def contact_address(self, row: int) -> str | None:
        """Write the address of a contact, None without one."""
        mail, person = self._mail[row], self._person[row]
        if mail == NONE:
            return None
        if mail == SAME and person >= 0:
            address = self._everybody.address(person, CRM)
            return address.lower() if address else None
        if person >= 0 and self._lost_to[row] < 0:
            return self._everybody.second_address(person)
        first, last = self._first[row], self._last[row]
        local = f"{names.FIRST_LOCAL[first]}.{names.LAST_LOCAL[last]}"
        if person < 0 and self._work[row] >= 0:
            return f"{local}{row + 1}@{self.domain(self._work[row])}"
        return f"{local}.c{row + 1}@{names.FREEMAIL[1 + row % 2]}"

    def additional_address(self, row: int) -> str | None:
        """Write the address that the helpdesk knows, where the CRM has it too."""
        if self._mail[row] != ADDED:
            return None
        return self._everybody.address(self._person[row], HELPDESK)

    def phone(self, row: int) -> str:
        """Write the phone number of a contact, in the manner of whoever entered it."""
        person = self._person[row]
        known = self._everybody.phone(person) if person >= 0 else f"+1556{row:07d}"
        return local_spelling(known, row // 4 % 4 % 3)

    def owner(self, row: int) -> tuple[str, str, str]:
        """Give first name, last name and address of an owner."""
        first, last = self._owner_names[row]
        local = f"{names.FIRST_LOCAL[first]}.{names.LAST_LOCAL[last]}.sales{row + 1}"
        return names.FIRST[first], names.LAST[last], f"{local}@{COMPANY_DOMAIN}"
