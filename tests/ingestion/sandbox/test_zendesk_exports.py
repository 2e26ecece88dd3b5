import base64
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import DEFAULT_NOW

Json = dict[str, Any]
Pages = Callable[..., Iterator[Json]]
Export = Callable[..., list[Json]]
NOW = int(DEFAULT_NOW.timestamp())
TICKETS = "/api/v2/incremental/tickets/cursor"
TIME_STAMPS: dict[str, Callable[[Json], int]] = {
    "tickets": lambda row: row["generated_timestamp"],
    "users": lambda row: _seconds(row["updated_at"]),
    "organizations": lambda row: _seconds(row["updated_at"]),
    "ticket_events": lambda row: row["timestamp"],
}


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("size", [3, 7, 1000])
def test_a_cursor_export_gives_every_ticket_once(pages: Pages, size: int) -> None:
    answers = list(pages("tickets/cursor", per_page=size, support_type_scope="all"))
    rows = [row for answer in answers for row in answer["tickets"]]
    assert sorted(row["id"] for row in rows) == list(range(1, 301))
    order = [(row["generated_timestamp"], row["id"]) for row in rows]
    assert order == sorted(order)
    assert all(len(answer["tickets"]) == size for answer in answers[:-1])


def test_the_last_cursor_is_kept_and_goes_on_from_there(
    sandbox: RunningSandbox, zendesk: httpx.Client, pages: Pages
) -> None:
    last = list(pages("tickets/cursor", support_type_scope="all"))[-1]
    assert last["after_url"]
    cursor = {"cursor": last["after_cursor"], "support_type_scope": "all"}
    again = zendesk.get(TICKETS, params=cursor).json()
    assert (again["tickets"], again["end_of_stream"]) == ([], True)
    assert again["after_cursor"] == last["after_cursor"]
    sandbox.clock.advance(days=1)
    fresh = zendesk.get(TICKETS, params=cursor).json()["tickets"]
    newest = last["tickets"][-1]["generated_timestamp"]
    assert fresh
    assert all(row["generated_timestamp"] > newest for row in fresh)


def test_a_cursor_is_stamp_and_id_in_base64_and_its_link_is_encoded(
    zendesk: httpx.Client,
) -> None:
    query = {"start_time": 0, "per_page": 3, "include": "metric_sets"}
    answer = zendesk.get(TICKETS, params=query).json()
    last = answer["tickets"][-1]
    text = base64.b64decode(answer["after_cursor"]).decode()
    assert text == f"{last['generated_timestamp']}.0||{last['id']}|"
    link = urlsplit(answer["after_url"])
    kept = parse_qs(link.query)
    assert kept["per_page"] == ["3"]
    assert kept["include"] == ["metric_sets"]
    assert kept["cursor"] == [answer["after_cursor"]]
    assert "start_time" not in kept
    assert "=" not in link.query.split("cursor=")[1]


@pytest.mark.parametrize("path", list(TIME_STAMPS))
def test_a_time_export_repeats_only_the_second_between_two_pages(
    pages: Pages, export: Export, path: str
) -> None:
    stamp = TIME_STAMPS[path]
    answers = list(pages(path, per_page=20, support_type_scope="all"))
    whole = export(path, support_type_scope="all")
    seen = {row["id"] for answer in answers for row in answer[path]}
    assert seen == {row["id"] for row in whole}
    for answer, following in pairwise(answers):
        rows = answer[path]
        assert answer["count"] == len(rows)
        stamps = [stamp(row) for row in rows]
        assert stamps == sorted(stamps)
        start = parse_qs(urlsplit(answer["next_page"]).query)["start_time"]
        assert start == [str(answer["end_time"])]
        both = {row["id"] for row in rows} & {row["id"] for row in following[path]}
        repeated = [row for row in rows if row["id"] in both]
        assert all(stamp(row) == answer["end_time"] for row in repeated)


def test_a_page_within_one_second_is_given_whole(pages: Pages, export: Export) -> None:
    stamps = Counter(row["timestamp"] for row in export("ticket_events"))
    busiest, count = stamps.most_common(1)[0]
    assert count > 1  # automations close tickets together, on the hour
    first = next(pages("ticket_events", start_time=busiest, per_page=1))
    assert [row["timestamp"] for row in first["ticket_events"]] == [busiest] * count
    assert first["end_time"] == busiest + 1


def test_the_last_time_page_still_links_on(pages: Pages) -> None:
    last = list(pages("organizations"))[-1]
    assert last["end_of_stream"] is True
    assert last["next_page"].endswith(f"start_time={last['end_time']}")


def test_the_last_minute_is_left_out(
    sandbox: RunningSandbox, zendesk: httpx.Client, export: Export
) -> None:
    sandbox.clock.advance(days=2)
    row = export("tickets/cursor", support_type_scope="all")[-1]
    changed = row["generated_timestamp"]
    query = {"start_time": changed, "support_type_scope": "all"}
    event_query = {"start_time": _seconds(row["updated_at"])}
    for age, is_there in ((59, False), (60, True)):
        sandbox.clock.set(_instant(changed + age))
        answer = zendesk.get(TICKETS, params={**query, "start_time": changed - 100})
        stamps = {r["id"]: r["generated_timestamp"] for r in answer.json()["tickets"]}
        assert (stamps.get(row["id"]) == changed) is is_there
    sandbox.clock.set(_instant(event_query["start_time"] + 59))
    events = export("ticket_events", start_time=event_query["start_time"] - 100)
    assert all(e["timestamp"] < event_query["start_time"] for e in events)


