"""Users, organizations, groups and satisfaction ratings as the helpdesk writes them.

Holds their JSON at an instant. Does not hold tickets.
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world import names
from ingestion.sandbox.world.people import ENGLISH
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.users import (
    DEACTIVATED,
    END_USER,
    PHONE_ADDED,
    SUSPENDED,
)
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.snapshot import Snapshot
from ingestion.sandbox.zendesk.tickets import rating_fields
from ingestion.sandbox.zendesk.writing import salt

_CITIES = ("London", "Berlin", "Paris", "Madrid")
_LOCALES = ((1, "en-US"), (8, "de"), (16, "fr"), (2, "es"))
_ROLES = ("end-user", "agent", "admin")


def render_users(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write users as known at the snapshot's instant."""
    if not len(rows):
        return []
    users = snapshot.world.users
    created = iso(users.created[rows])
    updated = iso(users.updated(snapshot.clock)[rows])
    return [
        orjson.dumps(_user(snapshot, row, made, changed))
        for row, made, changed in zip(rows.tolist(), created, updated, strict=True)
    ]


def _user(snapshot: Snapshot, row: int, created: str, updated: str) -> dict[str, Any]:
    world, users = snapshot.world, snapshot.world.users
    number, role = ids.user_id(row), int(users.role[row])
    change = int(users.change[row]) if users.changed[row] <= snapshot.clock else -1
    organization = int(users.organization[row])
    person = int(users.person[row])
    language = int(world.people.language[person]) if person >= 0 else ENGLISH
    address = world.directory.user_address(row)
    has_phone = address is None or change == PHONE_ADDED or salt(row) % 5 == 0
    group = None if role == END_USER else ids.group_id(_group(snapshot, row))
    company = None if organization < 0 else ids.organization_id(organization)
    return {
        "id": number,
        "url": f"{ids.ACCOUNT_URL}/users/{number}.json",
        "name": world.directory.user_name(row),
        "email": address,
        "created_at": created,
        "updated_at": updated,
        "time_zone": _CITIES[language],
        "iana_time_zone": f"Europe/{_CITIES[language]}",
        "phone": world.directory.user_phone(row) if has_phone else None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": _LOCALES[language][0],
        "locale": _LOCALES[language][1],
        "organization_id": company,
        "role": _ROLES[role],
        "verified": address is not None,
        "external_id": _external_id(person, row),
        "tags": _tags(snapshot, row),
        "alias": "",
        "active": change != DEACTIVATED,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": None,
        "details": "",
        "notes": "",
        "role_type": None if role == END_USER else 4,
        "custom_role_id": None,
        "moderator": role != END_USER,
        "ticket_restriction": "requested" if role == END_USER else None,
        "only_private_comments": False,
        "restricted_agent": role == END_USER,
        "suspended": change == SUSPENDED,
        "default_group_id": group,
        "report_csv": role == 2,
        "user_fields": {},
    }


def _external_id(person: int, row: int) -> str | None:
    # Only some records were ever matched with the company's own customer numbers.
    return f"C-{person + 1:06d}" if person >= 0 and salt(row) % 4 == 0 else None


def _group(snapshot: Snapshot, row: int) -> int:
    return int(snapshot.world.staff.group_of(np.array(max(row - 1, 0))))


def _tags(snapshot: Snapshot, row: int) -> list[str]:
    return ["bot"] if row == 1 + snapshot.world.staff.bot else []


def render_organizations(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write organizations as known at the snapshot's instant."""
    companies, directory = snapshot.world.organizations, snapshot.world.directory
    records = []
    for row in rows.tolist():
        number = ids.organization_id(row)
        changed = int(companies.changed[row])
        is_changed = changed <= snapshot.clock
        created = iso(companies.created[row : row + 1])[0]
        updated = iso(companies.changed[row : row + 1])[0] if is_changed else created
        record = {
            "url": f"{ids.ACCOUNT_URL}/organizations/{number}.json",
            "id": number,
            "name": directory.company(row),
            "shared_tickets": False,
            "shared_comments": False,
            "external_id": None,
            "created_at": created,
            "updated_at": updated,
            "domain_names": directory.domains(row),
            "details": "",
            "notes": "Key account" if is_changed else "",
            "group_id": None,
            "tags": ["key_account"] if is_changed else [],
            "organization_fields": {},
            "deleted_at": None,
        }
        records.append(orjson.dumps(record))
    return records


def render_groups(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write groups."""
    made = iso(snapshot.groups.stamps[:1])[0]
    records = []
    for row in rows.tolist():
        number = ids.group_id(row)
        record = {
            "url": f"{ids.ACCOUNT_URL}/groups/{number}.json",
            "id": number,
            "is_public": True,
            "name": names.GROUPS[row],
            "description": "",
            "default": row == 0,
            "deleted": False,
            "created_at": made,
            "updated_at": made,
        }
        records.append(orjson.dumps(record))
    return records


def render_ratings(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write satisfaction ratings as known at the snapshot's instant."""
    if not len(rows):
        return []
    world, ratings = snapshot.world, snapshot.world.ratings
    events = world.events
    created = iso(ratings.created[rows])
    updated = iso(ratings.updated(snapshot.clock)[rows])
    records = []
    for row, made, changed in zip(rows.tolist(), created, updated, strict=True):
        ticket = int(ratings.ticket[row])
        # Who gets the rating is settled when it is offered.
        own = slice(events.offset[ticket], events.offset[ticket + 1])
        place = int(events.when[own].searchsorted(ratings.created[row], "right")) - 1
        last = int(events.offset[ticket]) + place
        assignee, group = int(events.assignee[last]), int(events.group[last])
        fields = rating_fields(snapshot, row)
        number = fields.pop("id")
        record = {
            "url": f"{ids.ACCOUNT_URL}/satisfaction_ratings/{number}.json",
            "id": number,
            "assignee_id": None if assignee < 0 else ids.user_id(1 + assignee),
            "group_id": None if group < 0 else ids.group_id(group),
            "requester_id": ids.user_id(int(world.tickets.requester[ticket])),
            "ticket_id": ids.ticket_id(ticket),
            **fields,
            "created_at": made,
            "updated_at": changed,
        }
        records.append(orjson.dumps(record))
    return records
