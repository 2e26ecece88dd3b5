"""The set-up of the account, and how it looked before it was changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

Json = dict[str, Any]
SCHEDULES = "/api/v2/business_hours/schedules"


def test_schedules_come_whole_with_minutes_from_sunday(zendesk: httpx.Client) -> None:
    body = zendesk.get(SCHEDULES).json()
    assert set(body) == {"schedules"}
    london = body["schedules"][0]
    assert london["time_zone"] == "London"
    # Monday, 9 to 18 o'clock.
    assert london["intervals"][0] == {"start_time": 1980, "end_time": 2520}
    for schedule in body["schedules"]:
        bounds = [
            (part["start_time"], part["end_time"]) for part in schedule["intervals"]
        ]
        assert bounds == sorted(bounds)
        assert all(0 <= start < end <= 7 * 1440 for start, end in bounds)


def test_a_schedule_before_its_change_is_the_old_one(sandbox, zendesk) -> None:
    new = zendesk.get(SCHEDULES).json()["schedules"][1]
    sandbox.clock.set(datetime(2025, 6, 1, tzinfo=UTC))
    old = zendesk.get(SCHEDULES).json()["schedules"][1]
    assert len(new["intervals"]) == len(old["intervals"]) + 1
    assert old["updated_at"] == old["created_at"] < new["updated_at"]


def test_holidays_are_local_dates_and_an_unknown_schedule_has_none(zendesk) -> None:
    number = zendesk.get(SCHEDULES).json()["schedules"][1]["id"]
    holidays = zendesk.get(f"{SCHEDULES}/{number}/holidays.json").json()["holidays"]
    dates = {day["start_date"] for day in holidays}
    assert {"2025-10-03", "2026-01-01"} <= dates
    assert len({day["id"] for day in holidays}) == len(holidays)
    assert zendesk.get(f"{SCHEDULES}/17/holidays").status_code == 404


def test_policies_name_their_targets_by_priority(zendesk: httpx.Client) -> None:
    body = zendesk.get("/api/v2/slas/policies").json()
    assert body["count"] == len(body["sla_policies"]) == 2
    assert body["next_page"] is None
    chat, standard = body["sla_policies"]
    assert [chat["position"], standard["position"]] == [1, 2]
    assert {row["metric"] for row in standard["policy_metrics"]} == {
        *("first_reply_time", "next_reply_time", "requester_wait_time"),
        *("agent_work_time", "periodic_update_time", "pausable_update_time"),
        "total_resolution_time",
    }
    urgent = [r for r in standard["policy_metrics"] if r["priority"] == "urgent"]
    assert urgent[0]["target"] == 30
    assert not any(row["business_hours"] for row in urgent)


def test_brands_and_fields_are_those_that_tickets_name(zendesk: httpx.Client) -> None:
    tickets = zendesk.get("/api/v2/tickets").json()["tickets"]
    brands = zendesk.get("/api/v2/brands", params={"page[size]": 50}).json()["brands"]
    fields = zendesk.get("/api/v2/ticket_fields").json()["ticket_fields"]
    assert {t["brand_id"] for t in tickets} <= {brand["id"] for brand in brands}
    used = {field["id"] for ticket in tickets for field in ticket["custom_fields"]}
    assert used <= {field["id"] for field in fields if field["removable"]}


def test_metrics_are_listed_newest_first_without_archived_tickets(
    zendesk: httpx.Client,
) -> None:
    query = {"page[size]": 40}
    body = zendesk.get("/api/v2/ticket_metrics", params=query).json()
    first = [row["ticket_id"] for row in body["ticket_metrics"]]
    assert first == sorted(first, reverse=True)
    following = zendesk.get(body["links"]["next"]).json()["ticket_metrics"]
    assert following[0]["ticket_id"] < first[-1]
    count = zendesk.get("/api/v2/ticket_metrics").json()["count"]
    tickets = zendesk.get("/api/v2/tickets").json()["count"]
    assert 0 < count < tickets
