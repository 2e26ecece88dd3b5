"""The telephone's paths: incremental lists, lines and today's figures.

Holds what answers each request. Does not hold records (`talk.py`).
Tests: tests/ingestion/sandbox/test_zendesk_talk.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response
from ingestion.sandbox.world import calls as made
from ingestion.sandbox.world.timeline import DAY, Array
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.paging import endless, list_page
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.talk import (
    calls_of,
    legs_of,
    lines_of,
    render_calls,
    render_legs,
    render_lines,
)

Answer = Callable[[Request, Snapshot], Response]


def export_of(
    name: str,
    order: Callable[[Snapshot], Order],
    render: Callable[[Snapshot, Array], list[bytes]],
) -> Answer:
    """Build one of the two incremental lists."""

    def answer(request: Request, snapshot: Snapshot) -> Response:
        page = endless(request, order(snapshot))
        return json_response(page.fields, {name: render(snapshot, page.rows)})

    return answer


export_calls = export_of("calls", calls_of, render_calls)
export_legs = export_of("legs", legs_of, render_legs)


def list_lines(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of the company's numbers."""
    page = list_page(request, lines_of(snapshot))
    records = render_lines(snapshot, page.rows)
    return json_response(page.fields, {"phone_numbers": records})


def _today(snapshot: Snapshot) -> Array:
    calls = snapshot.world.calls
    midnight = snapshot.clock // DAY * DAY
    return np.flatnonzero((calls.created >= midnight) & (calls.ended <= snapshot.clock))


def agents_activity(request: Request, snapshot: Snapshot) -> Response:
    """Answer with what each agent did on the telephone today."""
    calls, today = snapshot.world.calls, _today(snapshot)
    found: list[dict[str, Any]] = []
    for agent in range(snapshot.world.staff.bot):
        own = today[calls.agent[today] == agent]
        taken = own[calls.talk[own] > 0]
        found.append(
            {
                "agent_id": ids.user_id(1 + agent),
                "calls_accepted": len(taken),
                "total_talk_time": int(calls.talk[taken].sum()),
                "total_hold_time": int(calls.hold[taken].sum()),
                "total_wrap_up_time": int(calls.wrap_up[taken].sum()),
            }
        )
    return json_response({"agents_activity": found})


def account_overview(request: Request, snapshot: Snapshot) -> Response:
    """Answer with today's figures of the whole account."""
    calls, today = snapshot.world.calls, _today(snapshot)
    inbound = today[calls.is_inbound[today]]
    taken = inbound[calls.talk[inbound] > 0]
    waited = calls.wait[taken]
    overview = {
        "total_calls": len(today),
        "total_inbound_calls": len(inbound),
        "total_outbound_calls": len(today) - len(inbound),
        "total_voicemails": int(calls.is_after_hours[inbound].sum()),
        "total_calls_abandoned_in_queue": int(
            (calls.status[inbound] == made.IN_QUEUE).sum()
        ),
        "average_queue_wait_time": int(waited.mean()) if len(waited) else 0,
        "max_queue_wait_time": int(waited.max()) if len(waited) else 0,
    }
    return json_response({"account_overview": overview})
