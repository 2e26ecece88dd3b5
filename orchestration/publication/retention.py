"""Removing old releases.

Holds the rule: the newest `keep_releases` stay, the current one stays, and so does any
that readers may still be opening, i.e. that was current less than `keep_days` ago.
Tests: tests/orchestration/publication/test_retention.py
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from orchestration.publication import ledger
from orchestration.publication.durable import sync
from orchestration.publication.layout import (
    DOOMED_PREFIX,
    ledger_path,
    number_of,
    release_dir,
    releases_on_disk,
)
from orchestration.publication.link import current_release
from orchestration.settings import Settings


def prune(settings: Settings, *, now: datetime | None = None) -> list[str]:
    """Remove releases that nobody needs; return their ids.

    The caller holds the publisher lock. A reader resolves the link and then opens the
    file, so age counts from the moment a release stopped being current.
    """
    moves = ledger.flips(ledger.read_ledger(ledger_path(settings)))
    published = {entry.release_id: entry for entry in moves}
    oldest_kept = (now or datetime.now(UTC)) - timedelta(days=settings.keep_days)
    removed = []
    for release_id in _dispensable(settings, set(published)):
        if _last_needed(settings, moves, release_id) > oldest_kept:
            continue
        _remove(settings, release_id)
        if release_id in published:
            line = replace(published[release_id], event="removed", at=ledger.now())
            ledger.append(ledger_path(settings), line)
        removed.append(release_id)
    return removed


def _dispensable(settings: Settings, published: set[str]) -> list[str]:
    """Return what is neither current nor among the newest published ones."""
    present = releases_on_disk(settings)
    newest = sorted(published & set(present), key=number_of, reverse=True)
    kept = {*newest[: max(settings.keep_releases, 1)], current_release(settings)}
    return [release_id for release_id in present if release_id not in kept]


def _last_needed(
    settings: Settings, moves: list[ledger.Entry], release_id: str
) -> datetime:
    """Return when a release stopped being current, or was left behind unpublished."""
    positions = [
        position
        for position, entry in enumerate(moves)
        if entry.release_id == release_id
    ]
    if positions:
        following = moves[min(positions[-1] + 1, len(moves) - 1)]
        return following.instant
    modified = release_dir(settings, release_id).stat().st_mtime
    return datetime.fromtimestamp(modified, UTC)


def _remove(settings: Settings, release_id: str) -> None:
    """Take a folder away at one stroke, then delete it."""
    doomed = settings.releases_dir / f"{DOOMED_PREFIX}{release_id}"
    release_dir(settings, release_id).rename(doomed)
    sync(settings.releases_dir)
    shutil.rmtree(doomed)
