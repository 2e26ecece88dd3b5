"""`cx run`: the refresh job in this process, watched from the terminal.

Holds the order of things around the job: lock, sandbox, log file, progress, summary,
exit code. Does not hold the job (`orchestration.defs`).
Tests: tests/orchestration/cli/test_commands.py, tests/end_to_end/
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from orchestration import dagster_home, progress, run_lock
from orchestration.cli import reading, screens, summary
from orchestration.cli.display import Display
from orchestration.cli.sandbox import SandboxChild, instant, sandbox_child
from orchestration.errors import WrongUsage
from orchestration.last_run import report_path
from orchestration.outcome import Outcome, Pulling
from orchestration.settings import Settings
from orchestration.sources import named_sources

KEEP_LOGS = 50


def run(  # noqa: PLR0913 - one keyword per option of the command line
    *,
    sources: Sequence[str],
    as_of: str | None,
    sandbox: bool,
    as_json: bool,
    days: tuple[str | None, str | None] = (None, None),
    is_pulling: bool = True,
) -> int:
    """Run the job, show it, and return the exit code."""
    settings = Settings.from_environment()
    again = _days_of(days, sources)
    if not is_pulling and (sources or again):
        raise WrongUsage(
            "--no-pull goes with no other choice of what to pull.",
            "cx run",
            "Leave out --no-pull, or --source, --from and --to.",
        )
    chosen = [
        source for name in sources for source in named_sources(name, settings.files_dir)
    ]
    for source in chosen:
        settings.require_used(source)
    pulling = Pulling(tuple(chosen), again, is_pulling)
    instant_text = instant(as_of).isoformat() if as_of else None
    run_id = str(uuid.uuid4())
    log = settings.data_dir / "logs" / f"{run_id}.log"
    watch = summary.Watch()
    interrupts = _noting_interrupts()
    with ExitStack() as stack:
        command = " ".join(["cx", *sys.argv[1:]])
        stack.enter_context(run_lock.hold(settings, command=command))
        run_lock.mark_alive(settings, run_id)
        child = stack.enter_context(sandbox_child(log)) if sandbox else None
        with terminal_apart(log) as console:
            stack.enter_context(progress.listening(watch.told))
            display = stack.enter_context(Display(console, quiet=as_json))
            stack.enter_context(progress.listening(display.told))
            try:
                _start(settings, child)
                if interrupts:
                    raise KeyboardInterrupt
                watch.outcome = _refresh(settings, run_id, pulling, instant_text)
            except (Exception, KeyboardInterrupt) as error:  # one screen, below
                watch.error = KeyboardInterrupt() if interrupts else error
            if screens.is_interrupt(watch.error):
                _leave(console)
    _remove_old_logs(log.parent)
    report = summary.Report.of(settings, run_id, log, watch)
    report_path(log).write_text(report.to_json() + "\n", encoding="utf-8")
    return _conclude(report, as_json)


def _noting_interrupts() -> list[int]:
    """Return a list that fills with interrupts: some imports swallow the exception."""
    noted: list[int] = []

    def note(number: int, _: object) -> None:
        noted.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    return noted


def _start(settings: Settings, child: SandboxChild | None) -> None:
    os.environ.update(dagster_home.environment(settings))
    with progress.stage("start"):
        # Takes seconds: Dagster and dbt. The sandbox starts meanwhile.
        import orchestration.defs.in_process  # noqa: F401, PLC0415

        if child is not None:
            os.environ.update(child.environment())


def _days_of(
    days: tuple[str | None, str | None], sources: Sequence[str]
) -> tuple[str, str] | None:
    first, last = days
    if first is None and last is None:
        return None
    if first is None or last is None or not sources:
        raise WrongUsage(
            "A range of days needs --source, --from and --to.",
            "cx run",
            "Say all three: cx run --source zendesk --from 2026-01-01 --to 2026-01-31",
        )
    try:
        is_in_order = date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError as error:
        raise WrongUsage(
            f"A day cannot be read: {error}.", "cx run", "Write it as 2026-01-31."
        ) from None
    if not is_in_order:
        raise WrongUsage(
            f"{last} is before {first}.", "cx run", "Give the earlier day to --from."
        )
    return first, last


def _refresh(
    settings: Settings, run_id: str, pulling: Pulling, as_of: str | None
) -> Outcome:
    from orchestration.defs import in_process  # noqa: PLC0415

    return in_process.refresh(settings, run_id, pulling, as_of)


def _leave(console: Console) -> NoReturn:
    """Go at once: threads of an interrupted build would run on for minutes.

    What they leave is what a killed run leaves, and the next run repairs it.
    """
    console.print(f"\n{screens.screen_of(KeyboardInterrupt()).text()}")
    console.file.flush()
    os._exit(screens.INTERRUPTED)


def _conclude(report: summary.Report, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(report.to_json() + "\n")
    else:
        summary.print_report(report, reading.console())
    return report.exit_code


@contextmanager
def terminal_apart(log: Path) -> Iterator[Console]:
    """Send what any library prints to `log`; yield a console on the real terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    with log.open("ab") as file, os.fdopen(os.dup(saved[1]), "w") as terminal:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield Console(file=terminal)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, copy in enumerate(saved, start=1):
                os.dup2(copy, descriptor)
                os.close(copy)


def _remove_old_logs(directory: Path) -> None:
    logs = sorted(directory.glob("*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs[:-KEEP_LOGS]:
        path.unlink(missing_ok=True)
        report_path(path).unlink(missing_ok=True)
