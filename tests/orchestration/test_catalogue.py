"""The warehouse sees the files of committed loads, one by one, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.envelope import ENVELOPE
from ingestion.files.canonical import ENTITIES
from ingestion.pipelines import pull
from ingestion.registry import SOURCES
from orchestration.catalogue import register_lake
from orchestration.errors import LakeDamaged
from orchestration.warehouse import connect

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def lake(settings) -> Path:
    return Path(settings.lake_url)


def _land(lake: Path, load_id: str, *keys: str, is_committed: bool = True) -> Path:
    rows = [
        {
            "key": key,
            "seq": number,
            "op": "upsert",
            "extracted_at": AT,
            "payload": "{}",
            "_dlt_load_id": load_id,
        }
        for number, key in enumerate(keys)
    ]
    path = lake / "zendesk" / "tickets" / f"{load_id}.f.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=ENVELOPE), path)
    if is_committed:
        loads = lake / "zendesk" / "_dlt_loads"
        loads.mkdir(exist_ok=True)
        row = {"load_id": load_id, "status": 0, "inserted_at": AT.isoformat()}
        (loads / f"zendesk__{load_id}.jsonl").write_text(json.dumps(row))
    return path


def _keys(settings) -> list[str]:
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        rows = connection.execute("SELECT key FROM zendesk.tickets ORDER BY key")
        return [key for (key,) in rows.fetchall()]


def test_every_table_is_there_and_empty_without_a_lake(settings):
    landed = register_lake(settings)
    expected = {
        (source.name, table)
        for source in SOURCES.values()
        for table in (*(stream.name for stream in source.streams), "pulls", "rejects")
    }
    of_files = {*ENTITIES, "pulls", "rejects", "taken_files"}
    assert set(landed) == expected | {("files", table) for table in of_files}
    assert _keys(settings) == []


def test_only_committed_loads_are_seen(settings, lake):
    _land(lake, "1.0", "a", "b")
    torn = _land(lake, "2.0", "c", is_committed=False)
    # One torn file would make a pattern fail even where its rows do not count.
    torn.write_bytes(torn.read_bytes()[:40])
    landed = register_lake(settings)
    assert _keys(settings) == ["a", "b"]
    assert landed["zendesk", "tickets"].load_ids == ("1.0",)


def test_damaged_file_of_a_committed_load_is_named_with_the_cure(settings, lake):
    _land(lake, "1.0", "a")
    torn = _land(lake, "2.0", "b")
    torn.write_bytes(torn.read_bytes()[:40])
    with pytest.raises(LakeDamaged) as refused:
        register_lake(settings)
    assert "load 2.0" in refused.value.what
    assert refused.value.where == str(torn)
    assert "_dlt_loads" in refused.value.what_to_do


def test_file_without_a_column_is_damaged(settings, lake):
    path = _land(lake, "1.0", "a")
    pq.write_table(pq.read_table(path).drop_columns(["payload"]), path)
    with pytest.raises(LakeDamaged, match="payload"):
        register_lake(settings)


def test_new_load_is_seen_once_registered(settings, lake):
    _land(lake, "1.0", "a")
    register_lake(settings)
    _land(lake, "2.0", "b")
    assert _keys(settings) == ["a"]
    register_lake(settings)
    assert _keys(settings) == ["a", "b"]


def test_quote_in_a_path_is_no_end_of_it(settings, lake, tmp_path):

    odd = replace(settings, lake_url=str(tmp_path / "it's a lake"))
    _land(Path(odd.lake_url), "1.0", "a")
    register_lake(odd)
    assert _keys(odd) == ["a"]


def test_build_starts_in_a_new_file_whatever_a_killed_one_left(settings):
    settings.warehouse_path.write_bytes(b"torn")
    log = settings.warehouse_path.with_name("warehouse.duckdb.wal")
    log.write_bytes(b"a log that cannot be replayed")
    register_lake(settings)
    assert _keys(settings) == []
    assert not log.exists()


def test_files_of_all_sources_are_in_one_table_even_without_their_mapping(settings):
    mapping = """
expected_every: 12h
owner: shop
entities:
  orders: {files: "*.csv", columns: {order_id: id, amount: n, ordered_at: at}}
"""
    for name in ("shop", "old"):
        folder = settings.files_dir / name
        folder.mkdir(parents=True)
        (folder / "mapping.yaml").write_text(mapping)
        (folder / "a.csv").write_text("id,n,at\n1,5,2026-01-01\n2,x,2026-01-02\n")
        pull(
            f"files_{name}",
            lake_url=settings.lake_url,
            pipelines_dir=settings.dlt_dir,
            files_dir=settings.files_dir,
        )
    (settings.files_dir / "old" / "mapping.yaml").unlink()
    landed = register_lake(settings)
    assert len(landed["files", "orders"].load_ids) == 2
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        of = {
            table: connection.execute(
                f"SELECT source, count(*) FROM files.{table} GROUP BY ALL ORDER BY ALL"
            ).fetchall()
            for table in ("orders", "rejects", "pulls", "taken_files")
        }
        declared = connection.execute("FROM files.declared").fetchall()
    one_each = [("files_old", 1), ("files_shop", 1)]
    assert of == {table: one_each for table in of}
    assert declared == [
        ("files_shop", "orders", "files_shop", True, 720, 1440, "team:shop")
    ]


def test_damaged_file_of_files_is_named(settings):
    folder = settings.files_dir / "shop"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(
        'entities: {orders: {files: "*.csv", columns: {order_id: id, amount: n,'
        " ordered_at: at}}}"
    )
    (folder / "a.csv").write_text("id,n,at\n1,5,2026-01-01\n")
    pull(
        "files_shop",
        lake_url=settings.lake_url,
        pipelines_dir=settings.dlt_dir,
        files_dir=settings.files_dir,
    )
    (path,) = Path(settings.lake_url).glob("files_shop/orders__c*/*.parquet")
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(LakeDamaged) as failure:
        register_lake(settings)
    assert failure.value.where == str(path)
