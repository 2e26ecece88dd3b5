"""CSV files: the way of DuckDB for those that are well, line by line for the others.

Holds how a header leads to a delimiter, and the slow reading that says of every line
what is wrong with it. Does not hold what columns mean.
Tests: tests/ingestion/files/test_csv_files.py
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ingestion.files.conversions import LINE, PROBLEM, RAW, Relation, named, quoted
from ingestion.files.errors import BadFile
from ingestion.files.mapping import EntityMapping

DELIMITERS = (",", ";", "\t", "|")
# A record that is longer has an open quote somewhere.
MAX_LINES, MAX_CHARACTERS = 1000, 16 * 1024 * 1024
BATCH_ROWS, BATCH_CHARACTERS = 20_000, 16 * 1024 * 1024
_PIECE = 1024 * 1024
_UTF_8 = ("utf-8", "utf-8-sig")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
csv.field_size_limit(MAX_CHARACTERS)


@dataclass(frozen=True)
class Header:
    """How a CSV file is written, and the names in its first line."""

    encoding: str
    delimiter: str
    names: tuple[str, ...]


def read_header(path: Path, said: EntityMapping) -> Header:
    """The header of a file, once its delimiter is found.

    Raises:
        BadFile: It has none that gives the mapped columns.
    """
    encoding = _encoding(path, said)
    with _text(path, encoding) as file:
        first = file.readline(MAX_CHARACTERS)
        while first and not first.strip():
            first = file.readline(MAX_CHARACTERS)
    if not first.strip("\ufeff \t\r\n\0"):
        raise BadFile("empty_file", "there is no first line with names of columns")
    if "\0" in first:
        raise BadFile(
            "unknown_format", "the first line holds NUL: no CSV in this encoding"
        )
    candidates = list(DELIMITERS) if said.delimiter is None else [said.delimiter]
    splits = {mark: _split(first, mark, said.quote) for mark in candidates}
    wanted = set(said.file_columns)
    mark = max(candidates, key=lambda one: len(wanted & set(splits[one])))
    names = splits[mark]
    missing = [name for name in said.file_columns if name not in names]
    if missing:
        raise BadFile("missing_columns", _told(missing, first, candidates))
    twice = sorted({name for name in said.file_columns if names.count(name) > 1})
    if twice:
        raise BadFile("duplicate_columns", f"stands twice in it: {', '.join(twice)}")
    return Header(encoding, mark, _unique(names))


def _told(missing: list[str], first: str, candidates: list[str]) -> str:
    shown = first.strip()[:120]
    marks = " ".join("tab" if mark == "\t" else mark for mark in candidates)
    return (
        f"the header lacks {', '.join(missing)}; it reads {shown!r} "
        f"(delimiters tried: {marks})"
    )


def _encoding(path: Path, said: EntityMapping) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise BadFile("empty_file", "it has no bytes")
    return next(
        (name for mark, name in _BOMS.items() if start.startswith(mark)),
        codecs.lookup(said.encoding).name,
    )


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _split(line: str, mark: str, quote: str) -> list[str]:
    try:
        names = next(csv.reader([line], delimiter=mark, quotechar=quote), [])
    except csv.Error:
        names = line.rstrip("\r\n").split(mark)
    return [name.strip().lstrip("\ufeff") for name in names]


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names with a number where one stands again; DuckDB tells no upper from lower."""
    seen: set[str] = set()
    result = []
    for place, name in enumerate(names, start=1):
        unique, number = name or f"column {place}", 2
        while unique.lower() in seen:
            unique, number = f"{name or 'column'} {number}", number + 1
        seen.add(unique.lower())
        result.append(unique)
    return tuple(result)


def fast_relation(path: Path, header: Header, said: EntityMapping) -> Relation | None:
    """The file as DuckDB reads it, which refuses what is not quite right."""
    if header.encoding not in _UTF_8 or _has_nul(path):
        return None
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in header.names)
    sql = (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = true, "
        f"columns = {{{columns}}}, delim = {quoted(header.delimiter)}, "
        f"quote = {quoted(said.quote)}, escape = {quoted(said.quote)}, "
        f"nullstr = [{', '.join(map(quoted, said.nulls))}], strict_mode = true)"
    )
    columns_read = {name: named(name) for name in header.names}
    return Relation(sql, columns_read, {}, has_nulls=True)


