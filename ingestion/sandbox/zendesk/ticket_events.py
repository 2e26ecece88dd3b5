"""Updates of tickets as the incremental export of ticket events spells them.

Holds their JSON, put together as text: there are several times as many of them as of
anything else. Does not hold what an update changed (`updates.py`).
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any

import orjson

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.updates import (
    SYSTEM_OF_PEOPLE,
    Update,
    changes_of,
    channel_of,
    comment_of,
    updates_of,
    user_of,
)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


_SYSTEM = _json(SYSTEM_OF_PEOPLE)
_NO_SOURCE = _json({"from": {}, "to": {}, "rel": None})


def render_ticket_events(
    world: World, rows: Array, *, with_comments: bool
) -> list[bytes]:
    """Write updates; with comments in full or only the fact that there is one."""
    if not len(rows):
        return []
    return [
        _event(world, update, with_comments).encode()
        for update in updates_of(world, rows)
    ]


def _event(world: World, update: Update, with_comments: bool) -> str:
    channel, text = channel_of(world, update)
    via = f'"via":"{text}","via_reference_id":null'
    children = []
    if update.comment != act.SILENT:
        said = _comment(update, channel) if with_comments else f"{via},"
        is_public = "true" if update.comment == act.PUBLIC else "false"
        children.append(
            f'{{"id":{update.audit + 1},{said}"comment_present":true,'
            f'"comment_public":{is_public},"event_type":"Comment"}}'
        )
    children += _changes(update, via)
    system = _SYSTEM if update.author >= 0 else "{}"
    return (
        f'{{"id":{update.audit},"ticket_id":{ids.ticket_id(update.ticket.row)},'
        f'"timestamp":{update.when},"created_at":"{update.created_at}",'
        f'"updater_id":{user_of(update.author)},{via},"system":{system},'
        f'"metadata":{{}},"event_type":"Audit","child_events":[{",".join(children)}]}}'
    )


def _comment(update: Update, channel: str) -> str:
    via = f'"via":{{"channel":"{channel}","source":{_NO_SOURCE}}}'
    return f'{via},"via_reference_id":null,{_json(comment_of(update))[1:-1]},'


def _changes(update: Update, via: str) -> list[str]:
    kind = "Create" if update.is_first else "Change"
    children = []
    for place, (name, value, previous) in enumerate(changes_of(update), start=2):
        before = "" if update.is_first else f'"previous_value":{_json(previous)},'
        children.append(
            f'{{"id":{update.audit + place},{via},"{name}":{_json(value)},'
            f'{before}"event_type":"{kind}"}}'
        )
    if update.schedule != update.schedule_before:
        children.append(_schedule(update, via, update.audit + len(children) + 2))
    return children


def _schedule(update: Update, via: str, number: int) -> str:
    """Write that a trigger put the ticket on another schedule."""
    before = update.schedule_before
    old = None if before < 0 else ids.schedule_id(before)
    return (
        f'{{"id":{number},{via},"previous_schedule_id":{_json(old)},'
        f'"new_schedule_id":{ids.schedule_id(update.schedule)},'
        '"event_type":"ScheduleAssignment"}'
    )
