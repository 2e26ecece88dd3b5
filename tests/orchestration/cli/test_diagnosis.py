"""`cx doctor`: exit codes, one screen of 100 columns, one JSON document."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from ingestion.registry import SOURCES
from ingestion.sandbox.credentials import Credentials
from orchestration.cli import diagnosis
from orchestration.doctor.finding import fail, ok, warn
from orchestration.settings import Settings

PROBES = 3 + len(SOURCES) + 14


@pytest.fixture
def configured(published: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in Credentials().environment("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CX_DATA_DIR", str(published.data_dir))
    return published


def test_all_probes_run_and_a_failure_makes_exit_1(
    configured: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diagnosis.diagnose(offline=True, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["is_well"] is True
    assert len(document["findings"]) == PROBES
    configured.published_link.unlink()
    assert diagnosis.diagnose(offline=True, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    failed = [one for one in document["findings"] if one["state"] == "fail"]
    assert [one["probe"] for one in failed] == ["published link"]
    assert "cx rollback r000001" in failed[0]["next_step"]


def test_a_setting_that_cannot_be_read_stops_what_needs_it(
    configured: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CX_THREADS", "many")
    assert diagnosis.diagnose(offline=True, as_json=True) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [one["probe"] for one in findings][3:] == ["settings"]
    assert "CX_THREADS" in findings[-1]["seen"]


def test_every_line_fits_and_says_what_to_do() -> None:
    file = io.StringIO()
    findings = [
        ok("python", "3.11"),
        warn("variables", "CX_X [is] unknown " * 8, "Unset it."),
        fail("key ledger", "segment 2 is missing", "Restore it."),
    ]
    diagnosis.show(findings, Console(file=file, width=100))
    lines = file.getvalue().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 100
    assert lines[0].split() == ["python", "ok", "3.11"]
    # The texts of all lines begin in the same column.
    column = lines[0].index("3.11")
    assert {line[column - 1] for line in lines[:-1]} == {" "}
    assert "-> Unset it." in file.getvalue()
    assert "[is]" in file.getvalue()
    assert lines[-1] == "1 ok, 1 warn, 1 fail"
