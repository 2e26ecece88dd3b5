"""The gate: the only way from a candidate to the published link.

Holds every condition that a release must meet, whoever calls it: a full job, a
publish-only job, a button, a re-execution. Trusts nothing but the files themselves and
the audit record of exactly their hashes. Does not run checks (`audit`).
Tests: tests/orchestration/publication/test_publish.py and test_crashes.py
"""

from __future__ import annotations

from pathlib import Path

from orchestration import stages
from orchestration.publication import ledger
from orchestration.publication.audit_record import require_passed
from orchestration.publication.durable import sha256_of, sync
from orchestration.publication.errors import (
    GateRefused,
    PublicationError,
    ReleaseDamaged,
    ReleaseUnknown,
)
from orchestration.publication.layout import (
    MANIFEST_FILE,
    PERSONAL_FILE,
    candidate_dir,
    ledger_path,
    number_of,
    release_dir,
)
from orchestration.publication.link import (
    current_release,
    flip,
    publisher_lock,
    require_flippable,
)
from orchestration.publication.manifest import (
    BUILD_AGAIN,
    Manifest,
    read_manifest,
    verify_files,
)
from orchestration.publication.recovery import record, recover
from orchestration.publication.retention import prune
from orchestration.settings import Settings


def publish(settings: Settings, release_id: str) -> ledger.Entry:
    """Publish an audited candidate; return its line in the ledger.

    A candidate that is the current release already is left as it is, so that a step
    that was killed after the flip can simply be run again.

    Raises:
        GateRefused: It did not pass, is not what was audited, or is not newer.
        PublicationBusy: Another publisher is at work.
        PublicationError: The folder or the link cannot be moved.
    """
    number_of(release_id)
    with publisher_lock(settings):
        recover(settings)
        last = _last_move(settings)
        if last and last.release_id == release_id == current_release(settings):
            return last
        directory = candidate_dir(settings, release_id)
        require_flippable(settings)
        manifest, sha256 = _admit(settings, release_id, directory)
        _move(settings, release_id, directory)
        stages.reached("renamed")
        flip(settings, release_id)
        stages.reached("flipped")
        entry = record(settings, "published", manifest, sha256)
        stages.reached("ledgered")
        prune(settings)
        stages.reached("pruned")
    return entry


def _admit(
    settings: Settings, release_id: str, directory: Path
) -> tuple[Manifest, str]:
    """Return the manifest of a candidate that meets every condition."""
    if not directory.is_dir():
        raise ReleaseUnknown(
            f"There is no candidate {release_id}.",
            "Run `cx run` to build one; to go back to a release, `cx rollback`.",
        )
    try:
        sha256 = sha256_of(directory / MANIFEST_FILE)
        manifest = read_manifest(directory)
        outcome = require_passed(settings, release_id, sha256)
        verify_files(directory, manifest)
    except (OSError, ReleaseDamaged) as error:
        reason = error.what if isinstance(error, ReleaseDamaged) else str(error)
        raise GateRefused(release_id, reason, BUILD_AGAIN) from error
    if manifest.release_id != release_id or manifest.sealed_at is None:
        raise GateRefused(release_id, "its manifest is of another state.", BUILD_AGAIN)
    _require_newer(settings, release_id, outcome.previous)
    return manifest, sha256


def _require_newer(
    settings: Settings, release_id: str, compared_with: str | None
) -> None:
    current = current_release(settings)
    if current is not None and number_of(release_id) <= number_of(current):
        raise GateRefused(
            release_id,
            f"it is not newer than the current release {current}.",
            "To go back to an older release use `cx rollback`.",
        )
    if current != compared_with:
        raise GateRefused(
            release_id,
            f"it was compared with {compared_with}, but {current} is current now.",
            BUILD_AGAIN,
        )


def _move(settings: Settings, release_id: str, directory: Path) -> None:
    for path in directory.rglob("*"):
        if not path.is_dir():
            path.chmod(0o400 if path.name == PERSONAL_FILE else 0o444)
    try:
        directory.rename(release_dir(settings, release_id))
    except OSError as error:
        raise PublicationError(
            f"The folder of {release_id} could not be moved: {error}.", BUILD_AGAIN
        ) from error
    sync(settings.releases_dir)


def _last_move(settings: Settings) -> ledger.Entry | None:
    moves = ledger.flips(ledger.read_ledger(ledger_path(settings)))
    return moves[-1] if moves else None
