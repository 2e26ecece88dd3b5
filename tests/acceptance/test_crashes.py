"""kill -9 anywhere in a run; the next run publishes what an unharmed one would."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.acceptance

NIGHT = "2026-06-30T12:00:00+00:00"
MORNING = "2026-07-01T12:00:00+00:00"
STAGES = [
    "run_started",
    "before complete_package",
    "between state and loads row",
    "after completion",
    "extracted",
    "catalogued",
    "prepared",
    "identified",
    "built",
    "candidate_started",
    "candidate_built",
    "audited",
    "sealed",
    "renamed",
    "flipped",
    "ledgered",
    "pruned",
]
MOMENTS = 20
SEED = 20260630
# Points in the audit end its process, not the run: the run is refused or fails.
SURVIVED = {"audited": 4, "sealed": 4}


@pytest.fixture(scope="module")
def yesterday(vendors, runs, tmp_path_factory) -> Path:
    """A warehouse with one release; the vendors have moved on by a day since."""
    data_dir = tmp_path_factory.mktemp("yesterday") / "data"
    vendors.set_clock(NIGHT)
    assert runs.run(data_dir) == 0, (data_dir / "err.txt").read_text()
    vendors.set_clock(MORNING)
    return data_dir


@pytest.fixture(scope="module")
def unharmed(yesterday, runs, fingerprints, tmp_path_factory) -> dict[str, Any]:
    """What the day's run publishes when nobody kills it, and how long it takes."""
    data_dir = tmp_path_factory.mktemp("unharmed") / "data"
    shutil.copytree(yesterday, data_dir, symlinks=True)
    assert runs.run(data_dir) == 0
    assert fingerprints(data_dir) != fingerprints(yesterday)
    return fingerprints(data_dir)


@pytest.fixture
def data_dir(yesterday, tmp_path) -> Iterator[Path]:
    """A copy of yesterday's warehouse, to be harmed."""
    shutil.copytree(yesterday, tmp_path / "data", symlinks=True)
    yield tmp_path / "data"
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("stage", STAGES)
def test_run_after_a_kill_at_a_stage_publishes_the_same(
    stage, data_dir, runs, unharmed, fingerprints
):
    assert runs.run(data_dir, point=stage) == SURVIVED.get(stage, -9)
    again = runs.run(data_dir)
    assert again == 0, (data_dir / "err.txt").read_text()
    assert fingerprints(data_dir) == unharmed


@pytest.mark.parametrize("moment", range(MOMENTS))
@pytest.mark.parametrize(
    ("stage", "seconds"), [("extract zendesk", 3.0), ("catalogue", 22.0)]
)
def test_run_after_a_kill_at_a_random_moment_publishes_the_same(
    stage, seconds, moment, data_dir, runs, unharmed, fingerprints
):
    pause = random.Random(f"{SEED} {stage} {moment}").uniform(0, seconds)
    ended = runs.kill_after(data_dir, stage, pause)
    said = (data_dir / "err.txt").read_text() + (data_dir / "out.txt").read_text()
    assert ended == -9, f"the run was over {pause:.1f} s after {stage}:\n{said}"
    again = runs.run(data_dir)
    assert again == 0, (data_dir / "err.txt").read_text()
    assert fingerprints(data_dir) == unharmed
