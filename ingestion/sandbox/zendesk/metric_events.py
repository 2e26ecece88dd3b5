"""What happened to tickets' clocks, as the helpdesk's export of metric events tells it.

Holds their JSON and order. Does not hold the clocks (`world/clocks.py`).
Tests: tests/ingestion/sandbox/test_zendesk_metric_events.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world.clocks import APPLY, BREACH, KINDS, METRICS, STATUS
from ingestion.sandbox.world.targets import POLICIES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot


def metric_events_of(snapshot: Snapshot) -> Order:
    """Give the metric events known by now, by instant; nobody's come later."""

    def make() -> Order:
        events = snapshot.world.metric_events
        rows = np.arange(events.known(snapshot.clock))
        return Order(rows, events.when(rows), ids.metric_event_id(rows))

    return snapshot.filtered("metric events", make)


def render_metric_events(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write metric events as known at the snapshot's instant."""
    if not len(rows):
        return []
    events = snapshot.world.metric_events
    policy = snapshot.world.policies[events.ticket[rows]]
    columns = zip(
        rows.tolist(),
        events.ticket[rows].tolist(),
        events.metric[rows].tolist(),
        events.instance[rows].tolist(),
        events.kind[rows].tolist(),
        iso(events.when(rows)),
        policy.tolist(),
        (events.seconds[rows] // 60).tolist(),
        (events.open_seconds[rows] // 60).tolist(),
        events.is_business[rows].tolist(),
        (events.void_since(rows) <= snapshot.clock).tolist(),
        strict=True,
    )
    records = []
    for row, ticket, metric, instance, kind, time, *more in columns:
        record = {
            "id": ids.metric_event_id(row),
            "ticket_id": ids.ticket_id(ticket),
            "metric": METRICS[metric],
            "instance_id": instance,
            "type": KINDS[kind],
            "time": time,
            **_extra(kind, *more),
        }
        records.append(orjson.dumps(record))
    return records


def _extra(  # noqa: PLR0913, PLR0917 - the columns of one row
    kind: int,
    policy: int,
    minutes: int,
    open_minutes: int,
    is_business: bool,
    is_void: bool,
) -> dict[str, Any]:
    if kind == APPLY:
        told = POLICIES[policy]
        return {
            "sla": {
                "target": minutes,
                "target_in_seconds": 60 * minutes,
                "business_hours": is_business,
                "policy": {
                    "id": ids.policy_id(policy),
                    "title": told.title,
                    "description": told.description,
                },
            }
        }
    if kind == BREACH:
        return {"deleted": is_void}
    if kind == STATUS:
        return {"status": {"calendar": minutes, "business": open_minutes}}
    return {}
