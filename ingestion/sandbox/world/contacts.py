"""How the systems' records name and address people.

Holds the text that depends on a record, its person and how the system knows that
person. Does not hold who is known how (`identities.py`) nor JSON.
Tests: tests/ingestion/sandbox/test_identities.py
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from ingestion.sandbox.world import names
from ingestion.sandbox.world.identities import (
    HELPDESK,
    MAIN,
    MISTYPED,
    SECOND,
    Identities,
)
from ingestion.sandbox.world.people import (
    COMPANY_MAIL,
    DOTLESS,
    FRENCH,
    GERMAN,
    GMAIL,
    NO_MAIL,
    PLAIN,
    PLUS,
    ROLE_MAIL,
    SPANISH,
    UPPER,
    Organizations,
    People,
)
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.surveys import NOBODYS, STRANGERS
from ingestion.sandbox.world.users import Users

COMPANY_DOMAIN = "northlight.example"
BOT_NAME = "Northlight Bot"
# By language: country code and the length of what follows. None of these numbers is
# ever anybody's: the ranges are reserved, unassigned or not geographic.
_PHONES = {GERMAN: ("+4932", 9), FRENCH: ("+33199", 6), SPANISH: ("+3455", 7)}
_PHONE = ("+1555", 7)


@dataclass(frozen=True)
class _Columns:
    """Columns of which one value costs a fraction of an array's.

    Lists, and packed ones where a list would hold a number per person and system.
    """

    user_person: list[int]
    user_company: list[int]
    is_duplicate: list[bool]
    without_mail: list[bool]
    first: list[int]
    last: list[int]
    former: list[int]
    mail: list[int]
    mailbox: array[int]
    company: list[int]
    language: bytes
    survey_form: bytes
    spelling: list[bytes]
    address: list[bytes]
    has_second: bytes
    phone: array[int]
    at_second_domain: bytes
    company_name: list[int]
    company_trade: list[int]
    company_role: list[int]
    has_two_domains: list[bool]


class Directory:
    """Names, addresses and phone numbers of everybody."""

    def __init__(
        self,
        users: Users,
        people: People,
        identities: Identities,
        companies: Organizations,
        staff: Staff,
    ) -> None:
        self._agents = staff.agents
        self._columns = _Columns(
            user_person=users.person.tolist(),
            user_company=users.organization.tolist(),
            is_duplicate=users.is_duplicate.tolist(),
            without_mail=users.without_mail.tolist(),
            first=people.first.tolist(),
            last=people.last.tolist(),
            former=identities.former.tolist(),
            mail=people.mail.tolist(),
            mailbox=array("q", identities.mailbox.tobytes()),
            company=people.organization.tolist(),
            language=people.language.tobytes(),
            survey_form=people.survey_form.tobytes(),
            spelling=[row.tobytes() for row in identities.spelling],
            address=[row.tobytes() for row in identities.address],
            has_second=identities.has_second.tobytes(),
            phone=array("q", identities.phone.tobytes()),
            at_second_domain=identities.at_second_domain.tobytes(),
            company_name=companies.name.tolist(),
            company_trade=companies.trade.tolist(),
            company_role=companies.role.tolist(),
            has_two_domains=identities.has_two_domains.tolist(),
        )

    def company(self, row: int) -> str:
        """Write a company's name; the number keeps it unique."""
        columns = self._columns
        name = names.COMPANY[columns.company_name[row]]
        return f"{name} {names.TRADE[columns.company_trade[row]]} {row + 1}"

    def domain(self, row: int) -> str:
        """Write a company's first mail domain."""
        columns = self._columns
        name = names.COMPANY[columns.company_name[row]]
        trade = names.TRADE[columns.company_trade[row]]
        return f"{name}-{trade}{row + 1}.example".lower()

    def domains(self, row: int) -> list[str]:
        """Write all mail domains of a company."""
        first = self.domain(row)
        return [first, self._second(row)] if self.has_two_domains(row) else [first]

    def has_two_domains(self, row: int) -> bool:
        """Tell whether a company has a second mail domain."""
        return self._columns.has_two_domains[row]

    def _second(self, row: int) -> str:
        name = names.COMPANY[self._columns.company_name[row]]
        return f"{name}{row + 1}-group.example".lower()

    def role_address(self, company: int) -> str:
        """Write the address of the mailbox that several people at a company share."""
        role = names.ROLES[self._columns.company_role[company]]
        return f"{role}@{self.domain(company)}"

    def user_name(self, row: int) -> str:
        """Write the name on a record of the helpdesk."""
        columns = self._columns
        if row <= self._agents:
            return _staff_name(row, self._agents)
        person = columns.user_person[row]
        if person < 0:
            return self.company(columns.user_company[row])
        if columns.is_duplicate[row]:
            return names.FIRST[columns.first[person]]
        address = self.user_address(row)
        if columns.spelling[HELPDESK][person] == names.MAILBOX and address:
            return address.partition("@")[0]
        return self.display_name(person, HELPDESK)

    def user_address(self, row: int) -> str | None:
        """Write the address on a record of the helpdesk, None without one."""
        columns = self._columns
        if row <= self._agents:
            return _staff_address(row, self._agents)
        person = columns.user_person[row]
        if person < 0:
            return self.role_address(columns.user_company[row])
        if columns.without_mail[row]:
            return None
        if not columns.is_duplicate[row]:
            return self._address(person, PLAIN)
        if columns.has_second[person] and columns.mail[person] != NO_MAIL:
            return self.second_address(person)
        form = DOTLESS if columns.mail[person] == GMAIL else PLUS
        return self._address(person, form)

    def user_phone(self, row: int) -> str | None:
        """Write the phone number that belongs to a record."""
        if row <= self._agents:
            return None
        person = self._columns.user_person[row]
        if person >= 0:
            return self.phone(person)
        return f"+1555{5_000_000 + self._columns.user_company[row]:07d}"

    def phone(self, person: int) -> str:
        """Write a person's phone number, as dialled from abroad."""
        whose = self._columns.phone[person]
        prefix, digits = _PHONES.get(self._columns.language[whose], _PHONE)
        return f"{prefix}{whose:0{digits}d}"

    def sender_address(
        self, person: int, sender: int, row: int, system: int
    ) -> str | None:
        """Write the address that a person's survey response carries, if any."""
        if sender == NOBODYS:
            return None
        if sender == STRANGERS:
            return f"visitor{row + 1}@elsewhere.example"
        return self.address(person, system, self._columns.survey_form[person])

    def name(self, person: int, system: int) -> tuple[str, str]:
        """Write a person's first and last name as a system has them."""
        columns = self._columns
        last = columns.last[person]
        # Where nobody corrects it, the name stays what it was at first.
        if system == HELPDESK and columns.former[person] >= 0:
            last = columns.former[person]
        form = columns.spelling[system][person]
        return names.spelt(columns.first[person], last, form, person)

    def display_name(self, person: int, system: int) -> str:
        """Write a person's name as a system has it."""
        return " ".join(self.name(person, system)).strip()

    def address(self, person: int, system: int, form: int = PLAIN) -> str | None:
        """Write a person's address as a system has it, None without one."""
        columns = self._columns
        choice = columns.address[system][person] if columns.mail[person] else MAIN
        if choice == SECOND:
            return self.second_address(person)
        written = self._address(person, form)
        if choice == MISTYPED and written:
            local, _, domain = written.partition("@")
            if person % 3 == 0:
                return f"{local}@{names.slipped(domain, 1 + 3 * (person % 2))}"
            letters = local.rstrip("0123456789")
            digits = local[len(letters) :]
            return f"{names.slipped(letters, person)}{digits}@{domain}"
        return written

    def second_address(self, person: int) -> str:
        """Write the address that a person uses besides the main one."""
        columns = self._columns
        last = names.LAST_LOCAL[columns.last[person]]
        local = f"{names.FIRST_LOCAL[columns.first[person]]}{last[0]}{person + 1}"
        return f"{local}@{names.FREEMAIL[person % len(names.FREEMAIL)]}"

    def _address(self, person: int, form: int) -> str | None:
        columns = self._columns
        kind = columns.mail[person]
        if kind == NO_MAIL:
            return None
        if kind == ROLE_MAIL:
            written = self.role_address(columns.company[person])
            return written.upper() if form == UPPER else written
        owner = columns.mailbox[person]
        former = columns.former[owner]
        first = names.FIRST_LOCAL[columns.first[owner]]
        last = names.LAST_LOCAL[former if former >= 0 else columns.last[owner]]
        dot = "" if form == DOTLESS and kind == GMAIL else "."
        tag = "+survey" if form == PLUS else ""
        written = f"{first}{dot}{last}{owner + 1}{tag}@{self._host(owner, kind)}"
        return written.title() if form == UPPER else written

    def _host(self, person: int, kind: int) -> str:
        columns = self._columns
        if kind == COMPANY_MAIL:
            company = columns.company[person]
            at_second = columns.at_second_domain[person]
            return self._second(company) if at_second else self.domain(company)
        return names.FREEMAIL[0 if kind == GMAIL else 1 + person % 2]


