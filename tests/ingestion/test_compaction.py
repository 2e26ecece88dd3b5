"""Joining files changes no row, whenever it is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.compaction import clean, compact
from ingestion.envelope import ENVELOPE
from ingestion.lake import Lake

AT = datetime(2026, 3, 2, tzinfo=UTC)
LOADS = 10


def land(lake: Path, number: int, table: str = "tickets") -> None:
    """One committed load of two rows."""
    load_id = f"{1_700_000_000 + number}.5"
    rows = [
        {
            "key": f"{number}-{place}",
            "seq": place,
            "op": "upsert",
            "extracted_at": AT,
            "payload": json.dumps({"n": number}),
            "_dlt_load_id": load_id,
        }
        for place in range(2)
    ]
    path = lake / "zendesk" / table / f"{load_id}.f{number}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=ENVELOPE), path)
    loads = lake / "zendesk" / "_dlt_loads"
    loads.mkdir(exist_ok=True)
    row = {"load_id": load_id, "status": 0, "inserted_at": AT.isoformat()}
    (loads / f"zendesk__{load_id}.jsonl").write_text(json.dumps(row))


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    for number in range(LOADS):
        land(tmp_path, number)
    return tmp_path


def rows(lake: Path, table: str = "tickets") -> list[tuple[object, ...]]:
    """What readers see of a table, in no order of files."""
    store = Lake(str(lake))
    files = [file.path for file in store.committed_files("zendesk").get(table, [])]
    undone = store.taken_back("zendesk")
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT * FROM read_parquet(?) WHERE NOT list_contains(?, _dlt_load_id)"
            " ORDER BY ALL",
            [files, undone],
        ).fetchall()


def parquet_files(lake: Path) -> list[str]:
    return sorted(path.name for path in lake.rglob("*.parquet"))


def test_many_files_become_one_with_the_same_rows(lake: Path) -> None:
    before = rows(lake)
    (joined,) = compact(str(lake))
    assert (joined.folder, joined.files, joined.rows) == ("tickets", LOADS, 2 * LOADS)
    assert rows(lake) == before
    assert len(before) == 2 * LOADS
    assert len(parquet_files(lake)) == 1


def test_few_files_stay_as_they_are(lake: Path) -> None:
    before = parquet_files(lake)
    assert compact(str(lake), min_files=LOADS + 1) == []
    assert parquet_files(lake) == before


def test_joined_files_are_joined_again_and_leave_no_record_behind(lake: Path) -> None:
    compact(str(lake))
    for number in range(LOADS, 2 * LOADS):
        land(lake, number)
    before = rows(lake)
    compact(str(lake))
    assert rows(lake) == before
    assert len(parquet_files(lake)) == 1
    assert len(list((lake / "zendesk" / "_compactions").iterdir())) == 1
    assert compact(str(lake)) == []


def test_a_load_that_is_taken_back_counts_no_more(lake: Path) -> None:
    before = rows(lake)
    compact(str(lake))
    for undone in (LOADS - 1, 3):
        load_id = f"{1_700_000_000 + undone}.5"
        (lake / "zendesk" / "_dlt_loads" / f"zendesk__{load_id}.jsonl").unlink()
        before = [row for row in before if row[-1] != load_id]
    assert rows(lake) == before
    # and stays away when its file is joined with later ones
    for number in range(LOADS, 2 * LOADS):
        land(lake, number)
    before = rows(lake)
    compact(str(lake))
    assert rows(lake) == before


def test_uncommitted_files_are_left_alone(lake: Path) -> None:
    land(lake, 50)
    (lake / "zendesk" / "_dlt_loads" / "zendesk__1700000050.5.jsonl").unlink()
    compact(str(lake))
    assert "1700000050.5.f50.parquet" in parquet_files(lake)
    assert len(rows(lake)) == 2 * LOADS


def test_files_without_a_load_of_their_own_are_left_alone(tmp_path: Path) -> None:
    for number in range(LOADS):
        land(tmp_path, number, "orders__c1")
    for path in tmp_path.rglob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.drop_columns(["_dlt_load_id"]), path)
    before = parquet_files(tmp_path)
    assert compact(str(tmp_path)) == []
    assert parquet_files(tmp_path) == before


@pytest.mark.parametrize("step", ["written", "recorded", "removed"])
def test_a_kill_at_any_step_loses_and_doubles_nothing(lake: Path, step: str) -> None:
    before = rows(lake)
    code = f"""
import os, signal
from ingestion.compaction import compact
def on_step(step):
    if step == {step!r}:
        os.kill(os.getpid(), signal.SIGKILL)
compact({str(lake)!r}, on_step=on_step)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert rows(lake) == before
    compact(str(lake))
    assert rows(lake) == before
    assert len(parquet_files(lake)) == 1


def test_a_record_that_is_cut_off_counts_for_nothing(lake: Path) -> None:
    before = rows(lake)
    whole = {path: path.read_bytes() for path in lake.rglob("*.parquet")}
    compact(str(lake))
    (record,) = (lake / "zendesk" / "_compactions").iterdir()
    # As if the kill had come while it was written: the old files are all there.
    for path, content in whole.items():
        path.write_bytes(content)
    record.write_bytes(record.read_bytes()[:-20])
    assert rows(lake) == before
    clean(Lake(str(lake)), "zendesk")
    assert rows(lake) == before
    assert not record.exists()
    assert len(parquet_files(lake)) == LOADS


def test_nothing_is_done_where_there_is_no_lake(tmp_path: Path) -> None:
    assert compact(str(tmp_path / "nothing")) == []
