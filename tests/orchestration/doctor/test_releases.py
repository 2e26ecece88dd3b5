"""Link, files, ledger and leftovers, each really spoilt."""

from collections.abc import Callable
from typing import Any

import pytest

from orchestration.doctor import releases
from orchestration.doctor.finding import State
from orchestration.publication.layout import ledger_path, release_dir
from orchestration.settings import Settings

PROBES = (
    releases.link,
    releases.files,
    releases.releases_ledger,
    releases.leftovers,
)


def test_a_release_that_is_whole_is_well(published: Settings) -> None:
    found = [probe(published) for probe in PROBES]
    assert {one.state for one in found} == {State.OK}, found


def test_an_empty_folder_only_lacks_a_release(settings: Settings) -> None:
    states = [probe(settings).state for probe in PROBES]
    assert states == [State.WARN, State.OK, State.OK, State.OK]


def test_a_broken_link_names_the_way_back(published: Settings) -> None:
    published.published_link.unlink()
    published.published_link.symlink_to("releases/r000009")
    found = releases.link(published)
    assert found.state is State.FAIL
    assert "r000009" in found.seen
    assert found.next_step == "Run `cx rollback r000001` to point it back."


@pytest.mark.parametrize("name", ["cx.duckdb", "parquet/metrics.parquet"])
def test_a_file_that_is_not_as_audited_fails(published: Settings, name: str) -> None:
    path = release_dir(published, "r000001") / name
    if not path.exists():
        path = next((release_dir(published, "r000001") / "parquet").iterdir())
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    found = releases.files(published)
    assert found.state is State.FAIL
    assert f"{path.name} was changed" in found.seen
    assert "cx run" in found.next_step


def test_a_file_more_than_audited_fails(published: Settings) -> None:
    (release_dir(published, "r000001") / "cx.duckdb.wal").write_bytes(b"foreign")
    found = releases.files(published)
    assert found.state is State.FAIL
    assert "cx.duckdb.wal is foreign" in found.seen


def test_folders_and_ledger_that_disagree_are_told(published: Settings) -> None:
    release_dir(published, "r000002").mkdir()
    found = releases.releases_ledger(published)
    assert (found.state, found.seen) == (State.WARN, "not in the ledger: r000002")
    release_dir(published, "r000002").rmdir()
    release_dir(published, "r000001").rename(published.data_dir / "elsewhere")
    found = releases.releases_ledger(published)
    assert (found.state, found.seen) == (State.WARN, "files are missing: r000001")


def test_a_torn_line_of_the_ledger_is_told(published: Settings) -> None:
    with ledger_path(published).open("a") as file:
        file.write('{"event": "publ')
    found = releases.releases_ledger(published)
    assert found.state is State.WARN
    assert "tore" in found.seen


def test_what_a_kill_left_is_told_and_foreign_files_are_too(
    published: Settings,
) -> None:
    candidate = published.releases_dir / ".candidate_r000002"
    candidate.mkdir()
    (published.data_dir / ".published.new").symlink_to("releases/r000002")
    found = releases.leftovers(published)
    assert found.state is State.WARN
    assert found.seen == ".published.new, releases/.candidate_r000002"
    (published.releases_dir / "notes.txt").write_text("mine")
    found = releases.leftovers(published)
    assert found.seen == "not ours: releases/notes.txt"
    assert "Move it away" in found.next_step


def test_a_candidate_that_the_gate_refused_is_no_leftover(published: Settings) -> None:
    (published.releases_dir / ".candidate_r000002").mkdir()
    audits = published.state_dir / "audits"
    text = (
        (audits / "r000001.json")
        .read_text()
        .replace('"passed": true', '"passed": false')
    )
    (audits / "r000002.json").write_text(text)
    assert releases.leftovers(published).state is State.OK


def test_nothing_is_a_leftover_while_a_run_is_at_work(
    published: Settings, lock_holder: Callable[..., Any]
) -> None:
    (published.dlt_dir / "zendesk").mkdir(parents=True)
    assert releases.leftovers(published).seen == "dlt/zendesk"
    lock_holder(published)
    assert releases.leftovers(published).seen == "a run is at work"
