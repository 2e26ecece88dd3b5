"""Through real pulls into a real lake."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dlt.normalize.items_normalizers.arrow import ArrowItemsNormalizer

from ingestion.errors import NothingToBackfill
from ingestion.files import BadMapping, mapping_paths
from ingestion.lake import Lake
from ingestion.pipelines import PullReport, pull
from ingestion.registry import is_file_source
from ingestion.stream import Window

SOURCE = "files_shop"
MAPPING = """
entities:
  orders:
    files: "orders*"
    columns: {order_id: id, ordered_at: at, amount: n}
  customers:
    files: "people/*.jsonl"
    columns: {customer_id: id, email: mail}
"""
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


class Shop:
    """A folder of files and the lake that they go to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.folder = path / "files" / "shop"
        self.folder.mkdir(parents=True)
        self.map(MAPPING)

    def map(self, text: str) -> None:
        (self.folder / "mapping.yaml").write_text(text)

    def drop(self, name: str, *lines: str, at: float = NOON) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*lines, ""]))
        os.utime(path, (at, at))

    def pull(self, **choices: Any) -> PullReport:
        return pull(
            SOURCE,
            lake_url=str(self._path / "lake"),
            pipelines_dir=self._path / "dlt",
            files_dir=self._path / "files",
            **choices,
        )

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        found = Lake(str(self._path / "lake")).committed_files(SOURCE).get(table, [])
        paths = [file.path for file in found]
        if not paths:
            return []
        relation = f"read_parquet({paths}, union_by_name = true)"
        return duckdb.sql(f"SELECT {columns} FROM {relation} ORDER BY ALL").fetchall()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_folder_with_a_mapping_is_a_source(shop: Shop) -> None:
    root = shop.folder.parent
    (root / "not a name").mkdir()
    (root / "not a name" / "mapping.yaml").write_text(MAPPING)
    (root / "empty").mkdir()
    assert list(mapping_paths(root)) == ["files_shop"]
    (root / "mapping.yaml").write_text(MAPPING)
    assert list(mapping_paths(root)) == ["files", "files_shop"]
    assert is_file_source("files")
    assert not is_file_source("filesystem")


def test_a_file_is_taken_once(shop: Shop) -> None:
    shop.drop("orders.csv", "id,at,n", "1,2026-01-01,5")
    first = shop.pull().streams["orders"]
    shop.drop("orders_again.csv", "id,at,n", "1,2026-01-01,5", at=NOON + 60)
    second = shop.pull().streams["orders"]
    assert (first.rows, second.rows, second.pages) == (1, 0, 0)
    assert shop.rows("orders", "order_id") == [("1",)]
    assert shop.rows("taken_files", "name, rows") == [("orders.csv", 1)]


def test_a_changed_file_is_a_new_version(shop: Shop) -> None:
    shop.drop("orders.csv", "id,at,n", "1,2026-01-01,5")
    shop.pull()
    shop.drop("orders.csv", "id,at,n", "1,2026-01-01,6", "2,2026-01-01,7", at=NOON + 1)
    shop.pull()
    assert shop.rows("orders", "order_id, amount::int") == [
        ("1", 5),
        ("1", 6),
        ("2", 7),
    ]


def test_a_changed_mapping_takes_all_files_again(shop: Shop) -> None:
    shop.drop("orders.csv", "id,at,n,w", "1,2026-01-01,5,EUR")
    shop.pull()
    shop.map(MAPPING.replace("amount: n", "amount: n, currency: w"))
    assert shop.pull().streams["orders"].rows == 1
    found = shop.rows("orders", "order_id, currency, other")
    assert found == [("1", "EUR", None), ("1", None, '{"w":"EUR"}')]


