"""Whoever gets the lock tells Dagster which runs have died."""

import os
import subprocess
import sys
import time

import dagster as dg
import pytest

from orchestration import run_lock
from orchestration.defs import resources
from orchestration.settings import Settings

MARKED = """
import sys, time
from orchestration import run_lock
from orchestration.settings import Settings
run_lock.mark_alive(Settings.from_environment(), sys.argv[1])
print("marked", flush=True)
time.sleep(60)
"""


def marked_by_another_process(settings: Settings, run_id: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", MARKED, run_id],
        env=os.environ | {"CX_DATA_DIR": str(settings.data_dir)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "marked\n"
    return process


def started(instance: dg.DagsterInstance) -> str:
    @dg.job
    def empty() -> None:
        pass

    run = instance.create_run_for_job(empty, status=dg.DagsterRunStatus.STARTED)
    return run.run_id


def status_of(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_the_run_of_a_killed_process_is_marked_failed_and_a_living_one_is_not(
    settings: Settings,
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        dead, living = started(instance), started(instance)
        processes = [
            marked_by_another_process(settings, run_id) for run_id in (dead, living)
        ]
        try:
            processes[0].kill()
            processes[0].wait()
            assert resources.fail_dead_runs(instance, settings) == [dead]
        finally:
            processes[1].kill()
            processes[1].wait()
        assert status_of(instance, dead) is dg.DagsterRunStatus.FAILURE
        assert status_of(instance, living) is dg.DagsterRunStatus.STARTED


def test_a_run_without_a_mark_gets_a_minute_to_make_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = started(instance)
        assert resources.fail_dead_runs(instance, settings) == []
        later = time.time() + resources.GRACE_SECONDS + 1
        monkeypatch.setattr(time, "time", lambda: later)
        assert resources.fail_dead_runs(instance, settings) == [run_id]


def test_a_run_holds_the_lock_from_its_first_step_to_its_last(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CX_DATA_DIR", str(settings.data_dir))
    seen: list[str] = []

    @dg.asset
    def step(warehouse: dg.ResourceParam[Settings]) -> None:
        holder = run_lock.holder(warehouse)
        seen.append(holder.command if holder else "free")

    result = dg.materialize([step], resources={"warehouse": resources.warehouse})
    assert seen == [f"Dagster job __ephemeral_asset_job__, run {result.run_id}"]
    assert run_lock.holder(settings) is None
