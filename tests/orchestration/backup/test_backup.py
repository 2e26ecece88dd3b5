"""One file holds what cannot be rebuilt, and knows when it is not whole."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path

import pytest

from orchestration.backup import archive
from orchestration.backup.archive import BackupDamaged, Contents
from orchestration.settings import Settings
from tests.orchestration.backup.conftest import nothing


@pytest.fixture
def backup(old: Settings, tmp_path: Path) -> Path:
    archive.write(old, tmp_path / "cx.tar", nothing)
    return tmp_path / "cx.tar"


def test_it_holds_lake_state_and_the_published_release_and_no_more(
    old: Settings, tmp_path: Path
) -> None:
    shares: list[float] = []
    written = archive.write(
        old, tmp_path / "new" / "cx.tar", lambda _, share: shares.append(share)
    )
    assert archive.read_contents(tmp_path / "new" / "cx.tar") == written
    assert written.release_id == "r000002"
    assert {name.partition("/")[0] for name in written.files} == {
        "lake",
        "state",
        "releases",
    }
    assert not any("r000001" in name for name in written.files)
    assert len(written.files) == 8
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_only_its_owner_can_read_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_before_anything_is_published_there_is_a_backup_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "d", lake_url=str(tmp_path / "d" / "lake"))
    settings.state_dir.mkdir(parents=True)
    (settings.state_dir / "a").write_text("a")
    written = archive.write(settings, tmp_path / "cx.tar", nothing)
    assert (written.release_id, list(written.files)) == (None, ["state/a"])


def test_a_failure_leaves_the_backup_of_before(old: Settings, backup: Path) -> None:
    before = backup.read_bytes()

    def stop(_: str, __: float) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        archive.write(old, backup, stop)
    assert backup.read_bytes() == before


def test_every_damage_is_found(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for place in range(600, len(whole), 1500):
        backup.write_bytes(whole[:place] + b"~" + whole[place + 1 :])
        try:
            archive.unpack(backup, tmp_path / str(place), nothing)
        except BackupDamaged:
            continue
        # Nothing that is kept has changed: it was padding.
        assert _unpacked(tmp_path / str(place)) == _files_of(whole, tmp_path)
    backup.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        archive.unpack(backup, tmp_path / "half", nothing)


def test_what_is_not_in_the_list_is_not_unpacked(backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup, "a") as opened:
        opened.addfile(tarfile.TarInfo("../evil"))
    with pytest.raises(BackupDamaged, match="not in its list"):
        archive.unpack(backup, tmp_path / "in", nothing)
    assert not (tmp_path / "evil").exists()


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("no tar")
    with pytest.raises(BackupDamaged):
        archive.read_contents(tmp_path / "x.tar")


def _unpacked(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _files_of(whole: bytes, tmp_path: Path) -> dict[str, bytes]:
    path = tmp_path / "whole.tar"
    path.write_bytes(whole)
    folder = tmp_path / "whole"
    contents: Contents = archive.unpack(path, folder, nothing)
    assert set(_unpacked(folder)) == set(contents.files)
    return _unpacked(folder)
