"""What every test may use: settings of a warehouse in a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from orchestration.settings import Settings

# Nothing calls home from a test either.
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")


class _Shares(LoadFileScheduling):
    """A file's tests go to one worker, and all that run `cx` count as one file.

    The end-to-end tests share one published warehouse. (`--dist loadgroup` cannot say
    this: it renames tests, which pytest 9 does not let it.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "end_to_end" if "/end_to_end/" in file else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Shares:
    """Decide which worker gets which tests."""
    return _Shares(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that no worker is left with them at the end."""
    items.sort(key=lambda item: "/end_to_end/" not in item.nodeid)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse of its own."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    return Settings(data_dir=data_dir, lake_url=str(data_dir / "lake"))
