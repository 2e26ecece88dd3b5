from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.files.canonical import ENTITIES
from ingestion.files.mapping import BadMapping, Mapping, read_mapping

GOOD = """
time_zone: Europe/Berlin
expected_every: 24h
complete_to: 2026-03-01T12:00:00Z
entities:
  orders:
    files: "orders_*.csv"
    columns:
      order_id: Order
      ordered_at: {column: Date, date_format: "%d.%m.%Y"}
      amount: {column: Amount, decimal: ","}
    constants: {currency: EUR}
"""


def read(tmp_path: Path, text: str) -> Mapping:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    return read_mapping("files_shop", path)


def test_a_mapping_says_what_every_column_is(tmp_path: Path) -> None:
    mapping = read(tmp_path, GOOD)
    orders = mapping.entities["orders"]
    assert mapping.interval == timedelta(hours=24)
    assert mapping.known_to == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert orders.file_columns == ("Order", "Date", "Amount")
    date = orders.of("ordered_at")
    assert (date.column, date.date_format) == ("Date", "%d.%m.%Y")
    assert date.time_zone == "Europe/Berlin"
    assert orders.of("amount").decimal == ","
    assert orders.key_of(ENTITIES["orders"]) == ("order_id",)
    assert orders.cursor_of(ENTITIES["orders"]) == "ordered_at"


def test_an_own_id_is_key_enough(tmp_path: Path) -> None:
    text = """
entities:
  ticket_events:
    files: "*"
    columns: {ticket_id: t, kind: k, value: v, occurred_at: at}
"""
    events = ENTITIES["ticket_events"]
    without = read(tmp_path, text).entities["ticket_events"]
    assert without.key_of(events) == ("ticket_id", "occurred_at", "kind", "value")
    text = text.replace("{ticket_id", "{event_id: e, ticket_id")
    assert read(tmp_path, text).entities["ticket_events"].key_of(events) == (
        "event_id",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("orders:\n", "ordres:\n", "ordres is no entity; those are: customers"),
        ("order_id: Order", "oder_id: Order", "oder_id is no column of orders"),
        ("order_id: Order", "status: Order", "order_id is missing"),
        ("{currency: EUR}", "{amount: 3}", "amount is both a column and a constant"),
        ("Europe/Berlin", "Europe/Berlinn", "is no IANA name"),
        ("24h", "daily", "expected_every 'daily' is no time such as 24h"),
        ("12:00:00Z", "12:00:00", "complete_to"),
        ('"%d.%m.%Y"', "dd.mm.yyyy", "has no %"),
        ("files:", "filez:", "filez"),
        ('decimal: ","', 'decimal: ";"', "decimal"),
        ("    constants", "    delimiter: ';;'\n    constants", "not one character"),
        ("    constants", "    encoding: utf-9\n    constants", "'utf-9' is not known"),
        ("    constants", "    key: [url]\n    constants", "comes from no column"),
        ("    constants", "    cursor: amount\n    constants", "holds no instants"),
        ("      order_id", "      amount: A\n      order_id", "'amount' stands twice"),
        ("entities:", "entities: [", "line"),
        (GOOD, "", "Expected `object`"),
        (GOOD, "entities: {}", "it names no entity"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(BadMapping) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert said in caught.value.what
    assert caught.value.where.endswith("mapping.yaml")


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("order_id:", "oder_id:").replace("24h", "daily")
    with pytest.raises(BadMapping, match=r"daily.*oder_id.*order_id is missing"):
        read(tmp_path, text)


def test_a_mapping_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="there is no such file"):
        read_mapping("files", tmp_path / "mapping.yaml")


def test_the_fingerprint_heeds_all_that_decides_about_rows(tmp_path: Path) -> None:
    one = read(tmp_path, GOOD).entities["orders"].fingerprint()
    assert read(tmp_path, GOOD).entities["orders"].fingerprint() == one
    for old, new in [("Berlin", "Paris"), ("EUR", "USD"), ("Order", "No")]:
        other = read(tmp_path, GOOD.replace(old, new)).entities["orders"]
        assert other.fingerprint() != one
