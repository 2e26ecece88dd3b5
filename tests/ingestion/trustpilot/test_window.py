"""The trailing window: which version each state of a review is landed under."""

import json
from datetime import UTC, datetime, timedelta

import msgspec

from ingestion.instants import from_datetime
from ingestion.trustpilot.window import TrailingWindow, is_before

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def review(key: str, created: str = "2026-02-20T00:00:00Z", **more) -> dict:
    return {"id": key, "createdAt": created, "status": "active", **more}


def raw(*rows: dict) -> list[msgspec.Raw]:
    return [msgspec.Raw(json.dumps(row).encode()) for row in rows]


def instant(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))


def read(state: dict, *rows: dict, at: datetime = NOW) -> list[tuple]:
    """One pull: (id, version, whether it is gone) of all that it lands."""
    window = TrailingWindow(state)
    pages = [*window.pages(raw(*rows), at, parent_key="unit")]
    pages += window.close(parent_key="unit")
    return [
        (json.loads(bytes(record))["id"], version, page.are_gone)
        for page in pages
        for record, version in zip(page.records, page.versions or (), strict=True)
    ]


def test_the_newest_date_of_a_review_is_its_version():
    reply = {"text": "x", "createdAt": "2026-02-21T00:00:00Z"}
    landed = read(
        {},
        review("plain"),
        review("edited", updatedAt="2026-02-22T00:00:00Z"),
        review("answered", companyReply=reply),
        review("rewritten", companyReply=reply | {"updatedAt": "2026-02-25T00:00:00Z"}),
        review("reported", reportData={"createdAt": "2026-02-23T00:00:00Z"}),
    )
    assert landed == [
        ("plain", instant("2026-02-20T00:00:00Z"), False),
        ("edited", instant("2026-02-22T00:00:00Z"), False),
        ("answered", instant("2026-02-21T00:00:00Z"), False),
        ("rewritten", instant("2026-02-25T00:00:00Z"), False),
        ("reported", instant("2026-02-23T00:00:00Z"), False),
    ]


def test_a_reply_without_a_date_is_dated_by_the_answer():
    landed = read({}, review("a", companyReply={"text": "x"}))
    assert landed == [("a", from_datetime(NOW), False)]


def test_a_reply_that_is_taken_back_is_newer_than_the_reply():
    state: dict = {}
    read(state, review("a", companyReply={"createdAt": "2026-02-27T00:00:00Z"}))
    later = NOW + timedelta(days=1)
    assert read(state, review("a"), at=later) == [("a", from_datetime(later), False)]


def test_what_is_missing_is_gone_once_and_may_come_back():
    state: dict = {}
    read(state, review("a"), review("b"))
    days = [NOW + timedelta(days=n) for n in range(4)]
    gone = read(state, review("b"), at=days[1])
    assert gone[-1] == ("a", from_datetime(days[1]), True)
    assert [key for key, _, _ in read(state, review("b"), at=days[2])] == ["b"]
    back = read(state, review("a"), review("b"), at=days[3])
    assert back[0] == ("a", from_datetime(days[3]), False)


def test_a_hidden_review_is_gone_though_it_is_listed():
    state: dict = {}
    read(state, review("a"))
    assert read(state, review("a") | {"status": "suspended"}) == [
        ("a", from_datetime(NOW), True)
    ]
    later = NOW + timedelta(days=1)
    assert read(state, review("a"), at=later) == [("a", from_datetime(later), False)]


def test_a_review_that_is_hidden_and_shown_again_in_one_answer_is_shown():
    hidden, shown = review("a") | {"status": "removed"}, review("a")
    now = from_datetime(NOW)
    assert read({}, hidden, shown) == [("a", now, True), ("a", now, False)]


def test_what_is_older_than_thirty_days_before_the_newest_is_let_go():
    state: dict = {}
    read(state, review("old", "2026-01-01T00:00:00Z"), review("new"))
    assert set(state["known"]) == {"new"}
    assert [key for key, _, _ in read(state, review("new"))] == ["new"]
    window = TrailingWindow(state)
    assert window.begins_after(raw(review("x", "2026-01-20T23:59:59Z"))[0])
    assert not window.begins_after(raw(review("x", "2026-01-21T00:00:00Z"))[0])


def test_a_review_from_the_future_does_not_move_the_window():
    state: dict = {}
    read(state, review("now"), review("future", "2036-01-01T00:00:00Z"))
    assert state["created_at"].startswith("2026-02-20")


def test_a_record_of_another_shape_is_passed_on_as_it_is():
    landed = TrailingWindow({}).pages(raw({"id": 7}), NOW, parent_key="unit")
    (page,) = landed
    assert page.versions == [None]
    assert len(list(page.records)) == 1


def test_the_state_can_be_kept_as_json():
    state: dict = {}
    read(state, review("a"))
    kept = json.loads(json.dumps(state))
    assert read(kept, at=NOW)[-1] == ("a", from_datetime(NOW), True)


def test_a_review_without_a_date_is_before_nothing():
    (item,) = raw({"id": "a"})
    assert not is_before(item, NOW)
