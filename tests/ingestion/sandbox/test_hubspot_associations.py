"""Links between the CRM's objects, in all forms in which it tells them."""

import httpx
import pytest

CONTACTS = "/crm/v3/objects/contacts"
TYPES = {
    ("contacts", "companies"): {1, 279},
    ("companies", "contacts"): {2, 280},
    ("deals", "contacts"): {3},
    ("contacts", "deals"): {4},
    ("deals", "companies"): {5, 341},
    ("companies", "deals"): {6, 342},
    ("feedback_submissions", "contacts"): {98},
    ("calls", "contacts"): {194},
    ("meetings", "contacts"): {200},
    ("emails", "contacts"): {198},
    ("notes", "contacts"): {202},
}


@pytest.fixture
def read(hubspot):
    def ask(start, end, *ids):
        body = {"inputs": [{"id": each} for each in ids]}
        path = f"/crm/v4/associations/{start}/{end}/batch/read"
        return hubspot.post(path, json=body)

    return ask


@pytest.fixture
def ids(hubspot: httpx.Client):
    def known(kind):
        path, found = f"/crm/v3/objects/{kind}?limit=100", []
        while path:
            body = hubspot.get(path).json()
            found += [record["id"] for record in body["results"]]
            path = body.get("paging", {}).get("next", {}).get("link")
        return found

    return known


def pairs(answer):
    return {
        (result["from"]["id"], str(link["toObjectId"]))
        for result in answer.json()["results"]
        for link in result["to"]
    }


@pytest.mark.parametrize(("start", "end"), TYPES)
def test_links_are_the_same_from_both_ends_with_their_types(read, ids, start, end):
    there = read(start, end, *ids(start))
    back = read(end, start, *ids(end))
    assert pairs(there) == {(low, high) for high, low in pairs(back)} != set()
    kinds = {
        kind["typeId"]
        for result in there.json()["results"]
        for link in result["to"]
        for kind in link["associationTypes"]
    }
    assert kinds == TYPES[start, end]


def test_objects_without_links_are_errors_of_a_batch_that_is_answered(read, ids):
    everyone = ids("contacts")
    answer = read("contacts", "companies", *everyone, "7")
    assert answer.status_code == 207
    body = answer.json()
    told = {result["from"]["id"] for result in body["results"]}
    missing = {each["context"]["fromObjectId"][0] for each in body["errors"]}
    assert told | missing == {*everyone, "7"}
    assert not told & missing
    assert body["numErrors"] == len(missing)
    for error in body["errors"]:
        assert error["category"] == "OBJECT_NOT_FOUND"
        assert error["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    linked = sorted(told)[:3]
    assert read("contacts", "companies", *linked).status_code == 200


def test_a_batch_has_a_thousand_inputs_at_most_and_known_kinds(read, hubspot):
    assert read("contacts", "companies", *["951"] * 1001).status_code == 400
    assert read("contacts", "unicorns", "951").status_code == 400


def test_the_links_of_one_object_are_paged(read, ids, hubspot):
    answer = read("companies", "contacts", *ids("companies"))
    most = max(answer.json()["results"], key=lambda result: len(result["to"]))
    path = f"/crm/v4/objects/companies/{most['from']['id']}/associations/contacts"
    found, url = [], f"{path}?limit=2"
    while url:
        body = hubspot.get(url).json()
        assert len(body["results"]) <= 2
        found += body["results"]
        url = body.get("paging", {}).get("next", {}).get("link")
    assert found == most["to"]
    assert len(found) > 2
    dated = path.replace("/crm/v4/objects/", "/crm/objects/2026-03/")
    assert hubspot.get(dated).json()["results"] == found
    assert hubspot.get(path.replace(most["from"]["id"], "7")).status_code == 404


def test_objects_carry_links_when_asked(read, ids, hubspot):
    answer = read("deals", "companies", *ids("deals"))
    query = {"limit": 100, "associations": "companies,contacts"}
    told = set()
    for record in hubspot.get("/crm/v3/objects/deals", params=query).json()["results"]:
        results = record.get("associations", {}).get("companies", {"results": []})
        told |= {(record["id"], each["id"]) for each in results["results"]}
        for each in results["results"]:
            assert each["type"].startswith("deal_to_company")
    listed = {
        record for record in pairs(answer) if record[0] in {one for one, _ in told}
    }
    assert told == listed != set()


def test_an_archived_object_has_no_links(read, hubspot):
    query = {"archived": "true", "limit": 100}
    gone = [
        each["id"] for each in hubspot.get(CONTACTS, params=query).json()["results"]
    ]
    assert gone
    for end in ("companies", "deals"):
        answer = read("contacts", end, *gone)
        assert answer.json()["results"] == []
        assert answer.json()["numErrors"] == len(gone)
