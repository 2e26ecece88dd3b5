"""Stages tell their rows, their end and their errors to whoever listens."""

from __future__ import annotations

import pytest

from orchestration import progress
from orchestration.progress import State, Update


def test_a_stage_tells_its_begin_its_rows_and_its_end() -> None:
    told: list[Update] = []
    with progress.listening(told.append), progress.stage("extract") as stage:
        stage.say(rows=7, note="tickets")
        stage.say(note="users")
    assert [(u.state, u.rows, u.note) for u in told] == [
        (State.RUNNING, None, ""),
        (State.RUNNING, 7, "tickets"),
        (State.RUNNING, 7, "users"),
        (State.DONE, 7, "users"),
    ]


def test_a_warned_stage_ends_warned() -> None:
    told: list[Update] = []
    with progress.listening(told.append), progress.stage("extract") as stage:
        stage.warn("vendor down")
    assert (told[-1].state, told[-1].note) == (State.WARNED, "vendor down")


def test_the_error_that_stops_a_stage_is_told_and_goes_on() -> None:
    told: list[Update] = []
    with (
        pytest.raises(KeyError),
        progress.listening(told.append),
        progress.stage("build"),
    ):
        raise KeyError("model")
    assert told[-1].state is State.FAILED
    assert isinstance(told[-1].error, KeyError)


def test_nobody_is_told_after_listening_has_ended() -> None:
    told: list[Update] = []
    with progress.listening(told.append):
        pass
    with progress.stage("build"):
        pass
    assert told == []


def test_time_left_follows_from_the_share_that_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress.time, "monotonic", lambda: 1000.0)
    assert progress.time_left(900.0, 0.25) == ", about 5 min left"
    assert progress.time_left(0.0, 0.1) == ", about 2 h 30 left"
    for unknown in (None, 0.0, 1.0, 0.9):
        assert progress.time_left(900.0, unknown) == ""
