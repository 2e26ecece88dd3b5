"""A backfill from the launchpad: days in, whole days read, under the lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pytest
from pydantic import ValidationError

from ingestion.backfill import ReadWindow
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

    def again(source: str, stretch: Window, **_: Any) -> Iterator[ReadWindow]:
        asked.append((source, stretch))
        report = StreamReport(1, 5, 1, stretch.start, stretch.end, stretch.end)
        for number in (1, 2):
            load = PullReport(source, f"1700000000.{number}", {"tickets": report}, 0.1)
            yield ReadWindow(stretch, load, number, 2)

    monkeypatch.setattr(defs_backfill, "again", again)
    result = backfill.execute_in_process(resources={"warehouse": settings})
    assert result.success
    ((source, window),) = asked
    assert source == "zendesk"
    assert (window.end - window.start).days == 7
    assert window.end < datetime.now(UTC)
    (event,) = result.get_asset_observation_events()
    told = event.asset_observation_data.asset_observation
    assert told.asset_key == dg.AssetKey(["zendesk", "tickets"])
    assert told.metadata["rows_landed"].value == 8
    assert told.metadata["loads"].value == 2
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
