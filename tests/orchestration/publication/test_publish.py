"""The gate: what may not be published, however publish is called."""

import json
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from orchestration.publication import ledger
from orchestration.publication.audit import audit
from orchestration.publication.audit_record import read_outcome
from orchestration.publication.candidate import build_candidate
from orchestration.publication.durable import file_lock
from orchestration.publication.errors import (
    GateRefused,
    PublicationBusy,
    PublicationError,
    ReleaseUnknown,
)
from orchestration.publication.layout import (
    audit_path,
    candidate_dir,
    ledger_path,
    lock_path,
)
from orchestration.publication.link import current_release
from orchestration.publication.publish import publish


def test_release_is_published_at_one_stroke_and_noted(with_candidate):
    entry = publish(with_candidate, "r000001")
    assert with_candidate.published_link.readlink().as_posix() == "releases/r000001"
    assert ledger.read_ledger(ledger_path(with_candidate)) == [entry]
    passed = read_outcome(with_candidate, "r000001")
    assert (entry.event, entry.manifest_sha256) == ("published", passed.manifest_sha256)
    assert (entry.as_of, entry.rows) == ("2024-03-01T23:59:00Z", 72)
    assert not candidate_dir(with_candidate, "r000001").exists()
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in with_candidate.published_link.rglob("*")
        if path.is_file()
    }
    assert modes.pop("cx_pii.duckdb") == 0o400
    assert set(modes.values()) == {0o444}


def test_publish_without_audit_is_refused(settings):
    candidate = build_candidate(settings, code_version="1")
    with pytest.raises(GateRefused, match="has not been audited"):
        publish(settings, candidate.release_id)
    assert current_release(settings) is None


def test_failed_checks_are_named_with_figures_keys_and_next_step(
    with_release, audited, a_check
):
    outcome = audited(
        with_release,
        a_check(),
        a_check(False),
        a_check(False, "warning", name="a.warning"),
    )
    assert not outcome.passed
    with pytest.raises(GateRefused) as refused:
        publish(with_release, outcome.release_id)
    told = str(refused.value)
    assert "r000002 was refused at the gate: 1 check with severity error" in told
    assert (
        "marts_fct_tickets.status_is_known: found {'rows': 2}; e.g. T101, T102" in told
    )
    assert "a.warning" not in told
    assert str(audit_path(with_release, "r000002")) in told
    assert [check.name for check in refused.value.checks] == [
        "marts_fct_tickets.status_is_known"
    ]
    assert current_release(with_release) == "r000001"


def test_warnings_are_published(settings, audited, a_check):
    outcome = audited(settings, a_check(False, "warning"))
    publish(settings, outcome.release_id)
    assert [check.name for check in outcome.warnings] == [
        "marts_fct_tickets.status_is_known"
    ]


# Regression: re-executing an old run published the bad data of a newer one.
def test_candidate_rebuilt_after_its_audit_is_refused(settings, audited, change):
    good = audited(settings)
    change(settings, "DELETE FROM marts.fct_tickets")
    rebuilt = build_candidate(settings, code_version="1.2.3")
    rebuilt.path.rename(candidate_dir(settings, good.release_id))
    manifest = candidate_dir(settings, good.release_id) / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace("r000002", "r000001"))
    with pytest.raises(GateRefused, match="its audit is of other files"):
        publish(settings, good.release_id)
    assert current_release(settings) is None


def test_audit_of_an_earlier_candidate_does_not_admit_a_later_one(settings, audited):
    passed = audited(settings)
    later = build_candidate(settings, code_version="1")
    with pytest.raises(GateRefused, match="has not been audited"):
        publish(settings, later.release_id)
    with pytest.raises(ReleaseUnknown, match="no candidate r000001"):
        publish(settings, passed.release_id)


def test_files_that_changed_after_the_audit_are_refused(with_candidate, damage):
    name = damage(candidate_dir(with_candidate, "r000001"))
    with pytest.raises(GateRefused, match=name):
        publish(with_candidate, "r000001")
    assert current_release(with_candidate) is None


