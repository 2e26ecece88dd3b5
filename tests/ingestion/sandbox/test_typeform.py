from typing import Any

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox

Json = dict[str, Any]


@pytest.fixture
def forms(typeform: httpx.Client) -> dict[str, Json]:
    items = typeform.get("/forms", params={"page_size": 200}).json()["items"]
    return {
        item["title"]: typeform.get(f"/forms/{item['id']}").json() for item in items
    }


@pytest.fixture
def responses(forms: dict[str, Json]) -> str:
    return f"/forms/{forms['Relationship NPS']['id']}/responses"


def _all(typeform: httpx.Client, path: str, **query: object) -> list[Json]:
    body = typeform.get(path, params={"page_size": 1000, **query}).json()
    assert body["total_items"] == len(body["items"])
    return list(body["items"])


def test_forms_are_paged_and_defined(
    typeform: httpx.Client, forms: dict[str, Json]
) -> None:
    assert set(forms) == {"Relationship NPS", "After-contact survey"}
    one = typeform.get("/forms", params={"page": 2, "page_size": 1}).json()
    assert (one["total_items"], one["page_count"], len(one["items"])) == (2, 2, 1)
    assert typeform.get("/forms", params={"page_size": 201}).status_code == 400
    nps = forms["Relationship NPS"]
    kinds = [(field["ref"], field["type"]) for field in nps["fields"]]
    assert kinds == [("nps_score", "nps"), ("nps_comment", "long_text")]
    assert nps["hidden"] == ["email"]
    contact = forms["After-contact survey"]
    scales = {field["ref"]: field["properties"] for field in contact["fields"]}
    assert (scales["csat_score"]["steps"], scales["ces_score"]["steps"]) == (5, 7)
    assert scales["csat_score"]["start_at_one"] is True
    assert contact["hidden"] == ["email", "ticket_id"]


def test_paging_backwards_gives_every_response_once(
    typeform: httpx.Client, responses: str
) -> None:
    expected = [row["token"] for row in _all(typeform, responses)]
    found: list[str] = []
    query: dict[str, object] = {"page_size": 7}
    while True:
        body = typeform.get(responses, params=query).json()
        assert body["total_items"] == len(expected) - len(found)
        assert body["page_count"] == -(-body["total_items"] // 7)
        if not body["items"]:
            break
        stamps = [row["submitted_at"] for row in body["items"]]
        assert stamps == sorted(stamps, reverse=True)
        found += [row["token"] for row in body["items"]]
        query["before"] = found[-1]
    assert found == expected


def test_paging_forwards_with_after_is_ascending(
    typeform: httpx.Client, responses: str
) -> None:
    expected = [row["token"] for row in _all(typeform, responses)][::-1]
    query = {"page_size": 5, "after": expected[0]}
    body = typeform.get(responses, params=query).json()
    assert [row["token"] for row in body["items"]] == expected[1:6]
    ascending = _all(typeform, responses, sort="submitted_at,asc")
    assert [row["token"] for row in ascending] == expected


def test_since_and_until_include_their_own_second(
    typeform: httpx.Client, responses: str
) -> None:
    rows = _all(typeform, responses)
    upper, lower = rows[2]["submitted_at"], rows[10]["submitted_at"]
    between = _all(typeform, responses, since=lower, until=upper)
    assert between == rows[2:11]
    # Also without an offset.
    bare = _all(typeform, responses, since=lower.removesuffix("Z"), until=upper)
    assert bare == between


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": 1001},
        {"since": "yesterday"},
        {"before": "unknown"},
        {"sort": "landed_at,asc"},
        {"sort": "submitted_at,asc", "after": "0" * 32},
        {"response_type": "finished"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(
    typeform: httpx.Client, responses: str, query: dict[str, object]
) -> None:
    answer = typeform.get(responses, params=query)
    assert answer.status_code == 400
    assert answer.json()["code"] == "VALIDATION_ERROR"


def test_an_unknown_form_is_not_found(typeform: httpx.Client) -> None:
    for path in ("/forms/nope", "/forms/nope/responses"):
        answer = typeform.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "FORM_NOT_FOUND"


def test_the_default_page_holds_25_completed_responses(
    typeform: httpx.Client, responses: str
) -> None:
    body = typeform.get(responses).json()
    assert len(body["items"]) == 25
    assert {row["response_type"] for row in body["items"]} == {"completed"}


def test_unfinished_responses_come_only_when_asked_for(
    typeform: httpx.Client, responses: str
) -> None:
    partial = _all(typeform, responses, response_type="partial")
    assert partial
    assert {row["submitted_at"] for row in partial} == {"0001-01-01T00:00:00Z"}
    both = _all(typeform, responses, response_type="completed,partial")
    assert len(both) == len(partial) + len(_all(typeform, responses))


def test_answers_fit_their_questions_and_some_are_left_out(
    typeform: httpx.Client, forms: dict[str, Json]
) -> None:
    path = f"/forms/{forms['After-contact survey']['id']}/responses"
    rows = _all(typeform, path)
    given = [{a["field"]["ref"]: a for a in row["answers"]} for row in rows]
    assert any("ces_score" not in answers for answers in given)
    for answers in given:
        for ref, most in (("csat_score", 5), ("ces_score", 7)):
            if ref in answers:
                assert 1 <= answers[ref]["number"] <= most
    nps = _all(typeform, f"/forms/{forms['Relationship NPS']['id']}/responses")
    scores = {row["answers"][0]["number"] for row in nps}
    assert scores <= set(range(11))
    assert len(scores) > 5


def test_senders_are_customers_strangers_or_nobody(
    typeform: httpx.Client, responses: str
) -> None:
    senders = [row["hidden"].get("email") for row in _all(typeform, responses)]
    assert None in senders
    known = [sender for sender in senders if sender]
    assert len(set(known)) < len(known)  # people answer more than once
    assert any(sender.startswith("visitor") for sender in known)
    assert any(sender != sender.lower() for sender in known)


def test_new_responses_appear_as_the_clock_moves(
    sandbox: RunningSandbox, typeform: httpx.Client, responses: str
) -> None:
    before = _all(typeform, responses)
    sandbox.clock.advance(days=50)
    after = _all(typeform, responses)
    assert len(after) > len(before)
    assert after[-len(before) :] == before
