"""How the last run ended, whoever started it: command line, schedule or UI.

Holds the reading of Dagster's table of runs (without Dagster), of the report that `cx
run` keeps beside its log, and of the audit that refused. Does not hold how it is shown.
Tests: tests/orchestration/test_last_run.py
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.results import CheckResult
from orchestration import run_lock
from orchestration.dagster_home import INSTANCE_FILE
from orchestration.publication.audit_record import read_outcome
from orchestration.publication.layout import audit_path
from orchestration.run_lock import Life
from orchestration.settings import Settings

_LAST = (
    "SELECT run_id, pipeline_name, status, start_time, end_time,"
    " unixepoch(create_timestamp) FROM runs ORDER BY id DESC LIMIT 1"
)
# Exit codes of `cx run`.
_OUTCOMES = {
    0: "published",
    1: "failed",
    3: "published with a stale or failed source",
    4: "refused at the gate",
}
_STATUSES = {"SUCCESS": "succeeded", "FAILURE": "failed", "CANCELED": "was interrupted"}
_UNFINISHED = ("STARTING", "STARTED", "CANCELING")
_GOOD = ("published", "succeeded", "in progress")


@dataclass(frozen=True)
class LastRun:
    """How the last run ended.

    Attributes:
        run_id: Its id in Dagster.
        outcome: In a few words.
        began_at: When it began.
        ended_at: When it ended; None while it runs, or when it died.
        log: Its log, if it was started from the command line.
        stopped_by: What stopped it, with where and what to do; empty if nothing did.
        blocked_by: The checks that kept its candidate from being published.
    """

    run_id: str
    outcome: str
    began_at: datetime
    ended_at: datetime | None
    log: str | None = None
    stopped_by: Mapping[str, str] = field(default_factory=dict)
    blocked_by: tuple[CheckResult, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether someone should look."""
        return self.outcome not in _GOOD

    @property
    def when(self) -> str:
        """Say when it ended, or since when it runs."""
        if self.ended_at is None:
            return f"began {self.began_at:%Y-%m-%d %H:%M} UTC"
        return f"ended {self.ended_at:%Y-%m-%d %H:%M} UTC"


def runs_database(settings: Settings) -> Path:
    """Return the file in which Dagster keeps its runs by default."""
    return settings.dagster_home / "history" / "runs.db"


def stored_elsewhere(settings: Settings) -> bool:
    """Whether `dagster.yaml` keeps the runs in PostgreSQL."""
    file = settings.dagster_home / INSTANCE_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return any("postgres" in line.partition("#")[0] for line in lines)


def report_path(log: Path) -> Path:
    """Return where `cx run` keeps its report: beside its log."""
    return log.with_suffix(".json")


def last_run(settings: Settings) -> LastRun | None:
    """Return the last run; None when there was none, or none can be seen from here."""
    of_dagster, of_command = _of_dagster(settings), _of_command(settings)
    if of_dagster is None or of_command is None:
        return of_dagster or of_command
    if of_dagster.run_id == of_command.run_id:
        return of_command
    return max(of_dagster, of_command, key=lambda run: run.began_at)


def _of_dagster(settings: Settings) -> LastRun | None:
    row = _row(runs_database(settings))
    if row is None:
        return None
    run_id, _, status, start, end, created = row
    began_at = datetime.fromtimestamp(start or created, UTC)
    ended_at = datetime.fromtimestamp(end, UTC) if end else None
    outcome = _STATUSES.get(status, status.lower().replace("_", " "))
    if status in _UNFINISHED:
        is_alive = run_lock.life_of(settings, run_id) is Life.ALIVE
        outcome = "in progress" if is_alive else "died"
    log = _log(settings, run_id)
    return LastRun(
        run_id,
        outcome,
        began_at,
        ended_at,
        str(log) if log.is_file() else None,
        blocked_by=_blocked(settings, began_at) if status == "FAILURE" else (),
    )


def _row(path: Path) -> tuple[Any, ...] | None:
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found: tuple[Any, ...] | None = connection.execute(_LAST).fetchone()
    except sqlite3.Error:
        return None  # `cx doctor` says so
    return found


def _of_command(settings: Settings) -> LastRun | None:
    """Read the report of the last `cx run` that came to its end."""
    reports = (settings.data_dir / "logs").glob("*.json")
    newest = max(reports, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        return None
    try:
        report = json.loads(newest.read_text(encoding="utf-8"))
    except ValueError:
        return None
    ended_at = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    began_at = datetime.fromisoformat(report["began_at"])
    code = report["exit_code"]
    return LastRun(
        report["run_id"],
        _OUTCOMES.get(code, f"ended with exit code {code}"),
        began_at,
        ended_at,
        report["log"],
        stopped_by=report["error"] or {},
        blocked_by=_blocked(settings, began_at) if code not in (0, 3) else (),
    )


def _log(settings: Settings, run_id: str) -> Path:
    return settings.data_dir / "logs" / f"{run_id}.log"


def _blocked(settings: Settings, since: datetime) -> tuple[CheckResult, ...]:
    """Return the checks that refused a candidate which was audited since then."""
    audits = audit_path(settings, "any").parent.glob("*.json")
    newest = max(audits, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None or newest.stat().st_mtime < since.timestamp():
        return ()
    outcome = read_outcome(settings, newest.stem)
    return outcome.errors if outcome is not None else ()
