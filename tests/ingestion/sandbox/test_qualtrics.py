"""The sandbox's survey platform, over HTTP."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from ingestion.sandbox.limits import QUALTRICS_START, Limits
from ingestion.sandbox.server import RunningSandbox

ROOT = "/API/v3"
Json = dict[str, object]


@pytest.fixture
def brand(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    header = {"X-API-TOKEN": sandbox.credentials.qualtrics_api_token}
    url = sandbox.base_url + ROOT
    with httpx.Client(base_url=url, headers=header, timeout=20) as client:
        yield client


@pytest.fixture
def survey(brand: httpx.Client) -> str:
    elements = brand.get("/surveys").json()["result"]["elements"]
    return f"/surveys/{elements[0]['id']}"


def _run(brand: httpx.Client, survey: str, **wishes: object) -> Json:
    path = f"{survey}/export-responses"
    started = brand.post(path + "/", json=wishes).json()["result"]
    assert started["status"] == "inProgress"
    seen = []
    while True:
        state = brand.get(f"{path}/{started['progressId']}").json()["result"]
        seen.append((state["percentComplete"], state["status"]))
        if state["status"] != "inProgress":
            return {**state, "seen": seen}


def _file(brand: httpx.Client, survey: str, **wishes: object) -> str:
    file = _run(brand, survey, **wishes)["fileId"]
    answer = brand.get(f"{survey}/export-responses/{file}/file")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        return archive.read(name).decode()


def _responses(brand: httpx.Client, survey: str, **wishes: object) -> list[Json]:
    return json.loads(_file(brand, survey, format="json", **wishes))["responses"]


def test_a_wrong_token_is_refused_in_the_vendors_envelope(brand: httpx.Client) -> None:
    answer = brand.get("/surveys", headers={"X-API-TOKEN": "wrong"})
    meta = answer.json()["meta"]
    assert answer.status_code == 401
    assert meta["httpStatus"] == "401 - Unauthorized"
    assert meta["error"]["errorCode"] == "AUTH_6"


def test_all_forms_of_an_export_tell_the_same(brand: httpx.Client, survey: str) -> None:
    objects = _responses(brand, survey)
    lines = _file(brand, survey, format="ndjson").splitlines()
    assert [json.loads(line) for line in lines] == objects
    names, texts, ids, *rows = csv.reader(
        io.StringIO(_file(brand, survey, format="csv"))
    )
    assert "\n" in texts[names.index("QID1")]
    assert json.loads(ids[0]) == {"ImportId": "startDate", "timeZone": "Z"}
    place = names.index("ResponseId")
    assert [row[place] for row in rows] == [one["responseId"] for one in objects]
    assert {"QID1", "QID1_NPS_GROUP"} <= set(names)


def test_an_export_may_say_100_before_it_is_done_and_may_fail(
    brand: httpx.Client, survey: str
) -> None:
    done = _run(brand, survey, format="json")
    assert (100.0, "inProgress") in done["seen"]
    assert "continuationToken" not in done
    failed = _run(brand, survey, format="json", filterId="unknown")
    assert (failed["status"], failed["fileId"]) == ("failed", None)
    assert brand.get(f"{survey}/export-responses/ES_gone").status_code == 404


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"format": "json", "useLabels": True},
        {"format": "ndjson", "timeZone": "Europe/Berlin"},
        {"format": "json", "filterId": "f", "sortByLastModifiedDate": True},
        {"format": "json", "filterId": "f", "allowContinuation": True},
        {"format": "json", "startdate": "2026-01-01T00:00:00Z"},
        {"format": "json", "startDate": "yesterday"},
        {"format": "json", "continuationToken": "nonsense"},
        {"format": "json", "compress": "yes"},
        {"format": "json", "limit": 0},
        {"format": "csv", "useLabels": True, "includeLabelColumns": True},
    ],
)
def test_wishes_that_exclude_each_other_are_refused(
    brand: httpx.Client, survey: str, wishes: Json
) -> None:
    answer = brand.post(f"{survey}/export-responses", json=wishes)
    assert answer.status_code == 400
    assert answer.json()["meta"]["error"]["errorMessage"]


def test_responses_in_progress_are_asked_for_alone(
    brand: httpx.Client, survey: str
) -> None:
    assert _responses(brand, survey, exportResponsesInProgress=True) == []
    recorded = _responses(brand, survey, exportResponsesInProgress=False)
    assert recorded == _responses(brand, survey)


def test_the_start_is_in_and_the_end_is_not(brand: httpx.Client, survey: str) -> None:
    dates = sorted(one["values"]["recordedDate"] for one in _responses(brand, survey))
    low, high = dates[3], dates[-3]
    found = _responses(brand, survey, startDate=low, endDate=high)
    expected = [date for date in dates if low <= date < high]
    assert sorted(one["values"]["recordedDate"] for one in found) == expected


def test_a_token_brings_what_changed_since_and_expires_after_seven_days(
    sandbox: RunningSandbox, brand: httpx.Client, survey: str
) -> None:
    sent_at = int(sandbox.world.campaigns.invitations.sent_at[3])
    sandbox.clock.set(datetime.fromtimestamp(sent_at, UTC))
    wishes = {"format": "json", "sortByLastModifiedDate": True}
    token = _run(brand, survey, **wishes, allowContinuation=True)["continuationToken"]
    since = sandbox.clock.instant.isoformat().replace("+00:00", "Z")
    sandbox.clock.advance(days=7)
    del wishes["format"]
    found = _responses(brand, survey, **wishes, continuationToken=token)
    assert found
    assert all(one["values"]["lastModifiedDate"] > since for one in found)
    sandbox.clock.advance(seconds=1)
    body = {"format": "json", "continuationToken": token}
    assert brand.post(f"{survey}/export-responses", json=body).status_code == 400


def test_counts_of_a_distribution_are_those_of_its_history(
    brand: httpx.Client, survey: str
) -> None:
    query = {"surveyId": survey.rpartition("/")[2]}
    newest = brand.get("/distributions", params=query).json()["result"]["elements"][-1]
    url, history = f"/distributions/{newest['id']}/history", []
    while url:
        page = brand.get(url).json()["result"]
        history += page["elements"]
        url = page["nextPage"]
    assert newest["stats"]["sent"] == len(history) > 100
    assert len({one["contactLookupId"] for one in history}) == len(history)
    for name, field in (
        ("opened", "openedAt"),
        ("started", "responseStartedAt"),
        ("finished", "responseCompletedAt"),
    ):
        assert newest["stats"][name] == sum(one[field] is not None for one in history)


def test_exports_have_a_limit_of_their_own() -> None:
    limits = Limits(profile="vendor", timer=lambda: 0.0)
    allowed = [limits.take(QUALTRICS_START).allowed for _ in range(101)]
    assert allowed == [True] * 100 + [False]