def test_files_of_a_load_are_numbered_from_the_oldest(shop: Shop) -> None:
    shop.drop("orders_a.csv", "id,at,n", "1,2026-01-01,5", at=NOON + 9)
    shop.drop("orders_b.csv", "id,at,n", "1,2026-01-01,6", at=NOON)
    shop.pull()
    found = shop.rows("orders", "file_number, amount::int")
    assert found == [(0, 6), (1, 5)]
    assert shop.rows("taken_files", "file_number, name") == [
        (0, "orders_b.csv"),
        (1, "orders_a.csv"),
    ]


def test_bad_rows_and_bad_files_are_told_with_file_and_line(shop: Shop) -> None:
    shop.drop("orders.csv", "id,at,n", "1,2026-01-01,5", "2,soon,5")
    shop.drop("orders.xlsx", "PK")
    report = shop.pull().streams["orders"]
    assert (report.rows, report.rejected) == (3, 2)
    found = shop.rows(
        "rejects", "reason, json_extract(decode(body), ['$.file','$.line'])"
    )
    assert found == [
        ("bad_ordered_at", ['"orders.csv"', "3"]),
        ("unknown_format", ['"orders.xlsx"', "null"]),
    ]
    assert shop.rows("pulls", 'stream, "rows", rejected') == [
        ("customers", 0, 0),
        ("orders", 3, 2),
    ]


def test_a_file_that_fails_does_not_stop_the_others(shop: Shop) -> None:
    shop.drop("orders.parquet", "no parquet")
    shop.drop("people/a.jsonl", '{"id": 7, "mail": "a@b.example"}')
    shop.pull()
    assert shop.rows("customers", "customer_id, email") == [("7", "a@b.example")]


def test_what_is_known_reaches_to_the_newest_file(shop: Shop) -> None:
    shop.drop("orders.csv", "id,at,n")
    shop.drop("people/a.jsonl", '{"id": 7}', at=NOON + 3600)
    for report in shop.pull().streams.values():
        assert report.window_to == datetime.fromtimestamp(NOON + 3600, UTC)
    shop.map("complete_to: 2026-03-02T00:00:00Z\n" + MAPPING)
    report = shop.pull().streams["orders"]
    assert report.window_from == datetime.fromtimestamp(NOON + 3600, UTC)
    assert report.window_to == datetime(2026, 3, 2, tzinfo=UTC)


def test_one_new_file_of_a_snapshot_brings_all_along(shop: Shop) -> None:
    shop.map(MAPPING.replace('"orders*"', '"orders*"\n    mode: snapshot'))
    shop.drop("orders_1.csv", "id,at,n", "1,2026-01-01,5")
    shop.pull()
    unchanged = shop.pull().streams["orders"]
    shop.drop("orders_2.csv", "id,at,n", "2,2026-01-01,5")
    both = shop.pull().streams["orders"]
    assert (unchanged.rows, both.rows) == (0, 2)
    modes = shop.rows("pulls", 'stream, "rows", mode')
    assert ("orders", 0, "incremental") in modes
    assert ("orders", 2, "snapshot") in modes


def test_a_mapping_that_cannot_be_used_stops_its_source_only(shop: Shop) -> None:
    shop.map("entities: [")
    with pytest.raises(BadMapping, match="mapping cannot be used"):
        shop.pull()
    assert shop.rows("pulls") == []


def test_files_are_not_read_by_date(shop: Shop) -> None:
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    with pytest.raises(NothingToBackfill):
        shop.pull(window=window)


def test_rows_are_taken_over_and_not_written_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dlt would write a file anew, at a multiple of the time, without a word."""

    def never(*_: object) -> None:
        raise AssertionError("a file was written again")

    monkeypatch.setattr(ArrowItemsNormalizer, "_write_with_dlt_columns", never)
    shop.drop("people/a.jsonl", '{"id": 7, "mail": "a@b.example"}')
    shop.pull()
    shop.map(MAPPING.replace("email: mail", "email: mail, phone: tel"))
    shop.pull()
    shop.drop("people/b.jsonl", '{"id": 8, "mail": "b@b.example"}')
    shop.pull()
    assert len(shop.rows("customers")) == 3
