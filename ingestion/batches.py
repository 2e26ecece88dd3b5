"""From pages of raw JSON records to Arrow batches of envelopes.

Holds the only Python that runs per record, and the rules that name the few fields it
reads. Does not hold what any other field means, nor how pages are fetched.
Tests: tests/ingestion/test_batches.py
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa

from ingestion.envelope import ENVELOPE, INSTANT, REJECTS, without_load_id
from ingestion.instants import from_datetime, to_microseconds

_ANY_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def never(_: Any) -> bool:
    """The deletion rule of a stream that never marks a record as deleted."""
    return False


@dataclass(frozen=True)
class RecordRules:
    """Which fields of a record the envelope reads.

    Attributes:
        key: Fields that may hold the id; the first one present counts. `a.b` is the
            field `b` of the object `a`.
        cursor: Fields that may hold the moment of the last change.
        version: Fields that order versions of one record.
        flags: Fields that `is_deleted` looks at.
        is_deleted: Says whether the record, given those fields, is a deletion.
        is_within_parent: The id is unique only within the parent, whose key then stands
            before it: `parent:id`.
    """

    key: tuple[str, ...] = ("id",)
    cursor: tuple[str, ...] = ("updated_at",)
    version: tuple[str, ...] = ("updated_at",)
    flags: tuple[str, ...] = ()
    is_deleted: Callable[[Any], bool] = never
    is_within_parent: bool = False

    def decoder(self) -> msgspec.json.Decoder[Any]:
        """Decodes these fields of a record and skips all others."""
        absent = msgspec.Raw(b"null")
        tops = dict.fromkeys(name.partition(".")[0] for name in self.key)
        keys = [(name, msgspec.Raw, absent) for name in tops]
        # Anything goes in the others: a changed type must not cost us the record.
        names = dict.fromkeys((*self.cursor, *self.version, *self.flags))
        others = [(name, Any, None) for name in names]
        return msgspec.json.Decoder(msgspec.defstruct("Fields", [*keys, *others]))


@dataclass
class Page:
    """Records of one answer, each one as the bytes that the vendor sent.

    Attributes:
        records: The records, unparsed.
        at: The vendor's clock when it answered.
        parent_key: Key of what the records belong to, where a stream has that.
        is_short: The vendor gave less than it said it has: no complete snapshot.
        versions: Versions that the reader worked out, one per record, where no field
            orders them; each also dates a record that has no cursor.
        are_gone: The records are known only for having been deleted.
        newest_cursor: Latest `cursor_at` in here that is not after `at`, in
            microseconds: a record dated in the future says nothing about how far we
            have come. Filled in by `EnvelopeBuilder.add` before the reader that made
            the page is resumed.
        newest_version: Latest `version` in here, whatever its date; filled in too.
    """

    records: Iterable[msgspec.Raw]
    at: datetime
    parent_key: str | None = None
    is_short: bool = False
    versions: Sequence[int | None] | None = None
    are_gone: bool = False
    newest_cursor: int | None = None
    newest_version: int | None = None


@dataclass
class _Columns:
    """Rows of the batch in the making, one list per column."""

    key: list[str] = field(default_factory=list)
    parent_key: list[str | None] = field(default_factory=list)
    cursor_at: list[int | None] = field(default_factory=list)
    version: list[int | None] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    op: list[str] = field(default_factory=list)
    extracted_at: list[int] = field(default_factory=list)
    payload: list[str] = field(default_factory=list)


class EnvelopeBuilder:
    """Turns the pages of one stream into Arrow tables of bounded size."""

    def __init__(
        self,
        rules: RecordRules,
        *,
        max_rows: int = 20_000,
        max_characters: int = 32 * 1024 * 1024,
    ) -> None:
        self._rules = rules
        self._decode = rules.decoder().decode
        self._max_rows = max_rows
        self._max_characters = max_characters
        self._columns = _Columns()
        self._characters = 0
        self._rejects: list[dict[str, object]] = []
        self.rows = 0
        self.rejected = 0

    def add(self, page: Page) -> None:
        """Take in a page; what cannot be parsed is put aside as bytes."""
        at = from_datetime(page.at)
        first = len(self._columns.key)
        for place, raw in enumerate(page.records):
            try:
                self._append(raw, page, place, at)
            except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
                self._reject(raw, str(error), page.at)
            self.rows += 1
        columns = self._columns
        page.newest_cursor = _newest(columns.cursor_at[first:], at)
        page.newest_version = _newest(columns.version[first:])

    def full_batches(self) -> Iterator[pa.Table]:
        """The batch, once it is large enough."""
        if (
            len(self._columns.key) >= self._max_rows
            or self._characters >= self._max_characters
        ):
            yield from self.last_batch()

    def last_batch(self) -> Iterator[pa.Table]:
        """Whatever rows are left."""
        columns, self._columns, self._characters = self._columns, _Columns(), 0
        if columns.key:
            schema = without_load_id(ENVELOPE)
            yield pa.table(
                [_array(getattr(columns, name.name), name.type) for name in schema],
                schema=schema,
            )

    def rejects(self, stream: str) -> Iterator[pa.Table]:
        """The records that could not be parsed, since this was last asked."""
        rejects, self._rejects = self._rejects, []
        rows = [{"stream": stream, **reject} for reject in rejects]
        if rows:
            yield pa.Table.from_pylist(rows, schema=without_load_id(REJECTS))

    def _append(self, raw: msgspec.Raw, page: Page, place: int, at: int) -> None:
        payload = str(memoryview(raw), "utf-8")
        fields = self._decode(raw)
        key = _key_text(fields, self._rules.key)
        if self._rules.is_within_parent:
            key = f"{page.parent_key}:{key}"
        cursor = _instant(fields, self._rules.cursor)
        if page.versions is None:
            version = _instant(fields, self._rules.version)
        else:
            version = page.versions[place]
            cursor = version if cursor is None else cursor
        is_gone = page.are_gone or self._rules.is_deleted(fields)
        # Nothing is appended before all of it is known: columns stay aligned.
        columns = self._columns
        columns.key.append(key)
        columns.parent_key.append(page.parent_key)
        columns.cursor_at.append(cursor)
        columns.version.append(version)
        columns.seq.append(self.rows)
        columns.op.append("delete" if is_gone else "upsert")
        columns.extracted_at.append(at)
        columns.payload.append(payload)
        self._characters += len(payload)

    def _reject(self, raw: msgspec.Raw, reason: str, at: datetime) -> None:
        self.rejected += 1
        self._rejects.append(
            {
                "seq": self.rows,
                "reason": reason[:500],
                "body": bytes(raw),
                "extracted_at": at,
            }
        )


def _key_text(fields: Any, names: tuple[str, ...]) -> str:
    for name in names:
        top, _, inner = name.partition(".")
        raw = bytes(getattr(fields, top))
        if inner:
            within = _ANY_OBJECT.decode(raw) if raw[:1] == b"{" else {}
            raw = bytes(within.get(inner, b"null"))
        if raw[:1] == b'"':
            text = str(msgspec.json.decode(raw))
        else:
            # A number keeps all its digits: ids may be longer than 64 bits.
            text = raw.decode() if raw[:1] in b"-0123456789" else ""
        if text:
            return text
    raise msgspec.DecodeError(f"no usable id in {' or '.join(names)}")


def _instant(fields: Any, names: tuple[str, ...]) -> int | None:
    for name in names:
        moment = to_microseconds(getattr(fields, name))
        if moment is not None:
            return moment
    return None


def _newest(values: list[int | None], at_most: float = math.inf) -> int | None:
    return max(
        (value for value in values if value is not None and value <= at_most),
        default=None,
    )


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == INSTANT:
        return pa.array(values, pa.int64()).cast(INSTANT)
    return pa.array(values, kind)
