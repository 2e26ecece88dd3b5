"""Where releases, candidates, audits and the ledger lie, and how they are named.

Holds names and numbers of releases. Does not read or write what is in them.
Tests: tests/orchestration/publication/test_layout.py
"""

from __future__ import annotations

import re
from pathlib import Path

from orchestration.publication.errors import ReleaseUnknown
from orchestration.settings import Settings

PUBLIC_FILE = "cx.duckdb"
PERSONAL_FILE = "cx_pii.duckdb"
MANIFEST_FILE = "manifest.json"
PARQUET_DIR = "parquet"
CANDIDATE_PREFIX = ".candidate_"
DOOMED_PREFIX = ".removed_"

_RELEASE_ID = re.compile(r"r(\d{6,})")


def release_id_of(number: int) -> str:
    """Name the release with this number."""
    return f"r{number:06d}"


def number_of(release_id: str) -> int:
    """Return the number of a release.

    Raises:
        ReleaseUnknown: The text is no release id.
    """
    match = _RELEASE_ID.fullmatch(release_id)
    if match is None:
        raise ReleaseUnknown(
            f"{release_id!r} is no release id.",
            "Release ids look like r000042; `cx releases` lists them.",
        )
    return int(match[1])


def release_dir(settings: Settings, release_id: str) -> Path:
    """Return the folder of a release."""
    return settings.releases_dir / release_id


def candidate_dir(settings: Settings, release_id: str) -> Path:
    """Return the folder of a release in the making."""
    return settings.releases_dir / f"{CANDIDATE_PREFIX}{release_id}"


def audit_path(settings: Settings, release_id: str) -> Path:
    """Return the record of the last audit of a release."""
    return settings.state_dir / "audits" / f"{release_id}.json"


def ledger_path(settings: Settings) -> Path:
    """Return the ledger of releases."""
    return settings.state_dir / "releases.jsonl"


def lock_path(settings: Settings) -> Path:
    """Return the file that a publisher locks."""
    return settings.releases_dir / ".lock"


def numbers_on_disk(settings: Settings) -> set[int]:
    """Return every number that a release, candidate or audit has used."""
    names = [
        entry.name.removeprefix(CANDIDATE_PREFIX).removeprefix(DOOMED_PREFIX)
        for entry in _entries(settings.releases_dir)
    ]
    names += [entry.stem for entry in _entries(audit_path(settings, "r").parent)]
    matches = (_RELEASE_ID.fullmatch(name) for name in names)
    return {int(match[1]) for match in matches if match}


def releases_on_disk(settings: Settings) -> list[str]:
    """Return the ids of all release folders, oldest first."""
    names = [
        entry.name
        for entry in _entries(settings.releases_dir)
        if _RELEASE_ID.fullmatch(entry.name)
    ]
    return sorted(names, key=number_of)


def _entries(directory: Path) -> list[Path]:
    return list(directory.iterdir()) if directory.is_dir() else []
