"""Every error is one screen with what, where, what to do, and its exit code."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import duckdb
import pytest

from ingestion.errors import AuthFailed, UnknownSource
from orchestration.cli import screens
from orchestration.errors import BuildFailed, BuildRefused, RunInProgress
from orchestration.publication.errors import GateRefused, NoRelease
from orchestration.settings import SettingError

THREE = ("something happened", "over there", "do this")


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (RunInProgress(*THREE), screens.ERROR),
        (BuildFailed(*THREE), screens.ERROR),
        (BuildRefused(*THREE), screens.REFUSED),
        (AuthFailed("zendesk", *THREE), screens.ERROR),
        (UnknownSource("zendsk", *THREE), screens.USAGE),
    ],
)
def test_an_error_of_ours_keeps_its_three_parts(
    error: Exception, exit_code: int
) -> None:
    screen = screens.screen_of(error)
    assert exit_code == screen.exit_code
    assert (screen.what, screen.where, screen.what_to_do) == THREE


def test_a_refused_gate_is_exit_4_and_no_release_is_exit_1() -> None:
    refused = GateRefused("r000002", "2 checks failed.", "Mend the source.")
    assert screens.screen_of(refused).exit_code == screens.REFUSED
    assert screens.screen_of(NoRelease("None yet.", "Run.")).exit_code == screens.ERROR


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        duckdb.IOException("Could not write file: No space left on device"),
    ],
)
def test_a_full_disk_says_so_wherever_it_was_met(error: Exception) -> None:
    screen = screens.screen_of(error)
    assert screen.what == "The disk is full."
    assert screen.exit_code == screens.ERROR


def test_the_cause_behind_a_wrapper_is_what_is_shown() -> None:
    try:
        try:
            raise SettingError("CX_THREADS='x' is not a number.")
        except SettingError as cause:
            raise RuntimeError("Error while building definitions") from cause
    except RuntimeError as wrapper:
        screen = screens.screen_of(wrapper)
    assert screen.what == "CX_THREADS='x' is not a number."


def test_an_unknown_error_names_the_log_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path))
    screen = screens.screen_of(ZeroDivisionError("division by zero"))
    log = tmp_path / "logs" / "cx.log"
    assert str(log) in screen.where
    assert "division by zero" in log.read_text()


def test_an_interrupted_run_is_exit_130() -> None:
    assert screens.screen_of(KeyboardInterrupt()).exit_code == screens.INTERRUPTED


def test_a_machine_gets_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    code = screens.show(RunInProgress(*THREE), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["what"] == "something happened"
    assert document["error"]["exit_code"] == code
