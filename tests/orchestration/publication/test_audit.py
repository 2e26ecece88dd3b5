"""The audit: in a process of its own, on the very files, never passed by accident."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import duckdb
import psutil
import pytest

from orchestration.publication.audit import audit, environment_of, run_audit
from orchestration.publication.audit_record import read_outcome
from orchestration.publication.candidate import build_candidate
from orchestration.publication.durable import sha256_of
from orchestration.publication.errors import ReleaseUnknown
from orchestration.publication.layout import candidate_dir
from orchestration.publication.manifest import read_manifest, verify_files
from orchestration.publication.publish import publish
from orchestration.settings import Settings
from orchestration.stages import KILL_AT

_AUDIT_RUN = """
from orchestration.publication.audit import run_audit
from orchestration.settings import Settings
run_audit(Settings.from_environment(), "r000001")
"""


@pytest.mark.acceptance  # every end-to-end test does the same on more data
def test_whole_gate_in_its_own_process_passes_clean_data(settings, monkeypatch):
    # Another zone than UTC: nothing in a release may follow the machine.
    monkeypatch.setenv("TZ", "America/New_York")
    candidate = build_candidate(settings, code_version="1")
    outcome = run_audit(settings, candidate.release_id)
    assert outcome.failure is None
    assert [c.sentence() for c in outcome.checks if not c.success] == []
    assert len(outcome.checks) > 300
    assert read_outcome(settings, candidate.release_id) == outcome
    assert publish(settings, candidate.release_id).release_id == "r000001"


def test_results_and_release_are_in_the_published_file(with_candidate):
    outcome = read_outcome(with_candidate, "r000001")
    directory = candidate_dir(with_candidate, "r000001")
    with duckdb.connect(str(directory / "cx.duckdb"), read_only=True) as connection:
        checks = connection.execute("FROM meta.checks").fetchall()
        releases = connection.execute(
            "SELECT release_id, as_of::VARCHAR, code_version, rows, published_at"
            " FROM meta.releases"
        ).fetchall()
    assert checks == [
        (
            "r000001",
            "marts_fct_tickets.status_is_known",
            "marts.fct_tickets",
            "error",
            True,
            '{"rows": 0}',
            "status is known; map it in staging.",
            [],
            "team:service",
        )
    ]
    told = datetime.fromisoformat(read_manifest(directory).sealed_at)
    sealed_at = told.replace(tzinfo=None)
    assert releases == [("r000001", "2024-03-01 23:59:00", "1.2.3", 72, sealed_at)]
    assert outcome.manifest_sha256 == sha256_of(directory / "manifest.json")
    verify_files(directory, read_manifest(directory))


def test_releases_published_before_stay_in_the_list(with_release, released):
    released(with_release)
    path = with_release.published_link / "cx.duckdb"
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        rows = connection.execute("SELECT release_id FROM meta.releases ORDER BY ALL")
        assert rows.fetchall() == [("r000001",), ("r000002",)]


def test_same_data_gives_the_same_fingerprint_of_a_release(with_release, released):
    first = read_manifest(with_release.published_link)
    released(replace(with_release, threads=1))
    second = read_manifest(with_release.published_link)
    assert (first.release_id, second.release_id) == ("r000001", "r000002")
    assert first.marts == second.marts
    assert first.release_fingerprint == second.release_fingerprint


def test_files_that_changed_after_the_build_fail_the_audit(with_candidate, damage):
    name = damage(candidate_dir(with_candidate, "r000001"))
    outcome = audit(with_candidate, "r000001", lambda *_: pytest.fail("checked"))
    assert not outcome.passed
    assert name in outcome.failure


def test_copy_that_is_not_its_source_fails_the_audit(with_candidate):
    path = candidate_dir(with_candidate, "r000001") / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"]["marts.fct_tickets"]["digest"] = "of other rows"
    path.chmod(0o644)
    path.write_text(json.dumps(manifest))
    outcome = audit(with_candidate, "r000001", lambda *_: pytest.fail("checked"))
    assert "marts.fct_tickets (3 rows before, 3 now)" in outcome.failure


def test_audit_without_any_check_fails(with_candidate):
    outcome = audit(with_candidate, "r000001", lambda *_: [])
    assert (outcome.passed, outcome.failure.splitlines()[0]) == (
        False,
        "No check was run.",
    )


def test_audit_of_a_candidate_that_is_not_there_fails(settings):
    outcome = audit(settings, "r000007")
    assert not outcome.passed
    assert ".candidate_r000007" in outcome.failure


def test_audit_without_the_work_file_fails(with_candidate):
    with_candidate.warehouse_path.unlink()
    outcome = run_audit(with_candidate, "r000001")
    assert not outcome.passed
    assert "cannot be opened" in outcome.failure


def test_audit_does_not_outlive_a_killed_run(with_candidate):
    run = subprocess.Popen(
        [sys.executable, "-c", _AUDIT_RUN],
        env={**os.environ, **environment_of(with_candidate)},
    )
    audits: list[psutil.Process] = []
    while not audits:
        assert run.poll() is None
        audits = psutil.Process(run.pid).children()
    run.kill()
    run.wait()
    assert psutil.wait_procs(audits, timeout=20)[1] == []


def test_only_a_release_id_reaches_the_new_process(settings):
    with pytest.raises(ReleaseUnknown):
        run_audit(settings, "--version")


def test_new_process_reads_the_same_settings(settings, monkeypatch):
    own = Settings(
        data_dir=settings.data_dir,
        lake_url="s3://bucket/lake",
        own_files_dir=settings.data_dir / "dropped",
        memory_limit="700MB",
        threads=1,
        keep_releases=9,
        keep_days=2.5,
        keep_quarantine_days=30.0,
        lock_wait_seconds=7.0,
    )
    for name, value in environment_of(own).items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == own


@pytest.mark.parametrize("printed", ["", "not json", '{"passed": true}', "[]"])
def test_nonsense_is_a_failed_audit(settings, printed, tmp_path, monkeypatch):
    # A module of the same name comes first on the path and prints nonsense.
    fake = tmp_path / "fake" / "sitecustomize.py"
    fake.parent.mkdir()
    fake.write_text(f"import os\nprint({printed!r}, flush=True)\nos._exit(0)\n")
    monkeypatch.setenv("PYTHONPATH", str(fake.parent))
    outcome = run_audit(settings, "r000001")
    assert not outcome.passed
    assert "ended without a result" in outcome.failure


def test_killed_process_is_a_failed_audit(settings, monkeypatch, tmp_path):
    fake = tmp_path / "fake" / "sitecustomize.py"
    fake.parent.mkdir()
    fake.write_text("from orchestration import stages\nstages.reached('audited')\n")
    monkeypatch.setenv("PYTHONPATH", str(fake.parent))
    monkeypatch.setenv(KILL_AT, "audited")
    outcome = run_audit(settings, "r000001")
    assert not outcome.passed
    assert "(-9)" in outcome.failure