def test_missing_file_and_foreign_link_are_refused(with_candidate, tmp_path):
    directory = candidate_dir(with_candidate, "r000001")
    (directory / "parquet/metrics.parquet").unlink()
    (directory / "extra").symlink_to(tmp_path)
    with pytest.raises(
        GateRefused, match=r"extra is foreign; parquet/metrics\S+ is miss"
    ):
        publish(with_candidate, "r000001")


def test_edited_manifest_is_refused(with_candidate):
    path = candidate_dir(with_candidate, "r000001") / "manifest.json"
    path.chmod(0o644)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"as_of": "2030-01-01"}))
    with pytest.raises(GateRefused, match="other files"):
        publish(with_candidate, "r000001")


def test_edited_audit_record_without_the_hash_is_refused(settings, audited, a_check):
    outcome = audited(settings, a_check(False))
    path = audit_path(settings, outcome.release_id)
    path.write_text(path.read_text().replace('"passed": false', '"passed": "yes'))
    with pytest.raises(GateRefused, match="has not been audited"):
        publish(settings, outcome.release_id)


def test_audit_against_another_release_than_the_current_one_is_refused(
    with_release, audited
):
    outcome = audited(with_release)
    with_release.published_link.unlink()
    with pytest.raises(GateRefused, match="compared with r000001, but None is current"):
        publish(with_release, outcome.release_id)


def test_older_number_than_the_current_one_is_refused(with_release, released):
    released(with_release)
    stale = candidate_dir(with_release, "r000001")
    (with_release.releases_dir / "r000001").rename(stale)
    with pytest.raises(GateRefused, match="not newer than the current release r000002"):
        publish(with_release, "r000001")


def test_publishing_again_what_is_current_changes_nothing(with_candidate):
    first = publish(with_candidate, "r000001")
    assert publish(with_candidate, "r000001") == first
    assert len(ledger.read_ledger(ledger_path(with_candidate))) == 1


def test_second_publisher_is_turned_away_and_may_come_back(with_candidate):
    with (
        file_lock(lock_path(with_candidate), 0),
        pytest.raises(PublicationBusy, match="Another process"),
    ):
        publish(with_candidate, "r000001")
    assert publish(with_candidate, "r000001").release_id == "r000001"


def test_of_many_publishers_at_once_one_publishes(with_candidate):
    code = (
        "import sys; from pathlib import Path\n"
        "from orchestration.settings import Settings\n"
        "from orchestration.publication.publish import publish\n"
        "s = Settings(Path(sys.argv[1]), '', lock_wait_seconds=30)\n"
        "print(publish(s, 'r000001').at)"
    )
    publishers = [
        subprocess.Popen(
            [sys.executable, "-c", code, with_candidate.data_dir],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = {publisher.communicate()[0].strip() for publisher in publishers}
    assert [publisher.returncode for publisher in publishers] == [0, 0, 0]
    (entry,) = ledger.read_ledger(ledger_path(with_candidate))
    assert told == {entry.at}


def test_unknown_or_malformed_id_is_told_apart(settings):
    with pytest.raises(ReleaseUnknown, match="no candidate r000009"):
        publish(settings, "r000009")
    with pytest.raises(ReleaseUnknown, match="no release id"):
        publish(settings, "../../etc")


def test_folder_in_the_place_of_the_link_is_left_alone(with_candidate):
    with_candidate.published_link.mkdir()
    with pytest.raises(PublicationError, match="not a link"):
        publish(with_candidate, "r000001")
    assert with_candidate.published_link.is_dir()
    assert candidate_dir(with_candidate, "r000001").exists()


def test_number_follows_the_published_ones_after_a_failed_gate(
    with_release, audited, released, a_check
):
    audited(with_release, a_check(False))
    assert released(with_release) == "r000003"


def test_audit_may_be_repeated_and_then_admits_the_new_files(
    settings, audited, a_check
):
    outcome = audited(settings, a_check(False))
    again = audit(settings, outcome.release_id, lambda *_: [a_check()])
    assert again.passed
    assert replace(again, manifest_sha256="", checks=()) == replace(
        outcome, passed=True, manifest_sha256="", checks=()
    )
    assert (
        publish(settings, outcome.release_id).manifest_sha256 == again.manifest_sha256
    )
