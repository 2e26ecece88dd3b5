"""Good data raises no alarm: other seeds, sizes and clocks, release after release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.checks import run_checks
from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.world import DEFAULT_NOW, World
from orchestration.publication.audit import audit
from orchestration.publication.publish import publish
from tests.gate import report
from tests.gate.lakes import make_incremental
from tests.gate.warehouses import (
    build,
    candidate_of,
    failing_tests,
    settings_of,
)

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1800)]

HOUR = 1 / 24


@dataclass(frozen=True)
class Story:
    """A world, and the days that pass before each release after the first."""

    seed: int
    customers: int
    pauses: tuple[float, ...]
    now: datetime = DEFAULT_NOW
    months: int = 18

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.customers} customers, {self.now:%a %d %b %Y}"


STORIES = (
    Story(1, 20, (HOUR, 1)),
    # The weekend on which clocks change.
    Story(2, 60, (1, 2), now=datetime(2026, 3, 28, 23, 30, tzinfo=UTC)),
    # A year begins.
    Story(3, 200, (HOUR / 2, 7), now=datetime(2025, 12, 31, 23, 45, tzinfo=UTC)),
    Story(4, 400, (1, 1), now=datetime(2026, 2, 1, 3, 0, tzinfo=UTC)),
    Story(6, 800, (7, 7)),
    Story(7, 1500, (1, 28)),
    Story(8, 3000, (2,)),
    # Short histories: hardly anything to compare with.
    Story(9, 120, (1, 14), months=3),
    Story(10, 300, (7,), months=1),
    # Friday evening, Saturday, Sunday, Monday.
    Story(12, 1000, (1, 1, 1), now=datetime(2026, 5, 15, 18, 0, tzinfo=UTC)),
    Story(13, 40, ()),
)


def test_stories_are_thirty_runs():
    assert sum(1 + len(story.pauses) for story in STORIES) == 30


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_clean_runs_raise_no_alarm(story, project, tmp_path):
    (tmp_path / "data").mkdir()
    settings = settings_of(tmp_path / "data")
    world = World.generate(
        seed=story.seed, customers=story.customers, months=story.months, now=story.now
    )
    now, alarms = story.now, []
    for number, pause in enumerate((0, *story.pauses)):
        now += timedelta(days=pause)
        write_lake(world, settings.lake_url, now=now)
        if number:
            load_id = f"{now.timestamp():.0f}.000001"
            make_incremental(Path(settings.lake_url), load_id)
        build(project, settings)
        broken = failing_tests(project, settings)
        candidate = candidate_of(settings)
        outcome = audit(
            settings,
            candidate.release_id,
            lambda c, has_previous: run_checks(c, has_previous=has_previous),
        )
        failed = [c.sentence() for c in outcome.checks if not c.success]
        report.clean_run(
            f"{story}, release {number + 1}, {now:%a %d %b %H:%M}",
            len(outcome.checks) + len(project.tests),
            [c.name for c in outcome.checks if not c.success] + broken,
        )
        alarms += failed + broken
        publish(settings, candidate.release_id)
    assert alarms == []
