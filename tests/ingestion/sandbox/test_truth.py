"""The truth is complete, agrees with the world, and nothing that serves knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest

from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.truth import Truth
from ingestion.sandbox.world import World
from orchestration.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=4, customers=120)


@pytest.fixture(scope="module")
def truth(world) -> Truth:
    return Truth.of(world)


@pytest.fixture(scope="module")
def served(world) -> dict[tuple[str, str], dict[str, bytes]]:
    """All that a first pull at the end of the story would see, by id."""
    found: dict[tuple[str, str], dict[str, bytes]] = {}
    for run in sandbox_streams(world, world.span.end):
        keyed = zip(run.keys(run.rows), run.render(run.rows), strict=True)
        found.setdefault((run.source, run.stream), {}).update(keyed)
    return found


def test_every_record_of_a_customer_has_its_truth(truth, served):
    known: dict[tuple[str, str], dict[str, int | None]] = {}
    for row in truth.records.to_pylist():
        stream = known.setdefault((row["source"], row["stream"]), {})
        assert row["source_id"] not in stream
        stream[row["source_id"]] = row["person"]
    for stream, records in known.items():
        told = set(served[stream])
        if stream == ("zendesk", "users"):
            staff = {
                key
                for key, record in served[stream].items()
                if orjson.loads(record)["role"] != "end-user"
            }
            told -= staff
        assert told <= set(records), stream


def test_who_asked_in_a_ticket_is_who_stands_behind_its_requester(truth, served):
    behind = {
        row["source_id"]: row["person"]
        for row in truth.records.to_pylist()
        if row["stream"] == "users" and not row["is_shared"]
    }
    issues = {row["ticket_id"]: row for row in truth.issues.to_pylist()}
    agreed = 0
    for record in served["zendesk", "tickets"].values():
        ticket = orjson.loads(record)
        person = behind.get(str(ticket["requester_id"]))
        issue = issues[ticket["id"]]
        if person is not None and not issue["is_spam"]:
            assert issue["person"] == person
            agreed += 1
    assert agreed > 200


def test_an_issue_is_one_persons_and_about_one_thing(truth, served):
    issues = {row["ticket_id"]: row for row in truth.issues.to_pylist()}
    later = [row for row in issues.values() if row["issue"] != row["ticket_id"]]
    assert any(row["is_repeat"] for row in later)
    assert any(not row["is_repeat"] for row in later), "merged ones"
    for row in later:
        first = issues[row["issue"]]
        assert first["issue"] == first["ticket_id"] < row["ticket_id"]
        assert (first["person"], first["topic"]) == (row["person"], row["topic"])


def test_a_follow_up_names_a_closed_ticket_of_the_same_issue(truth, served):
    issues = {row["ticket_id"]: row["issue"] for row in truth.issues.to_pylist()}
    tickets = {
        record["id"]: record
        for record in map(orjson.loads, served["zendesk", "tickets"].values())
    }
    following = [
        t for t in tickets.values() if t["via"]["source"]["rel"] == "follow_up"
    ]
    assert following
    for ticket in following:
        source = tickets[ticket["via"]["source"]["from"]["ticket_id"]]
        assert source["status"] in {"closed", "deleted"}
        assert ticket["id"] in source["followup_ids"]
        assert issues[ticket["id"]] == issues[source["id"]]
        moved = datetime.fromtimestamp(source["generated_timestamp"], UTC)
        assert moved >= datetime.fromisoformat(ticket["created_at"])


def test_texts_have_the_mood_that_they_were_written_in(truth, served):
    texts = truth.texts.to_pylist()
    assert {row["language"] for row in texts} >= {"en", "de"}
    for row in texts:
        if row["stream"] == "satisfaction_ratings":
            rating = orjson.loads(served["zendesk", row["stream"]][row["source_id"]])
            assert (rating["score"] == "good") == (row["mood"] == "good")
            assert rating["comment"]
        assert (row["emotion"] == "neutral") == (row["mood"] == "fair")


def test_what_somebody_spent_is_in_the_orders(world, truth):
    rows = truth.customers.to_pylist()
    total = sum(row["spent_before"] + row["spent_after"] for row in rows)
    assert total == pytest.approx(world.commerce.orders.cents.sum() / 100)


def test_unhappy_customers_rate_worse(world, truth):
    """The latent satisfaction is what drives the answers, or it would be no truth."""
    satisfaction = truth.customers["satisfaction"].to_numpy()
    answers = world.relationship
    kept = answers.score >= 0
    latent, told = satisfaction[answers.person[kept]], answers.score[kept]
    assert np.corrcoef(latent, told)[0, 1] > 0.5


def test_no_latent_number_is_ever_served(truth, served):
    latent = np.concatenate(
        [
            truth.customers["satisfaction"].to_numpy(),
            truth.customers["propensity"].to_numpy(),
            truth.issues["experience"].to_numpy(),
        ]
    )
    secrets = {f"{abs(value):.4f}" for value in latent.tolist()}
    for records in served.values():
        for record in records.values():
            for number in _numbers(orjson.loads(record)):
                assert f"{abs(number):.4f}" not in secrets or number == round(number, 2)


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _numbers(part)
    elif isinstance(value, list):
        for part in value:
            yield from _numbers(part)


def test_nothing_outside_of_tests_knows_the_truth():
    """Neither an import nor a name in a text, of whatever language."""
    known = [
        path
        for package in ("ingestion", "expectations", "orchestration", "dbt_project")
        for path in (PROJECT_ROOT / package).rglob("*.*")
        if path.suffix in {".py", ".sql", ".yml", ".yaml", ".toml"}
        and "target" not in path.parts
        and names_truth(path.read_text(encoding="utf-8"), path.suffix)
    ]
    assert known == []


def names_truth(text: str, suffix: str) -> bool:
    if "sandbox.truth" in text or "sandbox/truth" in text:
        return True
    if suffix != ".py":
        return False
    return any(
        isinstance(node, ast.ImportFrom) and "truth" in {a.name for a in node.names}
        for node in ast.walk(ast.parse(text))
    )


def test_a_module_that_imports_the_truth_would_be_found():
    for text in (
        "from ingestion.sandbox.truth import Truth",
        "from ingestion.sandbox import truth",
        "import ingestion.sandbox.truth",
    ):
        assert names_truth(text, ".py")
    assert not names_truth("from ingestion.sandbox import streams", ".py")
