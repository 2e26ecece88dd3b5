"""Tickets as the helpdesk writes them.

Holds the JSON of tickets at an instant, byte for byte the same in every endpoint.
Does not hold their metric sets (`metrics.py`) nor events (`events.py`).
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any

import orjson

from ingestion.sandbox import texts
from ingestion.sandbox.instants import iso
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.tickets import EMAIL, PRIORITIES, TYPES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids, writing
from ingestion.sandbox.zendesk.history import History
from ingestion.sandbox.zendesk.metrics import metric_sets
from ingestion.sandbox.zendesk.snapshot import Snapshot, by_ai_agent

_UNUSED: dict[str, Any] = {
    "collaborator_ids": [],
    "follower_ids": [],
    "email_cc_ids": [],
    "forum_topic_id": None,
    "problem_id": None,
    "has_incidents": False,
    "is_public": True,
    "due_at": None,
}
_CONSTANT: dict[str, Any] = {
    "ticket_form_id": ids.TICKET_FORM,
    "brand_id": ids.BRAND,
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
}
_REASONS = ("The issue took too long to resolve", "The issue was not resolved")


def render_tickets(
    snapshot: Snapshot,
    rows: Array,
    include: frozenset[str] = frozenset(),
    *,
    is_export: bool = True,
) -> list[bytes]:
    """Write tickets as known at the snapshot's instant.

    Args:
        snapshot: The instant.
        rows: The tickets.
        include: Sideloads; `metric_sets`, `comment_count`, `slas` and `dates` go
            into the ticket itself.
        is_export: Whether `generated_timestamp` is given.
    """
    if not len(rows):
        return []
    world = snapshot.world
    history = History(world, rows, snapshot.clock)
    records = _records(snapshot, history, is_export)
    if "comment_count" in include:
        comments = act.column("comment")[history.column("action")] != act.SILENT
        counts = history.total(comments).tolist()
        for record, count in zip(records, counts, strict=True):
            record["comment_count"] = count
    if "slas" in include:
        for record in records:
            record["slas"] = {"policy_metrics": []}
    if "metric_sets" in include:
        sets = metric_sets(world, history)
        for record, metric_set in zip(records, sets, strict=True):
            record["metric_set"] = metric_set
    return [orjson.dumps(record) for record in records]


def _records(
    snapshot: Snapshot, history: History, is_export: bool
) -> list[dict[str, Any]]:
    world, rows = snapshot.world, history.rows
    last = history.last
    stamps = zip(
        iso(world.tickets.created[rows]),
        iso(history.column("when")[last]),
        snapshot.generated[rows].tolist(),
        strict=True,
    )
    states = zip(
        history.column("status")[last].tolist(),
        history.column("assignee")[last].tolist(),
        history.column("group")[last].tolist(),
        history.column("priority")[last].tolist(),
        history.index[history.first].tolist(),
        by_ai_agent(world, rows).tolist(),
        world.users.organization[world.tickets.requester[rows]].tolist(),
        strict=True,
    )
    names = ("created_at", "updated_at", "generated_timestamp")[: 2 + is_export]
    ratings = _ratings(snapshot, rows)
    tickets = writing.facts(world, rows)
    return [
        _record(snapshot, ticket, dict(zip(names, stamp, strict=False)), state, rating)
        for ticket, stamp, state, rating in zip(
            tickets, stamps, states, ratings, strict=True
        )
    ]


def _record(
    snapshot: Snapshot,
    ticket: writing.Facts,
    stamps: dict[str, Any],
    state: tuple[int, ...],
    rating: dict[str, Any] | None,
) -> dict[str, Any]:
    world = snapshot.world
    status, assignee, group, priority, first, is_ai, company = state
    number = ids.ticket_id(ticket.row)
    subject = writing.subject(ticket)
    fields = writing.custom_fields(ticket.row)
    return {
        "url": f"{ids.ACCOUNT_URL}/tickets/{number}.json",
        "id": number,
        "external_id": None,
        "via": writing.via(world, ticket),
        **stamps,
        "type": TYPES[ticket.kind],
        "subject": subject,
        "raw_subject": subject,
        "description": writing.comment(ticket, first, 0),
        "priority": PRIORITIES[priority],
        "status": act.STATUSES[status],
        "recipient": writing.SUPPORT if ticket.channel == EMAIL else None,
        "requester_id": ids.user_id(ticket.requester),
        "submitter_id": ids.user_id(ticket.submitter),
        "assignee_id": None if assignee < 0 else ids.user_id(1 + assignee),
        "organization_id": None if company < 0 else ids.organization_id(company),
        "group_id": None if group < 0 else ids.group_id(group),
        **_UNUSED,
        "tags": writing.tags(ticket, status),
        "custom_fields": fields,
        "satisfaction_rating": rating,
        "sharing_agreement_ids": [],
        "custom_status_id": ids.custom_status_id(status),
        "fields": fields,
        "followup_ids": [
            ids.ticket_id(row) for row in snapshot.followed_by.get(ticket.row, ())
        ],
        **_CONSTANT,
        "support_type": "ai_agent" if is_ai else "agent",
    }


def _ratings(snapshot: Snapshot, rows: Array) -> list[dict[str, Any] | None]:
    """Give the last rating of each ticket, None while none was offered."""
    ratings = snapshot.world.ratings
    found: list[dict[str, Any] | None] = [None] * len(rows)
    start, stop = ratings.offset[rows].tolist(), ratings.offset[rows + 1].tolist()
    for place, (low, high) in enumerate(zip(start, stop, strict=True)):
        own = ratings.by_ticket[low:high].tolist() if high > low else ()
        known = [rating for rating in own if ratings.created[rating] <= snapshot.clock]
        if known:
            found[place] = rating_fields(snapshot, known[-1])
    return found


def rating_fields(snapshot: Snapshot, rating: int) -> dict[str, Any]:
    """Give what a rating says at the snapshot's instant."""
    world, ratings = snapshot.world, snapshot.world.ratings
    fields: dict[str, Any] = {"score": "offered", "id": ids.rating_id(rating)}
    fields |= {"comment": None, "reason": None, "reason_id": None}
    if ratings.answered[rating] > snapshot.clock:
        return fields
    is_good = bool(ratings.is_good[rating])
    fields["score"] = "good" if is_good else "bad"
    salt = writing.salt(rating)
    if ratings.has_comment[rating]:
        fields["comment"] = _opinion(world, rating, is_good, salt)
    if not is_good and salt % 3 == 0:
        place = salt // 3 % len(_REASONS)
        fields |= {"reason": _REASONS[place], "reason_id": 1000 + place}
    return fields


def _opinion(world: World, rating: int, is_good: bool, salt: int) -> str:
    person = world.tickets.person[world.ratings.ticket[rating]]
    language = int(world.people.language[person])
    return texts.opinion(language, texts.GOOD if is_good else texts.BAD, salt)
