from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.publication import ledger
from orchestration.publication.layout import ledger_path, releases_on_disk
from orchestration.publication.link import flip
from orchestration.publication.releases import list_releases
from orchestration.publication.retention import prune
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path):
    """Five empty releases, each published just now; retention does not look inside."""
    made = Settings(data_dir=tmp_path, lake_url="")
    for number in range(1, 6):
        release_id = f"r{number:06d}"
        (made.releases_dir / release_id).mkdir(parents=True)
        note(made, release_id)
    flip(made, "r000005")
    return made


def note(settings, release_id, **fields):
    entry = ledger.Entry(
        **{
            "event": "published",
            "release_id": release_id,
            "at": ledger.now(),
            "manifest_sha256": "",
            "as_of": None,
            "sealed_at": None,
            "code_version": "1",
            "rows": 1,
        }
        | fields
    )
    ledger.append(ledger_path(settings), entry)


def in_days(days):
    return datetime.now(UTC) + timedelta(days=days)


def test_newest_stay_and_the_others_go_once_they_are_old(settings):
    own = replace(settings, keep_releases=2, keep_days=3)
    assert prune(own, now=in_days(2)) == []
    assert prune(own, now=in_days(4)) == ["r000001", "r000002", "r000003"]
    assert releases_on_disk(settings) == ["r000004", "r000005"]


def test_current_release_stays_however_old_it_is(settings):
    flip(settings, "r000001")
    note(settings, "r000001", event="rolled_back")
    own = replace(settings, keep_releases=1, keep_days=0)
    assert prune(own, now=in_days(400)) == ["r000002", "r000003", "r000004"]
    assert releases_on_disk(settings) == ["r000001", "r000005"]


def test_keeping_none_still_keeps_the_current_one(settings):
    prune(replace(settings, keep_releases=0, keep_days=0), now=in_days(1))
    assert releases_on_disk(settings) == ["r000005"]


# Regression: by its date of publication an old release went at the very moment of the
# flip, under readers that had just resolved the link.
def test_age_counts_from_when_a_release_stopped_being_current(settings):
    ledger_path(settings).unlink()
    for release_id, days in [("r000003", -20), ("r000004", -10), ("r000005", 0)]:
        note(settings, release_id, at=in_days(days).isoformat())
    own = replace(settings, keep_releases=1, keep_days=1)
    assert "r000004" not in prune(own, now=in_days(0.9))
    assert "r000003" not in releases_on_disk(settings)
    assert "r000004" in prune(own, now=in_days(1.1))


def test_removal_is_noted_and_listed(settings):
    prune(replace(settings, keep_releases=4, keep_days=0), now=in_days(1))
    last = ledger.read_ledger(ledger_path(settings))[-1]
    assert (last.event, last.release_id) == ("removed", "r000001")
    gone = [r.release_id for r in list_releases(settings) if not r.is_present]
    assert gone == ["r000001"]


def test_folder_that_was_never_published_goes_when_it_is_old(settings):
    (settings.releases_dir / "r000006").mkdir()
    assert prune(settings, now=in_days(0.5)) == []
    assert prune(settings, now=in_days(1.5)) == ["r000006"]


def test_publishing_prunes(with_release, released):
    own = replace(with_release, keep_releases=1, keep_days=0)
    released(own)
    assert releases_on_disk(own) == ["r000002"]
    assert not list(own.releases_dir.glob(".removed_*"))
