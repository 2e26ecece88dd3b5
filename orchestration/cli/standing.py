"""`cx status`: the release, the last run and the sources on one screen.

Holds what is put together and how it looks. Does not hold where it comes from
(`orchestration.freshness`, `last_run`, `publication`).
Tests: tests/orchestration/cli/test_standing.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration import freshness, run_lock
from orchestration.cli.reading import console, print_json, records
from orchestration.freshness import Freshness
from orchestration.last_run import LastRun, last_run
from orchestration.publication.link import Standing, standing
from orchestration.publication.releases import Release, list_releases
from orchestration.run_lock import Holder
from orchestration.settings import Settings

SHOWN_CHECKS = 3
# All columns: a release of an earlier version has fewer of them.
_NOT_PASSED = (
    "SELECT * FROM meta.checks WHERE NOT success ORDER BY severity, check_name"
)
_STYLES = {"fresh": "green", "not_used": "dim", "overdue": "yellow", "late": "yellow"}
_QUERY = 'cx query "SELECT * FROM meta.metrics"'


@dataclass(frozen=True)
class _Status:
    """Everything that the screen shows."""

    link: Standing
    running: Holder | None
    release: Release | None
    run: LastRun | None
    tables: list[Freshness]
    checks: list[dict[str, Any]]

    @property
    def next_command(self) -> str:
        """What to type next."""
        run = self.run
        if self.running is not None:
            return "cx status   (a run is in progress)"
        if self.link.problem is not None or (run is not None and run.is_bad):
            return "cx doctor"
        if self.release is None:
            return "cx run"
        due = {one.source for one in self.tables if one.status not in _WELL}
        if due:
            used = {one.source for one in self.tables if one.status != "not_used"}
            options = [f" --source {source}" for source in sorted(due)]
            return "cx run" + ("" if due == used else "".join(options))
        return _QUERY


_WELL = ("fresh", "not_used")


def status(as_json: bool) -> None:
    """Show how things stand."""
    settings = Settings.from_environment()
    found = _read(settings)
    if as_json:
        print_json(_document(found))
    else:
        _print(found, console())


def _read(settings: Settings) -> _Status:
    link = standing(settings)
    is_published = link.release_id is not None
    releases = list_releases(settings) if is_published else []
    return _Status(
        link=link,
        running=run_lock.holder(settings),
        release=next((one for one in releases if one.is_current), None),
        run=last_run(settings),
        tables=freshness.by_table(settings) if is_published else [],
        checks=records(settings, _NOT_PASSED) if is_published else [],
    )


def _document(found: _Status) -> dict[str, Any]:
    release = found.release
    return {
        "release_id": found.link.release_id,
        "problem": found.link.problem,
        "running": asdict(found.running) if found.running else None,
        "as_of": release.as_of if release else None,
        "published_at": release.published_at if release else None,
        "sources": [asdict(one) for one in found.tables],
        "checks_not_passed": found.checks,
        "last_run": asdict(found.run) if found.run else None,
        "next": found.next_command,
    }


def _print(found: _Status, screen: Console) -> None:
    facts = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for name, told in _facts(found):
        # Text, not markup: a message may hold [brackets].
        facts.add_row(name, Text(told) if isinstance(told, str) else told)
    screen.print(facts)
    if found.tables:
        screen.print()
        screen.print(_sources_table(found.tables))
    screen.print(f"\nnext: {found.next_command}", highlight=False, markup=False)


def _facts(found: _Status) -> Iterator[tuple[str, str | Text]]:
    yield "release", _release_line(found)
    if found.link.problem:
        yield "link", Text(found.link.problem, style="red")
    if found.release is not None:
        yield "checks", _checks_line(found.checks)
    for check in found.checks[:SHOWN_CHECKS]:
        yield "", _check_line(check)
    if found.running is not None:
        holder = found.running
        told = f"{holder.command} (pid {holder.pid}, since {holder.since})"
        yield "running", told
    yield from _run_lines(found.run)


def _checks_line(checks: list[dict[str, Any]]) -> str:
    return f"{len(checks)} not passed" if checks else "all passed"


def _release_line(found: _Status) -> str:
    release = found.release
    if release is None:
        return "Nothing is published yet."
    published = datetime.fromisoformat(release.published_at)
    return (
        f"{release.release_id}, published {published:%Y-%m-%d %H:%M} UTC "
        f"({age(datetime.now(UTC) - published)} ago), data as of "
        f"{str(release.as_of).replace('T', ' ')[:16]} UTC"
    )


def _check_line(check: Mapping[str, Any]) -> Text:
    keys = ", ".join(check["sample_keys"] or ())
    told = f"{check.get('check_name') or check.get('name')}: found {check['observed']}"
    told += f"; e.g. {keys}" if keys else ""
    is_error = check["severity"] == "error"
    line = Text(told, style="red" if is_error else "yellow")
    if "owner" in check:
        step = f"{check['meaning']} Ask {check['owner']}."
        line.append(f"\n-> {step}", style="bold")
    return line


def _run_lines(run: LastRun | None) -> Iterator[tuple[str, str | Text]]:
    if run is None:
        yield "last run", "none yet"
        return
    yield "last run", f"{run.outcome}, {run.when}"
    if run.log is not None:
        yield "", run.log
    for check in run.blocked_by[:SHOWN_CHECKS]:
        yield "", _check_line(asdict(check))
    if len(run.blocked_by) > SHOWN_CHECKS:
        yield "", f"... and {len(run.blocked_by) - SHOWN_CHECKS} more checks"
    if run.stopped_by and not run.blocked_by:
        yield "", Text(run.stopped_by["what"], style="red")
        yield "", Text(f"-> {run.stopped_by['what_to_do']}", style="bold")


def _sources_table(tables: list[Freshness]) -> Table:
    """One line per source; below it those of its tables that are not as it is."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("source", "status", "last load", "expected by"):
        table.add_column(name, no_wrap=True)
    for name in ("lag", "rows", "quarantined"):
        table.add_column(name, justify="right", no_wrap=True)
    for source in freshness.by_source(tables):
        _add(table, source, source.source)
        for one in tables:
            if one.source == source.source and _stands_out(one, tables):
                _add(table, one, f"  {one.table_name}")
    return table


def _stands_out(table: Freshness, tables: list[Freshness]) -> bool:
    statuses = {one.status for one in tables if one.source == table.source}
    is_worse = table.status not in _WELL and len(statuses) > 1
    return is_worse or table.quarantined > 0


def _add(table: Table, one: Freshness, name: str) -> None:
    lag = "" if one.lag_minutes is None else f"{one.lag_minutes:,} min"
    table.add_row(
        name,
        Text(one.status.replace("_", " "), style=_STYLES.get(one.status, "red")),
        *map(_minute, (one.last_loaded_at, one.expected_by)),
        lag,
        f"{one.rows:,}",
        f"{one.quarantined:,}",
    )


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def age(duration: Any) -> str:
    """Write how long ago something was, as people say it."""
    minutes = int(duration.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"
