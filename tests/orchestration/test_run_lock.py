"""One writer: who gets the lock, who does not, and what a dead process leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from orchestration import run_lock
from orchestration.errors import RunInProgress
from orchestration.run_lock import Life
from orchestration.settings import Settings

HOLDER = """
import sys, time
from orchestration import run_lock
from orchestration.settings import Settings
settings = Settings.from_environment()
run_lock.mark_alive(settings, "other-run")
with run_lock.hold(settings, command="cx run --source zendesk"):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env=os.environ | {"CX_DATA_DIR": str(settings.data_dir)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_second_process_is_refused_and_told_who_holds_the_lock(
    settings: Settings,
) -> None:
    with another_process(settings) as process:
        with (
            pytest.raises(RunInProgress) as refused,
            run_lock.hold(settings, command="cx run"),
        ):
            pass
        holder = run_lock.holder(settings)
    assert "cx run --source zendesk" in refused.value.what
    assert str(process.pid) in refused.value.what
    assert holder is not None
    assert holder.pid == process.pid


def test_a_killed_process_frees_the_lock_and_its_mark_tells_that_it_died(
    settings: Settings,
) -> None:
    with another_process(settings) as process:
        assert run_lock.life_of(settings, "other-run") is Life.ALIVE
        process.kill()
        process.wait()
        with run_lock.hold(settings, command="cx run", wait_seconds=5):
            assert run_lock.life_of(settings, "other-run") is Life.DEAD
            run_lock.remove_dead_marks(settings)
    assert run_lock.life_of(settings, "other-run") is Life.UNMARKED


def test_the_lock_can_be_held_twice_by_one_process_and_is_free_afterwards(
    settings: Settings,
) -> None:
    with (
        run_lock.hold(settings, command="outer"),
        run_lock.hold(settings, command="inner"),
    ):
        holder = run_lock.holder(settings)
    assert holder is not None
    assert holder.command == "outer"
    assert run_lock.holder(settings) is None


def test_an_error_of_the_run_itself_passes_through(settings: Settings) -> None:
    with (
        pytest.raises(BlockingIOError),
        run_lock.hold(settings, command="cx run"),
    ):
        raise BlockingIOError
    assert run_lock.holder(settings) is None
