"""What the tests of the gate found, as tables at the end of the run.

Holds the notes and their layout. Does not judge. Tests: it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Notes:
    """What was noted so far, row by row."""

    holes: dict[str, tuple[str, str]] = field(default_factory=dict)
    corruptions: list[tuple[str, ...]] = field(default_factory=list)
    missed: int = 0
    clean_runs: list[tuple[str, ...]] = field(default_factory=list)
    alarms: int = 0


NOTES = Notes()


def hole(name: str, what: str, cure: str) -> None:
    """Note a hole that was shown to be closed."""
    NOTES.holes[name] = (what, cure)


def corruption(layer: str, planted: Any, caught: Sequence[str]) -> None:
    """Note who caught a corruption."""
    NOTES.missed += list(caught) != list(planted.caught_by)
    NOTES.corruptions.append(
        (layer, planted.name, planted.does, planted.severity, ", ".join(caught) or "-")
    )


def clean_run(name: str, checks: int, alarms: Sequence[str]) -> None:
    """Note a run on good data."""
    NOTES.alarms += len(alarms)
    NOTES.clean_runs.append((name, f"{checks} checks", ", ".join(alarms) or "no alarm"))


def lines() -> Iterator[str]:
    """The tables, aligned."""
    if NOTES.holes:
        rows = sorted((name, *told) for name, told in NOTES.holes.items())
        rows.sort(key=lambda row: int(row[0][1:]))
        yield from _table(("hole", "how bad data gets out", "what stops it"), rows)
    if NOTES.corruptions:
        heads = ("layer", "kind", "what is wrong", "severity", "caught by")
        yield from _table(heads, NOTES.corruptions)
    if NOTES.clean_runs:
        yield from _table(("clean run", "judged by", "found"), NOTES.clean_runs)
    yield from _totals()


def _totals() -> Iterator[str]:
    told = []
    if NOTES.holes:
        told.append(f"{len(NOTES.holes)} of 15 holes closed")
    if NOTES.corruptions:
        number = len(NOTES.corruptions)
        told.append(f"{number - NOTES.missed} of {number} corruptions caught")
    if NOTES.clean_runs:
        told.append(f"{NOTES.alarms} alarms in {len(NOTES.clean_runs)} clean runs")
    if told:
        yield "; ".join(told)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    for row in (heads, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    yield ""
