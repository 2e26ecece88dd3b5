"""Figures, small charts and tables as text, for whoever looks at a step or a terminal.

Holds how figures become words, a line of bars or a table. Dagster's pages render
Markdown but no images in it: a chart is text. Does not hold the figures (`figures`).
Tests: tests/orchestration/test_charts.py
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

BARS = "▁▂▃▄▅▆▇█"
GAP = "·"


def sparkline(values: Sequence[float | None], *, from_zero: bool = True) -> str:
    """Draw one bar per value; a dot where there is none.

    Args:
        values: What to draw, oldest first.
        from_zero: Whether the lowest bar is 0 (for counts) or the smallest value (for
            figures that move little).
    """
    known = [value for value in values if value is not None]
    if not known:
        return GAP * len(values)
    low = min(0.0, *known) if from_zero else min(known)
    span = max(known) - low
    return "".join(
        GAP if value is None else BARS[_height(value - low, span)] for value in values
    )


def _height(above: float, span: float) -> int:
    if above <= 0 or span <= 0:
        return 0
    # What is more than nothing never looks like nothing.
    return max(1, round(above / span * (len(BARS) - 1)))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table; bars and line breaks in a cell do not break it."""
    lines = [_line(columns), _line(["---"] * len(columns))]
    lines += [_line([cell(value) for value in row]) for row in rows]
    return "\n".join(lines)


def words(observed: Any) -> str:
    """Write what a check observed, in JSON types, without the signs of Python."""
    if isinstance(observed, dict):
        return ", ".join(f"{name}: {value}" for name, value in observed.items())
    return str(observed)


def cell(value: object) -> str:
    """Write a value so that it stays within its cell."""
    return str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def figure(value: float | None, unit: str) -> str:
    """Write a figure as people read its unit."""
    if value is None:
        return ""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "minutes":
        hours, minutes = divmod(round(value), 60)
        return f"{hours:,} h {minutes:02d}" if hours else f"{value:.1f} min"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
