"""`cx` as people type it: usage, errors, exit codes; each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from orchestration import run_lock
from orchestration.cli import screens
from orchestration.settings import Settings

SLOW_MODULES = ("dagster", "dbt", "dlt", "duckdb", "pandas", "pyarrow")


def cx(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SOURCES__")
    }
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        env=environment | {"CX_DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_imports_nothing_slow() -> None:
    code = f"""
import sys, orchestration.cli
print([name for name in {SLOW_MODULES!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        (("run", "--sourze", "x"), screens.USAGE, "No such option"),
        (("run", "--source", "zendsk"), screens.USAGE, "trustpilot, typeform, zendesk"),
        (("run", "--as-of", "yesterday"), screens.USAGE, "2026-01-31T12:00:00Z"),
        (("run", "--from", "2026-01-01"), screens.USAGE, "--to 2026-01-31"),
        (
            ("run", "-s", "zendesk", "--from", "2026-02-01", "--to", "2026-01-01"),
            screens.USAGE,
            "2026-01-01 is before 2026-02-01",
        ),
        (
            ("run", "-s", "zendesk", "--from", "2026-02-01", "--to", "2026-02-30"),
            screens.USAGE,
            "Write it as 2026-01-31",
        ),
        (("query", "SELECT 1"), screens.ERROR, "cx run"),
        (("rollback", "newest"), screens.ERROR, "cx releases"),
        (("sandbox", "serve", "--rate-limits", "none"), screens.USAGE, "raised"),
        (("sandbox", "serve", "--fault", "rain"), screens.USAGE, "truncated_json"),
    ],
)
def test_an_error_is_one_screen_with_its_exit_code(
    settings: Settings, arguments: tuple[str, ...], exit_code: int, told: str
) -> None:
    done = cx(settings, *arguments)
    assert done.returncode == exit_code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 24
    assert done.stdout == ""


def test_a_run_in_progress_is_told_at_once(settings: Settings) -> None:
    with run_lock.hold(settings, command="Dagster job refresh, run 4711"):
        done = cx(settings, "run", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == document["error"]["exit_code"] == screens.ERROR
    assert "Dagster job refresh, run 4711" in document["error"]["what"]
    assert str(os.getpid()) in document["error"]["what"]


def test_an_empty_warehouse_has_a_status(settings: Settings) -> None:
    done = cx(settings, "status", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["release_id"] is None
    assert "Nothing is published yet" in cx(settings, "status").stdout
    assert json.loads(cx(settings, "releases", "--json").stdout) == []


def test_missing_credentials_end_the_run_with_one_screen_and_a_log(
    settings: Settings,
) -> None:
    done = cx(settings, "run")
    assert done.returncode == screens.ERROR
    assert "SOURCES__ZENDESK__" in done.stdout
    assert "SOURCES__TYPEFORM__TOKEN" in done.stdout
    assert "SOURCES__TRUSTPILOT__API_KEY" in done.stdout
    assert "SOURCES__HUBSPOT__ACCESS_TOKEN" in done.stdout
    assert "SOURCES__QUALTRICS__API_TOKEN" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    logs = list((settings.data_dir / "logs").glob("*.log"))
    assert len(logs) == 1
    assert str(logs[0]) in done.stdout.replace("\n", "")
    assert "STEP_FAILURE" in logs[0].read_text()
    status = json.loads(cx(settings, "status", "--json").stdout)
    assert status["last_run"]["outcome"] == "failed"
    assert status["last_run"]["log"] == str(logs[0])
    assert "SOURCES__TYPEFORM__TOKEN" in status["last_run"]["stopped_by"]["what"]
    assert status["next"] == "cx doctor"


def test_the_doctor_looks_at_an_empty_folder_and_ends_with_exit_1(
    settings: Settings,
) -> None:
    done = cx(settings, "doctor", "--offline")
    assert done.returncode == 1
    assert "SOURCES__ZENDESK__" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_interrupt_is_one_screen_and_frees_the_lock(settings: Settings) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run"],
        env=os.environ | {"CX_DATA_DIR": str(settings.data_dir)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().split() == ["start", "started"]
    process.send_signal(signal.SIGINT)
    told = process.stderr.read()
    assert process.wait() == screens.INTERRUPTED
    assert "Interrupted." in told
    assert "Traceback" not in told
    assert run_lock.holder(settings) is None
