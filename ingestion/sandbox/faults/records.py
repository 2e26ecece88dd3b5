"""Faults within records: dates, copies, fields, types and characters.

Does not hold faults of listings. Tests: tests/ingestion/sandbox/test_faults.py
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ingestion.sandbox.faults.base import (
    Answer,
    Change,
    Memory,
    Request,
    each_record,
    goes_on,
    parsed,
    records_of,
)

HUGE_IDS = (2**53 + 1, 2**53 + 3)
_CREATION = ("created_at", "createdAt", "creationDate")
_CURSORS = (
    *("updated_at", "updatedAt", "landed_at", "submitted_at"),
    *("lastModified", "lastModifiedDate", "modifiedDate", "generated_timestamp"),
)
_EVENTS = ("created_at", "createdAt", "timestamp", "time")
_A_DAY = 86_400
# How some write that something has not happened.
_NEVER = "0001-"
_TEN_YEARS = 3653 * _A_DAY
_MARK = "zz-odd-characters"
_INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)"')
Edit = Callable[[dict[str, Any]], None]


def _first_record(edit: Edit) -> Change:
    def change(record: dict[str, Any], place: int) -> None:
        if place == 0:
            edit(record)

    return each_record(change)


def _new_field(record: dict[str, Any], place: int) -> None:
    record["zz_added_by_the_vendor"] = {"n": place, "texts": ["a", None, 1.5]}


def _numbers_to_texts(record: dict[str, Any], _: int) -> None:
    for name, value in record.items():
        if isinstance(value, int) and not isinstance(value, bool):
            record[name] = str(value)


def _with_long_text(record: dict[str, Any]) -> None:
    record["zz_long"] = "ä" * 500_000


def _without_creation(record: dict[str, Any]) -> None:
    for name in _CREATION:
        record.pop(name, None)


def _with_list_for_a_scalar(record: dict[str, Any]) -> None:
    """Of the date of creation and, beside it, of the first text that is no id."""
    texts = (
        name
        for name, value in record.items()
        if isinstance(value, str) and not name.endswith(("id", "_at", "At", "Id"))
    )
    for name in (*_CREATION, *[next(texts, "")]):
        if name in record:
            record[name] = [record[name]]


def _without_cursor(record: dict[str, Any]) -> None:
    for name in _CURSORS:
        if name in record:
            record[name] = None


def _at_midnight(record: dict[str, Any], _: int) -> None:
    """All that changed on a day changed at the same instant."""
    for name in _CURSORS:
        value = record.get(name)
        if isinstance(value, int):
            record[name] = value - value % _A_DAY
        elif isinstance(value, str):
            record[name] = f"{value[:10]}T00:00:00Z"


def _in_the_future(record: dict[str, Any]) -> None:
    names = [name for name in _CURSORS if record.get(name)]
    for name in names or [name for name in _EVENTS if record.get(name)]:
        record[name] = _moved(record[name], _TEN_YEARS)


def _moved(value: Any, seconds: int) -> Any:
    if isinstance(value, int | float):
        return value + seconds
    if not isinstance(value, str) or value.startswith(_NEVER):
        return value
    moment = datetime.fromisoformat(value) + timedelta(seconds=seconds)
    return moment.isoformat().replace("+00:00", "Z")


def _with_copy(edit: Edit, *, is_before: bool) -> Change:
    """A page on which the first record stands twice, once edited."""

    def change(answer: Answer, request: Request, _: str, __: Memory) -> Answer | None:
        document = parsed(answer.body)
        records = records_of(document, request.path)
        if not records or not isinstance(records[0], dict):
            return None
        copy = _copied(records[0])
        edit(copy)
        if copy == records[0]:
            return None
        records.insert(0 if is_before else len(records), copy)
        return replace(answer, body=orjson.dumps(document))

    return change


def _copied(record: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = orjson.loads(orjson.dumps(record))
    return copy


def _as_draft(record: dict[str, Any]) -> None:
    for name in ("name", "subject", "title"):
        if isinstance(record.get(name), str):
            record[name] = f"draft of {record[name]}"
    record["zz_draft"] = True


def _as_it_was(record: dict[str, Any]) -> None:
    """Older by its own date: without one, nobody could tell."""
    if not any(record.get(name) for name in _CURSORS):
        return
    _as_draft(record)
    for name in _CURSORS:
        if name in record:
            record[name] = _moved(record[name], -_A_DAY)


def _as_deleted(record: dict[str, Any]) -> None:
    """The mark of a deletion, dated a day before; nothing where there is none."""
    mark = _mark_of_deletion(record)
    if not mark:
        return
    record |= mark
    for name in (*_CURSORS, "archivedAt"):
        if name in record:
            record[name] = _moved(record[name], -_A_DAY)


def _mark_of_deletion(record: dict[str, Any]) -> dict[str, Any]:
    if isinstance(record.get("archived"), bool):
        return {"archived": True, "archivedAt": record.get("updatedAt")}
    if isinstance(record.get("active"), bool) and "role" in record:
        return {"active": False}
    if "deleted_at" in record:
        return {"deleted_at": record["updated_at"]}
    if "requester_id" in record and "subject" in record:
        return {"status": "deleted"}
    if "consumer" in record and "status" in record:
        return {"status": "removed"}
    return {}


def _with_huge_ids(
    answer: Answer, request: Request, _: str, __: Memory
) -> Answer | None:
    """Two more records whose ids a double cannot tell apart, at the end of a listing.

    Only where ids are numbers, and not among answers to a question, which would have to
    know them the next time too.
    """
    document = parsed(answer.body)
    records = records_of(document, request.path)
    if not records or request.body or goes_on(document):
        return None
    first = records[0]
    if not isinstance(first, dict) or not str(first.get("id", "")).isdecimal():
        return None
    for huge in HUGE_IDS:
        copy = _copied(first)
        copy["id"] = type(first["id"])(huge)
        if "hs_object_id" in copy.get("properties", {}):
            copy["properties"]["hs_object_id"] = str(huge)
        records.append(copy)
    return replace(answer, body=orjson.dumps(document))


def _odd_characters(answer: Answer, request: Request, *_: object) -> Answer | None:
    """NUL and half of a surrogate pair, as JSON may write them, in a new field."""
    marked = each_record(lambda record, _: record.update(zz_odd=_MARK))(
        answer, request, "", Memory()
    )
    if marked is None:
        return None
    odd = rb"a\u0000b\ud800c"
    return replace(marked, body=marked.body.replace(_MARK.encode(), odd))


def _mixed_offsets(answer: Answer, *_: object) -> Answer | None:
    """The same instants in other offsets and precisions, one after the other."""
    number = -1

    def other(match: re.Match[bytes]) -> bytes:
        nonlocal number
        number += 1
        moment = datetime.fromisoformat(match[1].decode()).replace(tzinfo=UTC)
        fraction = b"." + match[2] if match[2] else b""
        shift = (0, 2, -5)[number % 3]
        local = (moment + timedelta(hours=shift)).strftime("%Y-%m-%dT%H:%M:%S")
        zone = (b"+00:00", b"+02:00", b"-05:00")[number % 3]
        if not fraction and number % 2:
            fraction = b".000"
        return b'"' + local.encode() + fraction + zone + b'"'

    body = _INSTANT.sub(other, answer.body)
    return None if body == answer.body else replace(answer, body=body)


RECORDS: dict[str, Change] = {
    "equal_timestamps": each_record(_at_midnight),
    "future_dates": _first_record(_in_the_future),
    "null_cursor": _first_record(_without_cursor),
    "mixed_offsets": _mixed_offsets,
    "edited_twice": _with_copy(_as_draft, is_before=True),
    "stale_redelivery": _with_copy(_as_it_was, is_before=False),
    "deleted_and_recreated": _with_copy(_as_deleted, is_before=True),
    "new_field": each_record(_new_field),
    "vanished_field": _first_record(_without_creation),
    "scalar_to_list": _first_record(_with_list_for_a_scalar),
    "number_to_text": each_record(_numbers_to_texts),
    "ids_beyond_2_53": _with_huge_ids,
    "odd_characters": _odd_characters,
    "long_text": _first_record(_with_long_text),
}
