"""Where files lie: folders with mappings, and the files that those name.

Holds the listing of a folder or bucket, content hashes, and copies on this machine.
Does not hold what is in the files.
Tests: tests/ingestion/files/test_file_folders.py
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ingestion.files.mapping import FILE_NAME, Mapping
from ingestion.lake import file_system
from ingestion.registry import FILES

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")


def mapping_paths(files_dir: Path) -> dict[str, Path]:
    """Name of each file source to its mapping.

    A mapping in the folder itself is the source `files`; one in a folder `shop` in it
    is `files_shop`.
    """
    found = {}
    if (files_dir / FILE_NAME).is_file():
        found[FILES] = files_dir / FILE_NAME
    if files_dir.is_dir():
        for folder in sorted(files_dir.iterdir()):
            if _NAME.fullmatch(folder.name) and (folder / FILE_NAME).is_file():
                found[f"{FILES}_{folder.name}"] = folder / FILE_NAME
    return found


@dataclass(frozen=True)
class DroppedFile:
    """One file that a team dropped.

    Attributes:
        name: Its path below the folder.
        size: Bytes.
        modified_at: When it was last written.
    """

    name: str
    size: int
    modified_at: datetime


class Folder:
    """The files of one source."""

    def __init__(self, mapping_path: Path, mapping: Mapping) -> None:
        self._fs, root = file_system(mapping.location or str(mapping_path.parent))
        self._root = root.rstrip("/")

    def files(self) -> list[DroppedFile]:
        """All files but the mapping and hidden ones, by name."""
        found = []
        for path, about in self._fs.find(self._root, detail=True).items():
            name = str(PurePosixPath(path).relative_to(PurePosixPath(self._root)))
            if name != FILE_NAME and not _is_hidden(name):
                found.append(DroppedFile(name, int(about["size"]), _modified(about)))
        return sorted(found, key=lambda one: one.name)

    @contextmanager
    def local(self, file: DroppedFile, folder: Path) -> Iterator[Path]:
        """The file on this machine; one of a bucket is copied for the while."""
        path = f"{self._root}/{file.name}"
        if "file" in self._fs.protocol:
            yield Path(path)
            return
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"copy{PurePosixPath(file.name).suffix}"
        self._fs.get_file(path, str(copy))
        try:
            yield copy
        finally:
            copy.unlink(missing_ok=True)


def matching(files: list[DroppedFile], pattern: str) -> list[DroppedFile]:
    """The files that a pattern names, the oldest first: later ones count more."""
    chosen = [one for one in files if fnmatch.fnmatchcase(one.name, pattern)]
    return sorted(chosen, key=lambda one: (one.modified_at, one.name))


def content_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "~")) for part in PurePosixPath(name).parts)


def _modified(about: dict[str, Any]) -> datetime:
    for key in ("mtime", "LastModified", "last_modified", "updated"):
        value = about.get(key)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        if isinstance(value, str):
            return datetime.fromisoformat(value).astimezone(UTC)
    raise ValueError(f"the store does not say when {about.get('name')} was written")
