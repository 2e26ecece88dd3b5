"""Backfill of a date range, from the launchpad.

Holds the job that reads past days of one source again into the lake, under the lock and
without moving a cursor. A job and not an asset: the assets' own button must go on
meaning "everything that is new". Does not build: the `build` job does.
Tests: tests/orchestration/defs/test_backfill.py
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from enum import Enum
from typing import Any

import dagster as dg
from pydantic import Field, field_validator

from ingestion.backfill import read_again as again
from ingestion.registry import SOURCES
from ingestion.stream import Progress, StreamReport, Window
from orchestration import progress
from orchestration.defs.translator import OWNERS
from orchestration.settings import Settings

BACKFILL = "backfill"
_SHOWN_DAYS = 7

Source = Enum("Source", {name: name for name in SOURCES}, type=str)  # type: ignore[misc]


class Range(dg.Config):
    """Which days of which source to read again."""

    source: Source = Field(description="The source to read again.")
    first_day: str = Field(description="First day in UTC, as 2026-01-31.")
    last_day: str = Field(description="Last day in UTC, read whole, as 2026-01-31.")

    @field_validator("first_day", "last_day")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        date.fromisoformat(text)
        return text

    def window(self) -> Window:
        """Return the days as a stretch of time.

        Raises:
            ValueError: The last day is before the first.
        """
        first, last = map(date.fromisoformat, (self.first_day, self.last_day))
        return Window(_midnight(first), _midnight(last + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time_of_day(), UTC)


@dg.op(out=dg.Out(dg.Nothing), tags={"kind": "dlt"})
def read_again(
    context: dg.OpExecutionContext, config: Range, warehouse: dg.ResourceParam[Settings]
) -> None:
    """Read days of a source again into the lake; no cursor is read or moved.

    Each week is a load of its own: what was read before a failure stays. Rows that the
    lake holds already change nothing: the same version of a record counts
    once. What cannot be read by date (snapshots) is left out: the next pull brings it.
    """
    source = config.source.value
    totals: dict[str, _Total] = defaultdict(_Total)
    with progress.stage(f"backfill {source}") as stage:
        began, rows = time.monotonic(), 0

        def told(step: Progress) -> None:
            stage.say(rows=rows + step.rows)

        for read in again(
            source,
            config.window(),
            lake_url=warehouse.lake_url,
            pipelines_dir=warehouse.dlt_dir,
            on_progress=told,
        ):
            for stream, report in read.report.streams.items():
                totals[stream].add(read.report.load_id, report)
            rows += sum(report.rows for report in read.report.streams.values())
            left = progress.time_left(began, read.number / read.total)
            stage.say(
                rows=rows,
                note=f"{read.number} of {read.total} weeks, to "
                f"{read.window.end:%Y-%m-%d}{left}",
            )
    for stream, total in totals.items():
        # Observed, not materialized: the table is no fresher than before.
        context.log_event(
            dg.AssetObservation([source, stream], metadata=total.told(config))
        )
    context.log.info("Run the job `build` now to build and publish with these rows.")


@dataclass
class _Total:
    """What all windows brought of one stream."""

    loads: list[str] = field(default_factory=list)
    rows: int = 0
    rejected: int = 0
    pages: int = 0

    def add(self, load_id: str, report: StreamReport) -> None:
        self.loads.append(load_id)
        self.rows += report.rows
        self.rejected += report.rejected
        self.pages += report.pages

    def told(self, config: Range) -> dict[str, Any]:
        return {
            "state": f"days {config.first_day} to {config.last_day} read again",
            "load_id": self.loads[-1],
            "loads": len(self.loads),
            "rows_landed": self.rows - self.rejected,
            "rows_rejected": self.rejected,
            "pages": self.pages,
            "next_step": "Run the job `build` to publish with these rows.",
        }


def _example() -> Range:
    """Return the last days, for the launchpad to show how it is written."""
    today = datetime.now(UTC).date()
    return Range(
        source=next(iter(Source)),
        first_day=str(today - timedelta(days=_SHOWN_DAYS)),
        last_day=str(today - timedelta(days=1)),
    )


@dg.job(
    name=BACKFILL,
    executor_def=dg.in_process_executor,
    config=dg.RunConfig(ops={"read_again": _example()}),
    description="Read a range of past days of one source again: open the launchpad, "
    "set `source`, `first_day` and `last_day`, launch; then run `build`. Safe to "
    "repeat: it moves no cursor, and a version of a record counts once.",
    tags={"dagster/retry_strategy": "ALL_STEPS", "owner": OWNERS[0]},
)
def backfill() -> None:
    """One step."""
    read_again()


@dg.definitions
def backfills() -> dg.Definitions:
    """Offer the job."""
    return dg.Definitions(jobs=[backfill])
