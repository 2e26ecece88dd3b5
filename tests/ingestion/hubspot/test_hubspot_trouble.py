"""Trouble on the way: what passes is waited out, what lasts is told."""

import json
from datetime import timedelta

import pytest

from ingestion.configuration import Secret
from ingestion.errors import AuthFailed, BadAnswer, RateLimited
from ingestion.http import HttpClient
from ingestion.lake import Lake

TOO_MANY = {
    "status": "error",
    "message": "You have reached your ten_secondly_rolling limit.",
    "errorType": "RATE_LIMIT",
    "policyName": "TEN_SECONDLY_ROLLING",
}


PASSING = (
    (429, {}, json.dumps(TOO_MANY).encode()),
    (500, {}, b"oops"),
    (429, {"Retry-After": "0"}, json.dumps(TOO_MANY).encode()),
    (477, {"Retry-After": "0"}, b'{"status":"error"}'),
    (502, {}, b""),
    (207, {}, b'{"results":[{"cut":'),
)


def test_trouble_that_passes_costs_no_record(crm, front, workplace, state_of):
    taken = []

    def once_per_path(method, target, body):
        path = target.partition("?")[0]
        if path in taken:
            return None
        taken.append(path)
        return PASSING[len(taken) % len(PASSING)]

    front.trouble = once_per_path
    workplace.pull("hubspot")
    crm.clock.advance(days=2)
    workplace.pull("hubspot")
    # Lists, properties, searches, links: enough paths for every kind of trouble.
    assert len(taken) > 2 * len(PASSING)
    front.trouble = None
    state = state_of(workplace)
    calm = workplace.folder / "calm"
    other = type(workplace)(calm)
    other.pull("hubspot")
    assert state == state_of(other)


def test_a_list_that_repeats_a_page_ends_the_pull_and_the_next_one_is_whole(
    crm, front, workplace
):
    kept = []

    def repeat(method, target, body):
        if target.startswith("/crm/v3/objects/contacts?") and "after=" in target:
            key = f"Bearer {crm.credentials.hubspot_access_token}"
            kept.append(front.forward(method, target, body, key))
            return kept[0]
        return None

    front.trouble = repeat
    with pytest.raises(BadAnswer, match="circles"):
        workplace.pull("hubspot")
    assert Lake(workplace.lake_url).committed_loads("hubspot") == {}
    front.trouble = None
    assert workplace.pull("hubspot").streams["contacts"].rows > 100


def test_an_empty_page_need_not_be_the_last(crm, front, workplace):
    def empty_first(method, target, body):
        if target.startswith("/crm/v3/owners?") and "after=" not in target:
            return 200, {"Date": "Tue, 30 Jun 2026 12:00:00 GMT"}, (
                b'{"results":[],"paging":{"next":{"after":"0"}}}'
            )  # fmt: skip
        return None

    front.trouble = empty_first
    report = workplace.pull("hubspot").streams["owners"]
    assert (report.rows, report.pages) == (len(crm.world.crm.owners), 4)


def test_a_token_that_expires_on_the_way_leaves_the_lake_alone(front, workplace):
    body = b'{"status":"error","category":"EXPIRED_AUTHENTICATION"}'
    front.trouble = lambda method, target, _: (
        (401, {}, body) if target.startswith("/crm/v4") else None
    )
    with pytest.raises(AuthFailed, match="ACCESS_TOKEN"):
        workplace.pull("hubspot")
    assert Lake(workplace.lake_url).committed_loads("hubspot") == {}


def test_a_daily_limit_is_not_waited_for(vendor, monkeypatch):
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", "1")
    vendor.routes["/a"] = lambda _: (429, {}, {**TOO_MANY, "policyName": "DAILY"})
    patient = timedelta(days=1)
    client = HttpClient("hubspot", vendor.base_url, Secret("x"), "y", patient)
    with pytest.raises(RateLimited):
        client.get("/a")
    assert len(vendor.requests) == 1
