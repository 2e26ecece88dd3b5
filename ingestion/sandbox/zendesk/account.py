"""How the helpdesk's account is set up: schedules, SLA policies, brands, ticket fields.

Holds their JSON at an instant. Does not hold what they mean for a ticket
(`world/hours.py`, `world/targets.py`).
Tests: tests/ingestion/sandbox/test_zendesk_account.py
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world.hours import SCHEDULES
from ingestion.sandbox.world.targets import POLICIES, TARGET_NAMES
from ingestion.sandbox.world.tickets import PRIORITIES, URGENT
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot

Listing = Callable[[Snapshot], Order]
Writer = Callable[[Snapshot, Array], list[bytes]]

_FIELDS: tuple[tuple[int, str, str, bool], ...] = (
    (ids.FIELD_SUBJECT, "subject", "Subject", False),
    (ids.FIELD_SUBJECT + 1, "description", "Description", False),
    (ids.FIELD_SUBJECT + 2, "status", "Status", False),
    (ids.FIELD_SUBJECT + 3, "tickettype", "Type", False),
    (ids.FIELD_SUBJECT + 4, "priority", "Priority", False),
    (ids.FIELD_SUBJECT + 5, "group", "Group", False),
    (ids.FIELD_SUBJECT + 6, "assignee", "Assignee", False),
    (ids.FIELD_PRODUCT, "text", "Product", True),
    (ids.FIELD_ORDER, "text", "Order number", True),
)


def _dates(snapshot: Snapshot, *, is_changed: bool) -> tuple[str, str]:
    """Give when a part of the set-up was made, and when it was last changed."""
    span = snapshot.world.span
    changed = is_changed and span.new_process <= snapshot.clock
    stamps = np.array([span.start, span.new_process if changed else span.start])
    made, updated = iso(stamps)
    return made, updated


def _order(snapshot: Snapshot, changed: list[bool], identifiers: list[int]) -> Order:
    span = snapshot.world.span
    is_new = span.new_process <= snapshot.clock
    stamps = np.where(np.array(changed) & is_new, span.new_process, span.start)
    return Order(np.arange(len(changed)), stamps, np.array(identifiers))


def schedules_of(snapshot: Snapshot) -> Order:
    """Give the schedules by id."""
    changed = [schedule.week != schedule.week_before for schedule in SCHEDULES]
    numbers = [ids.schedule_id(row) for row in range(len(SCHEDULES))]
    return _order(snapshot, changed, numbers)


def render_schedules(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write schedules; the zone as the vendor spells it."""
    records = []
    for row in rows.tolist():
        schedule = SCHEDULES[row]
        is_new = snapshot.world.span.new_process <= snapshot.clock
        week = schedule.week if is_new else schedule.week_before
        changes = schedule.week != schedule.week_before
        made, updated = _dates(snapshot, is_changed=changes)
        record = {
            "id": ids.schedule_id(row),
            "name": schedule.name,
            "time_zone": schedule.vendor_zone,
            "intervals": [{"start_time": a, "end_time": b} for a, b in week],
            "created_at": made,
            "updated_at": updated,
        }
        records.append(orjson.dumps(record))
    return records


def holidays_of(snapshot: Snapshot, schedule: int) -> list[dict[str, Any]]:
    """Give the holidays of a schedule, all years of the story."""
    span = snapshot.world.span
    first, last = (datetime.fromtimestamp(t, UTC).year for t in (span.start, span.end))
    found = []
    for year in range(first, last + 2):
        for place, (month, day, name) in enumerate(SCHEDULES[schedule].holidays):
            date = f"{year}-{month:02}-{day:02}"
            number = ids.holiday_id(schedule, year - first, place)
            found.append(
                {"id": number, "name": name, "start_date": date, "end_date": date}
            )
    return found


def policies_of(snapshot: Snapshot) -> Order:
    """Give the SLA policies in the order in which they are tried."""
    changed = [bool(policy.minutes_before) for policy in POLICIES]
    numbers = [ids.policy_id(row) for row in range(len(POLICIES))]
    return _order(snapshot, changed, numbers)


def render_policies(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write SLA policies with the targets in force."""
    is_new = snapshot.world.span.new_process <= snapshot.clock
    records = []
    for row in rows.tolist():
        policy = POLICIES[row]
        table = policy.table(is_new=is_new)
        made, updated = _dates(snapshot, is_changed=bool(policy.minutes_before))
        number = ids.policy_id(row)
        record = {
            "url": f"{ids.ACCOUNT_URL}/slas/policies/{number}.json",
            "id": number,
            "title": policy.title,
            "description": policy.description,
            "position": row + 1,
            "filter": policy.conditions,
            "policy_metrics": [
                {
                    "priority": PRIORITIES[priority],
                    "metric": TARGET_NAMES[name],
                    "target": int(table[name, priority]),
                    "target_in_seconds": 60 * int(table[name, priority]),
                    "business_hours": policy.is_business and priority != URGENT,
                }
                for name in policy.minutes
                for priority in range(URGENT + 1)
            ],
            "created_at": made,
            "updated_at": updated,
        }
        records.append(orjson.dumps(record))
    return records


def brands_of(snapshot: Snapshot) -> Order:
    """Give the brands by id."""
    return _order(snapshot, [False], [ids.BRAND])


def render_brands(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write brands."""
    made, updated = _dates(snapshot, is_changed=False)
    record = {
        "url": f"{ids.ACCOUNT_URL}/brands/{ids.BRAND}.json",
        "id": ids.BRAND,
        "name": "Northlight",
        "brand_url": "https://cx-sandbox.zendesk.com",
        "subdomain": "cx-sandbox",
        "has_help_center": True,
        "active": True,
        "default": True,
        "is_deleted": False,
        "ticket_form_ids": [ids.TICKET_FORM],
        "created_at": made,
        "updated_at": updated,
    }
    return [orjson.dumps(record) for _ in rows]


def fields_of(snapshot: Snapshot) -> Order:
    """Give the ticket fields by id."""
    numbers = sorted(number for number, *_ in _FIELDS)
    return _order(snapshot, [False] * len(numbers), numbers)


def render_fields(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write ticket fields, those of the vendor and those of the company."""
    made, updated = _dates(snapshot, is_changed=False)
    by_id = sorted(_FIELDS)
    records = []
    for row in rows.tolist():
        number, kind, title, is_custom = by_id[row]
        record = {
            "url": f"{ids.ACCOUNT_URL}/ticket_fields/{number}.json",
            "id": number,
            "type": kind,
            "title": title,
            "raw_title": title,
            "description": title,
            "position": row,
            "active": True,
            "required": False,
            "removable": is_custom,
            "tag": None,
            "created_at": made,
            "updated_at": updated,
        }
        records.append(orjson.dumps(record))
    return records


# What each list is made of: its order, and how its rows are written.
LISTS: dict[str, tuple[Listing, Writer]] = {
    "brands": (brands_of, render_brands),
    "ticket_fields": (fields_of, render_fields),
    "sla_policies": (policies_of, render_policies),
    "schedules": (schedules_of, render_schedules),
}
