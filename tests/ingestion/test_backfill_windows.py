"""A stretch is read in windows, each of which is a load of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import backfill
from ingestion.backfill import read_again, windows_of
from ingestion.errors import VendorUnavailable
from ingestion.lake import Lake
from ingestion.sandbox.server import running_sandbox
from ingestion.stream import Window

START = datetime(2026, 5, 1, tzinfo=UTC)


@given(
    st.integers(min_value=1, max_value=10_000_000),
    st.integers(min_value=3_600, max_value=2_000_000),
)
def test_windows_meet_and_cover_the_stretch(seconds: int, step: int) -> None:
    stretch = Window(START, START + timedelta(seconds=seconds))
    windows = windows_of(stretch, timedelta(seconds=step))
    assert windows[0].start == stretch.start
    assert windows[-1].end == stretch.end
    for before, after in pairwise(windows):
        assert before.end == after.start
    assert max(one.end - one.start for one in windows) <= timedelta(seconds=step)


def test_windows_before_a_failure_are_committed_and_the_cursor_is_not_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"lake_url": str(tmp_path / "lake"), "pipelines_dir": tmp_path / "dlt"}
    lake = Lake(places["lake_url"])
    real = backfill.pull

    def pull(source: str, *, window: Window, **rest: Any) -> Any:
        if window.start >= START + timedelta(days=14):
            raise VendorUnavailable("typeform", "gone", "there", "wait")
        return real(source, window=window, **rest)

    with running_sandbox(customers=40) as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        real("typeform", **places)
        before = _states(tmp_path)
        monkeypatch.setattr(backfill, "pull", pull)
        stretch = Window(START, START + timedelta(days=28))
        read = []
        with pytest.raises(VendorUnavailable):
            for one in read_again("typeform", stretch, **places):
                read.append(one)
    assert [(one.number, one.total) for one in read] == [(1, 4), (2, 4)]
    assert len(lake.committed_loads("typeform")) == 3
    assert _states(tmp_path) == before


def _states(folder: Path) -> set[str]:
    """What dlt keeps of the cursors: a hash of each state that was stored."""
    found = (folder / "lake").glob("typeform/_dlt_pipeline_state/*.jsonl")
    return {path.stem.rpartition("__")[2] for path in found}