@pytest.mark.parametrize(
    "path", ["tickets/cursor", "tickets.json", "users", "ticket_events"]
)
def test_a_start_in_the_last_minute_is_too_recent(
    zendesk: httpx.Client, path: str
) -> None:
    url = f"/api/v2/incremental/{path}"
    assert zendesk.get(url, params={"start_time": NOW - 60}).status_code == 200
    refused = zendesk.get(url, params={"start_time": NOW - 59})
    assert refused.status_code == 422
    assert refused.json() == {
        "error": "InvalidValue",
        "description": "Too recent start_time. Use a start_time older than 60 seconds",
    }


@pytest.mark.parametrize(
    "query", [{}, {"start_time": ""}, {"start_time": "x"}, {"cursor": "%%"}]
)
def test_an_export_without_a_usable_start_is_a_bad_request(
    zendesk: httpx.Client, query: dict[str, str]
) -> None:
    assert zendesk.get(TICKETS, params=query).status_code == 400


def test_numbers_may_come_with_decimals_and_unknown_parameters_are_ignored(
    zendesk: httpx.Client,
) -> None:
    query = {"start_time": "0.0", "per_page": "2.0", "colour": "blue"}
    assert len(zendesk.get(TICKETS, params=query).json()["tickets"]) == 2


def test_sideloads_come_along(zendesk: httpx.Client) -> None:
    include = "metric_sets,users,groups,organizations,comment_count"
    query = {"start_time": 0, "per_page": 40, "include": include}
    answer = zendesk.get(TICKETS, params=query).json()
    users = {user["id"] for user in answer["users"]}
    organizations = {row["id"] for row in answer["organizations"]}
    groups = {row["id"] for row in answer["groups"]}
    for row in answer["tickets"]:
        assert {row["requester_id"], row["submitter_id"]} <= users
        assert row["assignee_id"] is None or row["assignee_id"] in users
        assert row["group_id"] is None or row["group_id"] in groups
        assert (row["organization_id"] or next(iter(organizations))) in organizations
        assert row["comment_count"] >= 1
        if row["status"] != "deleted":
            assert row["metric_set"]["ticket_id"] == row["id"]
    bare = zendesk.get(TICKETS, params={"start_time": 0}).json()
    assert "users" not in bare
    assert "metric_set" not in bare["tickets"][0]


def test_deleted_tickets_stay_unless_they_are_excluded(export: Export) -> None:
    everything = export("tickets/cursor", include="metric_sets")
    deleted = {row["id"] for row in everything if row["status"] == "deleted"}
    assert deleted
    assert all(r["metric_set"] is None for r in everything if r["id"] in deleted)
    kept = export("tickets/cursor", exclude_deleted="true")
    assert {row["id"] for row in kept} == {r["id"] for r in everything} - deleted


def test_ai_agents_tickets_come_only_when_asked_for(export: Export) -> None:
    for path in ("tickets/cursor", "tickets"):
        everything = export(path, support_type_scope="all")
        by_ai = {r["id"] for r in everything if r["support_type"] == "ai_agent"}
        assert by_ai
        usual = {row["id"] for row in export(path)}
        assert usual == {row["id"] for row in everything} - by_ai
        only = {row["id"] for row in export(path, support_type_scope="ai_agent")}
        assert only == by_ai
    events = export("ticket_events")
    assert not by_ai & {row["ticket_id"] for row in events}


def test_a_moved_clock_shows_new_tickets_and_new_versions(
    sandbox: RunningSandbox, export: Export
) -> None:
    before = {r["id"]: r for r in export("tickets/cursor", support_type_scope="all")}
    sandbox.clock.advance(days=10)
    after = {r["id"]: r for r in export("tickets/cursor", support_type_scope="all")}
    assert set(before) < set(after)
    changed = [after[i] for i in before if after[i] != before[i]]
    assert changed
    for row in changed:
        old = before[row["id"]]
        assert row["generated_timestamp"] > old["generated_timestamp"]
        assert NOW - 60 < row["generated_timestamp"] <= NOW + 10 * 86_400


def test_a_rating_moves_the_generated_timestamp_alone(
    sandbox: RunningSandbox, zendesk: httpx.Client, export: Export
) -> None:
    sandbox.clock.advance(days=10)
    rows = export("tickets/cursor", support_type_scope="all")
    ahead = [
        row
        for row in rows
        if row["generated_timestamp"] > _seconds(row["updated_at"])
        and not row["followup_ids"]
    ]
    row = ahead[-1]
    rating = row["satisfaction_rating"]
    sandbox.clock.set(_instant(row["generated_timestamp"]) - timedelta(seconds=1))
    earlier = zendesk.get(f"/api/v2/tickets/{row['id']}").json()["ticket"]
    assert earlier["satisfaction_rating"] != rating
    assert earlier["updated_at"] == row["updated_at"]
    assert "generated_timestamp" not in earlier
