"""The end of a run: what was published, what failed, where to look next.

Holds the report of `cx run`, for people and for machines, and its exit code. Does not
hold the live progress (`display`). Tests: tests/orchestration/cli/test_summary.py
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.charts import figure
from orchestration.cli import reading, screens
from orchestration.outcome import Outcome
from orchestration.progress import State, Update
from orchestration.settings import Settings

SHOWN_CHECKS = 12


@dataclass
class Watch:
    """What a run has reported so far."""

    stages: dict[str, Update] = field(default_factory=dict)
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    outcome: Outcome | None = None
    error: BaseException | None = None

    def told(self, update: Update) -> None:
        """Take an update of any thread; the first error is the cause of later ones."""
        self.stages[update.stage] = update
        if update.state is State.FAILED and self.error is None:
            self.error = update.error


@dataclass(frozen=True)
class Report:
    """Everything that the end of a run tells."""

    run_id: str
    exit_code: int
    log: Path
    watch: Watch
    screen: screens.Screen | None
    headline: Sequence[Mapping[str, Any]]
    stale: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, run_id: str, log: Path, watch: Watch) -> Report:
        """Read what the run left behind."""
        screen = _screen(watch, log)
        is_published = screen is None and watch.outcome is not None
        stale = reading.stale_tables(settings) if is_published else ()
        return cls(
            run_id=run_id,
            exit_code=_exit_code(watch, screen, stale),
            log=log,
            watch=watch,
            screen=screen,
            headline=reading.headline_rows(settings) if is_published else [],
            stale=stale,
        )

    def to_json(self) -> str:
        """Return one JSON document."""
        outcome = self.watch.outcome or Outcome(is_success=False)
        return json.dumps(
            {
                "run_id": self.run_id,
                "began_at": self.watch.began_at.isoformat(timespec="seconds"),
                "exit_code": self.exit_code,
                "release_id": outcome.release_id,
                "failed_sources": outcome.failed_sources,
                "stale_tables": self.stale,
                "stages": [_stage(update) for update in self.watch.stages.values()],
                "checks": [asdict(check) for check in outcome.checks],
                "quarantined": outcome.quarantined,
                "headline": self.headline,
                "error": asdict(self.screen) if self.screen else None,
                "log": str(self.log),
            },
            indent=1,
            default=str,
        )


def _screen(watch: Watch, log: Path) -> screens.Screen | None:
    if watch.error is not None:
        return screens.screen_of(watch.error, log)
    if watch.outcome is None or watch.outcome.is_success:
        return None
    return screens.Screen(
        watch.outcome.error or "The run failed.",
        f"log {log}",
        "Look at the end of that log; `cx ui` shows the run step by step.",
        screens.ERROR,
    )


def _exit_code(
    watch: Watch, screen: screens.Screen | None, stale: tuple[str, ...]
) -> int:
    if screen is not None:
        return screen.exit_code
    failed = watch.outcome.failed_sources if watch.outcome else ()
    return screens.STALE if failed or stale else screens.OK


def _stage(update: Update) -> dict[str, Any]:
    return {
        "stage": update.stage,
        "state": update.state,
        "rows": update.rows,
        "seconds": round(update.seconds, 2),
        "note": update.note,
    }


def print_report(report: Report, console: Console) -> None:
    """Print the end of a run for people."""
    outcome = report.watch.outcome or Outcome(is_success=False)
    if outcome.release_id:
        console.print(f"\nPublished release [bold]{outcome.release_id}[/bold]")
    if report.headline:
        console.print(_headline_table(report.headline))
    _print_checks(outcome, console)
    _print_quarantine(outcome, console)
    if report.screen is not None:
        console.print(report.screen.text(), style="red", highlight=False, markup=False)
    for told in report.stale:
        console.print(f"Stale: {told}", style="yellow")
    _print_next(report, outcome, console)


def _headline_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("metric, last 90 days")
    for column in ("value", "95 % interval", "p90", "n"):
        table.add_column(column, justify="right")
    table.add_column("")
    for row in rows:
        interval = [figure(row[end], row["unit"]) for end in ("ci_low", "ci_high")]
        table.add_row(
            f"{row['label']} ({row['mode']})",
            figure(row["value"], row["unit"]),
            " to ".join(interval) if all(interval) else "",
            figure(row["p90"], row["unit"]),
            f"{row['n']:,}",
            "low n" if row["is_low_n"] else "",
        )
    return table


def _print_checks(outcome: Outcome, console: Console) -> None:
    if not outcome.checks:
        return
    table = Table("check", "severity", "found", box=None, padding=(0, 2, 0, 0))
    for check in outcome.checks[:SHOWN_CHECKS]:
        # Text, not markup: a message may hold [brackets].
        table.add_row(*map(Text, (check.name, check.severity, check.told)))
    console.print("\nChecks that did not pass", style="yellow")
    console.print(table)
    if len(outcome.checks) > SHOWN_CHECKS:
        console.print(f"... and {len(outcome.checks) - SHOWN_CHECKS} more")


def _print_quarantine(outcome: Outcome, console: Console) -> None:
    total = sum(outcome.quarantined.values())
    if total:
        told = ", ".join(f"{table} {n:,}" for table, n in outcome.quarantined.items())
        console.print(f"\nQuarantined records: {total:,} ({told})")


def _print_next(report: Report, outcome: Outcome, console: Console) -> None:
    console.print("\nWhere to look next")
    if outcome.release_id:
        console.print('  cx query "SELECT * FROM meta.metrics"   what is measured')
        console.print("  cx status                               freshness of sources")
    console.print("  make ui                                 every step in Dagster")
    console.print(f"  {report.log}", soft_wrap=True)