def _has_nul(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\0" in piece for piece in iter(lambda: file.read(_PIECE), b""))


def line_relation(name: str, header: Header) -> Relation:
    """The batches of `line_batches`, registered under a name."""
    return Relation(name, {one: named(one) for one in header.names}, {}, has_lines=True)


def line_batches(
    path: Path, header: Header, said: EntityMapping
) -> pa.RecordBatchReader:
    """Every record of the file with its line; what is wrong with it is said, too."""
    names = [*header.names, LINE, RAW, PROBLEM]
    kinds = [*(pa.string() for _ in header.names), pa.int64(), pa.string(), pa.string()]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    width = len(header.names)

    def batches() -> Iterator[pa.RecordBatch]:
        rows: list[tuple[object, ...]] = []
        size = 0
        for record in _records(path, header, said.quote):
            problem = record.problem or record.misfit(width)
            values: Sequence[str | None] = [None] * width if problem else record.fields
            rows.append((*values, record.line, record.raw, problem))
            size += len(record.raw)
            if len(rows) >= BATCH_ROWS or size >= BATCH_CHARACTERS:
                yield _batch(rows, schema)
                rows, size = [], 0
        if rows:
            yield _batch(rows, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _batch(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [
        pa.array(list(values), kind.type)
        for values, kind in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


class _Lines:
    """Lines that can be given back, with their numbers."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self._size = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES or self._size > MAX_CHARACTERS:
            raise StopIteration
        line = (
            self._returned.popleft()
            if self._returned
            else self._file.readline(MAX_CHARACTERS)
        )
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        return line

    def done(self) -> tuple[int, str]:
        """First line and text of the record that was read."""
        start, raw = self.number + 1, "".join(self.taken)
        self.number += len(self.taken)
        self.taken, self._size = [], 0
        return start, raw

    def keep_first(self) -> tuple[int, str]:
        """The same for a record that is broken: all lines but its first go back."""
        self._returned.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]
        return self.done()


@dataclass(frozen=True)
class _Record:
    """Where a record begins, how it reads, its fields, and what is wrong with it."""

    line: int
    raw: str
    fields: list[str]
    problem: str | None

    def misfit(self, width: int) -> str | None:
        """What is wrong with a record that could be taken apart."""
        if len(self.fields) != width:
            return "ragged_row"
        return "nul_character" if "\0" in self.raw else None


def _records(path: Path, header: Header, quote: str) -> Iterator[_Record]:
    """Every record after the header; blank lines are none."""
    with _text(path, header.encoding) as file:
        # The header, before which blank lines may stand.
        found = itertools.dropwhile(
            lambda one: not any(field.strip("\ufeff ") for field in one.fields),
            _all_records(_Lines(file), header.delimiter, quote),
        )
        next(found, None)
        for record in found:
            if record.problem is not None or record.raw.strip():
                yield record


def _all_records(lines: _Lines, mark: str, quote: str) -> Iterator[_Record]:
    reader = _reader(lines, mark, quote)
    while True:
        fields, problem = _next_fields(reader)
        if not lines.taken:
            if problem == "bad_encoding":
                # It breaks off: nothing after this can be read.
                yield _Record(lines.number + 1, "", [], problem)
            return
        if problem is None:
            line, raw = lines.done()
        else:
            line, raw = lines.keep_first()
            reader = _reader(lines, mark, quote)
        raw = raw.rstrip("\r\n")
        if _is_broken(raw):
            raw, problem = _printable(raw), "bad_encoding"
        yield _Record(line, raw, fields, problem)


def _next_fields(reader: Iterator[list[str]]) -> tuple[list[str], str | None]:
    try:
        return next(reader), None
    except StopIteration:
        return [], "unclosed_quote"
    except csv.Error as error:
        return [], _problem_of(error)
    except UnicodeError:
        return [], "bad_encoding"


def _reader(lines: _Lines, mark: str, quote: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=mark, quotechar=quote, strict=True)


def _problem_of(error: csv.Error) -> str:
    text = str(error)
    if "expected after" in text:
        return "bad_quoting"
    if "NUL" in text:
        return "nul_character"
    return "unclosed_quote"


def _is_broken(text: str) -> bool:
    """Whether bytes in it are no text in the file's encoding."""
    if text.isascii():
        return False
    return any("\ud800" <= character <= "\udfff" for character in text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
