"""Instants as whole microseconds since 1970 UTC: exact, sortable, free of time zones.

Holds the conversions. Does not hold which field of a record is an instant.
Tests: tests/ingestion/test_instants.py
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(value: object) -> int | None:
    """An instant in microseconds since 1970 UTC, or None when it is no instant.

    Args:
        value: ISO 8601 text (any precision, any offset; UTC when it has none) or
            seconds since 1970.
    """
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            # Year 1 is how some vendors write "never".
            return from_datetime(moment) if moment.year > 1 else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return from_datetime(_EPOCH + timedelta(seconds=value))
    except (ValueError, OverflowError):
        pass
    return None


def from_datetime(moment: datetime) -> int:
    """A datetime (UTC when it is naive) in microseconds since 1970 UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(microseconds: int) -> datetime:
    """The inverse of `from_datetime`."""
    return _EPOCH + timedelta(microseconds=microseconds)
