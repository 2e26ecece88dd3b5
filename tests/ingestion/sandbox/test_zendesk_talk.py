"""The telephone's lists: no end in sight, and calls that come again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox

Json = dict[str, Any]
VOICE = "/api/v2/channels/voice"
CALLS = f"{VOICE}/stats/incremental/calls"


def followed(zendesk: httpx.Client, path: str, **query: Any) -> list[Json]:
    """Every page until one is empty, as the vendor tells clients to do."""
    url, parameters, bodies = path, {"start_time": 0, **query}, []
    while True:
        body = zendesk.get(url, params=parameters or None).json()
        bodies.append(body)
        assert "end_of_stream" not in body
        assert body["next_page"]
        if body["count"] == 0:
            return bodies
        url, parameters = body["next_page"], {}


@pytest.mark.parametrize("name", ["calls", "legs"])
def test_pages_go_on_until_one_is_empty(zendesk: httpx.Client, name: str) -> None:
    bodies = followed(zendesk, f"{VOICE}/stats/incremental/{name}.json", limit=37)
    rows = [row for body in bodies for row in body[name]]
    whole = followed(zendesk, f"{VOICE}/stats/incremental/{name}", limit=1000)[0][name]
    assert len(whole) > 150
    assert {row["id"]: row for row in rows} == {row["id"]: row for row in whole}
    assert len(bodies[0][name]) == bodies[0]["count"] == 37
    stamps = [row["updated_at"] for row in whole]
    assert stamps == sorted(stamps)


def test_a_hundred_come_unless_more_are_asked_for(zendesk: httpx.Client) -> None:
    assert zendesk.get(CALLS, params={"start_time": 0}).json()["count"] == 100


def test_a_call_comes_again_once_it_is_wrapped_up(
    sandbox: RunningSandbox, zendesk: httpx.Client
) -> None:
    calls = sandbox.world.calls
    spoken = int((calls.talk > 0).nonzero()[0][50])
    ended = int(calls.ended[spoken])
    number = None
    states = []
    for seconds in (0, int(calls.filed[spoken])):
        from_epoch = ended + seconds
        sandbox.clock.set(datetime.fromtimestamp(from_epoch, UTC))
        rows = zendesk.get(CALLS, params={"start_time": from_epoch}).json()["calls"]
        own = [r for r in rows if number is None or r["id"] == number]
        own = [r for r in own if r["talk_time"] == int(calls.talk[spoken])]
        number = own[0]["id"]
        states.append(own[0])
    before, after = states
    assert before["wrap_up_time"] is None
    assert after["wrap_up_time"] == int(calls.wrap_up[spoken])
    assert before["updated_at"] < after["updated_at"]


def test_time_to_answer_holds_the_menu_and_wait_time_does_not(
    zendesk: httpx.Client,
) -> None:
    rows = followed(zendesk, CALLS, limit=1000)[0]["calls"]
    answered = [row for row in rows if row["time_to_answer"] is not None]
    assert answered
    for row in answered:
        assert row["time_to_answer"] == row["wait_time"] + row["ivr_time_spent"]
        assert isinstance(row["call_charge"], str)
    assert {row["agent_id"] for row in rows if row["outside_business_hours"]} == {None}


def test_ten_incremental_requests_a_minute_are_let_through(
    started: RunningSandbox,
) -> None:
    limits = Limits("vendor", lambda: 0.0)
    let = [limits.take("zendesk_talk_export").allowed for _ in range(11)]
    assert let == [True] * 10 + [False]


def test_todays_figures_are_those_of_todays_calls(
    sandbox: RunningSandbox, zendesk: httpx.Client
) -> None:
    midnight = int(sandbox.clock.seconds) // 86_400 * 86_400
    body = zendesk.get(CALLS, params={"start_time": midnight, "limit": 1000}).json()
    iso = zendesk.get(f"{VOICE}/stats/account_overview").json()["account_overview"]
    began = [row for row in body["calls"] if row["created_at"] >= "2026-06-30T00"]
    assert iso["total_calls"] == len(began)
    agents = zendesk.get(f"{VOICE}/stats/agents_activity").json()["agents_activity"]
    assert sum(row["total_talk_time"] for row in agents) == sum(
        row["talk_time"] for row in began
    )
    lines = zendesk.get(f"{VOICE}/phone_numbers").json()
    assert lines["count"] == len(lines["phone_numbers"]) == 2
