import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ingestion.sandbox import limits as buckets
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox, running_sandbox, serving
from ingestion.sandbox.trustpilot.routes import TOKEN_PATH
from ingestion.sandbox.trustpilot.tokens import LIFETIME
from ingestion.sandbox.trustpilot.units import UNIT_ID
from ingestion.sandbox.world import DEFAULT_NOW

KEYS = Credentials()
REFRESH_PATH = TOKEN_PATH.replace("accesstoken", "refresh")
FIND = "/v1/business-units/find"
PUBLIC = f"/v1/business-units/{UNIT_ID}/reviews"
ALL = f"/v1/business-units/{UNIT_ID}/all-reviews"
PRIVATE = f"/v1/private/business-units/{UNIT_ID}/reviews"
APPLICATION = (KEYS.trustpilot_api_key, KEYS.trustpilot_api_secret)

Json = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=2000, seed=7, limits="off") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def anybody(running: RunningSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.base_url, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def client(running: RunningSandbox) -> Iterator[httpx.Client]:
    header = {"apikey": KEYS.trustpilot_api_key}
    with httpx.Client(base_url=running.base_url, headers=header, timeout=20) as client:
        yield client


@pytest.fixture
def sandbox(running: RunningSandbox) -> Iterator[RunningSandbox]:
    yield running
    running.clock.set(DEFAULT_NOW)


def token(client: httpx.Client, **form: str) -> Json:
    fields = {"grant_type": "client_credentials", **form}
    answer = client.post(TOKEN_PATH, data=fields, auth=APPLICATION)
    assert answer.status_code == 200, answer.text
    return answer.json()


def bearer(client: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(client)['access_token']}"}


def reviews(client: httpx.Client, path: str, **query: Any) -> list[Json]:
    headers = bearer(client) if path == PRIVATE else {}
    answer = client.get(path, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["reviews"]


def test_a_domain_finds_the_profile_with_its_counts(client: httpx.Client) -> None:
    unit = client.get(FIND, params={"name": "www.northlight.example"}).json()
    assert unit["id"] == UNIT_ID
    assert unit["name"]["identifying"] == "northlight.example"
    counts = unit["numberOfReviews"]
    stars = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")
    assert counts["total"] == sum(counts[name] for name in stars) > 100
    assert 1 <= unit["score"]["trustScore"] <= 5
    missing = client.get(FIND, params={"name": "elsewhere.example"})
    assert missing.status_code == 404
    assert set(missing.json()) == {"message", "errorCode", "details"}


def test_the_key_may_stand_in_the_header_or_in_the_query(
    anybody: httpx.Client,
) -> None:
    query = {"name": "northlight.example"}
    for headers, more in (
        ({"apikey": KEYS.trustpilot_api_key}, {}),
        ({}, {"apikey": KEYS.trustpilot_api_key}),
    ):
        answer = anybody.get(FIND, params=query | more, headers=headers)
        assert answer.status_code == 200
    refused = anybody.get(FIND, params=query | {"apikey": "wrong"})
    assert refused.status_code == 401
    assert refused.json() == {
        "fault": {
            "faultstring": "Invalid ApiKey",
            "detail": {"errorcode": "oauth.v2.InvalidApiKey"},
        }
    }
    absent = anybody.get(FIND, params=query).json()["fault"]["detail"]["errorcode"]
    assert absent == "steps.oauth.v2.FailedToResolveAPIKey"


def test_a_key_in_the_query_is_not_said_back(anybody: httpx.Client) -> None:
    query = {"apikey": KEYS.trustpilot_api_key, "perPage": 5}
    answer = anybody.get(PUBLIC, params=query)
    (following,) = answer.json()["links"]
    assert "page=2" in following["href"]
    assert KEYS.trustpilot_api_key not in answer.text


def test_pages_are_numbered_from_one_and_empty_past_the_end(
    client: httpx.Client,
) -> None:
    total = client.get(FIND, params={"name": "northlight.example"}).json()
    count = total["numberOfReviews"]["total"]
    pages = [
        reviews(client, PUBLIC, page=page, perPage=50)
        for page in range(1, count // 50 + 3)
    ]
    assert [len(page) for page in pages[:-2]] == [50] * (count // 50)
    assert len(pages[-2]) == count % 50
    assert pages[-1] == []
    rows = [row for page in pages for row in page]
    assert len({row["id"] for row in rows}) == count
    dates = [row["createdAt"] for row in rows]
    assert dates == sorted(dates, reverse=True)
    assert len(reviews(client, PUBLIC)) == 20
    ascending = reviews(client, PUBLIC, orderBy="createdat.asc", perPage=1)
    assert ascending == rows[-1:]


@pytest.mark.parametrize(
    "query",
    [{"perPage": 101}, {"perPage": 0}, {"page": 0}, {"orderBy": "id"}, {"stars": 6}],
)
def test_a_parameter_that_makes_no_sense_is_refused(
    client: httpx.Client, query: Json
) -> None:
    refused = client.get(PUBLIC, params=query)
    assert refused.status_code == 400
    assert next(iter(query)) in refused.json()["message"]


def test_tokens_lead_through_all_reviews(client: httpx.Client) -> None:
    numbered = [reviews(client, PUBLIC, page=n, perPage=100) for n in range(1, 4)]
    found: list[Json] = []
    query: Json = {"perPage": 70}
    while True:
        body = client.get(ALL, params=query).json()
        found += body["reviews"]
        if "nextPageToken" not in body:
            break
        query["pageToken"] = body["nextPageToken"]
    assert found == [row for page in numbered for row in page]
    refused = client.get(ALL, params={"pageToken": "nonsense"})
    assert refused.status_code == 400


def test_filters_select_stars_and_languages(client: httpx.Client) -> None:
    rows = reviews(client, PUBLIC, stars="1,2", perPage=100)
    assert {row["stars"] for row in rows} == {1, 2}
    rows = reviews(client, PUBLIC, language="de")
    assert {row["language"] for row in rows} == {"de"}


def test_private_reviews_may_be_bounded_by_dates(client: httpx.Client) -> None:
    begin, end = "2026-05-01T00:00:00Z", "2026-05-31T23:59:59Z"
    rows = reviews(client, PRIVATE, startDateTime=begin, endDateTime=end, perPage=100)
    expected = [
        row["id"]
        for page in range(1, 4)
        for row in reviews(client, PRIVATE, perPage=100, page=page)
        if begin <= row["createdAt"] <= end
    ]
    assert [row["id"] for row in rows] == expected != []


def test_the_private_view_adds_who_wrote_and_about_what(
    sandbox: RunningSandbox, client: httpx.Client
) -> None:
    public = reviews(client, PUBLIC, perPage=100)
    private = reviews(client, PRIVATE, perPage=100)
    extra = {"referenceId", "referralEmail", "tags", "findReviewer"}
    for narrow, wide in zip(public, private, strict=True):
        assert extra.isdisjoint(narrow)
        assert {key: wide[key] for key in narrow} == narrow
        assert extra <= set(wide)
    linked = [row for row in private if row["referenceId"]]
    assert linked
    tickets = len(sandbox.world.tickets)
    assert all(1 <= int(row["referenceId"]) <= tickets for row in linked)
    assert all(row["isVerified"] for row in linked)
    assert any("@" in (row["referralEmail"] or "") for row in private)


def test_a_review_shows_what_has_happened_so_far(
    sandbox: RunningSandbox, client: httpx.Client
) -> None:
    def at(**moved: int) -> dict[str, Json]:
        sandbox.clock.set(DEFAULT_NOW)
        sandbox.clock.advance(**moved)
        pages = (reviews(client, PUBLIC, perPage=100, page=n) for n in (1, 2, 3))
        return {row["id"]: row for page in pages for row in page}

    before, after = at(days=-60), at(days=30)
    both = before.keys() & after.keys()
    for name in ("updatedAt", "companyReply"):
        gained = [key for key in both if after[key][name] and not before[key][name]]
        assert gained, name
    edited = [key for key in both if before[key]["text"] != after[key]["text"]]
    assert edited
    assert all(after[key]["updatedAt"] for key in edited)
    assert after.keys() - before.keys()


def test_a_token_has_the_vendors_shape(
    sandbox: RunningSandbox, client: httpx.Client
) -> None:
    granted = token(client)
    assert granted["expires_in"] == "359999"
    assert granted["issued_at"] == f"{sandbox.clock.seconds}000"
    assert set(granted) == {
        "access_token",
        "refresh_token",
        "expires_in",
        "token_type",
        "issued_at",
        "status",
    }
    user = {
        "username": KEYS.trustpilot_username,
        "password": KEYS.trustpilot_password,
    }
    assert token(client, grant_type="password", **user)["status"] == "approved"


def test_a_refresh_token_works_once(client: httpx.Client) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token(client)["refresh_token"],
    }
    first = client.post(REFRESH_PATH, data=form, auth=APPLICATION)
    assert first.status_code == 200
    header = {"Authorization": f"Bearer {first.json()['access_token']}"}
    assert client.get(PRIVATE, headers=header).status_code == 200
    assert client.post(REFRESH_PATH, data=form, auth=APPLICATION).status_code == 401


@pytest.mark.parametrize(
    ("auth", "form", "status"),
    [
        (("wrong", "wrong"), {"grant_type": "client_credentials"}, 401),
        ((APPLICATION[0], "wrong"), {"grant_type": "client_credentials"}, 401),
        (APPLICATION, {"grant_type": "password", "username": "a"}, 401),
        (APPLICATION, {"grant_type": "magic"}, 400),
    ],
)
def test_no_token_without_the_right_to_one(
    client: httpx.Client, auth: tuple[str, str], form: Json, status: int
) -> None:
    assert client.post(TOKEN_PATH, data=form, auth=auth).status_code == status


def test_private_data_needs_a_token_that_lives(
    sandbox: RunningSandbox, client: httpx.Client
) -> None:
    def fault(header: dict[str, str]) -> tuple[int, str]:
        answer = client.get(PRIVATE, headers=header)
        return answer.status_code, json.dumps(answer.json())

    header = bearer(client)
    assert client.get(PRIVATE, headers=header).status_code == 200
    sandbox.clock.advance(seconds=LIFETIME - 1)
    assert client.get(PRIVATE, headers=header).status_code == 200
    sandbox.clock.advance(seconds=1)
    status, body = fault(header)
    assert status == 401
    assert "access_token_expired" in body
    assert "invalid_access_token" in fault({"Authorization": "Bearer made-up"})[1]
    assert fault({})[0] == 401


def test_the_834th_call_in_five_minutes_waits(running: RunningSandbox) -> None:
    now = [100.0]
    limits = Limits("vendor", lambda: now[0])
    with serving(running.world, clock=Clock(DEFAULT_NOW), limits=limits) as limited:
        for _ in range(832):
            limits.take(buckets.TRUSTPILOT)
        header = {"apikey": KEYS.trustpilot_api_key}
        with httpx.Client(base_url=limited.base_url, headers=header) as client:
            codes = [client.get(PUBLIC).status_code for _ in range(2)]
            assert codes == [200, 429]
            fault = client.get(PUBLIC).json()["fault"]
            assert fault["detail"]["errorcode"] == "policies.ratelimit.QuotaViolation"
            now[0] += 300
            assert client.get(PUBLIC).status_code == 200


def test_another_company_has_no_reviews_here(client: httpx.Client) -> None:
    assert client.get("/v1/business-units/other/reviews").status_code == 404
