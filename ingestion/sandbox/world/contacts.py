"""How the helpdesk's records and the survey responses name and address people.

Holds the text that depends on a record and its person. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.sandbox.world import names
from ingestion.sandbox.world.people import (
    COMPANY_MAIL,
    DOTLESS,
    GMAIL,
    NO_MAIL,
    PLAIN,
    PLUS,
    ROLE_MAIL,
    UPPER,
    Organizations,
    People,
)
from ingestion.sandbox.world.surveys import NOBODYS, STRANGERS
from ingestion.sandbox.world.users import Staff, Users

COMPANY_DOMAIN = "northlight.example"


@dataclass(frozen=True)
class _Columns:
    """Columns as plain lists: one value of those costs a fraction of an array's."""

    user_person: list[int]
    user_company: list[int]
    is_duplicate: list[bool]
    without_mail: list[bool]
    first: list[int]
    last: list[int]
    mail: list[int]
    company: list[int]
    survey_form: list[int]
    company_name: list[int]
    company_trade: list[int]
    company_role: list[int]


class Directory:
    """Names, addresses and phone numbers of everybody."""

    def __init__(
        self, users: Users, people: People, companies: Organizations, staff: Staff
    ) -> None:
        self._agents = staff.agents
        self._columns = _Columns(
            user_person=users.person.tolist(),
            user_company=users.organization.tolist(),
            is_duplicate=users.is_duplicate.tolist(),
            without_mail=users.without_mail.tolist(),
            first=people.first.tolist(),
            last=people.last.tolist(),
            mail=people.mail.tolist(),
            company=people.organization.tolist(),
            survey_form=people.survey_form.tolist(),
            company_name=companies.name.tolist(),
            company_trade=companies.trade.tolist(),
            company_role=companies.role.tolist(),
        )

    def company(self, row: int) -> str:
        """Write a company's name; the number keeps it unique."""
        columns = self._columns
        name = names.COMPANY[columns.company_name[row]]
        return f"{name} {names.TRADE[columns.company_trade[row]]} {row + 1}"

    def domain(self, row: int) -> str:
        """Write a company's mail domain."""
        columns = self._columns
        name = names.COMPANY[columns.company_name[row]]
        trade = names.TRADE[columns.company_trade[row]]
        return f"{name}-{trade}{row + 1}.example".lower()

    def role_address(self, company: int) -> str:
        """Write the address of the mailbox that several people at a company share."""
        role = names.ROLES[self._columns.company_role[company]]
        return f"{role}@{self.domain(company)}"

    def user_name(self, row: int) -> str:
        """Write the name on a record of the helpdesk."""
        columns = self._columns
        if row <= self._agents:
            first, last = _staff_names(row)
            return f"{names.FIRST[first]} {names.LAST[last]}"
        person = columns.user_person[row]
        if person < 0:
            return self.company(columns.user_company[row])
        first_name = names.FIRST[columns.first[person]]
        if columns.is_duplicate[row]:
            return first_name
        return f"{first_name} {names.LAST[columns.last[person]]}"

    def user_address(self, row: int) -> str | None:
        """Write the address on a record of the helpdesk, None without one."""
        columns = self._columns
        if row <= self._agents:
            return _staff_address(row)
        person = columns.user_person[row]
        if person < 0:
            return self.role_address(columns.user_company[row])
        if columns.without_mail[row]:
            return None
        form = PLAIN
        if columns.is_duplicate[row]:
            form = DOTLESS if columns.mail[person] == GMAIL else PLUS
        return self._address(person, form)

    def user_phone(self, row: int) -> str | None:
        """Write the phone number that belongs to a record."""
        if row <= self._agents:
            return None
        person = self._columns.user_person[row]
        number = person if person >= 0 else 5_000_000 + self._columns.user_company[row]
        return f"+1555{number:07d}"

    def sender_address(self, person: int, sender: int, row: int) -> str | None:
        """Write the address that a person's survey response carries, if any."""
        if sender == NOBODYS:
            return None
        if sender == STRANGERS:
            return f"visitor{row + 1}@elsewhere.example"
        return self._address(person, self._columns.survey_form[person])

    def survey_address(self, person: int) -> str | None:
        """Write a person's address as the person writes it into surveys."""
        return self._address(person, self._columns.survey_form[person])

    def person_name(self, person: int) -> str:
        """Write a person's full name."""
        columns = self._columns
        first, last = columns.first[person], columns.last[person]
        return f"{names.FIRST[first]} {names.LAST[last]}"

    def person_address(self, person: int) -> str | None:
        """Write a person's address, None without one."""
        return self._address(person, PLAIN)

    def _address(self, person: int, form: int) -> str | None:
        columns = self._columns
        kind, company = columns.mail[person], columns.company[person]
        if kind == NO_MAIL:
            return None
        if kind == ROLE_MAIL:
            written = self.role_address(company)
            return written.upper() if form == UPPER else written
        first = names.FIRST_LOCAL[columns.first[person]]
        last = names.LAST_LOCAL[columns.last[person]]
        dot = "" if form == DOTLESS else "."
        tag = "+survey" if form == PLUS else ""
        if kind == COMPANY_MAIL:
            domain = self.domain(company)
        else:
            place = 0 if kind == GMAIL else 1 + person % 2
            domain = names.FREEMAIL[place]
        written = f"{first}{dot}{last}{person + 1}{tag}@{domain}"
        return written.title() if form == UPPER else written


def _staff_names(row: int) -> tuple[int, int]:
    return (7 * row + 3) % len(names.FIRST), (11 * row + 5) % len(names.LAST)


def _staff_address(row: int) -> str:
    if row == 0:
        return f"admin@{COMPANY_DOMAIN}"
    first, last = _staff_names(row)
    return f"{names.FIRST_LOCAL[first]}.{names.LAST_LOCAL[last]}{row}@{COMPANY_DOMAIN}"
