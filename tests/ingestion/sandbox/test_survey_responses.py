"""The list of the newer survey pages, filters and writes as the vendor does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.world import DEFAULT_NOW, World

PATH = "/api/v2/guide/survey_responses"
NOW = int(DEFAULT_NOW.timestamp())


@pytest.fixture(scope="module")
def changed_over() -> Iterator[RunningSandbox]:
    world = replace(World.generate(seed=2, customers=120), newer_csat=NOW - 40_000_000)
    with serving(world, clock=Clock(DEFAULT_NOW), limits="off") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def client(changed_over: RunningSandbox) -> Iterator[httpx.Client]:
    keys = changed_over.credentials
    auth = (f"{keys.zendesk_email}/token", keys.zendesk_api_token)
    with httpx.Client(base_url=changed_over.base_url, auth=auth) as client:
        yield client


def read(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    found, after = [], {}
    while True:
        answer = client.get(PATH, params={"page[size]": 25, **query, **after}).json()
        found += answer["survey_responses"]
        if not answer["meta"]["has_more"]:
            return found
        after = {"page[after]": answer["meta"]["after_cursor"]}


def test_pages_give_each_response_once_and_ascend(client):
    ids = [record["id"] for record in read(client)]
    assert len(ids) > 25
    assert ids == sorted(set(ids))


def test_the_times_filter_by_the_first_answer(client):
    everything = read(client)
    first = sorted(r["answers"][0]["created_at"] for r in everything)
    middle = first[len(first) // 2]
    stamp = _milliseconds(middle)
    later = read(client, **{"filter[created_at_start]": stamp})
    earlier = read(client, **{"filter[created_at_end]": stamp})
    assert len(later) + len(earlier) == len(everything)
    assert min(r["answers"][0]["created_at"] for r in later) == middle


def _milliseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def test_a_response_names_its_ticket_and_rates_as_its_category_says(client):
    for record in read(client):
        (subject,) = record["subjects"]
        assert subject["zrn"] == f"zen:ticket:{subject['id']}"
        rating, comment = record["answers"]
        good = rating["rating_category"] == "good"
        assert rating["rating"] in ((4, 5) if good else (1, 2, 3))
        assert comment["type"] in {"open_ended", "skipped"}
        assert len(record["id"]) == 26


def test_an_account_that_never_changed_over_has_none(changed_over):
    world = World.generate(seed=2, customers=120)
    (run,) = [r for r in sandbox_streams(world, NOW) if r.stream == "survey_responses"]
    assert len(run) == 0


def test_ratings_and_responses_together_are_all_answered_ratings(changed_over):
    """What one list loses, the other has: no rating twice, none lost."""
    world = changed_over.world
    runs = {run.stream: run for run in sandbox_streams(world, NOW)}
    tickets = world.ratings.ticket
    older = set(tickets[world.ratings.created < world.newer_csat].tolist())
    answered = world.ratings.answered <= NOW
    newer = set(tickets[answered & (world.ratings.created >= world.newer_csat)])
    assert len(runs["survey_responses"]) == len(newer)
    assert older | newer >= set(tickets[answered].tolist())
