"""The export of metric events, and what it says beside the metric sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Json = dict[str, Any]
PATH = "/api/v2/incremental/ticket_metric_events"


@pytest.fixture
def events(export: Callable[..., list[Json]]) -> list[Json]:
    """Each event once: rows of a page's last second come again."""
    rows = export("ticket_metric_events", per_page=700)
    return list({row["id"]: row for row in rows}.values())


def test_both_styles_of_paging_give_the_same_events(
    zendesk: httpx.Client, events: list[Json]
) -> None:
    listed: list[Json] = []
    url: str | None = PATH
    query: Json | None = {"start_time": 0, "page[size]": 100}
    while url:
        body = zendesk.get(url, params=query).json()
        listed += body["ticket_metric_events"]
        assert len(body["ticket_metric_events"]) <= 100
        url = body["links"]["next"] if body["meta"]["has_more"] else None
        query = None
    assert listed == events
    assert [row["time"] for row in events] == sorted(row["time"] for row in events)


def test_an_instance_starts_once_open_and_ends_at_most_once(
    events: list[Json],
) -> None:
    clocks: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in events:
        key = (row["ticket_id"], row["metric"], row["instance_id"])
        clocks[key].append(row["type"])
    assert {row["type"] for row in events} == {
        *("activate", "pause", "fulfill", "update_status", "apply_sla", "breach")
    }
    for key, types in clocks.items():
        assert types.count("fulfill") <= 1, key
        running = False
        for kind in types:
            assert kind != "activate" or not running, key
            assert kind != "pause" or running, key
            if kind in ("activate", "pause", "fulfill"):
                running = kind == "activate"


def test_a_finished_wait_is_the_minutes_of_the_metric_set(
    events: list[Json], export: Callable[..., list[Json]]
) -> None:
    sets = {
        row["id"]: row["metric_set"]
        for row in export(
            "tickets/cursor", include="metric_sets", support_type_scope="all"
        )
        if row["metric_set"] and row["status"] in ("solved", "closed")
    }
    last: dict[tuple[int, int], Json] = {}
    for row in events:
        is_wait = row["metric"] == "requester_wait_time"
        if is_wait and row["type"] == "update_status":
            last[row["ticket_id"], row["instance_id"]] = row["status"]
    instances: dict[int, list[Json]] = defaultdict(list)
    for (ticket, _), status in last.items():
        instances[ticket].append(status)
    compared = 0
    for ticket, figures in sets.items():
        given = figures["requester_wait_time_in_minutes"]
        for kind in ("calendar", "business"):
            if given[kind] is None:
                continue
            total = sum(status[kind] for status in instances[ticket])
            # Each instance is cut to whole minutes by itself.
            assert 0 <= given[kind] - total < max(1, len(instances[ticket]))
            compared += 1
    assert compared > 300


def test_targets_are_those_of_the_policies(
    zendesk: httpx.Client, events: list[Json]
) -> None:
    policies = zendesk.get("/api/v2/slas/policies").json()["sla_policies"]
    changed = policies[0]["updated_at"]
    promised = {
        (policy["id"], row["target"], row["business_hours"])
        for policy in policies
        for row in policy["policy_metrics"]
    }
    applied = [row for row in events if row["type"] == "apply_sla"]
    now = [row["sla"] for row in applied if row["time"] >= changed]
    assert len(now) > 100
    for sla in now:
        key = (sla["policy"]["id"], sla["target"], sla["business_hours"])
        assert key in promised


def test_a_breach_is_known_only_once_it_has_happened(sandbox, zendesk) -> None:
    start = int(sandbox.clock.seconds) - 3 * 86_400

    def breaches() -> set[str]:
        body = zendesk.get(PATH, params={"start_time": start}).json()
        assert body["end_of_stream"]
        rows = body["ticket_metric_events"]
        return {row["time"] for row in rows if row["type"] == "breach"}

    before = breaches()
    sandbox.clock.advance(days=3)
    assert before < breaches()
