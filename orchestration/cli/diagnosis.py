"""`cx doctor`: all probes on one screen.

Holds their order and how they look. Does not hold any probe (`orchestration.doctor`).
Tests: tests/orchestration/cli/test_diagnosis.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.reading import console
from orchestration.doctor import environment, releases, runs, storage
from orchestration.doctor.finding import Finding, State, fail, guarded
from orchestration.doctor.sources import sources
from orchestration.settings import SettingError, Settings

_STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}
_PROBES: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
    ("folders", environment.folders),
    ("disk", environment.disk),
    ("lake", storage.lake),
    ("state", storage.state),
    ("key ledger", storage.key_ledger),
    ("work file", storage.work_file),
    ("published link", releases.link),
    ("release files", releases.files),
    ("releases ledger", releases.releases_ledger),
    ("leftovers", releases.leftovers),
    ("run lock", runs.lock),
    ("Dagster home", runs.home),
    ("Dagster storage", runs.storage),
    ("last run", runs.last),
)


def diagnose(*, offline: bool, as_json: bool) -> int:
    """Run all probes and show them; 1 if one of them failed."""
    findings = list(_findings(offline))
    is_well = all(finding.state is not State.FAIL for finding in findings)
    if as_json:
        document = {"is_well": is_well, "findings": [asdict(one) for one in findings]}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        show(findings, console())
    return 0 if is_well else 1


def _findings(offline: bool) -> Iterator[Finding]:
    yield guarded("python", environment.python)
    yield guarded("packages", environment.packages)
    yield guarded("variables", environment.variables)
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        yield fail("settings", str(error), "Correct the variable; the rest waits.")
        return
    yield from sources(settings, offline=offline)
    for name, probe in _PROBES:
        yield guarded(name, lambda probe=probe: probe(settings))  # type: ignore[misc]


def show(findings: Sequence[Finding], screen: Console) -> None:
    """Print one line per probe; what is not well says what to do below it."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        # Text, not markup: a message may hold [brackets].
        told = Text(finding.seen)
        if finding.next_step:
            told.append(f"\n-> {finding.next_step}", style="bold")
        table.add_row(
            finding.probe, Text(finding.state, style=_STYLES[finding.state]), told
        )
    screen.print(table)
    counts = {state: sum(one.state is state for one in findings) for state in State}
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    screen.print(total, highlight=False)
