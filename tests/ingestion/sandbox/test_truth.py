"""The truth is complete, agrees with the world, and nothing that serves knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
        if row["stream"] == "users"
    }
    issues = {row["ticket_id"]: row for row in truth.issues.to_pylist()}
    agreed = 0
    for record in served["zendesk", "tickets"].values():
        ticket = orjson.loads(record)
        person = behind.get(str(ticket["requester_id"]))
        if person is not None:
            assert issues[ticket["id"]]["person"] == person
            agreed += 1
    assert agreed > 200


def test_merged_tickets_are_one_issue(truth):
    issues = truth.issues.to_pylist()
    merged = [row for row in issues if row["issue"] != row["ticket_id"]]
    by_ticket = {row["ticket_id"]: row for row in issues}
    assert merged
    for row in merged:
        assert by_ticket[row["issue"]]["person"] == row["person"]


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
