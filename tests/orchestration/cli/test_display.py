"""Progress without a terminal: one line when a stage begins and one when it ends."""

from __future__ import annotations

import io

from rich.console import Console

from orchestration.cli.display import Display
from orchestration.progress import State, Update


def shown(*updates: Update, terminal: bool = False, quiet: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100)
    with Display(console, quiet=quiet) as display:
        for update in updates:
            display.told(update)
    return file.getvalue()


RUNNING = Update("extract zendesk", State.RUNNING, rows=10, seconds=0.1)
DONE = Update("extract zendesk", State.DONE, rows=3212, seconds=3.66)
WARNED = Update("extract typeform", State.WARNED, seconds=0.2, note="vendor down\nx")


def test_a_stage_is_told_once_at_its_begin_and_once_at_its_end() -> None:
    lines = shown(RUNNING, RUNNING, DONE, WARNED).splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["extract", "zendesk", "started"],
        ["extract", "zendesk", "done"],
        ["extract", "typeform", "warned"],
    ]
    assert "3,212 rows" in lines[1]
    assert "3.7 s" in lines[1]
    assert lines[2].endswith("vendor down")


def test_a_terminal_gets_one_table_that_lives() -> None:
    drawn = shown(RUNNING, DONE, WARNED, terminal=True)
    assert "3,212" in drawn
    assert "started" not in drawn


def test_nothing_is_drawn_when_a_machine_reads() -> None:
    assert shown(RUNNING, DONE, quiet=True) == ""
