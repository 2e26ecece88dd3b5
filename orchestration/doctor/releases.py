"""What readers get: the link, the files behind it, the ledger, and what kills left.

Holds whether they agree. Does not hold the repair: the next publisher makes it.
Tests: tests/orchestration/doctor/test_releases.py
"""

from __future__ import annotations

from pathlib import Path

from orchestration import run_lock
from orchestration.doctor.finding import Finding, counted, fail, listed, ok, warn
from orchestration.identity.ledger import ledger_dir
from orchestration.publication import ledger
from orchestration.publication.audit_record import read_outcome
from orchestration.publication.errors import PublicationError
from orchestration.publication.layout import (
    CANDIDATE_PREFIX,
    DOOMED_PREFIX,
    ledger_path,
    lock_path,
    release_dir,
    releases_on_disk,
)
from orchestration.publication.link import current_release, standing, temporary_link
from orchestration.publication.manifest import read_manifest, verify_files
from orchestration.settings import Settings


def link(settings: Settings) -> Finding:
    """Does the link point to the release that was published last?"""
    found = standing(settings)
    if found.problem:
        what, _, step = found.problem.partition(". ")
        return fail("published link", f"{what}.", step)
    if found.release_id is None:
        return warn("published link", "nothing is published yet", "Run `cx run`.")
    return ok("published link", f"points to {found.release_id}, as the ledger says")


def files(settings: Settings) -> Finding:
    """Are the files of the current release those that were audited?"""
    current = current_release(settings)
    if current is None:
        return ok("release files", "no release to look at")
    directory = release_dir(settings, current)
    try:
        manifest = read_manifest(directory)
        verify_files(directory, manifest)
    except PublicationError as error:
        return fail("release files", error.what, _another(settings, current))
    return ok(
        "release files", f"sha256 of {counted(len(manifest.files), 'file')} as audited"
    )


def _another(settings: Settings, current: str) -> str:
    others = [name for name in releases_on_disk(settings) if name != current]
    rebuild = "`cx run` publishes a new release"
    if others:
        return (
            f"`cx rollback {others[-1]}` goes back to files that are whole; {rebuild}."
        )
    return f"{rebuild}."


def releases_ledger(settings: Settings) -> Finding:
    """Do the ledger and the folders name the same releases?"""
    probe, path = "releases ledger", ledger_path(settings)
    entries = ledger.read_ledger(path)
    last = {entry.release_id: entry.event for entry in entries}
    named = {name for name, event in last.items() if event != "removed"}
    present = set(releases_on_disk(settings))
    absent, unknown = sorted(named - present), sorted(present - named)
    if absent:
        return warn(
            probe,
            f"files are missing: {listed(absent)}",
            "Nobody can go back to them; restore the folders from a backup if needed.",
        )
    if unknown:
        return warn(
            probe,
            f"not in the ledger: {listed(unknown)}",
            "The next run removes what was never published; a missing ledger comes "
            "from the backup of data/state.",
        )
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        return warn(
            probe, "a crash tore its last line", "The next run repairs it: `cx run`."
        )
    told = f"{counted(len(entries), 'line')}, {counted(len(present), 'release')} kept"
    return ok(probe, told)


def leftovers(settings: Settings) -> Finding:
    """Is something here that a killed run left, or that is not ours?"""
    foreign = _foreign(settings)
    if foreign:
        return warn(
            "leftovers",
            f"not ours: {listed(foreign)}",
            "Move it away: nothing but releases belongs there.",
        )
    if run_lock.holder(settings) is not None:
        return ok("leftovers", "a run is at work")
    found = [str(path.relative_to(settings.data_dir)) for path in _left(settings)]
    if found:
        return warn("leftovers", listed(found, 2), "`cx run` cleans up after itself.")
    return ok("leftovers", "none")


def _left(settings: Settings) -> list[Path]:
    paths = [
        path
        for path in settings.releases_dir.glob(f"{CANDIDATE_PREFIX}*")
        # One that the gate refused stays for a look.
        if read_outcome(settings, path.name.removeprefix(CANDIDATE_PREFIX)) is None
    ]
    paths += settings.releases_dir.glob(f"{DOOMED_PREFIX}*")
    paths += ledger_dir(settings).glob(".*.unfinished")
    paths += settings.quarantine_dir.glob("*.unfinished")
    paths += settings.temp_dir.glob("query_*")
    paths += settings.dlt_dir.glob("*")
    temporary = temporary_link(settings)
    return sorted([*paths, temporary] if temporary.is_symlink() else paths)


def _foreign(settings: Settings) -> list[str]:
    if not settings.releases_dir.is_dir():
        return []
    ours = {*releases_on_disk(settings), lock_path(settings).name}
    return sorted(
        f"releases/{path.name}"
        for path in settings.releases_dir.iterdir()
        if path.name not in ours
        and not path.name.startswith((CANDIDATE_PREFIX, DOOMED_PREFIX))
    )
