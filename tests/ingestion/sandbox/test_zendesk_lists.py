from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox

Json = dict[str, Any]
RATINGS = "/api/v2/satisfaction_ratings"


@pytest.fixture
def listing(zendesk: httpx.Client) -> Callable[..., Iterator[Json]]:
    def follow(path: str, **parameters: object) -> Iterator[Json]:
        url: str | None = path
        query: dict[str, object] | None = parameters
        while url:
            body = zendesk.get(url, params=query).json()
            yield body
            more = body["meta"]["has_more"]
            url, query = (body["links"]["next"] if more else None), None

    return follow


def test_a_cursor_list_ends_by_has_more_alone(
    listing: Callable[..., Iterator[Json]],
) -> None:
    answers = list(listing(RATINGS, **{"page[size]": 9}))
    ids = [row["id"] for answer in answers for row in answer["satisfaction_ratings"]]
    assert len(ids) > 50
    assert len(ids) == len(set(ids))
    assert [answer["meta"]["has_more"] for answer in answers[-2:]] == [True, False]
    assert answers[-1]["meta"]["after_cursor"]
    assert answers[-1]["links"]["next"]
    whole = list(listing(RATINGS, **{"page[size]": 5000}))
    assert len(whole[0]["satisfaction_ratings"]) == 100


def test_an_empty_list_has_no_cursors(zendesk: httpx.Client) -> None:
    query = {"page[size]": 10, "score": "unoffered"}
    body = zendesk.get(RATINGS, params=query).json()
    assert body["satisfaction_ratings"] == []
    nothing = {"has_more": False, "after_cursor": None, "before_cursor": None}
    assert body["meta"] == nothing
    assert body["links"] == {"prev": None, "next": None}


def test_a_cursor_list_pages_backwards_too(zendesk: httpx.Client) -> None:
    first = zendesk.get(RATINGS, params={"page[size]": 4}).json()
    second = zendesk.get(first["links"]["next"]).json()
    back = zendesk.get(second["links"]["prev"]).json()
    assert back["satisfaction_ratings"] == first["satisfaction_ratings"]


def test_a_list_without_page_brackets_pages_by_offset(zendesk: httpx.Client) -> None:
    first = zendesk.get(RATINGS, params={"per_page": 30}).json()
    assert (len(first["satisfaction_ratings"]), first["previous_page"]) == (30, None)
    found, body = len(first["satisfaction_ratings"]), first
    while body["next_page"]:
        body = zendesk.get(body["next_page"]).json()
        found += len(body["satisfaction_ratings"])
    assert found == first["count"]
    assert zendesk.get(RATINGS, params={"page": 101}).status_code == 400


def test_ratings_are_filtered_by_score_and_change(zendesk: httpx.Client) -> None:
    def ratings(**query: object) -> list[Json]:
        query = {"per_page": 100, **query}
        return list(zendesk.get(RATINGS, params=query).json()["satisfaction_ratings"])

    assert {row["score"] for row in ratings(score="received")} == {"good", "bad"}
    assert {row["score"] for row in ratings(score="offered")} == {"offered"}
    assert all(row["comment"] for row in ratings(score="good_with_comment"))
    assert not any(row["comment"] for row in ratings(score="bad_without_comment"))
    start, end = 1_770_000_000, 1_772_000_000
    within = ratings(start_time=start, end_time=end)
    assert within
    for row in within:
        assert "2026-02-02T02:40:00Z" <= row["updated_at"] < "2026-02-25T06:13:20Z"
    bad = zendesk.get(RATINGS, params={"score": "splendid"})
    assert bad.status_code == 400


def test_an_answered_rating_is_the_offer_with_a_later_change(
    sandbox: RunningSandbox, listing: Callable[..., Iterator[Json]]
) -> None:
    def ratings() -> dict[int, Json]:
        answers = listing(RATINGS, **{"page[size]": 100})
        return {r["id"]: r for a in answers for r in a["satisfaction_ratings"]}

    before = ratings()
    sandbox.clock.advance(days=4)
    after = ratings()
    answered = [
        row
        for row in after.values()
        if row["id"] in before and row != before[row["id"]]
    ]
    for row in answered:
        assert before[row["id"]]["score"] == "offered"
        assert row["score"] in ("good", "bad")
        assert row["updated_at"] > before[row["id"]]["updated_at"]
        assert row["created_at"] == before[row["id"]]["created_at"]
    twice = [row["ticket_id"] for row in after.values()]
    assert len(set(twice)) < len(twice)


def test_groups_are_listed(zendesk: httpx.Client, sandbox: RunningSandbox) -> None:
    body = zendesk.get("/api/v2/groups", params={"page[size]": 100}).json()
    assert len(body["groups"]) == sandbox.world.staff.groups
    assert [group["default"] for group in body["groups"]].count(True) == 1


def test_a_ticket_has_comments_and_audits(zendesk: httpx.Client) -> None:
    audits = zendesk.get("/api/v2/tickets/2/audits").json()["audits"]
    comments = zendesk.get("/api/v2/tickets/2/comments").json()["comments"]
    assert audits[0]["events"][0]["type"] == "Comment"
    spoken = [event for audit in audits for event in audit["events"] if "body" in event]
    assert [row["id"] for row in comments] == [event["id"] for event in spoken]
    assert [row["body"] for row in comments] == [event["body"] for event in spoken]


def test_a_deleted_ticket_is_not_found(
    zendesk: httpx.Client, export: Callable[..., list[Json]]
) -> None:
    rows = export("tickets/cursor", support_type_scope="all")
    deleted = next(row for row in rows if row["status"] == "deleted")
    for suffix in ("", "/comments", "/audits", "/metrics"):
        answer = zendesk.get(f"/api/v2/tickets/{deleted['id']}{suffix}")
        assert answer.status_code == 404


@pytest.mark.parametrize("name", ["tickets", "users", "organizations", "groups"])
def test_what_is_listed_is_found_one_by_one(
    zendesk: httpx.Client, listing: Callable[..., Iterator[Json]], name: str
) -> None:
    answers = listing(f"/api/v2/{name}", **{"page[size]": 50})
    rows = [row for answer in answers for row in answer[name]]
    assert [row["id"] for row in rows] == sorted({row["id"] for row in rows})
    for row in (rows[0], rows[-1]):
        one = zendesk.get(f"/api/v2/{name}/{row['id']}.json").json()
        assert one == {name.removesuffix("s"): row}
