from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.files.canonical import ENTITIES
from ingestion.files.landed import landed_sql
from ingestion.lake import Lake
from ingestion.pipelines import pull

ORDERS = """
entities:
  orders:
    files: "*.csv"
    columns: {order_id: id, ordered_at: at, amount: n}
"""
SCHEDULES = """
entities:
  schedules:
    files: "*.csv"
    columns: {schedule_id: s, weekday: d, opens_at: a, closes_at: b}
"""


def drop(path: Path, source: str, mapping: str, *lines: str) -> None:
    folder = path / "files" / source
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.yaml").write_text(mapping)
    (folder / "a.csv").write_text("\n".join([*lines, ""]))
    pull(
        f"files_{source}",
        lake_url=str(path / "lake"),
        pipelines_dir=path / "dlt",
        files_dir=path / "files",
    )


def landed(path: Path, entity: str, *sources: str) -> list[dict[str, Any]]:
    lake = Lake(str(path / "lake"))
    files = {source: lake.committed_files(source).get(entity, []) for source in sources}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = landed_sql(connection, ENTITIES[entity], files)
        found = connection.execute(f"FROM ({sql}) ORDER BY source, seq")
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows


def test_rows_of_all_sources_are_envelopes_with_columns(tmp_path: Path) -> None:
    drop(tmp_path, "a", ORDERS, "id,at,n,w", "1,2026-01-01,5,x", "2,2026-01-02,6,y")
    drop(tmp_path, "b", ORDERS, "id,at,n", "1,2026-01-01,7")
    first, second, other = landed(tmp_path, "orders", "files_a", "files_b")
    assert [first["source"], second["source"], other["source"]] == [
        "files_a",
        "files_a",
        "files_b",
    ]
    assert (first["key"], second["key"]) == ("1", "2")
    assert (first["seq"], second["seq"]) == (0, 1)
    assert first["cursor_at"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert first["version"] == 1767225600000000
    assert (first["op"], first["parent_key"], first["currency"]) == (
        "upsert",
        None,
        None,
    )
    assert first["payload"] == (
        '{"order_id":"1","amount":5.000000,"ordered_at":"2026-01-01 00:00:00",'
        '"other":"{\\"w\\":\\"x\\"}"}'
    )
    (load_id,) = Lake(str(tmp_path / "lake")).committed_loads("files_a")
    assert first["_dlt_load_id"] == load_id
    assert abs(first["extracted_at"].timestamp() - float(load_id)) < 1e-3


def test_a_mapping_that_grew_leaves_old_rows_readable(tmp_path: Path) -> None:
    drop(tmp_path, "a", ORDERS, "id,at,n,w", "1,2026-01-01,5,EUR")
    grown = ORDERS.replace("amount: n", "amount: n, currency: w")
    drop(tmp_path, "a", grown, "id,at,n,w", "1,2026-01-01,5,EUR")
    rows = landed(tmp_path, "orders", "files_a")
    assert {row["currency"] for row in rows} == {None, "EUR"}


def test_a_key_of_several_columns_and_no_date_are_fine(tmp_path: Path) -> None:
    drop(tmp_path, "a", SCHEDULES, "s,d,a,b", "office,1,09:00,17:00")
    (row,) = landed(tmp_path, "schedules", "files_a")
    assert row["key"] == "office:1:09::00"
    assert (row["cursor_at"], row["version"]) == (None, None)


def test_an_entity_that_nobody_brings_is_empty_and_typed(tmp_path: Path) -> None:
    assert landed(tmp_path, "reviews", "files_a") == []


def test_a_deleted_row_is_a_deletion(tmp_path: Path) -> None:
    mapping = ORDERS.replace("amount: n", "amount: n, is_deleted: gone")
    drop(tmp_path, "a", mapping, "id,at,n,gone", "1,2026-01-01,5,yes")
    (row,) = landed(tmp_path, "orders", "files_a")
    assert row["op"] == "delete"
