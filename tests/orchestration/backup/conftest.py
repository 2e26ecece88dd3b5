"""Data folders of a few files, with everything that a backup must keep."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from orchestration.publication.link import flip
from orchestration.settings import Settings


def filled(folder: Path, text: str) -> Settings:
    """A data folder with a lake, a state and two releases, the second published."""
    made = Settings(data_dir=folder, lake_url=str(folder / "lake"))
    for name in (
        "lake/zendesk/tickets/1.0.a.parquet",
        "lake/zendesk/_dlt_loads/zendesk__1.0.jsonl",
        "lake/zendesk/init",
        "state/key_ledger/1.parquet",
        "state/releases.jsonl",
        "releases/r000001/cx.duckdb",
        "releases/r000002/cx.duckdb",
        "releases/r000002/cx_pii.duckdb",
        "releases/r000002/parquet/fct_tickets.parquet",
        "warehouse.duckdb",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text} of {name}" * 100)
    flip(made, "r000002")
    return made


def contents(settings: Settings) -> dict[str, str]:
    """What a backup must keep: path to hash."""
    folders = ("lake", "state", "published")
    return {
        path.relative_to(settings.data_dir).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for name in folders
        for path in sorted((settings.data_dir / name).resolve().rglob("*"))
        if path.is_file()
    }


def nothing(_: str, __: float) -> None:
    """Nobody watches."""


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    return filled(tmp_path / "old", "old")
