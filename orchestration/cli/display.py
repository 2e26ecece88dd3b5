"""Progress of a run on a terminal: a table that lives, or one line per stage.

Holds how stages look. Does not hold what a run is (`orchestration.progress`) nor the
summary at its end (`summary`). Tests: tests/orchestration/cli/test_display.py
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from orchestration.progress import State, Update

_MARKS = {
    State.DONE: Text("done", style="green"),
    State.WARNED: Text("warned", style="yellow"),
    State.FAILED: Text("failed", style="red"),
}
_NOTE_WIDTH = 60


class Display:
    """Shows updates; a context manager around the run."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._stages: dict[str, tuple[Update, float]] = {}
        self._lock = threading.Lock()
        self._live: Live | None = None
        if console.is_terminal and not quiet:
            self._live = Live(
                console=console,
                get_renderable=self._table,
                refresh_per_second=4,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def __enter__(self) -> Self:
        """Start to draw."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Draw for the last time."""
        if self._live is not None:
            self._live.stop()

    def told(self, update: Update) -> None:
        """Take an update of any thread."""
        with self._lock:
            is_new = update.stage not in self._stages
            self._stages[update.stage] = (update, time.monotonic())
        if self._live is None and not self._quiet:
            self._print_line(update, is_new)

    def _print_line(self, update: Update, is_new: bool) -> None:
        if update.state is State.RUNNING:
            if is_new:
                self._console.print(f"{update.stage:<18} started")
            return
        rows = "" if update.rows is None else f"{update.rows:,} rows"
        self._console.print(
            f"{update.stage:<18} {update.state:<8} {rows:>16} {update.seconds:>7.1f} s"
            f"  {_short(update.note)}".rstrip(),
            soft_wrap=True,
        )

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0))
        table.add_column("stage")
        table.add_column("state", width=8)
        table.add_column("rows", justify="right")
        table.add_column("rows/s", justify="right")
        table.add_column("seconds", justify="right")
        table.add_column("", style="dim")
        with self._lock:
            stages = list(self._stages.values())
        for update, told_at in stages:
            is_running = update.state is State.RUNNING
            seconds = update.seconds + (time.monotonic() - told_at) * is_running
            table.add_row(
                update.stage,
                Spinner("dots") if is_running else _MARKS[update.state],
                "" if update.rows is None else f"{update.rows:,}",
                _rate(update.rows, seconds),
                f"{seconds:.1f}",
                _short(update.note),
            )
        return table


def _rate(rows: int | None, seconds: float) -> str:
    return f"{rows / seconds:,.0f}" if rows and seconds >= 1 else ""


def _short(note: str) -> str:
    line = note.splitlines()[0] if note else ""
    return line if len(line) <= _NOTE_WIDTH else line[: _NOTE_WIDTH - 1] + "…"
