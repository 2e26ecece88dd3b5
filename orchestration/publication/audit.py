"""The audit: all checks on the closed files of a candidate, in a process of its own.

Holds the process (`python -m orchestration.publication.audit <release_id>`) and the
call that starts it. A new process reads what is on disk, not what the builder still
has in memory. Does not hold the checks (`expectations`) nor publish anything.
Tests: tests/orchestration/publication/test_audit.py
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from expectations.results import CheckResult
from orchestration import stages
from orchestration.publication.audit_record import AuditOutcome, write_outcome
from orchestration.publication.errors import PublicationError
from orchestration.publication.layout import (
    PUBLIC_FILE,
    candidate_dir,
    number_of,
    release_dir,
)
from orchestration.publication.link import current_release
from orchestration.publication.manifest import (
    BUILD_AGAIN,
    Manifest,
    read_manifest,
    verify_files,
)
from orchestration.publication.seal import seal
from orchestration.publication.tables import (
    attach_read_only,
    fingerprints_of,
    require_equal,
)
from orchestration.publication.work_file import attach_work
from orchestration.settings import Settings
from orchestration.warehouse import connect

Evaluate = Callable[[duckdb.DuckDBPyConnection, bool], list[CheckResult]]

_SHOWN_LINES = 5


def run_audit(settings: Settings, release_id: str) -> AuditOutcome:
    """Audit a candidate in a new process.

    A process that dies or prints nonsense is a failed audit, never a passed one.

    Raises:
        ReleaseUnknown: The text is no release id.
    """
    number_of(release_id)
    with _held_pipe() as alive:
        finished = subprocess.run(
            [sys.executable, "-m", "orchestration.publication.audit", release_id],
            stdin=alive,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | environment_of(settings),
        )
    lines = finished.stdout.splitlines()
    try:
        outcome = AuditOutcome.from_json(json.loads(lines[-1]))
    except (IndexError, ValueError, TypeError, KeyError):
        said = " | ".join(finished.stderr.strip().splitlines()[-_SHOWN_LINES:])
        code = finished.returncode
        return _failed(release_id, f"The audit ended without a result ({code}). {said}")
    if outcome.release_id != release_id or finished.returncode != 0:
        return _failed(release_id, f"The audit of {release_id} ended in disorder.")
    return outcome


@contextmanager
def _held_pipe() -> Iterator[int]:
    """Yield the end of a pipe whose other end closes when this process ends.

    An audit that outlived a killed run would write into the next one's candidate.
    """
    alive, held = os.pipe()
    try:
        yield alive
    finally:
        os.close(alive)
        os.close(held)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables from which another process reads the same settings."""
    return {
        "CX_DATA_DIR": str(settings.data_dir),
        "CX_LAKE_URL": settings.lake_url,
        "CX_FILES_DIR": str(settings.files_dir),
        "CX_MEMORY_LIMIT": settings.memory_limit,
        "CX_THREADS": str(settings.threads),
        "CX_KEEP_RELEASES": str(settings.keep_releases),
        "CX_KEEP_DAYS": str(settings.keep_days),
        "CX_KEEP_QUARANTINE_DAYS": str(settings.keep_quarantine_days),
        "CX_LOCK_WAIT_SECONDS": str(settings.lock_wait_seconds),
    }


def audit(
    settings: Settings, release_id: str, evaluate: Evaluate | None = None
) -> AuditOutcome:
    """Audit a candidate in this process and keep the outcome.

    Args:
        settings: Where the candidate lies.
        release_id: The candidate.
        evaluate: The checks; those of `expectations` when None.
    """
    directory = candidate_dir(settings, release_id)
    try:
        manifest = read_manifest(directory)
        verify_files(directory, manifest)
        previous = current_release(settings)
        manifest = replace(manifest, previous=previous)
        checks = _evaluate(settings, directory, manifest, evaluate or _all_checks)
        stages.reached("audited")
        sha256 = seal(settings, directory, manifest, checks)
        outcome = AuditOutcome(
            release_id=release_id,
            passed=not any(check.is_blocking for check in checks),
            manifest_sha256=sha256,
            previous=previous,
            failure=None,
            checks=tuple(checks),
        )
    except PublicationError as error:
        outcome = _failed(release_id, str(error))
    write_outcome(settings, outcome)
    stages.reached("sealed")
    return outcome


def _evaluate(
    settings: Settings, directory: Path, manifest: Manifest, evaluate: Evaluate
) -> list[CheckResult]:
    previous = manifest.previous
    with connect(None, settings) as connection:
        attach_work(connection, settings)
        attach_read_only(connection, directory / PUBLIC_FILE, "cx")
        if previous is not None:
            path = release_dir(settings, previous) / PUBLIC_FILE
            attach_read_only(connection, path, "previous")
        found = fingerprints_of(connection, "cx", manifest.tables)
        require_equal(manifest.tables, found, PUBLIC_FILE)
        checks = evaluate(connection, previous is not None)
    if not checks:
        raise PublicationError("No check was run.", BUILD_AGAIN)
    return checks


def _all_checks(
    connection: duckdb.DuckDBPyConnection, has_previous: bool
) -> list[CheckResult]:
    # Great Expectations takes ten seconds to import: only this process pays for it.
    from expectations.checks import run_checks  # noqa: PLC0415

    return run_checks(connection, has_previous=has_previous)


def _failed(release_id: str, failure: str) -> AuditOutcome:
    return AuditOutcome(
        release_id=release_id,
        passed=False,
        manifest_sha256=None,
        previous=None,
        failure=failure,
        checks=(),
    )


def main() -> None:
    """Audit the release named on the command line; print the outcome as JSON."""
    release_id = sys.argv[1]
    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    outcome = audit(Settings.from_environment(), release_id)
    sys.stdout.write("\n" + json.dumps(outcome.to_json()) + "\n")


if __name__ == "__main__":
    main()
