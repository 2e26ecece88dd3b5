"""Lake, state, key ledger and work file, each really spoilt."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.world import World
from orchestration.doctor import storage
from orchestration.doctor.finding import State
from orchestration.identity.ledger import ledger_dir
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def small_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("lake")
    write_lake(World.generate(customers=20), str(lake))
    return lake


@pytest.fixture
def lake(settings: Settings, small_lake: Path) -> Path:
    return Path(shutil.copytree(small_lake, settings.lake_url))


def test_a_lake_tells_its_loads(settings: Settings, lake: Path) -> None:
    found = storage.lake(settings)
    assert found.state is State.OK
    assert "the last at 2026-06-30 12:00 UTC" in found.seen


def test_a_lake_without_loads_is_worth_a_look(settings: Settings) -> None:
    found = storage.lake(settings)
    assert (found.state, found.next_step) == (State.WARN, "Run `cx run`.")


def test_a_file_of_the_last_load_that_was_cut_off_fails(
    settings: Settings, lake: Path
) -> None:
    (path,) = (lake / "zendesk" / "tickets").glob("*.parquet")
    os.truncate(path, path.stat().st_size // 2)
    found = storage.lake(settings)
    assert found.state is State.FAIL
    assert str(path) in found.seen


def test_a_pull_that_died_is_told_until_a_later_one_succeeds(
    settings: Settings, lake: Path, lock_holder: Callable[..., Any]
) -> None:
    (file,) = (lake / "zendesk" / "tickets").glob("*.parquet")
    late = file.with_name("1999999999.5.0000000000.parquet")
    shutil.copyfile(file, late)
    found = storage.lake(settings)
    assert found.state is State.WARN
    assert "1 file of loads that never count" in found.seen
    assert "the last pull of zendesk died" in found.seen
    holder = lock_holder(settings)
    assert storage.lake(settings).state is State.OK
    holder.kill()
    holder.wait()
    late.rename(file.with_name("1000000000.5.0000000000.parquet"))
    assert storage.lake(settings).state is State.OK


def test_a_state_folder_that_is_gone_fails_when_releases_are_there(
    settings: Settings, published: Settings
) -> None:
    assert storage.state(settings).state is State.OK
    assert storage.state(published).state is State.OK
    shutil.rmtree(published.state_dir)
    found = storage.state(published)
    assert found.state is State.FAIL
    assert "backup" in found.next_step
    assert storage.key_ledger(published).state is State.FAIL


def test_a_segment_that_is_missing_or_broken_fails(published: Settings) -> None:
    folder = ledger_dir(published)
    first, third = folder / "00000001.parquet", folder / "00000003.parquet"
    assert storage.key_ledger(published).seen == "1 record in 1 segment"
    shutil.copyfile(first, third)
    found = storage.key_ledger(published)
    assert (found.state, found.seen) == (State.FAIL, "segment 2 is missing")
    third.rename(folder / "00000002.parquet")
    assert storage.key_ledger(published).state is State.OK
    os.truncate(first, 20)
    found = storage.key_ledger(published)
    assert found.seen == "00000001.parquet cannot be read"
    assert "backup" in found.next_step


def test_a_work_file_that_cannot_be_opened_is_built_anew(published: Settings) -> None:
    assert storage.work_file(published).state is State.OK
    published.warehouse_path.write_bytes(b"no database" * 1000)
    found = storage.work_file(published)
    assert found.state is State.WARN
    assert "cx run" in found.next_step
    published.warehouse_path.unlink()
    assert storage.work_file(published).state is State.OK
