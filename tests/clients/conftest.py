"""One sandbox for all client libraries, and a count of the pages that each asked for.

Its world is large enough for several pages of everything at the sizes that the
libraries choose themselves, and it ended before the day on which the tests run: some
libraries compare a page's end with the computer's clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import World

NOW = datetime(2025, 12, 31, 12, tzinfo=UTC)

Pages = Callable[[str], int]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    world = World.generate(seed=7, customers=1200, months=48, now=NOW)
    with serving(world, clock=Clock(NOW), limits="off") as running:
        yield running


@pytest.fixture
def world(sandbox: RunningSandbox) -> World:
    return sandbox.world


@pytest.fixture
def pages(sandbox: RunningSandbox) -> Pages:
    """Give how many requests for a path there were since the test began."""
    before = Counter(sandbox.requests)
    return lambda path: sandbox.requests[path] - before[path]
