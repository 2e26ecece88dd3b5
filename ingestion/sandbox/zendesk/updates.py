"""Updates of tickets between the world's columns and the helpdesk's JSON.

Holds one update as plain values: what it said and what it changed. Does not hold any of
its spellings (`ticket_events.py`, `audits.py`).
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import numpy as np

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.hours import schedule_of
from ingestion.sandbox.world.tickets import PRIORITIES, TYPES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids, writing

Change = tuple[str, Any, Any]
_COMMENT: list[int] = act.column("comment").tolist()
_TAGGING = act.INDEX["merge"], act.INDEX["dismiss"]
SYSTEM_OF_PEOPLE = {
    "client": "Mozilla/5.0 (X11; Linux x86_64)",
    "location": "Berlin, BE, Germany",
    "latitude": 52.5,
    "longitude": 13.4,
}


class Update(NamedTuple):
    """One update with its ticket and the state before and after it."""

    event: int
    when: int
    action: int
    author: int
    audit: int
    created_at: str
    ticket: writing.Facts
    after: tuple[int, int, int, int]
    before: tuple[int, int, int, int]
    schedule: int
    schedule_before: int

    @property
    def is_first(self) -> bool:
        """Whether it made the ticket."""
        return self.action == 0

    @property
    def comment(self) -> int:
        """Whether it carries a comment, and whose eyes that is for."""
        return _COMMENT[self.action]


def updates_of(world: World, rows: Array) -> list[Update]:
    """Give updates, which are rows of the world's events, as plain values."""
    events = world.events
    state = [events.status, events.assignee, events.group, events.priority]
    is_first = events.action[rows] == 0
    after = zip(*(values[rows].tolist() for values in state), strict=True)
    before = zip(
        *(np.where(is_first, -1, values[rows - 1]).tolist() for values in state),
        strict=True,
    )
    person = world.tickets.person[events.ticket[rows]]
    is_german = world.people.is_german[person]
    schedule = schedule_of(is_german, events.priority[rows])
    earlier = schedule_of(is_german, events.priority[rows - 1])
    columns = zip(
        rows.tolist(),
        events.when[rows].tolist(),
        events.action[rows].tolist(),
        events.author[rows].tolist(),
        ids.audit_id(events.rank[rows].astype(np.int64)).tolist(),
        iso(events.when[rows]),
        writing.facts(world, events.ticket[rows]),
        after,
        before,
        schedule.tolist(),
        np.where(is_first, -1, earlier).tolist(),
        strict=True,
    )
    return [Update(*values) for values in columns]


def channel_of(world: World, update: Update) -> tuple[str, str]:
    """Give the channel's name and how the event stream spells it."""
    channel = update.ticket.channel
    if update.is_first:
        return writing.CHANNELS[channel], writing.VIA_TEXT[channel]
    return writing.update_channel(channel, update.author, world.staff.agents)


def comment_of(update: Update) -> dict[str, Any]:
    """Write the comment of an update."""
    body = writing.comment(update.ticket, update.event, update.action)
    paragraphs = escape(body).replace("\n\n", '</p><p dir="auto">')
    return {
        "type": "Comment",
        "author_id": user_of(update.author),
        "body": body,
        "html_body": f'<div class="zd-comment"><p dir="auto">{paragraphs}</p></div>',
        "plain_body": body,
        "public": update.comment == act.PUBLIC,
        "attachments": [],
        "audit_id": update.audit,
        "created_at": update.created_at,
    }


def changes_of(update: Update) -> list[Change]:
    """Give field, new value and old value of everything that an update set."""
    status, assignee, group, priority = update.after
    before = update.before
    changes: list[Change] = []
    if update.is_first:
        changes += _birth(update.ticket)
    if status != before[0]:
        old = None if before[0] < 0 else act.STATUSES[before[0]]
        changes.append(("status", act.STATUSES[status], old))
    if priority != before[3] and PRIORITIES[priority] is not None:
        old = None if before[3] < 0 else PRIORITIES[before[3]]
        changes.append(("priority", PRIORITIES[priority], old))
    if assignee != before[1]:
        changes.append(("assignee_id", _agent(assignee), _agent(before[1])))
    if group != before[2]:
        changes.append(("group_id", _group(group), _group(before[2])))
    if update.action in _TAGGING:
        old_tags = writing.tags(update.ticket, before[0])
        tags = writing.tags(update.ticket, status)
        changes.append(("tags", tags, old_tags))
    return changes


def _birth(ticket: writing.Facts) -> list[Change]:
    kind = TYPES[ticket.kind]
    fields: list[Change] = [
        ("subject", writing.subject(ticket), None),
        ("requester_id", ids.user_id(ticket.requester), None),
        ("tags", writing.tags(ticket, act.NEW), None),
        ("brand_id", ids.BRAND, None),
    ]
    return [*fields, ("type", kind, None)] if kind else fields


def _agent(row: int) -> int | None:
    return None if row < 0 else int(ids.user_id(1 + row))


def _group(row: int) -> int | None:
    return None if row < 0 else int(ids.group_id(row))


def user_of(row: int) -> int:
    """Give the id of an author, a row of the users or -1 for the system."""
    return ids.SYSTEM if row < 0 else int(ids.user_id(row))
