"""A restore gives back what was backed up, at whatever moment it is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.backup import archive, restore
from orchestration.backup.archive import BackupDamaged
from orchestration.data_folder import working_on
from orchestration.data_format import ForeignData
from orchestration.errors import WrongUsage
from orchestration.settings import Settings
from tests.orchestration.backup.conftest import contents, filled, nothing

BEFORE_THE_DECISION = ("unpacked",)
AFTER_IT = (
    "restore_decided",
    "state_restored",
    "lake_restored",
    "releases_restored",
)


@pytest.fixture
def backup(old: Settings, tmp_path: Path) -> Path:
    archive.write(old, tmp_path / "cx.tar", nothing)
    return tmp_path / "cx.tar"


@pytest.fixture
def there(tmp_path: Path) -> Settings:
    """A folder that is in use."""
    return filled(tmp_path / "there", "newer")


def put_back(settings: Settings, backup: Path, *, is_replacing: bool = False) -> None:
    restore.restore(settings, backup, is_replacing=is_replacing, on_file=nothing)


def test_an_empty_folder_gets_everything(
    old: Settings, backup: Path, tmp_path: Path
) -> None:
    fresh = Settings(
        data_dir=tmp_path / "fresh", lake_url=str(tmp_path / "fresh" / "lake")
    )
    fresh.data_dir.mkdir()
    put_back(fresh, backup)
    assert contents(fresh) == contents(old)
    assert fresh.published_link.resolve().name == "r000002"
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in fresh.published_link.resolve().glob("*.duckdb")
    }
    assert modes == {"cx.duckdb": 0o444, "cx_pii.duckdb": 0o400}


def test_what_is_there_is_kept_unless_told_and_then_set_aside(
    old: Settings, backup: Path, there: Settings
) -> None:
    before = contents(there)
    with pytest.raises(WrongUsage, match="--replace"):
        put_back(there, backup)
    assert contents(there) == before
    put_back(there, backup, is_replacing=True)
    assert contents(there) == contents(old)
    (aside,) = (there.data_dir / "replaced").iterdir()
    assert (aside / "state" / "releases.jsonl").read_text().startswith("newer")
    assert (aside / "releases" / "r000001").is_dir()
    # What was built of the other lake is gone.
    assert not there.warehouse_path.exists()


def test_a_damaged_backup_changes_nothing(backup: Path, there: Settings) -> None:
    before = contents(there)
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(BackupDamaged):
        put_back(there, backup, is_replacing=True)
    assert contents(there) == before
    assert not list(there.data_dir.glob(".restore*"))


def test_a_newer_format_is_refused(
    old: Settings, there: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FORMAT", 99)
    archive.write(old, tmp_path / "new.tar", nothing)
    before = contents(there)
    with pytest.raises(ForeignData, match="format 99"):
        put_back(there, tmp_path / "new.tar", is_replacing=True)
    assert contents(there) == before


def test_a_lake_elsewhere_is_filled_and_never_overwritten(
    old: Settings, backup: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "bucket"
    fresh = Settings(data_dir=tmp_path / "fresh", lake_url=f"file://{elsewhere}")
    fresh.data_dir.mkdir()
    put_back(fresh, backup)
    lake = {path.relative_to(elsewhere) for path in elsewhere.rglob("*.parquet")}
    assert lake == {Path("zendesk/tickets/1.0.a.parquet")}
    another = replace(fresh, data_dir=tmp_path / "another")
    another.data_dir.mkdir()
    with pytest.raises(WrongUsage, match="CX_LAKE_URL"):
        put_back(another, backup, is_replacing=True)


@pytest.mark.parametrize("stage", [*BEFORE_THE_DECISION, *AFTER_IT])
def test_a_kill_at_any_step_leaves_the_old_or_the_new(
    old: Settings, backup: Path, there: Settings, stage: str
) -> None:
    before, wanted = contents(there), contents(old)
    killed = subprocess.run(
        [
            sys.executable,
            "-m",
            "orchestration.cli",
            "restore",
            str(backup),
            "--replace",
        ],
        env={
            **os.environ,
            "CX_DATA_DIR": str(there.data_dir),
            "CX_LAKE_URL": there.lake_url,
            "CX_KILL_AT": stage,
        },
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL
    with working_on(there, command="the next one"):
        pass
    (there.state_dir / "format.json").unlink()
    assert contents(there) == (before if stage in BEFORE_THE_DECISION else wanted)


def test_a_finished_restore_is_finished_once(
    old: Settings, backup: Path, there: Settings
) -> None:
    put_back(there, backup, is_replacing=True)
    (there.state_dir / "later").write_text("made since")
    assert not restore.finish(there)
    assert (there.state_dir / "later").exists()
    # What a kill left of the folder of a restore that was done.
    (there.data_dir / ".restore" / "state").mkdir(parents=True)
    assert not restore.finish(there)
