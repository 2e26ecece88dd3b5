"""The few fields of an object that reading it depends on.

Holds how they are found in the bytes of a record. Does not hold what rows are made of
them: the rules of the streams do (`streams.py`).
Tests: tests/ingestion/hubspot/test_hubspot_streams.py
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ingestion.instants import from_datetime, to_microseconds


class _Known(msgspec.Struct, rename="camel"):
    # Anything goes: an object without its id is put aside when rows are made.
    id: Any = None
    archived_at: Any = None


def id_of(raw: msgspec.Raw) -> str | None:
    """The id of an object, None for one that has no number."""
    identifier = _known(raw).id
    text = str(identifier) if isinstance(identifier, str | int) else ""
    return text if text.isdecimal() else None


def is_archived_after(raw: msgspec.Raw, since: datetime) -> bool:
    """Whether an object was archived since an instant, or nobody knows when."""
    archived_at = to_microseconds(_known(raw).archived_at)
    return archived_at is None or archived_at >= from_datetime(since)


def _known(raw: msgspec.Raw) -> _Known:
    try:
        return msgspec.json.decode(raw, type=_Known)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Known()
