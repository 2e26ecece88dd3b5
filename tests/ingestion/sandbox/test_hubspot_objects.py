"""Lists, batches, definitions: the CRM's own manners."""

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import DEFAULT_NOW

CONTACTS = "/crm/v3/objects/contacts"
DEALS = "/crm/v3/objects/deals"
KINDS = (
    *("contacts", "companies", "deals"),
    *("feedback_submissions", "calls", "meetings", "emails", "notes"),
)


def follow(hubspot: httpx.Client, path: str, **query: object) -> list[dict]:
    """All records of a list, by the links that it gives."""
    found, url = [], path
    while True:
        answer = hubspot.get(url, params=query or None)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        found += body["results"]
        if "paging" not in body:
            return found
        following = body["paging"]["next"]
        assert f"after={following['after']}" in following["link"]
        url, query = following["link"], {}


def test_a_list_is_paged_by_its_links_and_has_each_object_once(hubspot):
    records = follow(hubspot, CONTACTS, limit=37)
    numbers = [int(record["id"]) for record in records]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 100
    # As text they would sort otherwise.
    assert sorted(map(str, numbers)) != list(map(str, numbers))


def test_ten_objects_come_unless_asked_and_a_hundred_at_most(hubspot):
    assert len(hubspot.get(CONTACTS).json()["results"]) == 10
    assert (
        len(hubspot.get(f"{CONTACTS}/", params={"limit": "100.0"}).json()["results"])
        == 100
    )
    for query in ({"limit": 101}, {"limit": 51, "propertiesWithHistory": "email"}):
        refused = hubspot.get(CONTACTS, params=query)
        assert refused.status_code == 400
        assert refused.json()["category"] == "VALIDATION_ERROR"
    unknown = hubspot.get(CONTACTS, params={"limit": 1, "colour": "blue"})
    assert unknown.status_code == 200


def test_properties_come_as_asked_with_three_that_always_come(hubspot):
    default = hubspot.get(CONTACTS, params={"limit": 1}).json()["results"][0]
    always = {"createdate", "lastmodifieddate", "hs_object_id"}
    assert set(default["properties"]) == {*always, "email", "firstname", "lastname"}
    query = {"limit": 1, "properties": "phone,no_such_one", "archived": "false"}
    asked = hubspot.get(CONTACTS, params=query).json()["results"][0]
    assert set(asked["properties"]) == {*always, "phone"}
    assert asked["createdAt"] == asked["properties"]["createdate"]
    assert asked["updatedAt"] == asked["properties"]["lastmodifieddate"]
    assert asked["archived"] is False
    assert "archivedAt" not in asked
    deal = hubspot.get(DEALS, params={"limit": 1}).json()["results"][0]["properties"]
    assert set(deal) >= {"amount", "closedate", "dealstage", "hs_lastmodifieddate"}


def test_every_value_is_text_or_nothing(hubspot):
    for kind in KINDS:
        names = [
            each["name"]
            for each in hubspot.get(f"/crm/v3/properties/{kind}").json()["results"]
        ]
        query = {"limit": 100, "properties": ",".join(names)}
        for record in follow(hubspot, f"/crm/v3/objects/{kind}", **query):
            assert set(record["properties"]) == set(names)
            values = record["properties"].values()
            assert all(value is None or isinstance(value, str) for value in values)
            assert "" not in values


def test_archived_objects_are_in_a_list_of_their_own(hubspot):
    live = {record["id"] for record in follow(hubspot, CONTACTS, limit=100)}
    archived = follow(hubspot, CONTACTS, limit=100, archived="true")
    assert archived
    for record in archived:
        assert record["archived"] is True
        assert record["archivedAt"] == record["updatedAt"]
        assert record["id"] not in live
        path = f"{CONTACTS}/{record['id']}"
        assert hubspot.get(path).json()["category"] == "OBJECT_NOT_FOUND"
        assert hubspot.get(path, params={"archived": "true"}).json()["archived"] is True


def test_history_is_newest_first_and_ends_at_the_beginning(hubspot):
    query = {"limit": 50, "propertiesWithHistory": "dealstage,amount"}
    records = follow(hubspot, DEALS, **query)
    lengths = set()
    for record in records:
        history = record["propertiesWithHistory"]["dealstage"]
        assert history[0]["value"] == record["properties"]["dealstage"]
        times = [each["timestamp"] for each in history]
        assert times == sorted(times, reverse=True)
        assert times[-1] == record["createdAt"]
        lengths.add(len(history))
        amounts = record["propertiesWithHistory"]["amount"]
        assert [each["value"] for each in amounts] == [
            value for value in [record["properties"]["amount"]] if value
        ]
    assert len(lengths) > 2


