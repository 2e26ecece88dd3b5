import json

import pytest

from orchestration.publication import ledger
from orchestration.publication.errors import ReleaseDamaged


def entry(release_id="r000001", event="published"):
    return ledger.Entry(
        event=event,
        release_id=release_id,
        at=ledger.now(),
        manifest_sha256="ab",
        as_of=None,
        sealed_at=None,
        code_version="1",
        rows=1,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "releases.jsonl"


def test_entries_come_back_in_order(path):
    entries = [entry("r000001"), entry("r000002"), entry("r000001", "removed")]
    for one in entries:
        ledger.append(path, one)
    assert ledger.read_ledger(path) == entries
    assert ledger.flips(entries) == entries[:2]
    assert entries[0].instant.tzinfo is not None


def test_no_ledger_is_an_empty_one(path):
    assert ledger.read_ledger(path) == []


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_torn_last_line_is_left_out_and_cut_off_by_the_next_entry(path, kept):
    ledger.append(path, entry("r000001"))
    whole = path.read_bytes()
    torn = json.dumps({"event": "published", "release_id": "r000002"}).encode()
    path.write_bytes(whole + torn[:kept])
    assert [e.release_id for e in ledger.read_ledger(path)] == ["r000001"]
    ledger.append(path, entry("r000003"))
    assert [e.release_id for e in ledger.read_ledger(path)] == ["r000001", "r000003"]


def test_only_line_torn_leaves_an_empty_ledger(path):
    path.parent.mkdir()
    path.write_bytes(b'{"event"')
    ledger.repair(path)
    assert path.read_bytes() == b""


def test_damaged_line_in_the_middle_is_named(path):
    ledger.append(path, entry("r000001"))
    path.write_bytes(b"garbage\n" + path.read_bytes())
    with pytest.raises(ReleaseDamaged, match="Line 1 of"):
        ledger.read_ledger(path)
