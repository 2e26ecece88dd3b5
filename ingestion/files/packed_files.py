"""Compressed files: unpacked beside, within bounds.

Holds gzip and zip with one member. Does not hold what is inside.
Tests: tests/ingestion/files/test_bad_files.py
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from ingestion.files.errors import BadFile

SUFFIXES = (".gz", ".zip")
# Honest text shrinks to a tenth; what grows a hundredfold was made to harm.
MAX_GROWTH, FREE_BYTES = 200, 64 * 1024 * 1024
_PIECE = 1024 * 1024


def unpacked(path: Path, name: str, folder: Path) -> tuple[Path, str]:
    """The file itself, or what is packed in it, and its name without `.gz` or `.zip`.

    Raises:
        BadFile: It is damaged, grows too much, or packs none or many.
    """
    if not name.lower().endswith(SUFFIXES):
        return path, name
    try:
        if name.lower().endswith(".gz"):
            inner = name[:-3]
            with gzip.open(path, "rb") as file:
                return _copied(file, path, inner, folder), inner
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) != 1:
                raise BadFile(
                    "unknown_format", f"it packs {len(members)} files, not one"
                )
            inner = Path(members[0].filename).name
            with archive.open(members[0]) as file:
                return _copied(file, path, inner, folder), inner
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        # RuntimeError: a password is asked for.
        raise BadFile("unreadable_file", " ".join(str(error).split())[:200]) from None


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _copied(file: _Readable, path: Path, name: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"unpacked-{Path(name).name}"
    allowed = max(FREE_BYTES, MAX_GROWTH * path.stat().st_size)
    size = 0
    with target.open("wb") as out:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > allowed:
                out.close()
                target.unlink()
                raise BadFile(
                    "expands_too_much",
                    f"it grows more than {MAX_GROWTH} times; unpack it yourself if "
                    "that is meant",
                )
            out.write(piece)
    return target
