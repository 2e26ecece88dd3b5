"""The connector against the sandbox, and against a brand that has trouble."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from ingestion.errors import BadAnswer, MissingCredentials, VendorUnavailable
from ingestion.qualtrics.settings import QualtricsSettings
from ingestion.sandbox.server import RunningSandbox, running_sandbox

EXPORT = "/API/v3/surveys/SV_1/export-responses"


@pytest.fixture
def sandbox(monkeypatch) -> Iterator[RunningSandbox]:
    with running_sandbox(customers=60) as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        yield sandbox


def result(**content) -> dict:
    return {"result": content, "meta": {"httpStatus": "200 - OK"}}


def response(identifier: str, changed: str, **values) -> str:
    dates = {"recordedDate": changed, "lastModifiedDate": changed}
    record = {"responseId": identifier, "values": {"status": 0, **dates, **values}}
    return json.dumps(record)


def archive(*lines: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Survey.ndjson", "\n".join(lines))
    return target.getvalue()


def zipped(content: bytes) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/zip"}, content


@pytest.fixture
def brand(vendor, monkeypatch):
    """One survey with two responses and no distribution."""
    monkeypatch.setenv("SOURCES__QUALTRICS__BASE_URL", vendor.base_url)
    monkeypatch.setenv("SOURCES__QUALTRICS__API_TOKEN", "s3cr3t")
    monkeypatch.setattr("ingestion.qualtrics.exports._FIRST_WAIT", 0.001)
    lines = [
        response("R_1", "2026-02-01T00:00:00Z", QID1=9),
        response("R_2", "2026-02-02T00:00:00Z", QID1=3),
    ]
    empty = result(elements=[], nextPage=None)
    vendor.routes |= {
        "/API/v3/surveys": lambda _: result(elements=[{"id": "SV_1"}], nextPage=None),
        "/API/v3/surveys/SV_1": lambda _: result(id="SV_1", name="One"),
        "/API/v3/distributions": lambda _: empty,
        EXPORT: lambda _: result(progressId="ES_1", status="inProgress"),
        f"{EXPORT}/ES_1": lambda _: result(
            fileId="f", status="complete", percentComplete=100, continuationToken="t1"
        ),
        f"{EXPORT}/f/file": lambda _: zipped(archive(*lines)),
    }
    return vendor


def test_every_record_lands_once_and_a_second_pull_brings_no_old_response(
    sandbox, workplace
):
    first = workplace.pull("qualtrics").streams
    for stream in ("surveys", "responses", "distributions", "distribution_history"):
        keys = [key for (key,) in workplace.rows("qualtrics", stream, "key")]
        assert keys, stream
        assert len(set(keys)) == len(keys) == first[stream].rows, stream
        assert first[stream].rejected == 0
    again = workplace.pull("qualtrics").streams
    assert again["responses"].rows == 0
    assert again["distribution_history"].rows < first["distribution_history"].rows


def test_new_and_edited_responses_come_by_the_token_alone(sandbox, workplace):
    answers = sandbox.world.campaigns.answers
    following = answers.recorded[answers.recorded > sandbox.clock.seconds].min()
    sandbox.clock.advance(seconds=int(following) - sandbox.clock.seconds - 60)
    workplace.pull("qualtrics")
    before = sandbox.clock.seconds
    sandbox.clock.advance(days=6)
    now = sandbox.clock.seconds
    changed = answers.changed(now)
    expected = (answers.recorded <= now) & (changed > before)
    assert workplace.pull("qualtrics").streams["responses"].rows == expected.sum() > 0


def test_an_expired_token_costs_a_day_read_again_and_nothing_else(sandbox, workplace):
    workplace.pull("qualtrics")
    answers = sandbox.world.campaigns.answers
    sandbox.clock.advance(days=30)
    workplace.pull("qualtrics")
    known = answers.recorded <= sandbox.clock.seconds
    latest = workplace.latest("qualtrics", "responses")
    assert len(latest) == known.sum()
    edited = known & (answers.modified <= sandbox.clock.seconds)
    after = {
        row["values"]["_recordId"]: row["values"]["QID1"] for row in latest.values()
    }
    assert sorted(after.values()) == sorted(
        [*answers.score[known & ~edited], *answers.score_after[edited]]
    )


def test_a_line_that_is_no_json_goes_to_quarantine_and_the_rest_lands(brand, workplace):
    good = response("R_1", "2026-02-01T00:00:00Z")
    nobody = json.dumps({"values": {"recordedDate": "2026-02-01T00:00:00Z"}})
    brand.routes[f"{EXPORT}/f/file"] = lambda _: zipped(
        archive(good, '{"responseId":', nobody)
    )
    report = workplace.pull("qualtrics").streams["responses"]
    assert (report.rows, report.rejected) == (3, 2)
    assert set(workplace.latest("qualtrics", "responses")) == {"R_1"}
    bodies = workplace.rows("qualtrics", "rejects", "body")
    assert bodies[0] == (b'{"responseId":',)


def test_an_export_is_done_when_it_says_so_and_not_at_100_per_cent(brand, workplace):
    done = brand.routes[f"{EXPORT}/ES_1"]
    answers = iter([result(status="inProgress", percentComplete=100.0)] * 3)
    brand.routes[f"{EXPORT}/ES_1"] = lambda query: next(answers, None) or done(query)
    assert workplace.pull("qualtrics").streams["responses"].rows == 2
    assert len(brand.queries(f"{EXPORT}/ES_1")) == 4


@pytest.mark.parametrize(
    "trouble",
    [
        result(fileId=None, status="failed", percentComplete=100),
        (404, {}, {"meta": {"httpStatus": "404 - Not Found"}}),
    ],
)
def test_an_export_that_fails_each_time_is_told_and_keeps_nothing(
    brand, workplace, trouble
):
    brand.routes[f"{EXPORT}/ES_1"] = lambda _: trouble
    with pytest.raises(VendorUnavailable, match="SV_1 failed 3 times"):
        workplace.pull("qualtrics")
    assert len(brand.queries(EXPORT)) == 3
    assert workplace.rows("qualtrics", "responses") == []


def test_a_file_that_is_no_archive_is_told(brand, workplace):
    brand.routes[f"{EXPORT}/f/file"] = lambda _: zipped(b"PK but no archive")
    with pytest.raises(BadAnswer, match="cannot be read"):
        workplace.pull("qualtrics")


def test_lists_are_followed_on_our_own_host_only(brand, workplace):
    def page(query):
        if query.get("skipToken") == "9":
            return result(elements=[], nextPage=None)
        elsewhere = "https://elsewhere.example/API/v3/surveys?skipToken=9"
        return result(elements=[{"id": "SV_1"}], nextPage=elsewhere)

    brand.routes["/API/v3/surveys"] = page
    workplace.pull("qualtrics")
    assert brand.queries("/API/v3/surveys")[:2] == [{}, {"skipToken": "9"}]


def test_a_survey_that_goes_away_while_we_read_is_left_out(brand, workplace):
    gone = (404, {}, {"meta": {"httpStatus": "404 - Not Found"}})
    brand.routes[EXPORT] = brand.routes["/API/v3/surveys/SV_1"] = lambda _: gone
    streams = workplace.pull("qualtrics").streams
    assert (streams["surveys"].rows, streams["responses"].rows) == (0, 0)


def test_invitations_of_a_survey_seen_for_the_first_time_are_read_from_its_start(
    brand, workplace
):
    sent = {"SV_1": "2026-02-20T00:00:00Z", "SV_2": "2025-06-01T00:00:00Z"}
    surveys = [{"id": "SV_1"}]

    def distributions(query):
        survey = query["surveyId"]
        sending = {"id": f"EMD_{survey}", "sendDate": sent[survey]}
        return result(elements=[sending], nextPage=None)

    brand.routes["/API/v3/surveys"] = lambda _: result(elements=surveys, nextPage=None)
    brand.routes["/API/v3/distributions"] = distributions
    for survey, instant in sent.items():
        person = {"contactId": f"CID_{survey}", "sentAt": instant}
        brand.routes[f"/API/v3/distributions/EMD_{survey}/history"] = (
            lambda _, person=person: result(elements=[person], nextPage=None)
        )
    gone = (404, {}, {"meta": {"httpStatus": "404 - Not Found"}})
    other = "/API/v3/surveys/SV_2"
    brand.routes |= {other: lambda _: gone, f"{other}/export-responses": lambda _: gone}
    assert workplace.pull("qualtrics").streams["distribution_history"].rows == 1
    surveys.append({"id": "SV_2"})
    workplace.pull("qualtrics")
    invited = workplace.latest("qualtrics", "distribution_history")
    assert {row["contactId"] for row in invited.values()} == {"CID_SV_1", "CID_SV_2"}


def test_a_list_that_breaks_off_is_no_shorter_list(brand, workplace):
    def page(query):
        if "skipToken" in query:
            return 404, {}, {"meta": {"httpStatus": "404 - Not Found"}}
        following = f"{brand.base_url}/API/v3/distributions?skipToken=9"
        return result(elements=[], nextPage=following)

    brand.routes["/API/v3/distributions"] = page
    with pytest.raises(BadAnswer):
        workplace.pull("qualtrics")


def test_a_data_centre_makes_the_address_and_a_lack_is_named(monkeypatch):
    for name in ("BASE_URL", "DATACENTER", "API_TOKEN"):
        monkeypatch.delenv(f"SOURCES__QUALTRICS__{name}", raising=False)
    with pytest.raises(MissingCredentials, match=r"DATACENTER and .*API_TOKEN"):
        QualtricsSettings.from_configuration()
    monkeypatch.setenv("SOURCES__QUALTRICS__DATACENTER", "fra1")
    monkeypatch.setenv("SOURCES__QUALTRICS__API_TOKEN", "open-sesame")
    settings = QualtricsSettings.from_configuration()
    assert settings.base_url == "https://fra1.qualtrics.com"
    assert "sesame" not in repr(settings)
