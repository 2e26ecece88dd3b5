from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.files.canonical import ENTITIES
from ingestion.files.csv_files import read_header
from ingestion.files.errors import BadFile
from ingestion.files.mapping import EntityMapping
from ingestion.files.taking import Terms, _connection, _Taking, take
from tests.ingestion.files.conftest import ORDERS, Taker

HEADER = "Order,Customer,Date,Amount"
SAID = msgspec.convert(ORDERS, EntityMapping)


def header_of(tmp_path: Path, text: str | bytes, **said: object) -> tuple[str, ...]:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    header = read_header(path, msgspec.convert({**ORDERS, **said}, EntityMapping))
    return (header.encoding, header.delimiter, *header.names)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_columns(
    tmp_path: Path, mark: str
) -> None:
    names = ["Order", "Customer", "Date", "Amount", "a b"]
    assert header_of(tmp_path, mark.join(names) + "\n") == ("utf-8", mark, *names)


def test_a_header_may_have_a_mark_blank_lines_and_quotes(tmp_path: Path) -> None:
    text = '\ufeff\n  \n"Order" ,"Customer","Date","Amount, net","Amount"\n'
    assert header_of(tmp_path, text) == (
        *("utf-8-sig", ",", "Order", "Customer", "Date", "Amount, net", "Amount"),
    )


def test_names_that_nobody_maps_may_stand_twice_or_be_empty(tmp_path: Path) -> None:
    text = HEADER + ",x,X,,x,\n"
    assert header_of(tmp_path, text)[6:] == ("x", "X 2", "column 7", "x 3", "column 9")


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("", "empty_file", "it has no bytes"),
        ("\n \n", "empty_file", "no first line"),
        ("Order,Date\n", "missing_columns", "lacks Customer, Amount"),
        (HEADER + ",Date\n", "duplicate_columns", "Date"),
        (b"O\0r\0d\0", "unknown_format", "NUL"),
    ],
)
def test_a_header_that_cannot_be_used_says_why(
    tmp_path: Path, text: str | bytes, reason: str, detail: str
) -> None:
    with pytest.raises(BadFile) as caught:
        header_of(tmp_path, text)
    assert caught.value.reason == reason
    assert detail in caught.value.detail


def test_lines_are_those_of_the_file_whatever_stands_in_between(taken: Taker) -> None:
    content = (
        f"{HEADER},Note\n"  # 1
        '1,C,2026-01-01,1,"two\nlines"\n'  # 2, 3
        "\n"  # 4
        "2,C,2026-01-01,bad,\n"  # 5
        '3,C,"2026-01-01,1,\n'  # 6: a quote that never ends
        "4,C,2026-01-01,1,\r\n"  # 7
        "5,C\n"  # 8
    )
    outcome = taken(content)
    assert [row["order_id"] for row in outcome.rows] == ["1", "4"]
    assert [(row.line, row.reason) for row in outcome.bad] == [
        (5, "bad_amount"),
        (6, "unclosed_quote"),
        (8, "ragged_row"),
    ]
    assert outcome.bad[0].detail == "2,C,2026-01-01,bad,"


def test_an_open_quote_costs_one_line_of_many(taken: Taker) -> None:
    lines = [f"{n},C,2026-01-01,1" for n in range(5000)]
    lines[10] = '10,"C,2026-01-01,1'
    outcome = taken("\n".join([HEADER, *lines]))
    assert len(outcome.rows) == 4999
    assert [(row.line, row.reason) for row in outcome.bad] == [(12, "unclosed_quote")]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", " 2", "", '"a""b"', "ä", "9007199254740993"]),
            st.sampled_from(["C", "", '"a\nb"', '"a,b"', "a b", 'in"side', "\0", '"']),
            st.sampled_from(["2026-01-01", "", "2026-01-01T10:00Z", "x"]),
            st.sampled_from(["1", "1.5", "", "1e3", "x", "1,1", '"2"']),
        ),
        max_size=5,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_fast_reading_takes_the_slow_one_takes_too(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], end: str
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "orders.csv"
    lines = [HEADER, *(",".join(row) for row in rows)]
    path.write_bytes((end.join(lines) + end).encode())
    fast = take(path, "orders.csv", Terms(ENTITIES["orders"], SAID), folder / "fast")
    with _connection(folder) as connection:
        slow_folder = folder / "slow"
        slow_folder.mkdir()
        terms = Terms(ENTITIES["orders"], SAID)
        slow = _Taking(connection, path, terms, slow_folder).run_by_line("csv")
    assert (fast.rows, fast.reasons) == (slow.rows, slow.reasons)
    if fast.path and slow.path:
        difference = duckdb.sql(
            f"(FROM '{fast.path}' EXCEPT ALL FROM '{slow.path}') UNION ALL "
            f"(FROM '{slow.path}' EXCEPT ALL FROM '{fast.path}')"
        )
        assert difference.fetchall() == []
