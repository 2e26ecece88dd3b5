"""What a connector costs per record, beside a bare loop and beside dlt row by row.

Row by row is dlt as its tutorial has it: dictionaries into DuckDB, by its defaults.

All three read the same answers of a sandbox that runs in a process of its own. A pull
has fixed costs (dlt's start, state and schema): two sizes tell them from the cost of a
record, which is the slope. The slow way is given less, for it takes a hundred times as
long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingestion.registry import SOURCES
from tests.bench.processes import read, vendors

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1800)]

# Customers; of most there are few records each: for all, row by row, the other two.
SIZES = {
    "zendesk": (150, 600, 6_000),
    "hubspot": (1_000, 5_000, 25_000),
    "qualtrics": (500, 4_000, 16_000),
    "trustpilot": (20_000, 120_000, 240_000),
}
OTHERWISE = (1_000, 10_000, 40_000)
# Ours goes first: the others ask what it asked.
WAYS = (("ours", "bare", "by_rows"), ("ours", "by_rows"), ("ours", "bare"))
AT_MOST_OF_BARE, AT_MOST_OF_ROWS = 1.5, 0.1


def measured(source: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Read a small and a large world in each way."""
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS[0]}
    sizes = SIZES.get(source, OTHERWISE)
    for customers, ways in zip(sizes, WAYS, strict=True):
        place = folder / str(customers)
        place.mkdir()
        with vendors(customers) as environment:
            for way in ways:
                found[way].append(read(way, source, place, environment))
    return found


def slope(told: list[dict[str, Any]]) -> float:
    """Microseconds of CPU that one more record costs."""
    small, *_, large = told
    more = large["records"] - small["records"]
    return 1e6 * (large["seconds"] - small["seconds"]) / more


@pytest.mark.parametrize("source", list(SOURCES))
def test_a_record_costs_little_more_than_in_a_bare_loop(
    source: str, tmp_path: Path
) -> None:
    found = measured(source, tmp_path)
    costs = {way: slope(told) for way, told in found.items()}
    line = "  ".join(f"{way} {cost:7.1f} us" for way, cost in costs.items())
    ours = found["ours"][-1]
    print(
        f"\n{source:13} {ours['records']:>8,} records  {line}"
        f"  of bare {costs['ours'] / costs['bare']:.2f}"
        f"  of rows {costs['ours'] / costs['by_rows']:.3f}"
        f"  whole pull {ours['seconds']:.1f} s, {ours['mib']:.0f} MiB"
    )
    assert costs["ours"] <= AT_MOST_OF_BARE * costs["bare"]
    assert costs["ours"] <= AT_MOST_OF_ROWS * costs["by_rows"]
