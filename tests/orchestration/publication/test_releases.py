import shutil
import time

import pytest

from orchestration.publication import ledger
from orchestration.publication.durable import file_lock
from orchestration.publication.errors import (
    GateRefused,
    PublicationBusy,
    ReleaseDamaged,
    ReleaseUnknown,
)
from orchestration.publication.layout import audit_path, ledger_path, lock_path
from orchestration.publication.link import current_release, standing
from orchestration.publication.releases import list_releases, rollback
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def two_releases_data(tmp_path_factory, released_data, another_release):
    data = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(released_data, data, symlinks=True)
    another_release(data)
    return data


@pytest.fixture
def settings(tmp_path, two_releases_data):
    """Releases r000001 and r000002, the latter current."""
    data = shutil.copytree(two_releases_data, tmp_path / "data", symlinks=True)
    return Settings(data_dir=data, lake_url="")


def test_releases_are_listed_newest_first_with_the_current_one_marked(settings):
    listed = list_releases(settings)
    assert [(r.release_id, r.is_current, r.is_present) for r in listed] == [
        ("r000002", True, True),
        ("r000001", False, True),
    ]
    assert {(r.as_of, r.code_version, r.rows) for r in listed} == {
        ("2024-03-01T23:59:00Z", "1.2.3", 72)
    }


def test_rollback_flips_back_within_a_second_and_is_noted(settings):
    started = time.monotonic()
    entry = rollback(settings, "r000001")
    assert time.monotonic() - started < 1
    assert current_release(settings) == "r000001"
    assert (entry.event, entry.release_id) == ("rolled_back", "r000001")
    assert standing(settings).problem is None
    assert [r.release_id for r in list_releases(settings) if r.is_current] == [
        "r000001"
    ]


def test_publication_goes_on_after_a_rollback(settings, released):
    rollback(settings, "r000001")
    assert released(settings) == "r000003"
    assert current_release(settings) == "r000003"
    rollback(settings, "r000002")
    assert current_release(settings) == "r000002"


def test_rollback_to_a_damaged_release_is_refused(settings, damage):
    name = damage(settings.releases_dir / "r000001")
    with pytest.raises(ReleaseDamaged, match=name):
        rollback(settings, "r000001")
    assert current_release(settings) == "r000002"


def test_rollback_to_what_no_audit_passed_is_refused(settings):
    audit_path(settings, "r000001").unlink()
    with pytest.raises(GateRefused, match="has not been audited"):
        rollback(settings, "r000001")
    assert current_release(settings) == "r000002"


def test_rollback_to_a_release_that_is_gone_lists_those_that_are_there(settings):
    with pytest.raises(ReleaseUnknown, match="Present are: r000002, r000001"):
        rollback(settings, "r000009")
    with pytest.raises(ReleaseUnknown, match="look like r000042"):
        rollback(settings, "yesterday")


def test_rollback_waits_its_turn(settings):
    with file_lock(lock_path(settings), 0), pytest.raises(PublicationBusy):
        rollback(settings, "r000001")


def test_rollback_puts_a_hand_edited_link_right(settings, tmp_path):
    settings.published_link.unlink()
    settings.published_link.symlink_to(tmp_path)
    rollback(settings, "r000002")
    assert standing(settings).problem is None
    events = [entry.event for entry in ledger.read_ledger(ledger_path(settings))]
    assert events == ["published", "published", "rolled_back"]
