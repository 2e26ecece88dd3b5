"""Files as they come: each ends in rows taken plus rows explained."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingestion.files.conftest import Taker

HEADER = "Order,Customer,Date,Amount"
ROW = "1,C,2026-01-01,1"
PLAIN = f"{HEADER}\n{ROW}\n2,D,2026-01-02,2\n"
JSON = {"Order": "1", "Customer": "C", "Date": "2026-01-01", "Amount": 1}


def rows(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def parquet(**columns: object) -> bytes:
    table = {"Order": ["1"], "Customer": ["C"], "Date": ["2026-01-01"], "Amount": [1]}
    buffer = io.BytesIO()
    pq.write_table(pa.table({**table, **columns}), buffer)
    return buffer.getvalue()


def without(name: str) -> bytes:
    buffer = io.BytesIO()
    table = pa.table({"Order": ["1"], "Customer": ["C"], "Amount": [1]})
    pq.write_table(table, buffer)
    assert name not in table.column_names
    return buffer.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def lines(*records: object) -> bytes:
    return "\n".join(
        one if isinstance(one, str) else json.dumps(one) for one in records
    ).encode()


def many(count: int) -> bytes:
    return rows(*(f"{n},C,2026-01-01,{n}" for n in range(count)))


# What it is: name, content, how it is read, rows taken, bad rows by reason.
Case = tuple[str, bytes | Callable[[], bytes], dict[str, object], int, dict[str, int]]
CASES: dict[str, Case] = {
    # encodings and marks
    "plain": ("a.csv", PLAIN.encode(), {}, 2, {}),
    "utf-8 mark": ("a.csv", b"\xef\xbb\xbf" + PLAIN.encode(), {}, 2, {}),
    "utf-16 with mark": ("a.csv", PLAIN.encode("utf-16"), {}, 2, {}),
    "utf-16 declared": (
        *("a.csv", PLAIN.encode("utf-16-le"), {"encoding": "utf-16-le"}, 2, {}),
    ),
    "utf-16 undeclared": (
        *("a.csv", PLAIN.encode("utf-16-le"), {}, 0, {"unknown_format": 1}),
    ),
    "utf-16 cut off": (
        *("a.csv", PLAIN.encode("utf-16")[:-1], {}, 1, {"bad_encoding": 1}),
    ),
    "cp1252 declared": (
        *("a.csv", rows("1,Zoë,2026-01-01,1").replace("ë".encode(), b"\xeb")),
        *({"encoding": "cp1252"}, 1, {}),
    ),
    "cp1252 undeclared": (
        *("a.csv", rows(ROW, "2,Zo\xeb,2026-01-01,1").replace("ë".encode(), b"\xeb")),
        *({}, 1, {"bad_encoding": 1}),
    ),
    "half a character": (
        "a.csv",
        PLAIN.encode() + b"3,\xc3",
        {},
        2,
        {"bad_encoding": 1},
    ),
    # line ends and blank lines
    "windows ends": ("a.csv", PLAIN.replace("\n", "\r\n").encode(), {}, 2, {}),
    "mixed ends": ("a.csv", PLAIN.replace("\n2", "\r\n2").encode(), {}, 2, {}),
    "old mac ends": ("a.csv", PLAIN.replace("\n", "\r").encode(), {}, 2, {}),
    "no last end": ("a.csv", PLAIN.strip().encode(), {}, 2, {}),
    "blank lines": ("a.csv", rows("", ROW, "", ""), {}, 1, {}),
    "header only": ("a.csv", rows(), {}, 0, {}),
    "blank before header": ("a.csv", b"\n\n" + PLAIN.encode(), {}, 2, {}),
    # quoting
    "quotes": ("a.csv", rows('"1","C ""x"", y","2026-01-01","1"'), {}, 1, {}),
    "line in quotes": ("a.csv", rows('1,"a\nb",2026-01-01,1'), {}, 1, {}),
    "quote never closed": (
        *("a.csv", rows('1,"C,2026-01-01,1', "2,C,2026-01-01,1"), {}, 1),
        {"unclosed_quote": 1},
    ),
    "text after a quote": (
        *("a.csv", rows('1,"C"x,2026-01-01,1', ROW), {}, 1, {"bad_quoting": 1}),
    ),
    "inches": ("a.csv", rows('1,5" pipe,2026-01-01,1'), {}, 1, {}),
    "other quote": ("a.csv", rows("1,'a,b',2026-01-01,1"), {"quote": "'"}, 1, {}),
    # shape
    "too few": ("a.csv", rows(ROW, "2,C"), {}, 1, {"ragged_row": 1}),
    "too many": ("a.csv", rows(ROW + ",5", ROW), {}, 1, {"ragged_row": 1}),
    "unquoted delimiter": (
        "a.csv",
        rows("1,C,2026-01-01,1,50"),
        {},
        0,
        {"ragged_row": 1},
    ),
    "semicolons": ("a.csv", PLAIN.replace(",", ";").encode(), {}, 2, {}),
    "tabs": ("a.tsv", PLAIN.replace(",", "\t").encode(), {}, 2, {}),
    "wrong delimiter declared": (
        *("a.csv", PLAIN.encode(), {"delimiter": ";"}, 0, {"missing_columns": 1}),
    ),
    "delimiter changes": (
        *("a.csv", rows(ROW, "2;C;2026-01-01;1"), {}, 1, {"ragged_row": 1}),
    ),
    "duplicate header": (
        *("a.csv", rows("1,C,2026-01-01,1,2", header=HEADER + ",Amount"), {}, 0),
        {"duplicate_columns": 1},
    ),
    "duplicate unmapped": (
        *("a.csv", rows("1,C,2026-01-01,1,2,3", header=HEADER + ",x,X"), {}, 1, {}),
    ),
    "missing column": (
        *("a.csv", rows("1,C,1", header="Order,Customer,Amount"), {}, 0),
        {"missing_columns": 1},
    ),
    "no header": ("a.csv", f"{ROW}\n{ROW}\n".encode(), {}, 0, {"missing_columns": 1}),
    "header twice": (
        *("a.csv", rows(ROW, HEADER, "2,C,2026-01-01,1"), {}, 2, {"bad_amount": 1}),
    ),
    # values
    "mixed dates": (
        *("a.csv", rows(ROW, "2,C,31/12/2025,1", "3,C,12/31/25,1", "4,C,today,1")),
        *({}, 1, {"bad_ordered_at": 3}),
    ),
    "formulas": (
        *("a.csv", rows(ROW, "2,C,=TODAY(),1", "3,C,2026-01-01,=SUM(A1:A9)"), {}, 1),
        {"bad_amount": 1, "bad_ordered_at": 1},
    ),
    "formula in a text": ("a.csv", rows("1,=cmd|x,2026-01-01,1"), {}, 1, {}),
    "wrong types": ("a.csv", rows("1,C,2026-01-01,free"), {}, 0, {"bad_amount": 1}),
    "no id": ("a.csv", rows(" ,C,2026-01-01,1"), {}, 0, {"missing_order_id": 1}),
    "nul": ("a.csv", rows(ROW, "2,C\0,2026-01-01,1"), {}, 1, {"nul_character": 1}),
    "a megabyte in a cell": (
        *("a.csv", rows(f"1,{'x' * 1_000_000},2026-01-01,1"), {}, 1, {}),
    ),
    "three megabytes in a cell": (
        *("a.csv", rows(f"1,{'x' * 3_000_000},2026-01-01,1", ROW), {}, 2, {}),
    ),
    # no table at all
    "no bytes": ("a.csv", b"", {}, 0, {"empty_file": 1}),
    "blanks only": ("a.csv", b"\n  \n\n", {}, 0, {"empty_file": 1}),
    "an error page": (
        *("a.csv", b"<html><body>503</body></html>", {}, 0, {"missing_columns": 1}),
    ),
    "a spreadsheet": ("a.xlsx", zipped(("x", b"1")), {}, 0, {"unknown_format": 1}),
    "a picture called csv": (
        *("a.csv", b"\x89PNG\r\n\x1a\n\0\0", {}, 0, {"missing_columns": 1}),
    ),
    # packed
    "gzip": ("a.csv.gz", gzip.compress(PLAIN.encode()), {}, 2, {}),
    "gzip cut off": (
        *("a.csv.gz", gzip.compress(many(5000))[:-20], {}, 0, {"unreadable_file": 1}),
    ),
    "no gzip": ("a.csv.gz", PLAIN.encode(), {}, 0, {"unreadable_file": 1}),
    "gzip bomb": (
        *("a.csv.gz", lambda: gzip.compress(b"\0" * 300_000_000), {}, 0),
        {"expands_too_much": 1},
    ),
    "zip": ("a.zip", zipped(("a.csv", PLAIN.encode())), {}, 2, {}),
    "zip bomb": (
        *("a.zip", lambda: zipped(("a.csv", b"0" * 300_000_000)), {}, 0),
        {"expands_too_much": 1},
    ),
    "zip of two": (
        *("a.zip", zipped(("a.csv", b"x"), ("b.csv", b"y")), {}, 0),
        {"unknown_format": 1},
    ),
    "zip cut off": (
        *("a.zip", zipped(("a.csv", many(5000)))[:-30], {}, 0, {"unreadable_file": 1}),
    ),
    "zip with a path": ("a.zip", zipped(("../../a.csv", PLAIN.encode())), {}, 2, {}),
    # JSON Lines
    "json lines": ("a.jsonl", lines(JSON, {**JSON, "Order": "2"}), {}, 2, {}),
    "json with mark": ("a.jsonl", b"\xef\xbb\xbf" + lines(JSON), {}, 1, {}),
    "json cut off": (
        "a.jsonl",
        lines(JSON, '{"Order": "2", '),
        {},
        1,
        {"invalid_json": 1},
    ),
    "json array": ("a.jsonl", lines([JSON, JSON]), {}, 0, {"no_object": 1}),
    "json with text between": (
        *("a.jsonl", lines(JSON, "-- page 2 --", JSON), {}, 2, {"invalid_json": 1}),
    ),
    "json bad bytes": (
        *("a.jsonl", lines(JSON) + b'\n{"Order": "\xff"}', {}, 1, {"bad_encoding": 1}),
    ),
    "json lone surrogate": (
        *("a.jsonl", lines(JSON, '{"Order": "\\ud800"}'), {}, 1, {"bad_encoding": 1}),
    ),
    "json nul": (
        *("a.jsonl", lines(JSON, '{"Order": "\\u0000"}'), {}, 1, {"bad_encoding": 1}),
    ),
    "json too deep": (
        *("a.jsonl", lines(JSON, "[" * 100_000), {}, 1, {"invalid_json": 1}),
    ),
    "json other types": (
        *("a.jsonl", lines(JSON, {**JSON, "Amount": {"value": 1}}), {}, 1),
        {"bad_amount": 1},
    ),
    # Parquet
    "parquet": ("a.parquet", parquet(), {}, 1, {}),
    "parquet cut off": ("a.parquet", parquet()[:-9], {}, 0, {"unreadable_file": 1}),
    "parquet half": (
        *(
            "a.parquet",
            parquet()[:100] + parquet()[200:],
            {},
            0,
            {"unreadable_file": 1},
        ),
    ),
    "no parquet": ("a.parquet", PLAIN.encode(), {}, 0, {"unreadable_file": 1}),
    "parquet without column": (
        *("a.parquet", without("Date"), {}, 0, {"missing_columns": 1}),
    ),
    "parquet other types": (
        *("a.parquet", parquet(Amount=pa.array([[1]])), {}, 0, {"bad_amount": 1}),
    ),
    "parquet no number": (
        *("a.parquet", parquet(Amount=[float("nan")]), {}, 0, {"missing_amount": 1}),
    ),
}


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES.values(), ids=[*CASES])
def test_a_file_ends_in_rows_taken_plus_rows_explained(
    taken: Taker, case: Case
) -> None:
    name, made, said, count, reasons = case
    outcome = taken(made() if callable(made) else made, name, **said)
    assert (len(outcome.rows), outcome.reasons) == (count, reasons)
    for row in outcome.bad:
        assert row.detail or row.reason == "bad_encoding"
        assert "Traceback" not in row.detail


def test_a_file_in_a_bad_encoding_costs_only_its_bad_rows(
    taken: Taker, tmp_path: Path
) -> None:
    good = [f"{n},C,2026-01-01,1".encode() for n in range(30_000)]
    good[29_000] = b"x,\xff\xfe,2026-01-01,1"
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\n".join([HEADER.encode(), *good]))
    outcome = taken(path)
    assert len(outcome.rows) == 29_999
    (bad,) = outcome.bad
    assert (bad.reason, bad.line) == ("bad_encoding", 29_002)
    assert bad.detail == "x,\\xff\\xfe,2026-01-01,1"
