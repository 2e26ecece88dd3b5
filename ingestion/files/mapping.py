"""A team's mapping: which columns of which files are what.

Holds the shape of `mapping.yaml` and all that can be wrong with it. Does not hold the
entities (entities.py) nor any reading of data.
Tests: tests/ingestion/files/test_file_mapping.py
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from ingestion.errors import SourceError
from ingestion.files.canonical import ENTITIES
from ingestion.files.entities import Entity, Kind

FILE_NAME = "mapping.yaml"
FORMATS = ("csv", "parquet", "jsonl")


class BadMapping(SourceError):
    """The mapping of a file source cannot be used; says which line of it and why."""


class ColumnMapping(msgspec.Struct, forbid_unknown_fields=True):
    """Where the values of one column come from.

    Attributes:
        column: Name in the file; for JSON, `a.b` is the field `b` of the object `a`.
        date_format: How dates or times are written, as in `%d.%m.%Y %H:%M`; ISO 8601
            where nothing is said. `epoch_s` and `epoch_ms` count from 1970.
        time_zone: IANA name; of times that carry no offset themselves.
        decimal: The mark before decimals; `,` also takes `.` for thousands.
        separator: What stands between the texts of a list.
        values: Words of the file to words of the warehouse; others stay as they are.
    """

    column: str
    date_format: str | None = None
    time_zone: str | None = None
    decimal: Literal[".", ","] | None = None
    separator: str | None = None
    values: dict[str, str] = {}


class EntityMapping(msgspec.Struct, forbid_unknown_fields=True):
    """The files of one entity, and how they are read.

    Attributes:
        files: Pattern of their names, with `*` and `?`, below the folder.
        columns: Column of the warehouse to column of the file.
        constants: Column of the warehouse to the value of every row.
        key: Columns of the warehouse that name a record, where not the usual ones.
        cursor: The column that dates a row's last change, where not the usual one.
        format: Of the files; by their names where nothing is said.
        mode: `incremental` files add to what is known; of `snapshot` files, the last
            ones are all there is.
        delimiter, quote, encoding: Of CSV files; the delimiter is found by the header.
        date_format, time_zone, decimal, separator: For all columns that say nothing.
        null_values: Texts that mean that there is no value, beside the empty one.
        keep_other_columns: Whether unmapped columns are kept, as JSON in `other`.
    """

    files: str
    columns: dict[str, str | ColumnMapping]
    constants: dict[str, str] = {}
    key: list[str] | None = None
    cursor: str | None = None
    format: Literal["csv", "parquet", "jsonl"] | None = None
    mode: Literal["incremental", "snapshot"] = "incremental"
    delimiter: str | None = None
    quote: str = '"'
    encoding: str = "utf-8"
    date_format: str | None = None
    time_zone: str | None = None
    decimal: Literal[".", ","] = "."
    separator: str = ";"
    null_values: tuple[str, ...] = ()
    keep_other_columns: bool = True

    def of(self, name: str) -> ColumnMapping:
        """What is said of a mapped column, with what is said of all.

        Raises:
            KeyError: Nothing is said of it.
        """
        said = self.columns[name]
        if isinstance(said, str):
            said = ColumnMapping(said)
        return ColumnMapping(
            said.column,
            said.date_format or self.date_format,
            said.time_zone or self.time_zone or "UTC",
            said.decimal or self.decimal,
            said.separator or self.separator,
            said.values,
        )

    @property
    def nulls(self) -> tuple[str, ...]:
        """All texts that mean that there is no value."""
        return tuple(dict.fromkeys(("", *self.null_values)))

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns that the files must have."""
        return tuple(dict.fromkeys(self.of(name).column for name in self.columns))

    def key_of(self, entity: Entity) -> tuple[str, ...]:
        """The columns that name a record, of those that the files have."""
        named = self.key or [
            name
            for name in entity.key
            if name in self.columns or name in self.constants
        ]
        # An id of its own is enough.
        own = entity.key[0]
        return (
            (own,)
            if own in named and not entity.column(own).is_required
            else tuple(named)
        )

    def cursor_of(self, entity: Entity) -> str | None:
        """The column that dates a row's last change, if the files have one."""
        if self.cursor is not None:
            return self.cursor
        return next((name for name in entity.cursor if name in self.columns), None)

    def fingerprint(self) -> str:
        """A digest of all that decides what rows a file becomes."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class Mapping(msgspec.Struct, forbid_unknown_fields=True):
    """One file source.

    Attributes:
        entities: What it brings.
        location: Folder or bucket of the files; where the mapping is, if empty.
        time_zone: Of times that carry no offset; for all entities.
        expected_every: How often files come, such as `24h` or `7d`; a source that says
            so is required, and goes stale after twice that time. Empty for exports that
            were made once.
        complete_to: All that happened until then is in the files; when the newest of
            them was written, where nothing is said.
        owner: The team that acts when it fails.
    """

    entities: dict[str, EntityMapping]
    location: str | None = None
    time_zone: str | None = None
    expected_every: str | None = None
    complete_to: str | None = None
    owner: str | None = None

    @property
    def interval(self) -> timedelta | None:
        """How often files come."""
        return None if self.expected_every is None else _interval(self.expected_every)

    @property
    def known_to(self) -> datetime | None:
        """`complete_to` as an instant."""
        return None if self.complete_to is None else _instant(self.complete_to)


def read_mapping(source: str, path: Path) -> Mapping:
    """Read and judge a mapping.

    Raises:
        BadMapping: It cannot be used; all that is wrong is named at once.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, Loader=_OnceLoader)  # noqa: S506  (makes texts only)
        mapping = msgspec.convert(content, type=Mapping, strict=False)
    except FileNotFoundError:
        raise _bad(source, path, ["there is no such file"]) from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise _bad(source, path, [" ".join(str(error).split())]) from None
    except msgspec.ValidationError as error:
        raise _bad(source, path, [str(error)]) from None
    problems = list(_problems(mapping))
    if problems:
        raise _bad(source, path, problems)
    for one in mapping.entities.values():
        one.time_zone = one.time_zone or mapping.time_zone
    return mapping


