"""The vendor's figures, worked out again from audits by the plainest of code."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox

Json = dict[str, Any]
SCHEDULES = "/api/v2/business_hours/schedules"
ZONES = {"London": "Europe/London", "Berlin": "Europe/Berlin", "UTC": "Etc/UTC"}
FIELDS = ("status", "assignee_id", "group_id")
WAITS = {
    "agent_wait_time_in_minutes": ("pending",),
    "requester_wait_time_in_minutes": ("new", "open", "hold"),
    "on_hold_time_in_minutes": ("hold",),
}


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _history(audits: list[Json]) -> list[Json]:
    """Per audit: when, the state after it, and its comment."""
    state: Json = dict.fromkeys((*FIELDS, "schedule"))
    steps = []
    for audit in audits:
        comment = None
        for event in audit["events"]:
            if event["type"] == "Comment":
                comment = event
            elif event["type"] == "ScheduleAssignment":
                state = {**state, "schedule": event["new_schedule_id"]}
            elif event["field_name"] in FIELDS:
                state = {**state, event["field_name"]: event["value"]}
        steps.append({"at": _seconds(audit["created_at"]), "comment": comment, **state})
    return steps


class Hours:
    """Open seconds by the plainest of counting: day by day on the local clock."""

    def __init__(self, sandbox: RunningSandbox, zendesk: httpx.Client) -> None:
        before = sandbox.clock.instant
        sandbox.clock.set(datetime(2025, 3, 1, tzinfo=UTC))
        old = zendesk.get(SCHEDULES).json()["schedules"]
        sandbox.clock.set(before)
        new = zendesk.get(SCHEDULES).json()["schedules"]
        self._weeks = {row["id"]: (row, new[place]) for place, row in enumerate(old)}
        self._holidays = {
            row["id"]: {
                day["start_date"]
                for day in zendesk.get(f"{SCHEDULES}/{row['id']}/holidays").json()[
                    "holidays"
                ]
            }
            for row in new
        }

    def between(self, schedule: int, start: int, end: int) -> int:
        old, new = self._weeks[schedule]
        zone = ZoneInfo(ZONES[new["time_zone"]])
        day = datetime.fromtimestamp(start, zone).date()
        seconds = 0
        while (midnight := datetime.combine(day, time(), zone)).timestamp() < end:
            changed = midnight.timestamp() >= _seconds(new["updated_at"])
            today = day.isoweekday() % 7 * 1440
            is_open = day.isoformat() not in self._holidays[schedule]
            for interval in (new if changed else old)["intervals"]:
                opens, closes = (
                    (midnight + timedelta(minutes=interval[at] - today)).timestamp()
                    for at in ("start_time", "end_time")
                )
                if today <= interval["start_time"] < today + 1440 and is_open:
                    seconds += max(0, min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return int(seconds)


@pytest.fixture(scope="module")
def hours(started: RunningSandbox, zendesk_client: httpx.Client) -> Hours:
    return Hours(started, zendesk_client)


def _pair(seconds: int | None, business: int | None) -> Json:
    """Minutes, cut off."""
    names = {"calendar": seconds, "business": business}
    return {name: None if s is None else s // 60 for name, s in names.items()}


def _expected(steps: list[Json], agents: set[int], hours: Hours) -> Json:
    created = steps[0]["at"]

    def to(step: Json | None) -> Json:
        if step is None:
            return _pair(None, None)
        opened = hours.between(step["schedule"], created, step["at"])
        return _pair(step["at"] - created, opened)

    replies = [
        step
        for step in steps[1:]
        if step["comment"]
        and step["comment"]["public"]
        and step["comment"]["author_id"] in agents
    ]
    changes = [steps[0]]
    for step in steps[1:]:
        if step["status"] != changes[-1]["status"]:
            changes.append(step)
    solved = [
        step
        for before, step in pairwise(changes)
        if step["status"] in ("solved", "closed") and before["status"] != "solved"
    ]
    is_solved = changes[-1]["status"] in ("solved", "closed")
    expected: Json = {
        "replies": len(replies),
        "reopens": sum(
            before["status"] == "solved" and step["status"] != "closed"
            for before, step in pairwise(changes)
        ),
        "assignee_stations": _stations(steps, "assignee_id"),
        "group_stations": _stations(steps, "group_id"),
        "reply_time_in_minutes": to(replies[0] if replies else None),
        "first_resolution_time_in_minutes": to(solved[0] if solved else None),
        "full_resolution_time_in_minutes": to(solved[-1] if is_solved else None),
    }
    for name, statuses in WAITS.items():
        spent, opened = 0, 0
        for before, step in pairwise(steps):
            if before["status"] in statuses and step["at"] <= changes[-1]["at"]:
                spent += step["at"] - before["at"]
                opened += hours.between(before["schedule"], before["at"], step["at"])
        known = len(changes) > 1
        expected[name] = _pair(spent, opened) if known else _pair(None, None)
    return expected


def _stations(steps: list[Json], field: str) -> int:
    before, count = None, 0
    for step in steps:
        count += step[field] is not None and step[field] != before
        before = step[field]
    return count


@pytest.fixture
def sets(export: Callable[..., list[Json]]) -> dict[int, Json]:
    rows = export("tickets/cursor", include="metric_sets", support_type_scope="all")
    return {row["id"]: row["metric_set"] for row in rows if row["metric_set"]}


def _interesting(sets: dict[int, Json]) -> list[int]:
    """Tickets with a bit of everything, and some ordinary ones."""

    def some(wanted: Callable[[Json], bool], count: int = 3) -> list[int]:
        return [number for number, row in sets.items() if wanted(row)][:count]

    chosen = [
        some(lambda row: row["reopens"] > 0),
        some(lambda row: row["assignee_stations"] > 2),
        some(lambda row: row["group_stations"] > 1),
        some(lambda row: bool(row["on_hold_time_in_minutes"]["calendar"])),
        some(lambda row: row["solved_at"] is None),
        some(lambda row: row["initially_assigned_at"] is None, 1),
        some(lambda row: row["replies"] == 0 and row["solved_at"] is not None),
        list(sets)[:12],
    ]
    return sorted({number for numbers in chosen for number in numbers})


def test_metric_sets_follow_from_the_audits(
    zendesk: httpx.Client,
    sets: dict[int, Json],
    export: Callable[..., list[Json]],
    hours: Hours,
) -> None:
    agents = {row["id"] for row in export("users") if row["role"] != "end-user"}
    numbers = _interesting(sets)
    assert len(numbers) > 20
    for number in numbers:
        audits = zendesk.get(f"/api/v2/tickets/{number}/audits").json()["audits"]
        expected = _expected(_history(audits), agents, hours)
        given = {name: sets[number][name] for name in expected}
        assert given == expected, number


def test_instants_of_a_metric_set_are_those_of_its_audits(
    zendesk: httpx.Client, sets: dict[int, Json]
) -> None:
    for number in _interesting(sets):
        audits = zendesk.get(f"/api/v2/tickets/{number}/audits").json()["audits"]
        steps, row = _history(audits), sets[number]
        assert row["created_at"] == audits[0]["created_at"]
        assert row["updated_at"] == audits[-1]["created_at"]
        commented = [step["at"] for step in steps if step["comment"]]
        assert _seconds(row["latest_comment_added_at"]) == commented[-1]
        assigned = [step["at"] for step in steps if step["assignee_id"]]
        first = row["initially_assigned_at"]
        assert first is None or _seconds(first) == assigned[0]
        assert (row["solved_at"] is None) is (
            steps[-1]["status"] not in ("solved", "closed")
        )


def test_seconds_are_given_for_chats_only(
    sets: dict[int, Json], export: Callable[..., list[Json]]
) -> None:
    rows = export("tickets/cursor", support_type_scope="all")
    chats = {row["id"] for row in rows if row["via"]["channel"] == "chat"}
    for number, row in sets.items():
        seconds = row["reply_time_in_seconds"]["calendar"]
        minutes = row["reply_time_in_minutes"]["calendar"]
        if number in chats and minutes is not None:
            assert seconds // 60 == minutes
        else:
            assert seconds is None