def test_a_batch_names_what_it_did_not_find(hubspot):
    known = [record["id"] for record in hubspot.get(CONTACTS).json()["results"][:2]]
    body = {"properties": ["email"], "inputs": [{"id": each} for each in known]}
    whole = hubspot.post(f"{CONTACTS}/batch/read", json=body)
    assert whole.status_code == 200
    assert [record["id"] for record in whole.json()["results"]] == known
    body["inputs"].append({"id": "7"})
    part = hubspot.post(f"{CONTACTS}/batch/read", json=body)
    assert part.status_code == 207
    assert part.json()["numErrors"] == 1
    assert part.json()["errors"][0]["context"] == {"ids": ["7"]}
    emails = [record["properties"]["email"] for record in whole.json()["results"]]
    by_email = {"idProperty": "email", "inputs": [{"id": each} for each in emails]}
    found = hubspot.post(f"{CONTACTS}/batch/read", json=by_email).json()["results"]
    assert [record["id"] for record in found] == known


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Invalid input JSON"),
        (b"[]", "Invalid input JSON"),
        (b"{}", "inputs"),
        (b'{"inputs":[{}]}', "id"),
        (b'{"inputs":[{"id":"1"}],"properties":"email"}', "list of names"),
        (b'{"inputs":[' + b",".join([b'{"id":"1"}'] * 101) + b"]}", "100"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused(hubspot, body, message):
    refused = hubspot.post(f"{CONTACTS}/batch/read", content=body)
    assert refused.status_code == 400
    assert message in refused.json()["message"]


def test_the_dated_paths_give_the_same(hubspot):
    for old, new in (
        (f"{DEALS}?limit=3", "/crm/objects/2026-03/deals?limit=3"),
        ("/crm/v3/properties/deals", "/crm/properties/2025-09/deals"),
        ("/crm/v3/pipelines/deals/", "/crm/pipelines/2026-09/deals"),
        ("/crm/v3/owners", "/crm/owners/2026-03/"),
    ):
        bodies = [hubspot.get(path).json() for path in (old, new)]
        assert bodies[0]["results"] == bodies[1]["results"]
        assert bodies[0]["results"]


def test_pipelines_hold_their_stages_with_texts_for_metadata(hubspot):
    sales, renewals = hubspot.get("/crm/v3/pipelines/deals").json()["results"]
    assert (sales["id"], len(sales["stages"])) == ("default", 7)
    closed = {
        stage["id"]: stage["metadata"]
        for stage in (*sales["stages"], *renewals["stages"])
        if stage["metadata"]["isClosed"] == "true"
    }
    assert closed["closedwon"] == {"isClosed": "true", "probability": "1.0"}
    assert len(closed) == 4
    assert hubspot.get("/crm/v3/pipelines/contacts").json()["results"] == []
    assert hubspot.get("/crm/v3/schemas").json() == {"results": []}


def test_owners_are_paged_and_those_who_left_have_a_list_of_their_own(
    hubspot, sandbox: RunningSandbox
):
    here = follow(hubspot, "/crm/v3/owners/", limit=1)
    left = follow(hubspot, "/crm/v3/owners", archived="true")
    assert len(here) + len(left) == len(sandbox.world.crm.owners)
    assert [owner["archived"] for owner in left] == [True] * len(left)
    assert here[-1]["type"] == "QUEUE"
    assert here[0]["teams"][0]["primary"] is True
    assert hubspot.get("/crm/v3/owners", params={"limit": 501}).status_code == 400


def test_property_definitions_say_what_a_value_is(hubspot):
    found = {
        each["name"]: each
        for each in hubspot.get("/crm/v3/properties/contacts").json()["results"]
    }
    assert found["lastmodifieddate"]["type"] == "datetime"
    assert found["hs_email_optout"]["type"] == "bool"
    own = found["northlight_campaign"]
    assert own["hubspotDefined"] is False
    assert [option["value"] for option in own["options"]] == ["spring", "summer"]


def test_unknown_kinds_and_paths_are_answered_in_the_vendors_words(hubspot):
    kind = hubspot.get("/crm/v3/objects/unicorns")
    assert (kind.status_code, kind.json()["category"]) == (400, "VALIDATION_ERROR")
    path = hubspot.get("/crm/v3/nothing/here")
    assert (path.status_code, path.json()["category"]) == (404, "OBJECT_NOT_FOUND")
    assert set(path.json()) == {"status", "message", "correlationId", "category"}
    assert hubspot.get(CONTACTS, params={"after": "soon"}).status_code == 400


def test_the_clock_moves_deals_on_and_brings_new_ones(hubspot, sandbox):
    before = {record["id"]: record for record in follow(hubspot, DEALS, limit=100)}
    sandbox.clock.set(DEFAULT_NOW)
    sandbox.clock.advance(days=30)
    after = {record["id"]: record for record in follow(hubspot, DEALS, limit=100)}
    assert set(after) - set(before)
    moved = [
        key
        for key in set(before) & set(after)
        if before[key]["properties"]["dealstage"]
        != after[key]["properties"]["dealstage"]
    ]
    assert moved
    for key in moved:
        assert after[key]["updatedAt"] > before[key]["updatedAt"]
