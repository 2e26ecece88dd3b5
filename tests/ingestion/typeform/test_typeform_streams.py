from datetime import timedelta

import pytest

from ingestion.errors import BadAnswer


def response(token: str, submitted_at: str, **more) -> dict:
    return {
        "response_id": token,
        "token": token,
        "landed_at": submitted_at,
        "submitted_at": submitted_at,
        **more,
    }


def day(number: int) -> str:
    return f"2026-02-{number:02}T00:00:00Z"


@pytest.fixture
def account(typeform):
    typeform.add_form("f1", [response(f"a{n}", day(n)) for n in range(1, 8)])
    typeform.add_form("f2", [response(f"b{n}", day(n)) for n in range(1, 3)])
    typeform.add_form("empty", [])
    return typeform


def test_all_responses_of_all_forms_land_once(account, workplace, monkeypatch):
    monkeypatch.setenv("SOURCES__TYPEFORM__PAGE_SIZE", "3")
    report = workplace.pull("typeform")
    rows = workplace.rows("typeform", "responses", "key, parent_key")
    assert sorted(rows) == [
        *((f"a{n}", "f1") for n in range(1, 8)),
        *((f"b{n}", "f2") for n in range(1, 3)),
    ]
    assert report.streams["responses"].rows == 9
    asked = account.queries("/forms/f1/responses")
    assert [query.get("before") for query in asked] == [None, "a5", "a2"]
    assert asked[0] == {"page_size": "3", "response_type": "completed,partial"}


def test_forms_are_a_complete_snapshot_of_whole_answers(account, workplace):
    workplace.pull("typeform")
    workplace.pull("typeform")
    rows = workplace.rows("typeform", "forms", "key, payload")
    assert sorted(key for key, _ in rows) == ["empty", "empty", "f1", "f1", "f2", "f2"]
    assert '"title": "Form f1"' in dict(rows)["f1"]
    pulls = workplace.rows("typeform", "pulls", "stream, mode, is_complete, rows")
    assert pulls.count(("forms", "snapshot", True, 3)) == 2


def test_later_pulls_read_the_last_hours_again_and_nothing_older(account, workplace):
    workplace.pull("typeform")
    account.now += timedelta(days=1)
    account.forms["f1"] += [
        response("late", "2026-02-06T18:30:00Z"),
        response("new", "2026-03-02T09:00:00Z"),
    ]
    report = workplace.pull("typeform")
    assert account.queries("/forms/f1/responses")[1]["since"] == "2026-02-06T18:00:00"
    assert account.queries("/forms/f2/responses")[1]["since"] == "2026-02-01T18:00:00"
    assert "since" not in account.queries("/forms/empty/responses")[1]
    keys = [row[0] for row in workplace.rows("typeform", "responses", "key")[9:]]
    assert sorted(keys) == ["a7", "b2", "late", "new"]
    assert report.streams["responses"].rows == 4


def test_a_form_that_appears_later_is_read_from_its_start(account, workplace):
    workplace.pull("typeform")
    account.add_form("old", [response("z", "2024-01-01T00:00:00Z")])
    workplace.pull("typeform")
    assert "z" in workplace.latest("typeform", "responses")


def test_a_form_that_goes_away_while_we_read_stops_nothing(account, workplace):
    del account.routes["/forms/f2"], account.routes["/forms/f2/responses"]
    workplace.pull("typeform")
    assert set(workplace.latest("typeform", "forms")) == {"f1", "empty"}


def test_a_listing_shorter_than_it_says_is_no_complete_snapshot(account, workplace):
    whole = account.routes["/forms"]
    account.routes["/forms"] = lambda query: {**whole(query), "total_items": 10}
    workplace.pull("typeform")
    pulls = workplace.rows("typeform", "pulls", "stream, is_complete")
    assert ("forms", False) in pulls


def test_an_empty_page_before_the_last_response_ends_the_pull(account, workplace):
    account.routes["/forms/f1/responses"] = lambda query: {
        "items": [],
        "total_items": 3,
        "page_count": 2,
    }
    with pytest.raises(BadAnswer, match="empty page"):
        workplace.pull("typeform")
    assert workplace.rows("typeform", "responses", "key") == []


def test_a_response_from_the_future_loses_nothing_later(account, workplace):
    account.forms["f1"].append(response("future", "2036-02-01T00:00:00Z"))
    workplace.pull("typeform")
    account.now += timedelta(days=1)
    account.forms["f1"].append(response("new", "2026-03-02T00:00:00Z"))
    workplace.pull("typeform")
    assert {"future", "new"} <= set(workplace.latest("typeform", "responses"))


def test_an_account_without_forms_still_says_how_far_it_looked(typeform, workplace):
    report = workplace.pull("typeform")
    assert {name: stream.rows for name, stream in report.streams.items()} == {
        "forms": 0,
        "responses": 0,
    }
    assert report.streams["responses"].window_to == typeform.now
