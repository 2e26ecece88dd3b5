"""Releases: which there are, and going back to one.

Holds the list and rollback. Does not admit anything new: only `publish` does.
Tests: tests/orchestration/publication/test_releases.py
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.publication import ledger
from orchestration.publication.audit_record import require_passed
from orchestration.publication.durable import sha256_of
from orchestration.publication.errors import ReleaseUnknown
from orchestration.publication.layout import (
    MANIFEST_FILE,
    ledger_path,
    number_of,
    release_dir,
    releases_on_disk,
)
from orchestration.publication.link import current_release, flip, publisher_lock
from orchestration.publication.manifest import read_manifest, verify_files
from orchestration.publication.recovery import record, recover
from orchestration.settings import Settings


@dataclass(frozen=True)
class Release:
    """A release that was published at some time.

    Attributes:
        release_id: Its number.
        published_at: When the link first pointed to it, ISO 8601 in UTC.
        as_of: Up to which instant its data speaks.
        code_version: Version of the project that built it.
        rows: Rows of its marts.
        is_current: Whether readers get it now.
        is_present: Whether its files are still there, so that one can go back to it.
    """

    release_id: str
    published_at: str
    as_of: str | None
    code_version: str
    rows: int
    is_current: bool
    is_present: bool


def list_releases(settings: Settings) -> list[Release]:
    """Return every release of the ledger, newest first."""
    present = set(releases_on_disk(settings))
    current = current_release(settings)
    first: dict[str, ledger.Entry] = {}
    for entry in ledger.flips(ledger.read_ledger(ledger_path(settings))):
        first.setdefault(entry.release_id, entry)
    return [
        Release(
            release_id=release_id,
            published_at=first[release_id].at,
            as_of=first[release_id].as_of,
            code_version=first[release_id].code_version,
            rows=first[release_id].rows,
            is_current=release_id == current,
            is_present=release_id in present,
        )
        for release_id in sorted(first, key=number_of, reverse=True)
    ]


def rollback(settings: Settings, release_id: str) -> ledger.Entry:
    """Point the link to an older release whose files are still as audited.

    Raises:
        ReleaseUnknown: It is not there; the message lists those that are.
        ReleaseDamaged: Its files are not those of its manifest.
        GateRefused: No passing audit of these files is on record.
        PublicationBusy: Another publisher is at work.
    """
    number_of(release_id)
    with publisher_lock(settings):
        recover(settings)
        present = releases_on_disk(settings)
        if release_id not in present:
            raise ReleaseUnknown(
                f"There are no files of release {release_id}.",
                f"Present are: {', '.join(reversed(present)) or 'none'}.",
            )
        directory = release_dir(settings, release_id)
        manifest = read_manifest(directory)
        sha256 = sha256_of(directory / MANIFEST_FILE)
        require_passed(settings, release_id, sha256)
        verify_files(directory, manifest)
        flip(settings, release_id)
        return record(settings, "rolled_back", manifest, sha256)