def local_spelling(phone: str, style: int) -> str:
    """Write a number as people do: some for abroad, some with blanks, some bare."""
    if style == 0:
        return phone
    if phone.startswith("+1"):
        area, middle, end = phone[2:5], phone[5:8], phone[8:]
        return f"({area}) {middle}-{end}" if style == 1 else f"1-{area}-{middle}-{end}"
    country, rest = phone[:3], phone[3:]
    if style == 1:
        return f"{country} {rest[:2]} {rest[2:5]} {rest[5:]}"
    return f"00{country[1:]}{rest}"


def _staff_names(row: int) -> tuple[int, int]:
    return (7 * row + 3) % len(names.FIRST), (11 * row + 5) % len(names.LAST)


def _staff_name(row: int, agents: int) -> str:
    if row == agents:
        return BOT_NAME
    first, last = _staff_names(row)
    return f"{names.FIRST[first]} {names.LAST[last]}"


def _staff_address(row: int, agents: int) -> str:
    if row == 0:
        return f"admin@{COMPANY_DOMAIN}"
    if row == agents:
        return f"bot@{COMPANY_DOMAIN}"
    first, last = _staff_names(row)
    return f"{names.FIRST_LOCAL[first]}.{names.LAST_LOCAL[last]}{row}@{COMPANY_DOMAIN}"
