"""From the texts of a file to typed columns, in SQL.

Holds one expression per kind of value and the query that applies them to a whole file.
A value that cannot be read gives its row a reason; no row is dropped in here. Does not
hold how a file becomes a relation of raw columns (csv_files.py and its siblings).
Tests: tests/ingestion/files/test_conversions.py
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from ingestion.files.entities import Column, Entity, Kind
from ingestion.files.mapping import ColumnMapping, EntityMapping

# What else a row of a relation may say of itself: where it stands in its file, how it
# reads there, and why it could not even be taken apart.
LINE, RAW, PROBLEM = "_line", "_raw", "_problem"
KEY, CURSOR, OTHER = "key", "cursor_at", "other"
FILE_NUMBER, REASON = "file_number", "reason"
_FLOATING = ("DOUBLE", "FLOAT")
_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")
# Wider decimals are reckoned in 128 bits, a hundred times slower.
_EXACT = "DECIMAL(18, 6)"

_ARROW_TYPES = {
    Kind.ID: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.LIST: pa.list_(pa.field("element", pa.string())),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 6),
    Kind.BOOLEAN: pa.bool_(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.DATE: pa.date32(),
}


@dataclass(frozen=True)
class Relation:
    """A file as DuckDB sees it.

    Attributes:
        sql: What can stand after FROM.
        columns: Name of each column in the file to the expression that reads it.
        types: Name to DuckDB type, where that is not text.
        record: The whole record as JSON, for formats that have one.
        has_lines: Whether LINE, RAW and PROBLEM are there.
        has_nulls: Whether what means that there is no value is NULL already.
    """

    sql: str
    columns: dict[str, str]
    types: dict[str, str]
    record: str | None = None
    has_lines: bool = False
    has_nulls: bool = False


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as SQL takes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def typed_sql(
    entity: Entity, said: EntityMapping, relation: Relation, file_number: int
) -> str:
    """The query that gives the columns of `columns_of`.

    LINE and RAW come along where the relation has them; RAW only of rows with a reason.
    """
    mapped = [column for column in entity.columns if column.name in said.columns]
    constant = [column for column in entity.columns if column.name in said.constants]
    raws, values = [], []
    for column in mapped:
        source = said.of(column.name)
        kind = relation.types.get(source.column, "VARCHAR")
        raw = named(f"raw {column.name}")
        raws.append(f"{_raw(relation, source, kind, said)} AS {raw}")
        values.append(f"{_value(column, source, raw, kind)} AS {named(column.name)}")
    for column in constant:
        text = quoted(said.constants[column.name])
        value = _value(column, ColumnMapping(""), text, "VARCHAR")
        values.append(f"{value} AS {named(column.name)}")
    if said.keep_other_columns:
        raws.append(f"{_other(said, relation)} AS {OTHER}")
    kept = [LINE, RAW, PROBLEM] if relation.has_lines else []
    written = {KEY: _key(entity, said), CURSOR: named(said.cursor or "")}
    shown = [
        f"{written[name]} AS {name}"
        if name in written
        else f"CAST({file_number} AS INTEGER) AS {name}"
        if name == FILE_NUMBER
        else named(name)
        for name in columns_of(entity, said)
    ]
    raw_row = f"CASE WHEN {REASON} IS NOT NULL THEN {RAW} END AS {RAW}"
    shown += [LINE, raw_row] if kept else []
    return (
        "WITH raws AS NOT MATERIALIZED ("
        f"SELECT {', '.join([*raws, *kept])} FROM {relation.sql}), "
        f"typed AS NOT MATERIALIZED (SELECT *, {', '.join(values)} FROM raws), "
        "judged AS NOT MATERIALIZED ("
        f"SELECT *, {_reason(entity, mapped, bool(kept))} AS {REASON} FROM typed) "
        f"SELECT {', '.join(shown)} FROM judged"
    )


def columns_of(entity: Entity, said: EntityMapping) -> dict[str, pa.DataType]:
    """The columns that the files of a mapping have in the lake, in order.

    Those that come from the files or are constants, and no others: a column of which
    every value is missing takes as long to write as any. KEY and CURSOR are there where
    they are not the usual ones.
    """
    given = {*said.columns, *said.constants}
    columns = {
        column.name: _ARROW_TYPES[column.kind]
        for column in entity.columns
        if column.name in given
    }
    if said.key_of(entity) != entity.key[:1]:
        columns[KEY] = pa.string()
    if said.cursor is not None:
        columns[CURSOR] = _ARROW_TYPES[Kind.INSTANT]
    if said.keep_other_columns:
        columns[OTHER] = pa.string()
    return {**columns, FILE_NUMBER: pa.int32(), REASON: pa.string()}


def _key(entity: Entity, said: EntityMapping) -> str:
    parts = ", ".join(
        f"coalesce(replace({_as_text(entity.column(name))}, ':', '::'), '')"
        for name in said.key_of(entity)
    )
    return f"concat_ws(':', {parts})"


def _as_text(column: Column) -> str:
    return f"CAST({named(column.name)} AS VARCHAR)"


def _raw(
    relation: Relation, source: ColumnMapping, kind: str, said: EntityMapping
) -> str:
    """The raw value; NULL for what means that there is none."""
    value = relation.columns[source.column]
    if kind in _FLOATING:
        # What pandas writes for a value that is missing.
        return f"CASE WHEN NOT isnan({value}) THEN {value} END"
    if kind != "VARCHAR":
        return value
    if not relation.has_nulls:
        for text in said.nulls:
            value = f"nullif({value}, {quoted(text)})"
    return value


def _value(column: Column, said: ColumnMapping, raw: str, kind: str) -> str:
    """The typed value of a raw one, NULL where it cannot be read."""
    if column.kind is Kind.LIST:
        return _list(said, raw, kind)
    if column.kind in (Kind.INSTANT, Kind.DATE):
        return _instant(said, raw, kind, column.kind)
    text = _text(raw, kind)
    if said.values:
        cases = " ".join(
            f"WHEN {quoted(old)} THEN {quoted(new)}" for old, new in said.values.items()
        )
        text = f"CASE {text} {cases} ELSE {text} END"
    number = _number(said, text)
    return {
        Kind.ID: _trimmed(text),
        Kind.TEXT: f"nullif({text}, '')" if said.values else text,
        Kind.CODE: _code(column, text),
        Kind.BOOLEAN: (
            f"CASE WHEN lower(trim({text})) IN {_TRUE} THEN true "
            f"WHEN lower(trim({text})) IN {_FALSE} THEN false END"
        ),
        Kind.INTEGER: f"CASE WHEN {number} % 1 = 0 THEN CAST({number} AS BIGINT) END",
        Kind.DECIMAL: number,
    }[column.kind]


def _text(raw: str, kind: str) -> str:
    if kind == "VARCHAR":
        return raw
    if kind in _FLOATING:
        # Whole numbers that pass through floating point, as ids of pandas do.
        whole = f"{raw} = trunc({raw}) AND abs({raw}) <= 9007199254740992"
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({raw} AS BIGINT) AS VARCHAR) "
            f"WHEN isfinite({raw}) THEN CAST({raw} AS VARCHAR) END"
        )
    if kind == "BLOB":
        return f"decode({raw})"
    return f"CAST({raw} AS VARCHAR)"


def _trimmed(text: str) -> str:
    # Asked first, because trim itself takes three times as long. Only blanks are empty
    # here: an empty text is NULL in every relation.
    trimmed = f"nullif(trim({text}), '')"
    return f"CASE WHEN contains({text}, ' ') THEN {trimmed} ELSE {text} END"


def _code(column: Column, text: str) -> str:
    if not column.values:
        return _trimmed(text)
    cases = " ".join(
        f"WHEN {quoted(value.lower())} THEN {quoted(value)}" for value in column.values
    )
    return f"CASE lower(trim({text})) {cases} END"


def _number(said: ColumnMapping, text: str) -> str:
    if said.decimal == ",":
        text = f"replace(replace(trim({text}), '.', ''), ',', '.')"
    return f"try_cast({text} AS {_EXACT})"


def _list(said: ColumnMapping, raw: str, kind: str) -> str:
    if kind.endswith("[]"):
        parts = f"CAST({raw} AS VARCHAR[])"
    else:
        text = _text(raw, kind)
        split = f"string_split({text}, {quoted(said.separator or ';')})"
        parts = (
            f"CASE WHEN starts_with(ltrim({text}), '[') "
            f"THEN try(from_json({text}, '[\"VARCHAR\"]')) ELSE {split} END"
        )
    trimmed = f"list_transform({parts}, lambda part: trim(part))"
    return f"list_filter({trimmed}, lambda part: part <> '')"


def _instant(said: ColumnMapping, raw: str, kind: str, wanted: Kind) -> str:
    """A TIMESTAMP in UTC, or a DATE."""
    zone = said.time_zone or "UTC"
    form = said.date_format
    local: str | None = None
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        aware = raw
    elif kind.startswith("TIMESTAMP") or kind == "DATE":
        local = f"CAST({raw} AS TIMESTAMP)"
        aware = ""
    elif form in ("epoch_s", "epoch_ms"):
        return _in_utc(_counted(_text(raw, kind), form), wanted)
    elif form is not None:
        parsed = f"try_strptime({_text(raw, kind)}, {quoted(form)})"
        if "%z" in form or "%Z" in form:
            aware = parsed
        else:
            local, aware = parsed, ""
    else:
        return _iso(_text(raw, kind), zone, wanted)
    if local is not None:
        if wanted is Kind.DATE:
            return f"CAST({local} AS DATE)"
        return _in_utc(local if zone == "UTC" else _naive(_placed(local, zone)), wanted)
    return _in_utc(_naive(aware), wanted)


def _counted(text: str, form: str) -> str:
    # A double holds every microsecond until the year 2255.
    micros = f"try_cast({text} AS DOUBLE) * {1_000_000 if form == 'epoch_s' else 1000}"
    is_dated = f"abs({micros}) < 9e15"
    return f"CASE WHEN {is_dated} THEN make_timestamp(CAST({micros} AS BIGINT)) END"


def _iso(text: str, zone: str, wanted: Kind) -> str:
    if wanted is Kind.DATE:
        # Of a time, its day as it stands there.
        day = f"try_cast({text} AS DATE)"
        return f"CASE WHEN {_is_dated(text)} THEN {day} END"
    # A cast to TIMESTAMP reads `Z`, but passes over any other offset.
    aware = _naive(f"try_cast({text} AS TIMESTAMPTZ)")
    local = f"try_cast({text} AS TIMESTAMP)"
    # Neither reads `10:00Z`, without seconds.
    without_z = f"try_cast(rtrim({text}, 'Z') AS TIMESTAMP)"
    rest = f"substr({text}, 11)"
    has_offset = f"contains({rest}, '+') OR contains({rest}, '-')"
    if zone != "UTC":
        has_offset += f" OR suffix({rest}, 'Z')"
        aware = f"coalesce({aware}, {without_z})"
        placed = _naive(_placed(local, zone))
    else:
        placed = f"coalesce({local}, {without_z})"
    # The most usual form, with seconds and no more, is spared the questions.
    is_plain = f"strlen({text}) = 19 AND substr({text}, 17, 1) = ':'"
    return (
        f"CASE WHEN {is_plain} THEN {local if zone == 'UTC' else placed} "
        f"WHEN NOT {_is_dated(text)} THEN NULL "
        f"WHEN {has_offset} THEN {aware} ELSE {placed} END"
    )


def _is_dated(text: str) -> str:
    """Words such as `infinity` are no dates, nor years before Christ."""
    return f"(left(ltrim({text}), 1) BETWEEN '0' AND '9' AND NOT contains({text}, '('))"


def _placed(local: str, zone: str) -> str:
    return f"{local} AT TIME ZONE {quoted(zone)}"


def _naive(aware: str) -> str:
    # Faster than AT TIME ZONE 'UTC', which asks a calendar.
    return f"make_timestamp(epoch_us({aware}))"


def _in_utc(expression: str, wanted: Kind) -> str:
    return f"CAST({expression} AS DATE)" if wanted is Kind.DATE else expression


def _other(said: EntityMapping, relation: Relation) -> str:
    """What no column of the warehouse takes, as JSON."""
    nothing = "CAST(NULL AS VARCHAR)"
    if relation.record is not None:
        return relation.record
    rest = [name for name in relation.columns if name not in said.file_columns]
    if not rest:
        return nothing
    fields = ", ".join(f"{quoted(name)}: {relation.columns[name]}" for name in rest)
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"


def _reason(entity: Entity, mapped: list[Column], has_problem: bool) -> str:
    cases = [f"WHEN {PROBLEM} IS NOT NULL THEN {PROBLEM}"] if has_problem else []
    for column in mapped:
        raw, value = named(f"raw {column.name}"), named(column.name)
        if column.kind not in (Kind.ID, Kind.TEXT) and (
            column.kind is not Kind.CODE or column.values
        ):
            blank = f"trim(CAST({raw} AS VARCHAR)) <> ''"
            cases.append(
                f"WHEN {value} IS NULL AND {raw} IS NOT NULL AND {blank} "
                f"THEN 'bad_{column.name}'"
            )
    for name in entity.required:
        cases.append(f"WHEN {named(name)} IS NULL THEN 'missing_{name}'")
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"
