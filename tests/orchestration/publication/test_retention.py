from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.publication import ledger
from orchestration.publication.layout import ledger_path, releases_on_disk
from orchestration.publication.releases import list_releases, rollback
from orchestration.publication.retention import prune


@pytest.fixture
def five_releases(settings, released):
    return [released(replace(settings, keep_releases=9)) for _ in range(5)]


def in_days(days):
    return datetime.now(UTC) + timedelta(days=days)


def test_newest_stay_and_the_others_go_once_they_are_old(settings, five_releases):
    own = replace(settings, keep_releases=2, keep_days=3)
    assert prune(own, now=in_days(2)) == []
    assert prune(own, now=in_days(4)) == ["r000001", "r000002", "r000003"]
    assert releases_on_disk(settings) == ["r000004", "r000005"]


def test_current_release_stays_however_old_it_is(settings, five_releases):
    rollback(settings, "r000001")
    own = replace(settings, keep_releases=1, keep_days=0)
    assert prune(own, now=in_days(400)) == ["r000002", "r000003", "r000004"]
    assert releases_on_disk(settings) == ["r000001", "r000005"]


def test_keeping_none_still_keeps_the_current_one(settings, five_releases):
    prune(replace(settings, keep_releases=0, keep_days=0), now=in_days(1))
    assert releases_on_disk(settings) == ["r000005"]


# Regression: by its date of publication an old release went at the very moment of the
# flip, under readers that had just resolved the link.
def test_age_counts_from_when_a_release_stopped_being_current(settings, released):
    own = replace(settings, keep_releases=1, keep_days=1)
    released(own)
    path = ledger_path(settings)
    (entry,) = ledger.read_ledger(path)
    path.unlink()
    ledger.append(path, replace(entry, at=in_days(-10).isoformat()))
    released(own)
    assert releases_on_disk(settings) == ["r000001", "r000002"]
    assert prune(own, now=in_days(1.1)) == ["r000001"]


def test_removal_is_noted_and_listed(settings, five_releases):
    prune(replace(settings, keep_releases=4, keep_days=0), now=in_days(1))
    last = ledger.read_ledger(ledger_path(settings))[-1]
    assert (last.event, last.release_id) == ("removed", "r000001")
    gone = [r.release_id for r in list_releases(settings) if not r.is_present]
    assert gone == ["r000001"]


def test_folder_that_was_never_published_goes_when_it_is_old(settings, five_releases):
    (settings.releases_dir / "r000006").mkdir()
    assert prune(settings, now=in_days(0.5)) == []
    assert prune(settings, now=in_days(1.5)) == ["r000006"]


def test_publishing_prunes(settings, released):
    own = replace(settings, keep_releases=2, keep_days=0)
    for _ in range(4):
        released(own)
    assert releases_on_disk(settings) == ["r000003", "r000004"]
    assert not list(settings.releases_dir.glob(".removed_*"))
