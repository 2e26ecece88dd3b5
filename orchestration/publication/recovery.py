"""Finishing what a killed publisher left.

Holds the repair that every publisher makes first, under the lock. It completes the
ledger; it never moves the link. Tests: tests/orchestration/publication/test_crashes.py
"""

from __future__ import annotations

import shutil

from orchestration.publication import ledger
from orchestration.publication.audit_record import require_passed
from orchestration.publication.durable import sha256_of
from orchestration.publication.errors import GateRefused, ReleaseDamaged
from orchestration.publication.layout import (
    DOOMED_PREFIX,
    MANIFEST_FILE,
    ledger_path,
    release_dir,
)
from orchestration.publication.link import current_release, temporary_link
from orchestration.publication.manifest import Manifest, read_manifest
from orchestration.settings import Settings


def recover(settings: Settings) -> None:
    """Repair the ledger and remove leftovers; the caller holds the lock."""
    path = ledger_path(settings)
    ledger.repair(path)
    _complete_ledger(settings)
    temporary_link(settings).unlink(missing_ok=True)
    for leftover in settings.releases_dir.glob(f"{DOOMED_PREFIX}*"):
        shutil.rmtree(leftover)


def record(
    settings: Settings, event: ledger.Event, manifest: Manifest, sha256: str
) -> ledger.Entry:
    """Add a move of the link to the ledger."""
    entry = ledger.Entry(
        event=event,
        release_id=manifest.release_id,
        at=ledger.now(),
        manifest_sha256=sha256,
        as_of=manifest.as_of,
        sealed_at=manifest.sealed_at,
        code_version=manifest.code_version,
        rows=manifest.rows,
    )
    ledger.append(ledger_path(settings), entry)
    return entry


def _complete_ledger(settings: Settings) -> None:
    """Note a flip whose line was lost: killed between flip and ledger."""
    current = current_release(settings)
    moves = ledger.flips(ledger.read_ledger(ledger_path(settings)))
    if current is None or (moves and moves[-1].release_id == current):
        return
    directory = release_dir(settings, current)
    try:
        manifest = read_manifest(directory)
        sha256 = sha256_of(directory / MANIFEST_FILE)
        require_passed(settings, current, sha256)
    except (ReleaseDamaged, GateRefused):
        return  # a hand-edited link: `standing` reports it, nothing endorses it
    record(settings, "completed", manifest, sha256)