def _bad(source: str, path: Path, problems: list[str]) -> BadMapping:
    return BadMapping(
        source,
        "the mapping cannot be used: " + "; ".join(problems),
        str(path),
        "Correct it; `cx files template ENTITY` shows one that works, and "
        "`cx files check FOLDER` says what it would take.",
    )


class _OnceLoader(yaml.BaseLoader):
    """Takes every value as the text that stands there: a column may be called `No`.

    Refuses a name that is given twice, of which YAML would keep the last.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """The mapping, once no name of it stands twice."""
        names: set[object] = set()
        for name_node, _ in node.value:
            name = self.construct_object(name_node, deep=True)
            if name in names:
                raise yaml.constructor.ConstructorError(
                    problem=f"{name!r} stands twice", problem_mark=name_node.start_mark
                )
            names.add(name)
        return super().construct_mapping(node, deep)


def _problems(mapping: Mapping) -> Iterator[str]:
    if not mapping.entities:
        yield "it names no entity"
    if mapping.time_zone is not None:
        yield from _zone_problems("time_zone", mapping.time_zone)
    if mapping.expected_every is not None and _interval(mapping.expected_every) is None:
        yield f"expected_every {mapping.expected_every!r} is no time such as 24h or 7d"
    if mapping.complete_to is not None and _instant(mapping.complete_to) is None:
        yield f"complete_to {mapping.complete_to!r} is no instant with a time zone"
    for name, said in mapping.entities.items():
        entity = ENTITIES.get(name)
        if entity is None:
            known = ", ".join(ENTITIES)
            yield f"{name} is no entity; those are: {known}"
            continue
        for problem in _entity_problems(entity, said):
            yield f"{name}: {problem}"


def _entity_problems(entity: Entity, said: EntityMapping) -> Iterator[str]:
    known = {column.name for column in entity.columns}
    given = {*said.columns, *said.constants}
    for name in sorted(given - known):
        yield f"{name} is no column of {entity.name}"
    for name in sorted(set(said.columns) & set(said.constants)):
        yield f"{name} is both a column and a constant"
    for name in entity.required:
        if name not in given:
            yield f"{name} is missing; it must come from a column or be a constant"
    for name in sorted(set(said.columns) & known):
        yield from _column_problems(entity, name, said.of(name))
    yield from _key_problems(entity, said, given & known)
    yield from _csv_problems(said)


def _key_problems(
    entity: Entity, said: EntityMapping, given: set[str]
) -> Iterator[str]:
    for name in (*(said.key or ()), *filter(None, [said.cursor])):
        if name not in given:
            yield f"{name} is used as key or cursor, but comes from no column"
    if said.cursor in given and entity.column(said.cursor).kind is not Kind.INSTANT:
        yield f"cursor {said.cursor} holds no instants"


def _csv_problems(said: EntityMapping) -> Iterator[str]:
    for name, mark in (("delimiter", said.delimiter), ("quote", said.quote)):
        if mark is not None and len(mark) != 1:
            yield f"{name} {mark!r} is not one character"
    yield from _encoding_problems(said.encoding)


def _column_problems(entity: Entity, name: str, said: ColumnMapping) -> Iterator[str]:
    column = entity.column(name)
    if not said.column.strip():
        yield f"{name} comes from a column without a name"
    if said.time_zone is not None:
        yield from _zone_problems(f"time_zone of {name}", said.time_zone)
    for value in said.values.values():
        if column.values and value not in column.values:
            yield f"{name} cannot be {value!r}, only {', '.join(column.values)}"
    form = said.date_format
    if form is not None and not form.startswith("epoch_") and "%" not in form:
        yield f"date_format {form!r} of {name} has no %, as %d.%m.%Y has"


def _zone_problems(where: str, name: str) -> Iterator[str]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"{where} {name!r} is no IANA name such as Europe/Berlin"


def _encoding_problems(name: str) -> Iterator[str]:
    try:
        codecs.lookup(name)
    except LookupError:
        yield f"encoding {name!r} is not known; utf-8, utf-16 and cp1252 are"


def _interval(text: str) -> timedelta | None:
    match = re.fullmatch(r"([1-9][0-9]{0,4})([hd])", text.strip())
    if match is None:
        return None
    number = int(match[1])
    return timedelta(hours=number) if match[2] == "h" else timedelta(days=number)


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
