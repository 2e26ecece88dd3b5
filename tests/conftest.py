"""What every test may use: settings of a warehouse in a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.settings import Settings

# Nothing calls home from a test either.
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, and all that run `cx` on another.

    The end-to-end tests share one published warehouse, and they are the longest: they
    come first, so that no worker is left with them when the others are done.
    """
    for item in items:
        file = item.nodeid.partition("::")[0]
        group = "end_to_end" if "/end_to_end/" in file else file
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: "/end_to_end/" not in item.nodeid)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse of its own."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    return Settings(data_dir=data_dir, lake_url=str(data_dir / "lake"))
