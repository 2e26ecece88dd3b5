"""The lock with a live, a dead and no holder; DAGSTER_HOME, history, last run."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from orchestration import run_lock
from orchestration.doctor import runs
from orchestration.doctor.finding import State
from orchestration.last_run import runs_database
from orchestration.settings import Settings


def test_a_holder_is_alive_until_it_is_killed(
    settings: Settings, lock_holder: Callable[..., Any]
) -> None:
    assert runs.lock(settings).seen == "free"
    process = lock_holder(settings)
    found = runs.lock(settings)
    assert found.state is State.OK
    assert f"cx run --test (pid {process.pid}, since" in found.seen
    assert found.seen.endswith("alive")
    process.kill()
    process.wait()
    found = runs.lock(settings)
    assert found.state is State.OK
    gone = f"last held by cx run --test (pid {process.pid}, gone)"
    assert found.seen == f"free; {gone}"


def test_a_holder_that_cannot_be_seen_is_worth_a_look(
    settings: Settings, lock_holder: Callable[..., Any]
) -> None:
    lock_holder(settings)
    path = run_lock.lock_path(settings)
    # As it looks when the process runs in another container: no such pid here.
    path.write_text('{"pid": 4194304, "since": "2026-01-01", "command": "cx run"}')
    found = runs.lock(settings)
    assert found.state is State.WARN
    assert "another host" in found.next_step


def test_another_dagster_home_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    assert runs.home(settings).state is State.OK
    monkeypatch.setenv("DAGSTER_HOME", "/elsewhere")
    assert runs.home(settings).state is State.WARN
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    assert runs.home(settings).state is State.OK


def test_a_broken_history_fails_and_may_be_moved_away(settings: Settings) -> None:
    path = runs_database(settings)
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id INTEGER)")
    assert runs.storage(settings).seen == "0 runs in SQLite"
    path.write_bytes(b"no database at all" * 100)
    found = runs.storage(settings)
    assert found.state is State.FAIL
    assert str(path.parent) in found.next_step


def test_runs_in_postgresql_are_not_looked_into(settings: Settings) -> None:
    settings.dagster_home.mkdir()
    file = settings.dagster_home / "dagster.yaml"
    file.write_text("# no postgres here\ntelemetry:\n  enabled: false\n")
    assert runs.storage(settings).seen == "made by the first run"
    file.write_text("storage:\n  postgres:\n    postgres_url: x\n")
    assert "PostgreSQL" in runs.storage(settings).seen


def test_no_run_yet_is_worth_a_run(settings: Settings) -> None:
    found = runs.last(settings)
    assert (found.state, found.next_step) == (State.WARN, "Run `cx run`.")
