"""The ledger of releases: what was published when, one JSON object per line.

Holds appending and reading. Lines are only added. A line that a crash tore is left out
when reading and cut off before the next one is added. Does not move the link.
Tests: tests/orchestration/publication/test_ledger.py
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from orchestration.publication.durable import append_line, sync
from orchestration.publication.errors import ReleaseDamaged

Event = Literal["published", "rolled_back", "completed", "removed"]


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    Attributes:
        event: `published` and `rolled_back` moved the link; `completed` notes a
            move whose line a crash had swallowed; `removed` is retention.
        release_id: The release.
        at: When, ISO 8601 in UTC.
        manifest_sha256: Hash of its manifest.
        as_of: Up to which instant its data speaks.
        sealed_at: When its files were closed.
        code_version: Version of the project that built it.
        rows: Rows of its marts.
    """

    event: Event
    release_id: str
    at: str
    manifest_sha256: str
    as_of: str | None
    sealed_at: str | None
    code_version: str
    rows: int

    @property
    def is_flip(self) -> bool:
        """Whether the link points to this release from then on."""
        return self.event != "removed"

    @property
    def instant(self) -> datetime:
        """Return `at` as an instant."""
        return datetime.fromisoformat(self.at)


def read_ledger(path: Path) -> list[Entry]:
    """Return all whole lines, oldest first.

    Raises:
        ReleaseDamaged: A line other than a torn last one is not an entry.
    """
    whole, _ = _split(path)
    return [
        _entry(path, number, line) for number, line in enumerate(whole.splitlines(), 1)
    ]


def append(path: Path, entry: Entry) -> None:
    """Add an entry, after cutting off a torn last line."""
    repair(path)
    append_line(path, json.dumps(asdict(entry), sort_keys=True))


def repair(path: Path) -> None:
    """Cut off what a crash left of an unfinished last line."""
    whole, torn = _split(path)
    if torn:
        os.truncate(path, len(whole))
        sync(path)


def flips(entries: list[Entry]) -> list[Entry]:
    """Return the entries that moved the link, oldest first."""
    return [entry for entry in entries if entry.is_flip]


def now() -> str:
    """Return the wall clock as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _split(path: Path) -> tuple[bytes, bytes]:
    content = path.read_bytes() if path.exists() else b""
    end = content.rfind(b"\n") + 1
    return content[:end], content[end:]


def _entry(path: Path, number: int, line: bytes) -> Entry:
    try:
        data: dict[str, Any] = json.loads(line)
        return Entry(**data)
    except (ValueError, TypeError) as error:
        raise ReleaseDamaged(
            f"Line {number} of {path} is not an entry of the ledger of releases.",
            "Restore the file from a backup of the state folder, or delete that line.",
        ) from error
