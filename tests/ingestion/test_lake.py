import json
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest

from ingestion.lake import Lake, LakeFile


@pytest.fixture
def folder(tmp_path) -> Path:
    """A lake with a committed, an unfinished, a failed and a half-written load."""
    source = tmp_path / "zendesk"
    for load_id in ("100.5", "200.25", "300.125", "400.75"):
        for table in ("tickets", "pulls"):
            (source / table).mkdir(parents=True, exist_ok=True)
            (source / table / f"{load_id}.{table}{load_id[0]}.parquet").touch()
        write(source / "_dlt_pipeline_state" / f"zendesk__{load_id}__abc.jsonl", "{}")
    row = {"load_id": "x", "inserted_at": "2026-03-01T12:00:00+00:00"}
    loads = source / "_dlt_loads"
    write(loads / "zendesk__100.5.jsonl", json.dumps({**row, "status": 0}))
    write(loads / "zendesk__300.125.jsonl", json.dumps({**row, "status": 1}))
    write(loads / "zendesk__400.75.jsonl", '{"load_id": "40')
    write(source / "_dlt_version" / "zendesk__1.5__abc.jsonl", "{}")
    write(source / "init", '{"initial_version": 2, "current_version": 2}')
    (source / "tickets" / "readme.txt").touch()
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_only_loads_with_a_whole_row_of_status_0_are_committed(folder):
    assert Lake(str(folder)).committed_loads("zendesk") == {
        "100.5": datetime(2026, 3, 1, 12, tzinfo=UTC)
    }


def test_only_files_of_committed_loads_are_listed(folder):
    assert Lake(str(folder)).committed_files("zendesk") == {
        "pulls": [LakeFile(f"{folder}/zendesk/pulls/100.5.pulls1.parquet", "100.5")],
        "tickets": [
            LakeFile(f"{folder}/zendesk/tickets/100.5.tickets1.parquet", "100.5")
        ],
    }


def test_loads_that_never_count_are_told_with_their_files(folder):
    found = Lake(str(folder)).uncommitted_loads("zendesk")
    assert found == {"200.25": 2, "300.125": 2, "400.75": 2}


def test_files_come_in_the_same_order_every_time(folder):
    loads = folder / "zendesk" / "_dlt_loads"
    row = {"status": 0, "inserted_at": "2026-03-01T12:00:00+00:00"}
    write(loads / "zendesk__200.25.jsonl", json.dumps(row))
    files = Lake(f"file://{folder}").committed_files("zendesk")["tickets"]
    assert [file.load_id for file in files] == ["100.5", "200.25"]
    assert all(Path(file.path).is_file() for file in files)


def test_state_of_uncommitted_loads_is_purged_and_nothing_else(folder):
    lake = Lake(str(folder))
    assert lake.purge_uncommitted_state("zendesk") == [
        "zendesk__200.25__abc.jsonl",
        "zendesk__300.125__abc.jsonl",
        "zendesk__400.75.jsonl",
        "zendesk__400.75__abc.jsonl",
    ]
    state = folder / "zendesk" / "_dlt_pipeline_state"
    assert [path.name for path in state.iterdir()] == ["zendesk__100.5__abc.jsonl"]
    assert len(list((folder / "zendesk" / "tickets").iterdir())) == 5
    assert lake.purge_uncommitted_state("zendesk") == []


@pytest.mark.parametrize("content", ["", '{"version_ha'])
def test_bookkeeping_that_was_cut_off_is_purged(folder, content):
    source = folder / "zendesk"
    write(source / "_dlt_version" / "zendesk__2.5__def.jsonl", content)
    write(source / "init", content)
    removed = Lake(str(folder)).purge_uncommitted_state("zendesk")
    assert {"init", "zendesk__2.5__def.jsonl"} <= set(removed)
    assert (source / "_dlt_version" / "zendesk__1.5__abc.jsonl").exists()


def test_a_lake_that_is_not_there_yet_is_empty(tmp_path):
    lake = Lake(str(tmp_path / "nowhere"))
    assert lake.sources() == []
    assert lake.committed_loads("zendesk") == {}
    assert lake.committed_files("zendesk") == {}
    assert lake.purge_uncommitted_state("zendesk") == []


def test_sources_are_the_folders_of_the_lake(folder):
    (folder / "typeform").mkdir()
    assert Lake(str(folder)).sources() == ["typeform", "zendesk"]


def test_a_bucket_is_read_through_its_own_protocol():
    memory = fsspec.filesystem("memory")
    row = b'{"status": 0, "inserted_at": "2026-03-01T12:00:00+00:00"}'
    memory.pipe("/lake/zendesk/_dlt_loads/zendesk__100.5.jsonl", row)
    memory.pipe("/lake/zendesk/tickets/100.5.abc.parquet", b"")
    files = Lake("memory://lake").committed_files("zendesk")
    assert files == {
        "tickets": [
            LakeFile("memory:///lake/zendesk/tickets/100.5.abc.parquet", "100.5")
        ]
    }
