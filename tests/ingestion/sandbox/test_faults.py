"""Faults strike when they are drawn, and change answers as they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from ingestion.sandbox.faults import Fault, UnknownFault
from ingestion.sandbox.server import RunningSandbox, running_sandbox

TICKETS = "/api/v2/incremental/tickets/cursor?start_time=0&per_page=5"
GROUPS = "/api/v2/groups"
EVENTS = "ticket_events"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=20) as running:
        yield running


@pytest.fixture(autouse=True)
def _well_again(sandbox: RunningSandbox) -> Iterator[None]:
    yield
    sandbox.faults.set()


def ask(sandbox: RunningSandbox, path: str = TICKETS) -> requests.Response:
    keys = sandbox.credentials
    return requests.get(
        sandbox.base_url + path,
        auth=(f"{keys.zendesk_email}/token", keys.zendesk_api_token),
        timeout=10,
    )


def tickets(sandbox: RunningSandbox, name: str) -> list[dict[str, Any]]:
    sandbox.faults.set(Fault(name, probability=1))
    found: list[dict[str, Any]] = ask(sandbox).json()["tickets"]
    return found


@pytest.mark.parametrize(
    ("name", "status", "header"),
    [
        ("limited_with_retry_after", 429, "Retry-After"),
        ("limited_with_vendor_header", 429, "ratelimit-reset"),
        ("limited_bare", 429, None),
        ("error_500", 500, None),
        ("error_502", 502, None),
        ("error_503", 503, None),
        ("token_expired", 401, None),
    ],
)
def test_refusals_have_their_status_and_header(
    sandbox: RunningSandbox, name: str, status: int, header: str | None
) -> None:
    sandbox.faults.set(Fault(name, probability=1))
    answer = ask(sandbox)
    assert answer.status_code == status
    told = {"retry-after", "ratelimit-reset"} & {key.lower() for key in answer.headers}
    assert told == ({header.lower()} if header else set()) or name == "error_503"
    assert "Date" in answer.headers


@pytest.mark.parametrize("name", ["cut_in_body", "wrong_content_length"])
def test_a_connection_breaks_off_in_the_body(
    sandbox: RunningSandbox, name: str
) -> None:
    sandbox.faults.set(Fault(name, probability=1))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(sandbox)


def test_a_truncated_answer_is_no_json_though_it_is_complete_http(
    sandbox: RunningSandbox,
) -> None:
    sandbox.faults.set(Fault("truncated_json", probability=1))
    with pytest.raises(requests.JSONDecodeError):
        ask(sandbox).json()


def test_the_page_before_comes_again(sandbox: RunningSandbox) -> None:
    first = ask(sandbox).json()
    sandbox.faults.set(Fault("repeated_page", probability=1))
    assert ask(sandbox).json() == first
    following = f"{TICKETS}&cursor={first['after_cursor']}".replace("start_time=0&", "")
    assert ask(sandbox, following).status_code == 200


def test_records_get_a_new_field_and_numbers_become_texts(
    sandbox: RunningSandbox,
) -> None:
    before = ask(sandbox).json()["tickets"]
    with_field = tickets(sandbox, "new_field")
    assert all("zz_added_by_the_vendor" in ticket for ticket in with_field)
    as_texts = tickets(sandbox, "number_to_text")
    assert [one["id"] for one in as_texts] == [str(one["id"]) for one in before]


def test_other_offsets_are_the_same_instants(sandbox: RunningSandbox) -> None:
    before = ask(sandbox).json()["tickets"]
    after = tickets(sandbox, "mixed_offsets")
    assert [one["created_at"] for one in after] != [one["created_at"] for one in before]
    for old, new in zip(before, after, strict=True):
        assert datetime.fromisoformat(new["created_at"]) == datetime.fromisoformat(
            old["created_at"]
        )


def test_a_stream_that_had_rows_has_none(sandbox: RunningSandbox) -> None:
    sandbox.faults.set(Fault("no_rows", probability=1))
    answer = ask(sandbox).json()
    assert (answer["tickets"], answer["end_of_stream"]) == ([], True)
    assert not answer.get("after_cursor")


def test_rows_of_an_empty_page_come_with_the_next(sandbox: RunningSandbox) -> None:
    first = ask(sandbox).json()
    following = f"{TICKETS}&cursor={first['after_cursor']}".replace("start_time=0&", "")
    second = ask(sandbox, following).json()
    sandbox.faults.set(Fault("empty_page", probability=1, times=1))
    empty = ask(sandbox).json()
    assert (empty["tickets"], empty["end_of_stream"]) == ([], False)
    assert empty["after_cursor"] == first["after_cursor"]
    both = [*first["tickets"], *second["tickets"]]
    assert ask(sandbox, following).json()["tickets"] == both
    sandbox.faults.set(Fault("moved_rows", probability=1))
    assert ask(sandbox).json()["tickets"] == first["tickets"][:-1]
    moved = ask(sandbox, following).json()["tickets"]
    assert moved == [first["tickets"][-1], *second["tickets"][:-1]]


def test_a_record_shows_hours_after_its_date(sandbox: RunningSandbox) -> None:
    events = "/api/v2/incremental/ticket_events?start_time=0"
    now = sandbox.clock.instant
    last = max(each["timestamp"] for each in ask(sandbox, events).json()[EVENTS])
    sandbox.faults.set(Fault("late_rows", probability=1))
    try:
        sandbox.clock.set(datetime.fromtimestamp(last + 120, UTC))
        shown = {each["id"] for each in ask(sandbox, events).json()[EVENTS]}
        sandbox.clock.advance(hours=5)
        later = ask(sandbox, events).json()[EVENTS]
    finally:
        sandbox.clock.set(now)
    missed = [each for each in later if each["id"] not in shown]
    assert missed
    assert min(each["timestamp"] for each in missed) > last - 6 * 3600


def test_dates_lie_ahead_or_are_all_the_same(sandbox: RunningSandbox) -> None:
    before = ask(sandbox).json()["tickets"]
    ahead = tickets(sandbox, "future_dates")
    assert ahead[0]["updated_at"] > before[0]["updated_at"]
    assert ahead[1:] == before[1:]
    same = tickets(sandbox, "equal_timestamps")
    assert {each["updated_at"][10:] for each in same} == {"T00:00:00Z"}
    assert {each["generated_timestamp"] % 86_400 for each in same} == {0}


def test_a_copy_stands_beside_the_record(sandbox: RunningSandbox) -> None:
    before = ask(sandbox).json()["tickets"]
    draft, *rest = tickets(sandbox, "edited_twice")
    assert draft["subject"] == f"draft of {before[0]['subject']}"
    assert rest == before
    *rest, stale = tickets(sandbox, "stale_redelivery")
    assert stale["id"] == before[0]["id"]
    assert stale["updated_at"] < before[0]["updated_at"]
    gone, *rest = tickets(sandbox, "deleted_and_recreated")
    assert (gone["id"], gone["status"]) == (before[0]["id"], "deleted")
    assert rest == before


def test_ids_are_beyond_what_a_double_tells_apart(sandbox: RunningSandbox) -> None:
    sandbox.faults.set(Fault("ids_beyond_2_53", probability=1))
    groups = ask(sandbox, GROUPS).json()["groups"]
    assert [each["id"] for each in groups[-2:]] == [2**53 + 1, 2**53 + 3]


def test_fields_vanish_and_change_their_shape(sandbox: RunningSandbox) -> None:
    before = ask(sandbox).json()["tickets"]
    assert "created_at" not in tickets(sandbox, "vanished_field")[0]
    first = tickets(sandbox, "scalar_to_list")[0]
    assert first["created_at"] == [before[0]["created_at"]]
    assert sum(isinstance(first[name], list) for name in before[0]) >= 2
    assert tickets(sandbox, "null_cursor")[0]["updated_at"] is None
    assert len(tickets(sandbox, "long_text")[0]["zz_long"].encode()) == 1_000_000


def test_odd_characters_are_sent_as_json_may_write_them(
    sandbox: RunningSandbox,
) -> None:
    sandbox.faults.set(Fault("odd_characters", probability=1))
    assert rb'"zz_odd":"a\u0000b\ud800c"' in ask(sandbox).content


def test_the_clock_is_hours_ahead(sandbox: RunningSandbox) -> None:
    sandbox.faults.set(Fault("clock_skew", probability=1))
    told = parsedate_to_datetime(ask(sandbox).headers["Date"])
    assert (told - sandbox.clock.instant).total_seconds() == pytest.approx(
        10_800, abs=1
    )


def test_draws_are_the_same_for_a_seed_and_no_more_than_allowed(
    sandbox: RunningSandbox,
) -> None:
    def statuses(**options: Any) -> list[int]:
        sandbox.faults.set(Fault("error_500", probability=0.5, **options))
        return [ask(sandbox).status_code for _ in range(20)]

    assert statuses(seed=3) == statuses(seed=3) != statuses(seed=4)
    assert statuses(times=2).count(500) == 2
    assert sandbox.faults.struck["error_500", "zendesk"] == 2


def test_only_the_vendor_and_path_that_are_meant_are_struck(
    sandbox: RunningSandbox,
) -> None:
    sandbox.faults.set(
        Fault("error_500", "hubspot", probability=1),
        Fault("error_502", "zendesk", "/groups", probability=1),
    )
    assert ask(sandbox).status_code == 200
    assert ask(sandbox, GROUPS).status_code == 502


def test_faults_are_switched_over_http(sandbox: RunningSandbox) -> None:
    path = f"{sandbox.base_url}/_sandbox/faults"
    chosen = [{"name": "error_503", "vendor": "zendesk", "probability": 1.0}]
    assert requests.put(path, json=chosen, timeout=10).status_code == 200
    assert ask(sandbox).status_code == 503
    assert requests.get(path, timeout=10).json()["struck"] == {"zendesk:error_503": 1}
    wrong = requests.put(path, json=[{"name": "rain"}], timeout=10)
    assert wrong.status_code == 400
    assert "error_503" in wrong.json()["error"]
    assert requests.put(path, data=b"[", timeout=10).status_code == 400
    assert requests.put(path, json=[], timeout=10).json()["active"] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("error_500", Fault("error_500")),
        ("zendesk:error_500:0.2:7", Fault("error_500", "zendesk", "", 0.2, 7)),
        ("*:no_rows:1", Fault("no_rows", probability=1)),
        ("hubspot/owners:error_500", Fault("error_500", "hubspot", "owners")),
    ],
)
def test_a_fault_is_read_from_a_line(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize("text", ["rain", "zendesk", "error_500:x", "error_500:2"])
def test_what_is_no_fault_is_told(text: str) -> None:
    with pytest.raises(UnknownFault):
        Fault.parse(text)
