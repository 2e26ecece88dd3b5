"""Search: operators, groups, order, the cap, and an index that lags."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW

PATH = "/crm/v3/objects/contacts/search"
BY_ID = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]


def rule(name, operator, value=None, **more):
    given = {} if value is None else {"value": value}
    return {"propertyName": name, "operator": operator, **given, **more}


@pytest.fixture
def search(hubspot):
    def ask(*groups, kind="contacts", **body):
        filters = [{"filters": list(group)} for group in groups]
        asked = {"filterGroups": filters, "sorts": BY_ID, "limit": 200, **body}
        answer = hubspot.post(f"/crm/v3/objects/{kind}/search", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def everyone(search):
    """All contacts with what the filters below look at."""
    names = ["email", "country", "lifecyclestage", "associatedcompanyid", "firstname"]
    found, last = [], "0"
    while True:
        body = search([rule("hs_object_id", "GT", last)], properties=names)
        found += body["results"]
        if "paging" not in body:
            return found
        last = found[-1]["id"]


def meeting(everyone, test):
    return [each["id"] for each in everyone if test(each["properties"])]


FILTERS = [
    (rule("lifecyclestage", "EQ", "Customer"),
     lambda p: p["lifecyclestage"] == "customer"),
    (rule("country", "NEQ", "Germany"),
     lambda p: p["country"] not in {None, "Germany"}),
    (rule("country", "HAS_PROPERTY"), lambda p: p["country"] is not None),
    (rule("email", "NOT_HAS_PROPERTY"), lambda p: p["email"] is None),
    (rule("lifecyclestage", "IN", values=["lead", "opportunity"]),
     lambda p: p["lifecyclestage"] in ("lead", "opportunity")),
    (rule("lifecyclestage", "NOT_IN", values=["lead", "customer"]),
     lambda p: p["lifecyclestage"] not in ("lead", "customer")),
    (rule("hs_object_id", "BETWEEN", "1001", highValue="2001"),
     lambda p: 1001 <= int(p["hs_object_id"]) <= 2001),
    (rule("associatedcompanyid", "GT", "9876543210"),
     lambda p: int(p["associatedcompanyid"] or 0) > 9_876_543_210),
    (rule("createdate", "LT", "2025-06-01T00:00:00Z"),
     lambda p: p["createdate"] < "2025-06-01"),
    (rule("createdate", "GTE", "1748736000000"),
     lambda p: p["createdate"] >= "2025-06-01"),
    (rule("email", "CONTAINS_TOKEN", "gmail"),
     lambda p: "@gmail." in (p["email"] or "")),
    (rule("firstname", "NOT_CONTAINS_TOKEN", "a*"),
     lambda p: not p["firstname"].lower().startswith("a")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "test"), FILTERS, ids=[each[0]["operator"] for each in FILTERS]
)
def test_a_filter_finds_what_meets_it(search, everyone, given, test):
    body = search([given])
    expected = meeting(everyone, test)
    assert [record["id"] for record in body["results"]] == expected
    assert body["total"] == len(expected)


def test_filters_of_a_group_all_hold_and_one_group_is_enough(search, everyone):
    lead = rule("lifecyclestage", "EQ", "lead")
    linked = rule("associatedcompanyid", "HAS_PROPERTY")
    early = rule("hs_object_id", "LT", "1500")
    body = search([lead, linked], [early])
    assert [record["id"] for record in body["results"]] == meeting(
        everyone,
        lambda p: (
            (p["lifecyclestage"] == "lead" and p["associatedcompanyid"])
            or int(p["hs_object_id"]) < 1500
        ),
    )


def test_results_are_sorted_and_paged_by_offset(search, everyone):
    sorts = [{"propertyName": "lastmodifieddate", "direction": "DESCENDING"}]
    found, after = [], None
    while True:
        position = {"after": after} if after else {}
        body = search([], limit=60, sorts=sorts, filterGroups=[], **position)
        found += body["results"]
        assert body["total"] == len(everyone)
        if "paging" not in body:
            break
        after = body["paging"]["next"]["after"]
    stamps = [record["updatedAt"] for record in found]
    assert stamps == sorted(stamps, reverse=True)
    assert {each["id"] for each in found} == {each["id"] for each in everyone}
    assert "associations" not in found[0]


def test_a_query_looks_into_names_and_addresses(search, everyone):
    body = search(query="ANNA", filterGroups=[])
    assert {record["id"] for record in body["results"]} == set(
        meeting(everyone, lambda p: "anna" in f"{p['firstname']} {p['email']}".lower())
    )


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"colour": "blue"}, "colour"),
        ({"limit": 201}, "200"),
        ({"after": "soon"}, "after"),
        ({"sorts": BY_ID * 2}, "one sort rule"),
        ({"sorts": ["name"]}, "one sort rule"),
        ({"sorts": [{"propertyName": "email", "way": "UP"}]}, "sort rule"),
        ({"sorts": [{"propertyName": "email", "direction": "UP"}]}, "direction"),
        ({"filterGroups": {}}, "list"),
        ({"filterGroups": [{"filters": [], "x": 1}]}, "filter group"),
        ({"filterGroups": [{"filters": [{"x": 1}]}]}, "unknown field"),
        ({"filterGroups": [{"filters": [rule("nope", "EQ", "1")]}]}, "nope"),
        ({"filterGroups": [{"filters": [rule("email", "LIKE", "1")]}]}, "LIKE"),
        ({"filterGroups": [{"filters": [rule("email", "EQ")]}]}, "value"),
        ({"filterGroups": [{"filters": [rule("email", "IN", "a")]}]}, "values"),
        ({"filterGroups": [{"filters": [rule("createdate", "GT", "x")]}]}, "x"),
        ({"filterGroups": [{"filters": [rule("email", "EQ", "a")] * 7}]}, "6"),
        ({"filterGroups": [{"filters": []}] * 6}, "too many"),
        ({"filterGroups": [{"filters": [rule("email", "EQ", "a")] * 5}] * 4}, "many"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_as_it_must_be_is_refused(hubspot, body, part):
    refused = hubspot.post(PATH, json=body)
    assert refused.status_code == 400
    assert refused.json()["category"] == "VALIDATION_ERROR"
    assert part in refused.json()["message"]


def test_archived_objects_are_never_found(hubspot, search):
    query = {"archived": "true", "limit": 100}
    archived = hubspot.get("/crm/v3/objects/contacts", params=query).json()["results"]
    values = [record["id"] for record in archived]
    assert values
    assert search([rule("hs_object_id", "IN", values=values)])["total"] == 0


def test_what_has_just_changed_is_not_found_yet(hubspot, search, sandbox):
    lives = sandbox.world.crm.lives["deals"]
    ahead = lives.touched_at[lives.touched_at > sandbox.world.span.now]
    moment = int(ahead.min())
    sandbox.clock.set(datetime.fromtimestamp(moment + 1, UTC))
    since = [rule("hs_lastmodifieddate", "GTE", str((moment - 1) * 1000))]
    assert search(since, kind="deals")["total"] == 0
    sandbox.clock.set(DEFAULT_NOW)
    sandbox.clock.set(datetime.fromtimestamp(moment + 60, UTC))
    found = search(since, kind="deals")["results"]
    listed = hubspot.get(f"/crm/v3/objects/deals/{found[0]['id']}").json()
    assert listed["updatedAt"] == found[0]["updatedAt"]
    changed = datetime.fromisoformat(listed["updatedAt"])
    gone_by = timedelta(seconds=moment) - (changed - datetime.fromtimestamp(0, UTC))
    assert abs(gone_by) < timedelta(seconds=1)


def test_pages_end_at_the_cap(started: RunningSandbox):
    limits = Limits("off", search_cap=50)
    header = {"Authorization": f"Bearer {started.credentials.hubspot_access_token}"}
    with (
        serving(started.world, clock=Clock(DEFAULT_NOW), limits=limits) as sandbox,
        httpx.Client(base_url=sandbox.base_url, headers=header) as client,
    ):
        body = {"sorts": BY_ID, "limit": 40, "after": "40"}
        last = client.post(PATH, json=body).json()
        assert len(last["results"]) == 10
        assert last["total"] > 50
        assert last["paging"]["next"]["after"] == "50"
        beyond = client.post(PATH, json={**body, "after": "50"})
        assert beyond.status_code == 400
        # By id it goes on.
        key = last["results"][-1]["id"]
        group = {"filters": [rule("hs_object_id", "GT", key)]}
        more = client.post(PATH, json={"sorts": BY_ID, "filterGroups": [group]}).json()
        assert int(more["results"][0]["id"]) > int(key)
        assert more["total"] == last["total"] - 50
    assert Limits().search_cap == 10_000
