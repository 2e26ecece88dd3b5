"""The newer satisfaction survey, from a helpdesk that changed over to it half-way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW, NEVER, World

DAY = 86_400
MONTHS_AGO = int(DEFAULT_NOW.timestamp()) - 270 * DAY


@pytest.fixture
def changed_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    world = World.generate(seed=6, customers=150)
    with serving(
        replace(world, newer_csat=MONTHS_AGO), clock=Clock(DEFAULT_NOW)
    ) as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SOURCES__ZENDESK__LIST_PAGE_SIZE", "20")
        yield sandbox


def ratings_of(world: World, clock: int) -> dict[int, str]:
    """Ticket -> its last rating since the change-over, by plain code."""
    ratings, found = world.ratings, {}
    for row in range(len(ratings)):
        if ratings.created[row] >= MONTHS_AGO and ratings.answered[row] <= clock:
            found[int(ratings.ticket[row])] = bool(ratings.is_good[row])
    return {t + 1: "good" if good else "bad" for t, good in found.items()}


def second_thoughts(world: World) -> list[int]:
    """When somebody rated a ticket again, since the change-over and until now."""
    seen: set[int] = set()
    found = []
    for row in range(len(world.ratings)):
        answered = int(world.ratings.answered[row])
        if world.ratings.created[row] < MONTHS_AGO or answered == NEVER:
            continue
        ticket = int(world.ratings.ticket[row])
        if ticket in seen and answered < DEFAULT_NOW.timestamp():
            found.append(answered)
        seen.add(ticket)
    return found


def landed(workplace) -> dict[int, str]:
    records = workplace.latest("zendesk", "survey_responses").values()
    return {
        int(record["subjects"][0]["id"]): record["answers"][0]["rating_category"]
        for record in records
    }


def test_ratings_since_the_change_over_come_as_survey_responses(
    changed_over, workplace
):
    report = workplace.pull("zendesk").streams["survey_responses"]
    told = ratings_of(changed_over.world, int(DEFAULT_NOW.timestamp()))
    assert landed(workplace) == told
    assert len(told) > 25
    assert report.pages > 1
    assert report.rejected == 0
    # The older list keeps what was rated before, and gets nothing new.
    older = workplace.latest("zendesk", "satisfaction_ratings").values()
    dates = [record["created_at"] for record in older]
    assert dates
    assert max(map(_epoch, dates)) < MONTHS_AGO


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_a_second_thought_replaces_the_first(changed_over, workplace):
    moment = second_thoughts(changed_over.world)[-1]
    now = int(DEFAULT_NOW.timestamp())
    changed_over.clock.advance(seconds=moment - 60 - now)
    workplace.pull("zendesk")
    before = landed(workplace)
    assert before == ratings_of(changed_over.world, moment - 60)
    changed_over.clock.advance(seconds=120)
    report = workplace.pull("zendesk").streams["survey_responses"]
    after = landed(workplace)
    assert after == ratings_of(changed_over.world, moment + 60)
    assert after != before
    # Only what can still change is read again.
    assert report.rows < len(after) / 2


@pytest.mark.parametrize("status", [404, 403])
def test_an_account_without_the_survey_has_no_responses(zendesk, workplace, status):
    zendesk.routes["/api/v2/guide/survey_responses"] = lambda *_: (status, {}, b"{}")
    report = workplace.pull("zendesk")
    assert report.streams["survey_responses"].rows == 0
    pulls = workplace.rows("zendesk", "pulls", "stream, is_complete")
    assert ("survey_responses", True) in pulls


def test_a_later_pull_reads_the_four_weeks_again_in_which_answers_change(
    zendesk, workplace
):
    answered = "2026-02-20T00:00:00Z"
    zendesk.rows["survey_responses"] = [
        {"id": "01JA", "answers": [{"created_at": answered, "updated_at": answered}]}
    ]
    workplace.pull("zendesk")
    workplace.pull("zendesk")
    queries = zendesk.queries("/api/v2/guide/survey_responses")
    since = datetime.fromisoformat(answered) - timedelta(days=28)
    assert queries[-1]["filter[created_at_start]"] == str(int(since.timestamp() * 1000))
    assert queries[0]["filter[created_at_start]"] == "1167609600000"  # 2007
