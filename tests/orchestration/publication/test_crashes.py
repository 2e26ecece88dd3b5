"""Kill -9 at every stage: the last good state stays, the next run repairs the rest."""

import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.publication import ledger
from orchestration.publication.layout import ledger_path, releases_on_disk
from orchestration.publication.link import current_release, standing
from orchestration.publication.manifest import read_manifest, verify_files
from orchestration.publication.query import run_query
from orchestration.publication.releases import rollback
from orchestration.stages import KILL_AT, reached

RELEASE_ONCE = Path(__file__).with_name("release_once.py")
STAGES = [
    "candidate_started",
    "candidate_built",
    "audited",
    "sealed",
    "renamed",
    "flipped",
    "ledgered",
    "pruned",
]
NOT_YET_FLIPPED = STAGES[:5]


def release_once(settings, kill_at=None, keep=2):
    environment = {name: os.environ[name] for name in os.environ if name != KILL_AT}
    environment |= {KILL_AT: kill_at} if kill_at else {}
    return subprocess.run(
        [sys.executable, RELEASE_ONCE, str(settings.data_dir), str(keep)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("stage", STAGES)
def test_killed_run_leaves_a_good_release_and_the_next_run_repairs(
    with_release, released, stage
):
    fingerprint = read_manifest(with_release.published_link).release_fingerprint

    killed = release_once(with_release, kill_at=stage)
    assert killed.returncode == -signal.SIGKILL

    readable = run_query(with_release, "SELECT count(*) FROM marts.fct_tickets")
    assert readable.rows == [(3,)]
    expected = "r000001" if stage in NOT_YET_FLIPPED else "r000002"
    assert readable.release_id == current_release(with_release) == expected

    released(replace(with_release, keep_releases=2, keep_days=0))
    assert current_release(with_release) == "r000003"
    assert standing(with_release).problem is None
    manifest = read_manifest(with_release.published_link)
    verify_files(with_release.published_link.resolve(), manifest)
    assert manifest.release_fingerprint == fingerprint
    assert not [path.name for path in with_release.releases_dir.glob(".candidate_*")]
    assert not [path.name for path in with_release.releases_dir.glob(".removed_*")]


def test_flip_whose_line_was_lost_is_completed_from_the_manifest(with_release):
    release_once(with_release, kill_at="flipped")
    path = ledger_path(with_release)
    assert [e.release_id for e in ledger.read_ledger(path)] == ["r000001"]
    assert "ledger does not know" in standing(with_release).problem
    release_once(with_release)
    events = [(e.event, e.release_id) for e in ledger.read_ledger(path)]
    assert events == [
        ("published", "r000001"),
        ("completed", "r000002"),
        ("published", "r000003"),
        ("removed", "r000001"),
    ]
    known = run_query(
        with_release, "SELECT release_id FROM meta.releases ORDER BY ALL"
    ).rows
    assert known == [("r000001",), ("r000002",), ("r000003",)]


def test_folder_that_was_renamed_but_not_flipped_is_never_current(with_release):
    release_once(with_release, kill_at="renamed")
    assert releases_on_disk(with_release) == ["r000001", "r000002"]
    release_once(with_release)
    assert current_release(with_release) == "r000003"
    assert releases_on_disk(with_release) == ["r000001", "r000003"]


def test_hand_edited_link_is_not_endorsed_by_the_repair(with_release):
    foreign = with_release.releases_dir / "r000050"
    foreign.mkdir()
    (foreign / "manifest.json").write_text("{}")
    with_release.published_link.unlink()
    with_release.published_link.symlink_to("releases/r000050")
    rollback(with_release, "r000001")
    events = [entry.event for entry in ledger.read_ledger(ledger_path(with_release))]
    assert events == ["published", "rolled_back"]


def test_torn_line_of_the_ledger_is_repaired_by_the_next_run(with_release):
    path = ledger_path(with_release)
    path.write_bytes(path.read_bytes() + b'{"event": "publi')
    assert release_once(with_release).stderr == ""
    assert [e.release_id for e in ledger.read_ledger(path)] == ["r000001", "r000002"]


def test_disk_that_is_full_leaves_the_last_release_and_the_next_run_repairs(
    with_release, released
):
    def fill_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    failed = subprocess.run(
        [sys.executable, RELEASE_ONCE, str(with_release.data_dir), "2"],
        preexec_fn=fill_disk,
        check=False,
        capture_output=True,
        text=True,
    )
    assert failed.returncode == 1
    assert "File too large" in failed.stderr
    assert current_release(with_release) == "r000001"
    assert run_query(with_release, "FROM marts.dim_agents").rows == [("A21",)]
    assert released(with_release) == "r000003"


def test_fault_injection_does_nothing_unless_it_is_asked_for(monkeypatch):
    killed: list[int] = []
    monkeypatch.setattr("os.kill", lambda _, number: killed.append(number))
    monkeypatch.delenv(KILL_AT, raising=False)
    reached("flipped")
    monkeypatch.setenv(KILL_AT, "renamed")
    reached("flipped")
    assert killed == []
    reached("renamed")
    assert killed == [signal.SIGKILL]
