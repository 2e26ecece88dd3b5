"""Updates of one ticket as its audits and its comments.

Holds their JSON. Does not hold the incremental export (`ticket_events.py`).
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any

import orjson

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids, writing
from ingestion.sandbox.zendesk.updates import (
    SYSTEM_OF_PEOPLE,
    Update,
    changes_of,
    channel_of,
    comment_of,
    updates_of,
    user_of,
)

_METADATA = {"system": SYSTEM_OF_PEOPLE, "custom": {}}


def render_audits(world: World, rows: Array) -> list[bytes]:
    """Write updates as a ticket's audits."""
    records = []
    for update in updates_of(world, rows):
        channel, _ = channel_of(world, update)
        via = {"channel": channel, "source": writing.NOWHERE}
        events: list[dict[str, Any]] = []
        if update.comment != act.SILENT:
            events.append({"id": update.audit + 1, **comment_of(update)})
        kind = "Create" if update.is_first else "Change"
        changes = changes_of(update)
        for place, change in enumerate(changes, start=2):
            name, value, previous = change
            event = {"id": update.audit + place, "type": kind, "field_name": name}
            event["value"] = _as_text(value)
            if not update.is_first:
                event["previous_value"] = _as_text(previous)
            events.append(event)
        if update.schedule != update.schedule_before:
            events.append(_schedule(update, update.audit + len(changes) + 2))
        record = {
            "id": update.audit,
            "ticket_id": ids.ticket_id(update.ticket.row),
            "created_at": update.created_at,
            "author_id": user_of(update.author),
            "metadata": _METADATA,
            "events": events,
            "via": via,
        }
        records.append(orjson.dumps(record))
    return records


def _schedule(update: Update, number: int) -> dict[str, Any]:
    before = update.schedule_before
    return {
        "id": number,
        "type": "ScheduleAssignment",
        "previous_schedule_id": None if before < 0 else ids.schedule_id(before),
        "new_schedule_id": ids.schedule_id(update.schedule),
    }


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def render_comments(world: World, rows: Array) -> list[bytes]:
    """Write updates that carry a comment as a ticket's comments."""
    records = []
    for update in updates_of(world, rows):
        channel, _ = channel_of(world, update)
        record = {
            "id": update.audit + 1,
            **comment_of(update),
            "via": {"channel": channel, "source": writing.NOWHERE},
            "metadata": _METADATA,
        }
        records.append(orjson.dumps(record))
    return records
