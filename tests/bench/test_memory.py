"""A pull needs no more memory for many records than for few.

`CX_BENCH_TICKETS` sets how many tickets there are; a million of them, with the forty
records that come with each, take a long while.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.processes import read, vendors

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(0)]

TICKETS = int(os.environ.get("CX_BENCH_TICKETS", "40000"))
TICKETS_PER_CUSTOMER = 2
AT_MOST_MIB = 1024


def test_a_pull_of_many_tickets_stays_under_one_gibibyte(tmp_path: Path) -> None:
    with vendors(TICKETS // TICKETS_PER_CUSTOMER) as environment:
        told = read("pull", "zendesk", tmp_path, environment)
    print(
        f"\n{TICKETS:,} tickets  {told['records']:,} records  {told['mib']:.0f} MiB"
        f"  {told['seconds']:.0f} s of CPU"
    )
    assert told["records"] > 6 * TICKETS
    assert told["mib"] < AT_MOST_MIB
