"""Values are checked through whole files, so that they are read as a team's are."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingestion.files.conftest import Taker


def first(taken: Taker, text: str, column: str, **said: Any) -> Any:
    """The value that a text becomes in a column of customers."""
    columns = {"customer_id": "id", column: {"column": "x", **said}}
    quoted = text.replace('"', '""')
    content = f'id,x,spare\n1,"{quoted}",\n'
    outcome = taken(content, entity="customers", columns=columns)
    if outcome.bad:
        assert outcome.reasons == {f"bad_{column}": 1}
        return "bad"
    return outcome.rows[0][column]


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-07-01T10:00:00Z", "UTC", datetime(2026, 7, 1, 10)),
        ("2026-07-01T10:00Z", "UTC", datetime(2026, 7, 1, 10)),
        ("2026-07-01 10:00:00", "UTC", datetime(2026, 7, 1, 10)),
        ("2026-07-01 10:00:00+02:00", "UTC", datetime(2026, 7, 1, 8)),
        (
            "2026-07-01T10:00:00.123456-05:30",
            "UTC",
            datetime(2026, 7, 1, 15, 30, 0, 123456),
        ),
        # Summer and winter time of a zone; an offset in the text wins over it.
        ("2026-07-01 10:00:00", "Europe/Berlin", datetime(2026, 7, 1, 8)),
        ("2026-01-01 10:00:00", "Europe/Berlin", datetime(2026, 1, 1, 9)),
        ("2026-07-01 10:00:00Z", "Europe/Berlin", datetime(2026, 7, 1, 10)),
        ("2026-07-01 10:00:00+05", "Europe/Berlin", datetime(2026, 7, 1, 5)),
        ("2026-07-01T10:00Z", "Europe/Berlin", datetime(2026, 7, 1, 10)),
        ("2026-07-01", "Asia/Tokyo", datetime(2026, 6, 30, 15)),
        (" ", "UTC", None),
        ("01.07.2026", "UTC", "bad"),
        ("7/1/2026", "UTC", "bad"),
        ("2026-02-30", "UTC", "bad"),
        ("infinity", "UTC", "bad"),
        ("epoch", "UTC", "bad"),
        ("2026-01-01 (BC)", "UTC", "bad"),
        ("yesterday", "UTC", "bad"),
        ("46023", "UTC", "bad"),
    ],
)
def test_instants_are_in_utc(
    taken: Taker, text: str, zone: str, instant: object
) -> None:
    assert first(taken, text, "created_at", time_zone=zone) == instant


@pytest.mark.parametrize(
    ("text", "form", "instant"),
    [
        ("31.12.2025 23:59", "%d.%m.%Y %H:%M", datetime(2025, 12, 31, 22, 59)),
        ("12/31/2025 11:59 PM", "%m/%d/%Y %I:%M %p", datetime(2025, 12, 31, 22, 59)),
        ("2025-12-31 23:59", "%d.%m.%Y %H:%M", "bad"),
        ("31.12.2025 23:59 +0500", "%d.%m.%Y %H:%M %z", datetime(2025, 12, 31, 18, 59)),
        ("1767225540", "epoch_s", datetime(2025, 12, 31, 23, 59)),
        ("1767225540123", "epoch_ms", datetime(2025, 12, 31, 23, 59, 0, 123000)),
        ("17672255401234567890", "epoch_ms", "bad"),
        ("soon", "epoch_s", "bad"),
    ],
)
def test_a_date_format_is_heeded(
    taken: Taker, text: str, form: str, instant: object
) -> None:
    said = {"date_format": form, "time_zone": "Europe/Berlin"}
    assert first(taken, text, "created_at", **said) == instant


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("1980-04-30", None, date(1980, 4, 30)),
        ("1980-04-30T23:30:00-08:00", None, date(1980, 4, 30)),
        ("30.04.1980", "%d.%m.%Y", date(1980, 4, 30)),
        ("30.04.1980", None, "bad"),
    ],
)
def test_a_date_is_the_day_that_stands_there(
    taken: Taker, text: str, form: str | None, day: object
) -> None:
    assert first(taken, text, "date_of_birth", date_format=form) == day


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1234.5", ".", Decimal("1234.5")),
        ("-0.000001", ".", Decimal("-0.000001")),
        ("1.234,50", ",", Decimal("1234.5")),
        (" 7 ", ".", Decimal(7)),
        ("1,234.50", ".", "bad"),
        ("=1+2", ".", "bad"),
        ("7 EUR", ".", "bad"),
        ("NaN", ".", "bad"),
        ("1000000000000", ".", "bad"),
    ],
)
def test_decimals_are_exact(
    taken: Taker, text: str, decimal: str, number: object
) -> None:
    content = f'Order,Customer,Date,Amount\n1,C,2026-01-01,"{text}"\n'
    outcome = taken(content, decimal=decimal)
    if number == "bad":
        assert outcome.reasons == {"bad_amount": 1}
    else:
        assert outcome.rows[0]["amount"] == number


@pytest.mark.parametrize(
    ("text", "whole"), [("3", 3), ("3.0", 3), ("3.5", "bad"), ("-1", -1), ("x", "bad")]
)
def test_whole_numbers_are_not_rounded(taken: Taker, text: str, whole: object) -> None:
    columns = {"session_id": "id", "started_at": "at", "page_views": "n"}
    outcome = taken(
        f"id,at,n\n1,2026-01-01,{text}\n", entity="web_sessions", columns=columns
    )
    if whole == "bad":
        assert outcome.reasons == {"bad_page_views": 1}
    else:
        assert outcome.rows[0]["page_views"] == whole


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Yes", True),
        ("0", False),
        ("t", True),
        ("FALSE", False),
        ("", None),
        ("ja", "bad"),
    ],
)
def test_flags_are_words_that_are_known(taken: Taker, text: str, flag: object) -> None:
    assert first(taken, text, "has_consent") == flag


def test_values_are_told_in_the_words_of_the_warehouse(taken: Taker) -> None:
    assert first(taken, "ja", "has_consent", values={"ja": "true"}) is True


def test_codes_of_a_fixed_set_are_matched_without_case(taken: Taker) -> None:
    columns = {"ticket_id": "id", "created_at": "at", "status": "s"}
    content = "id,at,s\n1,2026-01-01,Solved\n2,2026-01-01,gelöst\n"
    outcome = taken(content, entity="tickets", columns=columns)
    assert [row["status"] for row in outcome.rows] == ["solved"]
    assert outcome.reasons == {"bad_status": 1}


def test_lists_are_split_or_json(taken: Taker) -> None:
    assert first(taken, "a@b.c; d@e.f;", "other_emails") == ["a@b.c", "d@e.f"]
    assert first(taken, "a|b", "other_emails", separator="|") == ["a", "b"]
    assert first(taken, '["a", "b"]', "other_emails") == ["a", "b"]


def test_ids_keep_their_zeros_and_lose_their_spaces(taken: Taker) -> None:
    content = "Order,Customer,Date,Amount\n 007 ,9007199254740993,2026-01-01,1\n"
    row = taken(content).rows[0]
    assert (row["order_id"], row["customer_id"]) == ("007", "9007199254740993")


def test_what_means_nothing_is_nothing(taken: Taker) -> None:
    content = "Order,Customer,Date,Amount\n1,N/A,2026-01-01,1\n2,,2026-01-01,1\n"
    rows = taken(content, null_values=["N/A"]).rows
    assert [row["customer_id"] for row in rows] == [None, None]


def test_constants_fill_a_column(taken: Taker) -> None:
    content = "Order,Customer,Date,Amount\n1,C,2026-01-01,1\n"
    row = taken(content, constants={"currency": "EUR", "is_test": "true"}).rows[0]
    assert (row["currency"], row["is_test"]) == ("EUR", True)


def test_columns_that_nobody_mapped_are_kept(taken: Taker) -> None:
    content = 'Order,Customer,Date,Amount,Gift "note"\n1,C,2026-01-01,1,"a, b"\n'
    assert taken(content).rows[0]["other"] == '{"Gift \\"note\\"":"a, b"}'
    assert "other" not in taken(content, keep_other_columns=False).rows[0]


def test_a_key_of_several_columns_has_no_two_readings(taken: Taker) -> None:
    columns = {"schedule_id": "a", "weekday": "b", "opens_at": "c", "closes_at": "d"}
    content = "a,b,c,d\nx:1,1,09:00,10:00\nx,1,1:09:00,10:00\n"
    rows = taken(content, entity="schedules", columns=columns).rows
    assert [row["key"] for row in rows] == ["x::1:1:09::00", "x:1:1::09::00"]


def test_parquet_keeps_types_and_ids_of_pandas_are_whole(
    taken: Taker, tmp_path: Path
) -> None:
    table = pa.table(
        {
            "Order": pa.array([17.0, None]),
            "Customer": pa.array([9007199254740993, 1], pa.int64()),
            "Date": pa.array(
                [datetime(2026, 7, 1, 10, tzinfo=UTC)] * 2, pa.timestamp("ns", "UTC")
            ),
            "Amount": pa.array([Decimal("1.10"), Decimal("2.20")]),
        }
    )
    path = tmp_path / "orders.parquet"
    pq.write_table(table, path)
    outcome = taken(path, "orders.parquet")
    (row,) = outcome.rows
    assert (row["order_id"], row["customer_id"]) == ("17", "9007199254740993")
    assert (row["ordered_at"], row["amount"]) == (
        datetime(2026, 7, 1, 10),
        Decimal("1.1"),
    )
    (bad,) = outcome.bad
    assert (bad.reason, bad.line) == ("missing_order_id", 2)


def test_times_of_parquet_without_a_zone_are_placed(
    taken: Taker, tmp_path: Path
) -> None:
    path = tmp_path / "orders.parquet"
    columns = {"Order": ["1"], "Customer": ["C"], "Amount": [1]}
    columns["Date"] = pa.array([datetime(2026, 7, 1, 10)], pa.timestamp("us"))
    pq.write_table(pa.table(columns), path)
    (row,) = taken(path, "orders.parquet", time_zone="Europe/Berlin").rows
    assert row["ordered_at"] == datetime(2026, 7, 1, 8)


def test_json_lines_reach_into_objects_and_keep_big_numbers(taken: Taker) -> None:
    content = (
        '{"o": {"id": 9007199254740993}, "c": "C", "at": "2026-01-01", "n": 1.5}\n'
        "\n"
        '{"o": {"id": "x"}, "at": "2026-01-01", "n": "2"}\n'
    )
    columns = {
        "order_id": "o.id",
        "customer_id": "c",
        "ordered_at": "at",
        "amount": "n",
    }
    rows = taken(content, "orders.jsonl", columns=columns).rows
    assert [row["order_id"] for row in rows] == ["9007199254740993", "x"]
    assert [row["amount"] for row in rows] == [Decimal("1.5"), Decimal(2)]
    assert '"id": 9007199254740993' in rows[0]["other"]
