"""Taking one file: its good rows as Parquet, the others with a reason.

Holds the choice between the fast and the slow reading, and the split of good and bad
rows. Rows are never in Python as long as a file is well. Does not hold which files
there are (folders.py), nor the lake.
Tests: tests/ingestion/files/test_taking.py, test_bad_files.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion.files import csv_files, record_files
from ingestion.files.conversions import LINE, RAW, REASON, Relation, quoted, typed_sql
from ingestion.files.entities import Entity
from ingestion.files.errors import BadFile
from ingestion.files.mapping import EntityMapping
from ingestion.files.packed_files import unpacked

MEMORY_LIMIT = "500MB"
_BATCH = 20_000
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_COPY = "(FORMAT parquet, COMPRESSION lz4_raw)"


@dataclass(frozen=True)
class BadRow:
    """A row, or a whole file, that was not taken.

    Attributes:
        reason: A word for it.
        line: Where it stands; None for the whole file.
        detail: The row as it reads, or what is wrong with the file.
    """

    reason: str
    line: int | None
    detail: str


@dataclass
class Taken:
    """What became of one file.

    Attributes:
        rows: Rows that were taken.
        bad_rows: Rows that were not; a file of which none can be taken counts as one.
        path: Parquet with the good rows; None where there are none.
        reasons: Bad rows by reason.
    """

    rows: int = 0
    bad_rows: int = 0
    path: Path | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    _bad_path: Path | None = None
    _bad_file: BadRow | None = None

    def rejects(self) -> Iterator[list[BadRow]]:
        """The bad rows, in batches of bounded size, in the order of the file."""
        if self._bad_file is not None:
            yield [self._bad_file]
        if self._bad_path is None:
            return
        with closing(_connection(self._bad_path.parent)) as connection:
            cursor = connection.execute(
                f"SELECT {REASON}, {LINE}, {RAW} FROM "
                f"read_parquet({quoted(str(self._bad_path))}) ORDER BY {LINE}"
            )
            while rows := cursor.fetchmany(_BATCH):
                yield [BadRow(*row) for row in rows]


@dataclass(frozen=True)
class Terms:
    """What the rows of a file are, and how they are read.

    Attributes:
        entity: What a row is.
        said: How it is read.
        number: Which file of its load it is; each row says so.
    """

    entity: Entity
    said: EntityMapping
    number: int = 0


def take(path: Path, name: str, terms: Terms, folder: Path) -> Taken:
    """Turn a file into typed rows; never raises for what the file holds.

    Args:
        path: The file on this machine.
        name: What the team calls it; its ending tells the format.
        terms: What its rows are.
        folder: Where results and what is in between may be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        inner, inner_name = unpacked(path, name, folder)
        kind = terms.said.format or _SUFFIXES.get(Path(inner_name).suffix.lower())
        if kind is None:
            raise BadFile(
                "unknown_format",
                f"{inner_name!r} ends like no CSV, Parquet or JSON Lines file; say "
                "which it is by `format`",
            )
        if not inner.stat().st_size:
            raise BadFile("empty_file", "it has no bytes")
        with closing(_connection(folder)) as connection:
            return _Taking(connection, inner, terms, folder).run(kind)
    except BadFile as error:
        return Taken(
            bad_rows=1,
            reasons={error.reason: 1},
            _bad_file=BadRow(error.reason, None, error.detail),
        )


def _connection(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spill")}
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


class _Taking:
    """The steps for one file that is there and unpacked."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        terms: Terms,
        folder: Path,
    ) -> None:
        self._connection = connection
        self._path = path
        self._terms = terms
        self._said = terms.said
        self._all = folder / "all.parquet"
        self._good = folder / "good.parquet"
        self._bad = folder / "bad.parquet"

    def run(self, kind: str) -> Taken:
        """Take the file, the fast way if that finds nothing amiss."""
        if kind == "parquet":
            return self._run_parquet()
        fast = self._fast_relation(kind)
        if fast is not None and self._is_all_well(fast):
            rows = self._count("")
            return Taken(rows, path=self._all if rows else None)
        return self.run_by_line(kind)

    def run_by_line(self, kind: str) -> Taken:
        """Take the file line by line, so that every bad row is known by its line."""
        if kind == "jsonl":
            batches = record_files.json_batches(self._path)
            relation = record_files.json_line_relation("batches", self._said)
        else:
            header = csv_files.read_header(self._path, self._said)
            batches = csv_files.line_batches(self._path, header, self._said)
            relation = csv_files.line_relation("batches", header)
        self._connection.register("batches", batches)
        self._copy(relation)
        return self._split()

    def _run_parquet(self) -> Taken:
        relation = record_files.parquet_relation(
            self._connection, self._path, self._said
        )
        try:
            self._copy(relation)
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, UnicodeDecodeError) as error:
            # The footer is whole, and pages are not.
            raise record_files.unreadable(error) from None
        return self._split()

    def _fast_relation(self, kind: str) -> Relation | None:
        if kind == "jsonl":
            return record_files.fast_json_relation(self._path, self._said)
        header = csv_files.read_header(self._path, self._said)
        return csv_files.fast_relation(self._path, header, self._said)

    def _is_all_well(self, relation: Relation) -> bool:
        """Whether the fast reading found nothing amiss."""
        try:
            self._copy(relation)
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, UnicodeDecodeError):
            return False
        return not self._count(f"WHERE {REASON} IS NOT NULL")

    def _copy(self, relation: Relation) -> None:
        terms = self._terms
        query = typed_sql(terms.entity, terms.said, relation, terms.number)
        self._connection.execute(f"COPY ({query}) TO {quoted(str(self._all))} {_COPY}")

    def _split(self) -> Taken:
        source = f"read_parquet({quoted(str(self._all))})"
        reasons = self._connection.execute(
            f"SELECT {REASON}, count(*) FROM {source} "
            f"WHERE {REASON} IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
        bad = sum(count for _, count in reasons)
        good = self._count("") - bad
        if good:
            self._connection.execute(
                f"COPY (SELECT * EXCLUDE ({LINE}, {RAW}) FROM {source} "
                f"WHERE {REASON} IS NULL) TO {quoted(str(self._good))} {_COPY}"
            )
        if bad:
            self._connection.execute(
                f"COPY (SELECT {REASON}, {LINE}, {RAW} FROM {source} "
                f"WHERE {REASON} IS NOT NULL) TO {quoted(str(self._bad))} {_COPY}"
            )
        return Taken(
            good,
            bad,
            self._good if good else None,
            dict(reasons),
            self._bad if bad else None,
        )

    def _count(self, condition: str) -> int:
        found = self._connection.execute(
            f"SELECT count(*) FROM read_parquet({quoted(str(self._all))}) {condition}"
        ).fetchall()
        return int(found[0][0])


def reject_body(file: str, row: BadRow) -> bytes:
    """A bad row as quarantine keeps it: file, line, and the row as it reads."""
    return json.dumps(
        {"file": file, "line": row.line, "row": row.detail}, ensure_ascii=False
    ).encode("utf-8", "backslashreplace")
