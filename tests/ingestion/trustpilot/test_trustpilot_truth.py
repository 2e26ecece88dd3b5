"""Pulls against the world's truth: first, day by day, and read anew."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from ingestion.sandbox.server import RunningSandbox, running_sandbox
from ingestion.sandbox.trustpilot.reviews import Snapshot, render_reviews


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with (
        running_sandbox(customers=6000, seed=3) as sandbox,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in sandbox.environment.items():
            patch.setenv(name, value)
        yield sandbox


def truth(sandbox: RunningSandbox) -> dict[str, dict]:
    """Every review that the site shows now, as its owner sees it."""
    snapshot = Snapshot(sandbox.world, sandbox.clock.seconds)
    records = render_reviews(snapshot, snapshot.rows, is_private=True)
    return {record["id"]: record for record in map(json.loads, records)}


def standing(workplace) -> dict[str, dict]:
    """The latest version of each review that is not deleted, as staging chooses."""
    rows = workplace.rows(
        "trustpilot", "reviews", "key, payload, op, version, _dlt_load_id, seq"
    )
    rows.sort(key=lambda row: row[3:])
    latest = {key: (op, payload) for key, payload, op, *_ in rows}
    return {
        key: json.loads(payload)
        for key, (op, payload) in latest.items()
        if op == "upsert"
    }


@pytest.fixture(scope="module")
def days(sandbox, module_workplace):
    """What stands after a first pull and after each of five, and the truth then."""
    found = []
    for step in range(6):
        if step:
            sandbox.clock.advance(days=4)
        module_workplace.pull("trustpilot")
        found.append((standing(module_workplace), truth(sandbox)))
    return found


def test_a_first_pull_equals_the_truth(days):
    landed, true = days[0]
    assert len(true) > 300
    assert landed == true


def in_window(records: dict[str, dict], before: dict[str, dict]) -> dict[str, dict]:
    """Records from 30 days before the newest one that was there before."""
    newest = max(record["createdAt"] for record in before.values())
    moment = datetime.fromisoformat(newest) - timedelta(days=30)
    oldest = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {k: v for k, v in records.items() if v["createdAt"] >= oldest}


def test_later_pulls_equal_the_truth_for_all_that_the_window_sees(days):
    for (_, before), (landed, true) in pairwise(days):
        assert in_window(landed, before) == in_window(true, before)


def test_the_days_saw_edits_replies_removals_and_new_reviews(days):
    seen = dict.fromkeys(("new", "gone", "updatedAt", "companyReply"), 0)
    for (_, before), (_, after) in pairwise(days):
        past, now = in_window(before, before), in_window(after, before)
        seen["new"] += len(now.keys() - past.keys())
        seen["gone"] += len(past.keys() - now.keys())
        for name in ("updatedAt", "companyReply"):
            both = past.keys() & now.keys()
            seen[name] += sum(past[key][name] != now[key][name] for key in both)
    assert all(seen.values()), seen


def test_a_new_lake_gives_the_same_as_all_those_pulls(days, workplace):
    workplace.pull("trustpilot")
    _, true = days[-1]
    assert standing(workplace) == true
