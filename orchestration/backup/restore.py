"""A backup takes the place of a data folder.

Holds the order of steps, so that a kill at any moment leaves the old contents or the
new ones: everything is unpacked and checked beside the old; one rename decides; what
follows is finished by whoever comes next (`finish`). What was there before is set
aside, never removed. Does not hold the archive (`archive`).
Tests: tests/orchestration/backup/test_restore.py
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from ingestion.lake import file_system
from orchestration import stages
from orchestration.backup.archive import (
    LAKE,
    RELEASES,
    STATE,
    Contents,
    OnFile,
    read_contents,
    unpack,
)
from orchestration.data_format import require_known
from orchestration.errors import WrongUsage
from orchestration.publication.durable import sync, write_json
from orchestration.publication.link import flip
from orchestration.settings import Settings

_UNPACKING, _READY, _ASIDE = ".restore.unpacking", ".restore", "replaced"
_PLAN = "plan.json"
_MODES = {"cx_pii.duckdb": 0o400}


def restore(
    settings: Settings, path: Path, *, is_replacing: bool, on_file: OnFile
) -> Contents:
    """Put the contents of a backup in their place; the caller holds the lock.

    Args:
        settings: The data folder and the lake.
        path: The backup.
        is_replacing: Whether what is there may be set aside.
        on_file: Told each file that was unpacked.

    Raises:
        BackupDamaged: The backup is not whole; nothing was changed.
        ForeignData: A newer version made it.
        WrongUsage: There is data already.
    """
    finish(settings)
    require_known(read_contents(path).data_format, str(path))
    _require_empty(settings, is_replacing=is_replacing)
    unpacking = settings.data_dir / _UNPACKING
    shutil.rmtree(unpacking, ignore_errors=True)
    try:
        contents = unpack(path, unpacking, on_file)
    except Exception:
        shutil.rmtree(unpacking, ignore_errors=True)
        raise
    stages.reached("unpacked")
    now = datetime.now(UTC)
    for part in (STATE, LAKE, RELEASES):
        (unpacking / part).mkdir(exist_ok=True)
    plan = {"release_id": contents.release_id, "aside": f"{now:%Y%m%dT%H%M%SZ}"}
    write_json(unpacking / _PLAN, plan)
    # From here on it is restored, whatever happens.
    unpacking.rename(settings.data_dir / _READY)
    sync(settings.data_dir)
    stages.reached("restore_decided")
    finish(settings)
    return contents


def finish(settings: Settings) -> bool:
    """Put in place what a restore left to do; whether there was anything.

    Every step can be repeated: a part that is in its place is not in the folder of the
    restore any more.
    """
    ready = settings.data_dir / _READY
    if not (ready / _PLAN).is_file():
        # Nothing, or what is left of one that was finished.
        shutil.rmtree(ready, ignore_errors=True)
        return False
    plan = json.loads((ready / _PLAN).read_text(encoding="utf-8"))
    aside = settings.data_dir / _ASIDE / plan["aside"]
    _seal(ready / RELEASES)
    _place(ready / STATE, settings.state_dir, aside)
    stages.reached("state_restored")
    _place_lake(settings, ready / LAKE, aside)
    stages.reached("lake_restored")
    _place(ready / RELEASES, settings.releases_dir, aside)
    stages.reached("releases_restored")
    if plan["release_id"] is None:
        settings.published_link.unlink(missing_ok=True)
    else:
        flip(settings, plan["release_id"])
    # What a build made of the old lake.
    settings.warehouse_path.unlink(missing_ok=True)
    shutil.rmtree(ready)
    return True


def _require_empty(settings: Settings, *, is_replacing: bool) -> None:
    fs, root = file_system(settings.lake_url)
    is_lake_there = fs.exists(root) and bool(fs.find(root, maxdepth=3))
    if is_lake_there and not _is_in_data_folder(settings):
        raise WrongUsage(
            "The lake holds data, and it does not lie in the data folder.",
            settings.lake_url,
            "Point CX_LAKE_URL at an empty folder or bucket, or empty this one.",
        )
    taken = [
        folder
        for folder in (settings.state_dir, settings.releases_dir)
        if folder.is_dir() and any(folder.iterdir())
    ]
    if (taken or is_lake_there) and not is_replacing:
        raise WrongUsage(
            "The data folder is not empty.",
            str(taken[0] if taken else settings.lake_url),
            "Restore into another one (CX_DATA_DIR), or say --replace: what is there "
            f"is then kept in {settings.data_dir / _ASIDE}.",
        )


def _is_in_data_folder(settings: Settings) -> bool:
    return settings.lake_url == str(settings.data_dir / LAKE)


def _place(part: Path, place: Path, aside: Path) -> None:
    """Give a folder its place; what is there goes aside."""
    if not part.exists():
        return
    if place.exists():
        aside.mkdir(parents=True, exist_ok=True)
        place.rename(aside / place.name)
    part.rename(place)
    sync(place.parent)


def _place_lake(settings: Settings, part: Path, aside: Path) -> None:
    if _is_in_data_folder(settings):
        _place(part, settings.data_dir / LAKE, aside)
        return
    fs, root = file_system(settings.lake_url)
    for path in sorted(part.rglob("*")) if part.exists() else ():
        if path.is_file():
            target = f"{root.rstrip('/')}/{path.relative_to(part).as_posix()}"
            fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            fs.put_file(str(path), target)
    shutil.rmtree(part, ignore_errors=True)


def _seal(releases: Path) -> None:
    """Give the files of the release the rights that they had."""
    for path in releases.rglob("*"):
        if path.is_file():
            path.chmod(_MODES.get(path.name, 0o444))
