"""A backfill from the launchpad: days in, whole days read, under the lock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pytest
from pydantic import ValidationError

from ingestion.pipelines import PullReport
from ingestion.stream import StreamReport, Window
from orchestration.defs import backfill as defs_backfill
from orchestration.defs.backfill import Range, Source, backfill
from orchestration.settings import Settings

DAY = datetime(2026, 1, 31, tzinfo=UTC)


def test_both_days_are_read_whole() -> None:
    days = Range(
        source=Source("zendesk"), first_day="2026-01-31", last_day="2026-02-01"
    )
    assert days.window() == Window(DAY, datetime(2026, 2, 2, tzinfo=UTC))


def test_a_day_that_is_none_is_refused_before_anything_runs() -> None:
    with pytest.raises(ValidationError, match="first_day"):
        Range(source=Source("zendesk"), first_day="31.1.2026", last_day="2026-02-01")


def test_the_launchpad_opens_with_days_that_can_be_launched(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Window]] = []

    def pull(source: str, *, window: Window, **_: Any) -> PullReport:
        asked.append((source, window))
        report = StreamReport(1, 5, 1, window.start, window.end, window.end)
        return PullReport(source, "1700000000.1", {"tickets": report}, 0.1)

    monkeypatch.setattr(defs_backfill, "pull", pull)
    result = backfill.execute_in_process(resources={"warehouse": settings})
    assert result.success
    ((source, window),) = asked
    assert source == "zendesk"
    assert (window.end - window.start).days == 7
    assert window.end < datetime.now(UTC)
    (event,) = result.get_asset_observation_events()
    told = event.asset_observation_data.asset_observation
    assert told.asset_key == dg.AssetKey(["zendesk", "tickets"])
    assert told.metadata["rows_landed"].value == 4
    assert result.get_asset_materialization_events() == []


def test_a_range_that_ends_before_it_begins_reads_nothing(
    settings: Settings,
) -> None:
    wrong = Range(
        source=Source("zendesk"), first_day="2026-02-02", last_day="2026-01-31"
    )
    result = backfill.execute_in_process(
        run_config=dg.RunConfig(ops={"read_again": wrong}),
        resources={"warehouse": settings},
        raise_on_error=False,
    )
    assert not result.success
    assert not (settings.data_dir / "lake").exists()
