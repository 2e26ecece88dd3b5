"""A backup: one tar file with the state, the lake and the published release.

Holds how it is written, listed and checked: every file with its SHA-256, the list
first. Does not hold what happens to a data folder (`restore`).
Tests: tests/orchestration/backup/test_backup.py
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ingestion.lake import file_system
from orchestration.data_format import FORMAT
from orchestration.errors import RunError
from orchestration.publication.durable import sync
from orchestration.publication.layout import release_dir
from orchestration.publication.link import current_release
from orchestration.settings import Settings

LIST_NAME = "backup.json"
LAKE, STATE, RELEASES = "lake", "state", "releases"
_PIECE = 1024 * 1024

# Told a file's name, and the share of the bytes that is done.
OnFile = Callable[[str, float], None]


class BackupDamaged(RunError):
    """A backup cannot be read, or is not what its own list says."""


@dataclass(frozen=True)
class Contents:
    """The list of a backup.

    Attributes:
        data_format: How the data folder is laid out (`data_format.FORMAT`).
        made_at: When, ISO 8601 in UTC.
        release_id: The published release that is in it; None for none.
        files: Path in the archive to size in bytes and SHA-256.
    """

    data_format: int
    made_at: str
    release_id: str | None
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())


@dataclass(frozen=True)
class _Source:
    """A file to put in: its path in the archive, and how it is opened."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


def write(settings: Settings, target: Path, on_file: OnFile) -> Contents:
    """Write a backup; `target` is there when it is whole, and not before.

    The caller holds the lock of the data folder.
    """
    release_id = current_release(settings)
    sources = list(_sources(settings, release_id))
    total = sum(source.size for source in sources) or 1
    files, done = {}, 0
    for source in sources:
        # Read twice: the list stands first, so that a reader need not seek.
        files[source.name] = (source.size, _digest(source))
    contents = Contents(
        FORMAT, datetime.now(UTC).isoformat(timespec="seconds"), release_id, files
    )
    unfinished = target.with_name(f".{target.name}.unfinished")
    target.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("wb") as file:
        # Personal data: for nobody's eyes but the owner's.
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            text = json.dumps(asdict(contents), indent=1).encode()
            _add(archive, LIST_NAME, len(text), io.BytesIO(text))
            for source in sources:
                with source.open() as content:
                    _add(archive, source.name, source.size, content)
                done += source.size
                on_file(source.name, done / total)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    sync(target.parent)
    return contents


def _sources(settings: Settings, release_id: str | None) -> Iterator[_Source]:
    yield from _of_folder(settings.state_dir, STATE)
    if release_id is not None:
        folder = release_dir(settings, release_id)
        yield from _of_folder(folder, f"{RELEASES}/{release_id}")
    fs, root = file_system(settings.lake_url)
    base = PurePosixPath(root)
    for path, about in sorted(fs.find(root, detail=True).items()):
        name = PurePosixPath(path).relative_to(base)
        yield _Source(
            f"{LAKE}/{name}", int(about["size"]), partial(fs.open, path, "rb")
        )


def _of_folder(folder: Path, name: str) -> Iterator[_Source]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            relative = path.relative_to(folder).as_posix()
            yield _Source(
                f"{name}/{relative}",
                path.stat().st_size,
                partial(_opened, path),
            )


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _digest(source: _Source) -> str:
    digest = hashlib.sha256()
    with source.open() as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, content)


def read_contents(path: Path) -> Contents:
    """Read the list of a backup.

    Raises:
        BackupDamaged: It is no backup.
    """
    try:
        with tarfile.open(path) as archive:
            first = archive.next()
            if first is None or first.name != LIST_NAME:
                raise _damaged(path, "it does not begin with a list of its files")
            return _contents(json.load(archive.extractfile(first)))  # type: ignore[arg-type]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def _contents(data: dict[str, Any]) -> Contents:
    files = {name: (int(size), str(sha)) for name, (size, sha) in data["files"].items()}
    return Contents(
        int(data["data_format"]), data["made_at"], data["release_id"], files
    )


def unpack(path: Path, folder: Path, on_file: OnFile) -> Contents:
    """Unpack a backup and check every file against the list.

    Raises:
        BackupDamaged: A file is missing, too many, or not what it was.
    """
    contents = read_contents(path)
    missing, done = dict(contents.files), 0
    try:
        with tarfile.open(path) as archive:
            for entry in archive:
                if entry.name == LIST_NAME:
                    continue
                size, sha = missing.pop(entry.name, (-1, ""))
                if size < 0 or not entry.isfile() or not _is_inside(entry.name):
                    raise _damaged(path, f"{entry.name} is not in its list")
                content = archive.extractfile(entry)
                if content is None or _copy(content, folder / entry.name) != sha:
                    raise _damaged(path, f"{entry.name} is not what it was")
                done += size
                on_file(entry.name, done / (contents.size or 1))
    except (OSError, tarfile.TarError, EOFError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    if missing:
        raise _damaged(path, f"{min(missing)} is missing")
    return contents


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _copy(content: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _damaged(path: Path, what: str) -> BackupDamaged:
    return BackupDamaged(
        f"The backup cannot be used: {what}.",
        str(path),
        "Use another backup. Nothing was changed.",
    )
