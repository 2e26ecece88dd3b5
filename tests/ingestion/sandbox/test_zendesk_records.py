from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import numpy as np
import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import actions as act

Json = dict[str, Any]
Export = Callable[..., list[Json]]


@pytest.fixture
def tickets(export: Export) -> list[Json]:
    return export("tickets/cursor", support_type_scope="all")


def test_every_kind_of_ticket_is_there(tickets: list[Json]) -> None:
    channels = {row["via"]["channel"] for row in tickets}
    assert channels == {"email", "web", "chat", "api", "voice"}
    assert any(row["submitter_id"] != row["requester_id"] for row in tickets)
    assert any("test" in row["tags"] for row in tickets)
    assert {row["priority"] for row in tickets} >= {None, "urgent", "low"}
    assert any(row["priority"] is None for row in tickets)


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold", "solved"])
def test_a_ticket_shows_the_status_that_it_has_at_the_clock(
    sandbox: RunningSandbox, zendesk: httpx.Client, status: str
) -> None:
    events = sandbox.world.events
    for row in np.flatnonzero(events.status == act.STATUSES.index(status))[:5]:
        url = f"/api/v2/tickets/{int(events.ticket[row]) + 1}"
        since, until = int(events.when[row]), int(events.when[row + 1])
        for moment in (since, until - 1):
            sandbox.clock.set(datetime.fromtimestamp(moment, UTC))
            ticket = zendesk.get(url).json()["ticket"]
            assert ticket["status"] == status
            assert ticket["updated_at"].endswith("Z")
        assert datetime.fromisoformat(ticket["updated_at"]).timestamp() == since


def test_a_merged_ticket_is_closed_tagged_and_says_into_which(
    tickets: list[Json], zendesk: httpx.Client
) -> None:
    merged = [row for row in tickets if "closed_by_merge" in row["tags"]]
    assert merged
    by_id = {row["id"]: row for row in tickets}
    for row in merged:
        assert row["status"] == "closed"
        comments = zendesk.get(f"/api/v2/tickets/{row['id']}/comments").json()
        body = comments["comments"][-1]["body"]
        target = by_id[int(body.rstrip(".").rpartition("#")[2])]
        assert "closed_by_merge" not in target["tags"]
        people = {row["requester_id"], target["requester_id"]}
        assert len(people) == 1 or row["id"] > target["id"]


def test_events_tell_what_changed_and_comments_only_when_asked(export: Export) -> None:
    bare = export("ticket_events")
    full = export("ticket_events", include="comment_events")
    assert [row["id"] for row in bare] == [row["id"] for row in full]
    kinds = set()
    for short, long in zip(bare, full, strict=True):
        assert short["event_type"] == "Audit"
        assert short["child_events"], short
        for child, spoken in zip(
            short["child_events"], long["child_events"], strict=True
        ):
            kinds.add(child["event_type"])
            if child["event_type"] == "Comment":
                assert "body" not in child
                assert spoken["public"] is child["comment_public"]
                assert spoken["audit_id"] == long["id"]
                assert spoken["body"]
            else:
                assert child == spoken
            is_change = child["event_type"] == "Change"
            assert ("previous_value" in child) is is_change
    assert kinds == {"Create", "Change", "Comment", "ScheduleAssignment"}
    assert any(row["updater_id"] == -1 for row in bare)


def test_the_last_events_give_the_ticket_as_it_is(
    tickets: list[Json], export: Export
) -> None:
    state: dict[int, Json] = {}
    for event in export("ticket_events", support_type_scope="all"):
        for child in event["child_events"]:
            known = state.setdefault(event["ticket_id"], {})
            for name in ("status", "assignee_id", "group_id", "priority", "tags"):
                if name in child:
                    known[name] = child[name]
    for row in tickets:
        if row["status"] == "deleted":
            continue
        for name, value in state[row["id"]].items():
            assert row[name] == value, (row["id"], name)


def test_records_refer_to_records_that_exist(
    tickets: list[Json], export: Export, zendesk: httpx.Client
) -> None:
    users = {row["id"]: row for row in export("users/cursor")}
    organizations = {row["id"] for row in export("organizations")}
    for row in tickets:
        requester = users[row["requester_id"]]
        assert requester["created_at"] <= row["created_at"]
        assert row["organization_id"] == requester["organization_id"]
        assert row["organization_id"] in organizations | {None}
        if row["assignee_id"] is not None:
            agent = users[row["assignee_id"]]
            assert agent["role"] == "agent"
            assert agent["default_group_id"] == row["group_id"]
    some = next(iter(users.values()))
    assert zendesk.get(f"/api/v2/users/{some['id']}").json()["user"] == some


def test_addresses_are_unique_in_the_helpdesk_and_some_are_missing(
    export: Export,
) -> None:
    users = export("users")
    given = [row["email"].lower() for row in users if row["email"]]
    assert len(given) == len(set(given))
    assert any(row["email"] is None for row in users)
    assert any(address.startswith(("info@", "support@")) for address in given)
    assert {row["role"] for row in users} == {"end-user", "agent", "admin"}


def test_record_urls_do_not_depend_on_where_the_sandbox_listens(
    sandbox: RunningSandbox, tickets: list[Json]
) -> None:
    row = tickets[0]
    expected = f"https://cx-sandbox.zendesk.com/api/v2/tickets/{row['id']}.json"
    assert row["url"] == expected
    assert sandbox.base_url not in str(tickets)


def test_users_change_and_may_be_deactivated(
    sandbox: RunningSandbox, export: Export
) -> None:
    before = {row["id"]: row for row in export("users")}
    sandbox.clock.advance(days=45)
    after = {row["id"]: row for row in export("users")}
    changed = [i for i in before if after[i]["updated_at"] != before[i]["updated_at"]]
    assert changed
    assert all(after[i]["updated_at"] > before[i]["updated_at"] for i in changed)
    assert any(row["active"] is False for row in after.values())
