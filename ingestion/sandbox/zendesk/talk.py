"""Calls, legs, lines and today's figures of the telephone, as the helpdesk writes them.

Holds their JSON and order at an instant. A call is known once it has ended, and comes
again when its wrap-up and recording are filed. Does not hold who rang whom
(`world/calls.py`). Tests: tests/ingestion/sandbox/test_zendesk_talk.py
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world import calls as made
from ingestion.sandbox.world import legs as rung
from ingestion.sandbox.world.hours import BERLIN, LONDON
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot

_LINES = {LONDON: ("+44 20 7946 0100", "GB"), BERLIN: ("+49 30 5550 0100", "DE")}
_OUTCOMES = ("completed", "agent_missed", "agent_declined")
_LONG_WAIT = 180


def calls_of(snapshot: Snapshot) -> Order:
    """Give the calls that have ended, by their last change."""

    def make() -> Order:
        calls = snapshot.world.calls
        rows = np.flatnonzero(calls.ended <= snapshot.clock)
        return Order.by(rows, calls.updated(snapshot.clock)[rows], ids.call_id(rows))

    return snapshot.filtered("calls", make)


def legs_of(snapshot: Snapshot) -> Order:
    """Give the legs of the calls that have ended, by the last change of these."""

    def make() -> Order:
        calls, call = snapshot.world.calls, snapshot.world.legs.call
        rows = np.flatnonzero(calls.ended[call] <= snapshot.clock)
        stamps = calls.updated(snapshot.clock)[call[rows]]
        return Order.by(rows, stamps, ids.leg_id(rows))

    return snapshot.filtered("legs", make)


def lines_of(snapshot: Snapshot) -> Order:
    """Give the company's numbers."""
    rows = np.array(sorted(_LINES))
    stamps = np.full(len(rows), snapshot.world.span.start)
    return Order(rows, stamps, np.array([ids.line_id(row) for row in rows.tolist()]))


def render_calls(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write calls as known at the snapshot's instant."""
    return [orjson.dumps(call) for call in _calls(snapshot, rows)]


def _calls(snapshot: Snapshot, rows: Array) -> Iterator[dict[str, Any]]:
    calls = snapshot.world.calls
    if not len(rows):
        return
    filed = (calls.ended + calls.filed)[rows] <= snapshot.clock
    created = iso(calls.created[rows])
    updated = iso(calls.updated(snapshot.clock)[rows])
    columns = (filed.tolist(), created, updated)
    for row, is_filed, began, changed in zip(rows.tolist(), *columns, strict=True):
        user, ticket = int(calls.user[row]), int(calls.ticket[row])
        agent, line = int(calls.agent[row]), int(calls.line[row])
        ivr, wait = int(calls.ivr[row]), int(calls.wait[row])
        talk, hold = int(calls.talk[row]), int(calls.hold[row])
        is_inbound = bool(calls.is_inbound[row])
        minutes = -(-(wait + talk + hold) // 60)
        yield {
            "id": ids.call_id(row),
            "created_at": began,
            "updated_at": changed,
            "agent_id": None if agent < 0 else ids.user_id(1 + agent),
            "customer_id": None if user < 0 else ids.user_id(user),
            "ticket_id": None if ticket < 0 else ids.ticket_id(ticket),
            "call_group_id": None,
            "phone_number": _LINES[line][0],
            "phone_number_id": ids.line_id(line),
            "line": _LINES[line][0],
            "line_id": ids.line_id(line),
            "line_type": "phone",
            "direction": "inbound" if is_inbound else "outbound",
            "completion_status": made.STATUSES[int(calls.status[row])],
            "duration": ivr + wait + talk + hold,
            "talk_time": talk,
            "wait_time": wait,
            # This one holds the menu too.
            "time_to_answer": ivr + wait if is_inbound and talk else None,
            "hold_time": hold,
            "wrap_up_time": int(calls.wrap_up[row]) if is_filed else None,
            "consultation_time": 0,
            "exceeded_queue_wait_time": wait > _LONG_WAIT,
            "outside_business_hours": bool(calls.is_after_hours[row]),
            "overflowed": False,
            "overflowed_to": None,
            "voicemail": bool(calls.is_after_hours[row]),
            "customer_requested_voicemail": False,
            "callback": bool(calls.is_callback[row]),
            "callback_source": "queue" if calls.is_callback[row] else None,
            "ivr_time_spent": ivr if is_inbound else None,
            "ivr_hops": 1 if is_inbound else None,
            "ivr_routed_to": None,
            "ivr_destination_group_name": None,
            "call_charge": f"{0.012 * minutes:.3f}",
            "minutes_billed": minutes,
            "recording_time": talk if is_filed else 0,
            "quality_issues": ["none"],
            "default_group": agent < 0,
        }


def render_legs(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write legs; the customer's lasts as long as the call."""
    legs, calls = snapshot.world.legs, snapshot.world.calls
    if not len(rows):
        return []
    call = legs.call[rows]
    filed = (calls.ended + calls.filed)[call] <= snapshot.clock
    length = (calls.ended - calls.created)[call]
    columns = (
        *(filed.tolist(), length.tolist()),
        *(iso(calls.created[call]), iso(calls.updated(snapshot.clock)[call])),
    )
    records = []
    for row, is_filed, whole, began, changed in zip(
        rows.tolist(), *columns, strict=True
    ):
        is_agent = int(legs.kind[row]) == rung.AGENT
        talk, hold = int(legs.talk[row]), int(legs.hold[row])
        user = int(calls.user[legs.call[row]])
        customer = None if user < 0 else ids.user_id(user)
        agent = ids.user_id(1 + int(legs.agent[row])) if is_agent else 0
        record = {
            "id": ids.leg_id(row),
            "call_id": ids.call_id(int(legs.call[row])),
            "type": "agent" if is_agent else "customer",
            "agent_id": agent,
            "user_id": agent if is_agent else customer,
            "duration": talk + hold if is_agent else whole,
            "talk_time": talk,
            "hold_time": hold,
            "wrap_up_time": _known(is_filed and is_agent, legs.wrap_up[row]),
            "completion_status": _OUTCOMES[int(legs.outcome[row])],
            "available_via": "browser" if is_agent else None,
            "forwarded_to": None,
            "transferred_from": _agent(int(legs.handed_from[row])),
            "transferred_to": _agent(int(legs.handed_to[row])),
            "call_charge": "0.000",
            "minutes_billed": 0,
            "quality_issues": ["none"],
            "created_at": began,
            "updated_at": changed,
        }
        records.append(orjson.dumps(record))
    return records


def _known(is_known: bool, seconds: Any) -> int | None:
    return int(seconds) if is_known else None


def _agent(row: int) -> int | None:
    return None if row < 0 else int(ids.user_id(1 + row))


def render_lines(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write the company's numbers."""
    (began,) = iso(np.array([snapshot.world.span.start]))
    records = []
    for row in rows.tolist():
        number, country = _LINES[row]
        record = {
            "id": ids.line_id(row),
            "number": number.replace(" ", ""),
            "display_number": number,
            "name": f"Support {country}",
            "country_code": country,
            "toll_free": False,
            "external": False,
            "created_at": began,
        }
        records.append(orjson.dumps(record))
    return records
