"""The last run, as Dagster's table and the report of `cx run` tell it."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.last_run import last_run, runs_database
from orchestration.settings import Settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


def add_run(settings: Settings, run_id: str, status: str, start: float = NOON) -> None:
    path = runs_database(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, run_id TEXT,"
            " pipeline_name TEXT, status TEXT, create_timestamp TEXT,"
            " start_time FLOAT, end_time FLOAT)"
        )
        end = None if status == "STARTED" else start + 90
        connection.execute(
            "INSERT INTO runs (run_id, pipeline_name, status, create_timestamp,"
            " start_time, end_time) VALUES (?, 'refresh', ?, '2026-03-01', ?, ?)",
            [run_id, status, start, end],
        )


def add_report(settings: Settings, run_id: str, **fields: Any) -> Path:
    log = settings.data_dir / "logs" / f"{run_id}.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text("said a lot")
    report = {
        "run_id": run_id,
        "began_at": "2026-03-01T12:00:00+00:00",
        "exit_code": 0,
        "error": None,
        "log": str(log),
        **fields,
    }
    path = log.with_suffix(".json")
    path.write_text(json.dumps(report))
    return path


@pytest.mark.parametrize(
    ("status", "outcome", "is_bad"),
    [
        ("SUCCESS", "succeeded", False),
        ("FAILURE", "failed", True),
        ("CANCELED", "was interrupted", True),
        ("STARTED", "died", True),
    ],
)
def test_a_run_of_dagster_is_told_by_its_status(
    settings: Settings, status: str, outcome: str, is_bad: bool
) -> None:
    add_run(settings, "run-0", "SUCCESS")
    add_run(settings, "run-1", status)
    found = last_run(settings)
    assert found is not None
    assert (found.run_id, found.outcome, found.is_bad) == ("run-1", outcome, is_bad)
    assert "2026-03-01 12:0" in found.when


def test_a_run_whose_process_lives_is_in_progress(
    settings: Settings, lock_holder: Callable[..., Any]
) -> None:
    add_run(settings, "run-1", "STARTED")
    process = lock_holder(settings, "run-1")
    found = last_run(settings)
    assert found is not None
    assert (found.outcome, found.is_bad) == ("in progress", False)
    process.kill()
    process.wait()
    found = last_run(settings)
    assert found is not None
    assert found.outcome == "died"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, "published"),
        (3, "published with a stale or failed source"),
        (4, "refused at the gate"),
        (1, "failed"),
    ],
)
def test_the_report_of_the_command_says_more(
    settings: Settings, code: int, outcome: str
) -> None:
    add_run(settings, "run-1", "SUCCESS")
    add_report(settings, "run-1", exit_code=code, error={"what": "x"} if code else None)
    found = last_run(settings)
    assert found is not None
    assert found.outcome == outcome
    assert found.log is not None
    assert found.log.endswith("run-1.log")
    assert bool(found.stopped_by) == (code != 0)


def test_the_later_of_two_runs_counts(settings: Settings) -> None:
    add_report(settings, "run-1")
    add_run(settings, "run-2", "FAILURE", NOON + 3600)
    found = last_run(settings)
    assert found is not None
    assert found.run_id == "run-2"
    add_report(settings, "run-3", began_at="2026-03-01T14:00:00+00:00")
    found = last_run(settings)
    assert found is not None
    assert found.run_id == "run-3"


def test_what_blocked_the_candidate_is_named_with_its_keys(published: Settings) -> None:
    audits = published.state_dir / "audits"
    refused = json.loads((audits / "r000001.json").read_text()) | {"passed": False}
    refused["checks"][0] |= {"severity": "error"}
    (audits / "r000002.json").write_text(json.dumps(refused))
    add_report(published, "run-1", exit_code=4, error={"what": "x", "what_to_do": "y"})
    found = last_run(published)
    assert found is not None
    (check,) = found.blocked_by
    assert check.name == "marts_fct_tickets.status_is_known"
    assert check.sample_keys == ("T101", "T102")
    # An audit from before the run began is not what stopped it.
    for path in audits.glob("*.json"):
        os.utime(path, (NOON - 60, NOON - 60))
    found = last_run(published)
    assert found is not None
    assert found.blocked_by == ()


def test_nothing_ran_yet(settings: Settings) -> None:
    assert last_run(settings) is None
