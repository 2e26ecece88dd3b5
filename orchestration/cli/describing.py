"""A world of the embedded vendors, as a table beside published figures.

Holds `cx sandbox describe`. Does not hold the figures (`ingestion.sandbox.description`)
nor the literature (`ingestion.sandbox.references`).
Tests: tests/orchestration/cli/test_describing.py
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from orchestration.cli.sandbox import instant

if TYPE_CHECKING:
    from ingestion.sandbox.description import Figure
    from ingestion.sandbox.references import Reference

_VERDICTS = {None: "", True: "usual", False: "off"}


def describe(*, customers: int, seed: int, now: str | None, as_json: bool) -> None:
    """Draw a world and print what it is like."""
    from ingestion.sandbox import description  # noqa: PLC0415 (draws need numpy)
    from ingestion.sandbox.world import World  # noqa: PLC0415

    world = World.generate(
        seed=seed, customers=customers, now=instant(now) if now else None
    )
    figures = description.describe(world)
    if as_json:
        told = [_to_json(figure) for figure in figures]
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
    else:
        print_figures(figures, Console())


def print_figures(figures: Sequence[Figure], console: Console) -> None:
    """Print the figures, then where the published ones come from."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("part", no_wrap=True)
    table.add_column("figure")
    for heading in ("this world", "n", "companies"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    part = ""
    for figure in figures:
        reference = figure.reference
        table.add_row(
            figure.part if figure.part != part else "",
            figure.name,
            _text(figure.value, figure.unit),
            f"{figure.n:,}",
            _range(reference, figure.unit) if reference else "",
            _VERDICTS[figure.is_usual],
        )
        part = figure.part
    console.print(table)
    console.print("\nWhere the figures of companies come from")
    for figure in figures:
        if figure.reference is not None:
            is_off = figure.is_usual is False
            remark = f" (off: {figure.reference.remark or 'unexplained'})" * is_off
            console.print(
                f"  {figure.name}: {figure.reference.source}{remark}",
                highlight=False,
                soft_wrap=True,
            )


def _text(value: float, unit: str) -> str:
    if math.isnan(value):
        return "-"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "hours":
        return f"{value:.1f} h" if value >= 1 else f"{60 * value:.0f} min"
    return f"{value:,.0f}" if value == int(value) else f"{value:.2f}"


def _range(reference: Reference, unit: str) -> str:
    scale, sign = {"share": (100, " %"), "hours": (1, " h")}.get(unit, (1, ""))
    return f"{scale * reference.low:g} to {scale * reference.high:g}{sign}"


def _to_json(figure: Figure) -> dict[str, Any]:
    reference = figure.reference
    return {
        "part": figure.part,
        "name": figure.name,
        "value": None if math.isnan(figure.value) else figure.value,
        "unit": figure.unit,
        "n": figure.n,
        "low": reference.low if reference else None,
        "high": reference.high if reference else None,
        "source": reference.source if reference else None,
        "is_usual": figure.is_usual,
    }
