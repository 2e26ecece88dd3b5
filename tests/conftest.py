"""What every test may use: settings of a warehouse in a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.settings import Settings

# Nothing calls home from a test either.
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse of its own."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    return Settings(data_dir=data_dir, lake_url=str(data_dir / "lake"))
