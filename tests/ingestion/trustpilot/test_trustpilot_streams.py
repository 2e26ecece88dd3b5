"""Reviews as they land: the window read again, what is gone, both views, all errors."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ingestion.errors import AuthFailed, MissingCredentials, RateLimited, SourceError
from ingestion.retrying import Policy
from ingestion.stream import Window, tables
from ingestion.trustpilot import TrustpilotSettings, connect
from ingestion.trustpilot.streams import _Site

NUMBERED = "/v1/business-units/unit/reviews"
ALL = "/v1/business-units/unit/all-reviews"


def review(key: str, created: str, **more) -> dict:
    return {"id": key, "createdAt": created, "status": "active", "stars": 4, **more}


def day(number: int) -> str:
    return f"2026-02-{number:02}T00:00:00Z"


class Workplace:
    """Rows and state of one test, without dlt: that pulls land is tested elsewhere."""

    def __init__(self) -> None:
        self._states: dict[str, dict] = {}
        self._landed: dict[str, list[dict]] = {}

    def pull(self) -> dict[str, int]:
        """Read both streams once; rows per stream."""
        counts = {}
        for stream in connect():
            name = stream.spec.name
            # What the state holds must survive being written down.
            state = json.loads(json.dumps(self._states.get(name, {})))
            rows = [
                row
                for table, batch in tables(
                    stream, state, lambda *_: None, lambda _: None
                )
                if table == name
                for row in batch.to_pylist()
            ]
            self._states[name] = state
            self._landed.setdefault(name, []).extend(rows)
            counts[name] = len(rows)
        return counts

    def rows(self, table: str, *columns: str) -> list[tuple]:
        return [tuple(row[name] for name in columns) for row in self._landed[table]]

    def latest(self) -> dict[str, dict]:
        """Latest version of each review; of equal ones the last that came."""
        rows = sorted(self._landed["reviews"], key=lambda row: row["version"])
        return {row["key"]: json.loads(row["payload"]) for row in rows}

    def deleted(self) -> list[str]:
        return [key for key, op in self.rows("reviews", "key", "op") if op == "delete"]


@pytest.fixture
def workplace() -> Workplace:
    return Workplace()


@pytest.fixture
def site(trustpilot, monkeypatch):
    monkeypatch.setenv("SOURCES__TRUSTPILOT__PAGE_SIZE", "3")
    trustpilot.reviews = [review(f"r{n}", day(n)) for n in range(1, 8)]
    trustpilot.reviews += [review("old", "2025-01-01T00:00:00Z")]
    return trustpilot


def test_the_first_public_pull_reads_all_of_history_by_tokens(site, workplace):
    report = workplace.pull()
    rows = workplace.rows("reviews", "key", "parent_key", "op")
    assert sorted(rows) == [
        ("old", "unit", "upsert"),
        *((f"r{n}", "unit", "upsert") for n in range(1, 8)),
    ]
    assert [query.get("pageToken") for query in site.queries(ALL)] == [None, "3", "6"]
    assert report["reviews"] == 8
    assert "Authorization" not in site.requests[-1][2]


def test_a_profile_is_dated_by_the_answer(site, workplace):
    workplace.pull()
    assert workplace.rows("business_units", "key", "cursor_at", "version") == [
        ("unit", site.now, int(site.now.timestamp() * 1_000_000))
    ]


def test_later_pulls_read_thirty_days_again_and_nothing_older(site, workplace):
    workplace.pull()
    site.now += timedelta(days=1)
    site.reviews += [
        review("new", "2026-03-02T00:00:00Z"),
        *(review(f"older{n}", f"2024-0{n}-01T00:00:00Z") for n in range(1, 7)),
    ]
    report = workplace.pull()
    # new, r7 to r1, and "old" on the page that reaches below the window.
    assert report["reviews"] == 9
    assert [query["page"] for query in site.queries(NUMBERED)] == ["1", "2", "3"]
    assert site.queries(NUMBERED)[0]["orderBy"] == "createdat.desc"


def test_an_edit_and_a_reply_replace_what_was_landed(site, workplace):
    workplace.pull()
    site.now += timedelta(days=1)
    site.reviews[2] |= {"stars": 1, "updatedAt": day(28)}
    site.reviews[4] |= {"companyReply": {"text": "Thanks", "createdAt": day(28)}}
    workplace.pull()
    latest = workplace.latest()
    assert latest["r3"]["stars"] == 1
    assert latest["r5"]["companyReply"]["text"] == "Thanks"


def test_a_review_that_is_gone_becomes_a_deletion(site, workplace):
    workplace.pull()
    site.now += timedelta(days=1)
    del site.reviews[3]
    workplace.pull()
    assert workplace.deleted() == ["r4"]
    assert workplace.latest()["r4"] == {"id": "r4"}
    workplace.pull()
    assert workplace.deleted() == ["r4"]


def test_a_review_that_is_older_than_the_window_is_not_missed(site, workplace):
    workplace.pull()
    site.reviews = [row for row in site.reviews if row["id"] != "old"]
    workplace.pull()
    assert workplace.deleted() == []


def test_pages_that_shift_while_we_read_make_nobody_disappear(site, workplace):
    workplace.pull()
    site.now += timedelta(days=1)
    numbered = site.routes[NUMBERED]

    def shifting(query):
        answer = numbered(query)
        # r7 goes away after the first page: r4 moves up to where we have been.
        site.reviews = [row for row in site.reviews if row["id"] != "r7"]
        return answer

    site.routes[NUMBERED] = shifting
    workplace.pull()
    assert "r4" in workplace.latest()
    assert workplace.deleted() == []
    workplace.pull()
    assert workplace.deleted() == ["r7"]


def test_an_empty_answer_that_is_a_mistake_deletes_nothing(site, workplace):
    workplace.pull()
    numbered, answers = site.routes[NUMBERED], iter([{"reviews": []}])
    site.routes[NUMBERED] = lambda query: next(answers, None) or numbered(query)
    workplace.pull()
    assert workplace.deleted() == []


def test_an_empty_page_that_others_follow_ends_the_pull(site, workplace):
    workplace.pull()
    site.routes[NUMBERED] = lambda _: {"reviews": [], "links": [{"rel": "next-page"}]}
    with pytest.raises(SourceError, match="empty page"):
        workplace.pull()


def test_a_page_that_comes_again_and_again_is_refused(site, workplace):
    workplace.pull()
    numbered = site.routes[NUMBERED]
    site.routes[NUMBERED] = lambda query: numbered(query | {"page": "1"})
    with pytest.raises(SourceError, match="circles"):
        workplace.pull()


def test_several_companies_keep_windows_of_their_own(site, workplace, monkeypatch):
    other = {"id": "other"}
    find = site.routes["/v1/business-units/find"]
    site.routes["/v1/business-units/find"] = lambda query: (
        other if query["name"] == "b.example" else find(query)
    )
    rows = [review("b1", day(9))]
    for path in ("reviews", "all-reviews"):
        site.routes[f"/v1/business-units/other/{path}"] = lambda query: {
            "reviews": rows if query.get("page", "1") == "1" else []
        }
    name = "SOURCES__TRUSTPILOT__BUSINESS_UNIT"
    monkeypatch.setenv(name, "acme.example, b.example")
    workplace.pull()
    rows.clear()
    workplace.pull()
    assert workplace.deleted() == ["b1"]
    assert {row[0] for row in workplace.rows("reviews", "parent_key")} == {
        "unit",
        "other",
    }


def test_an_unknown_company_names_the_setting(site, workplace, monkeypatch):
    monkeypatch.setenv("SOURCES__TRUSTPILOT__BUSINESS_UNIT", "nobody.example")
    with pytest.raises(SourceError, match="no business unit called nobody"):
        workplace.pull()


def test_a_wrong_key_says_which_settings_to_check(site, workplace):
    refusal = {"fault": {"faultstring": "Invalid ApiKey"}}
    site.routes["/v1/business-units/find"] = lambda _: (401, {}, refusal)
    with pytest.raises(AuthFailed, match="SOURCES__TRUSTPILOT__API_KEY"):
        workplace.pull()


def test_too_many_requests_are_waited_out(site, workplace):
    numbered = site.routes[ALL]
    answers = iter([(429, {}, {"fault": {"faultstring": "quota"}})] * 2)
    site.routes[ALL] = lambda query: next(answers, None) or numbered(query)
    assert workplace.pull()["reviews"] == 8


def test_a_limit_that_does_not_end_is_an_error_of_ours(site, workplace, monkeypatch):
    impatient = Policy(attempts=2, factor=0.01, limited_seconds=0)
    monkeypatch.setattr(Policy, "configured", lambda _: impatient)
    site.routes[ALL] = lambda _: (429, {}, {"fault": {"faultstring": "quota"}})
    with pytest.raises(RateLimited):
        workplace.pull()


def test_a_range_of_dates_is_read_without_touching_the_state(site):
    settings = TrustpilotSettings.from_configuration()
    start, end = (datetime(2026, 2, number, tzinfo=UTC) for number in (3, 5))
    pages = list(_Site(settings, settings.client()).reviews_within(Window(start, end)))
    records = [bytes(record) for page in pages for record in page.records]
    assert len(records) == 2
    assert [b"r4" in records[0], b"r3" in records[1]] == [True, True]


def test_missing_settings_are_named(trustpilot, monkeypatch):
    monkeypatch.delenv("SOURCES__TRUSTPILOT__API_KEY")
    monkeypatch.setenv("SOURCES__TRUSTPILOT__BUSINESS_UNIT", " , ")
    with pytest.raises(MissingCredentials) as caught:
        TrustpilotSettings.from_configuration()
    for name in ("API_KEY", "BUSINESS_UNIT"):
        assert f"SOURCES__TRUSTPILOT__{name}" in str(caught.value)


def test_a_page_size_above_the_vendors_is_refused_by_name(trustpilot, monkeypatch):
    monkeypatch.setenv("SOURCES__TRUSTPILOT__PAGE_SIZE", "500")
    with pytest.raises(SourceError, match="SOURCES__TRUSTPILOT__PAGE_SIZE"):
        TrustpilotSettings.from_configuration()
