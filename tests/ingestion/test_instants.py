from datetime import UTC, datetime

import pytest

from ingestion.instants import from_datetime, to_datetime, to_microseconds

NOON = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z


@pytest.mark.parametrize(
    ("value", "microseconds"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T12:00:00.5Z", NOON + 500_000),
        ("2026-03-01T12:00:00.000001Z", NOON + 1),
        ("2026-03-01T12:00:00.123456789Z", NOON + 123_456),
        ("2026-03-01T07:00:00-05:00", NOON),
        ("2026-03-01T17:30:00+05:30", NOON),
        ("2026-03-01T12:00:00", NOON),
        ("2026-03-01", NOON - 12 * 3_600_000_000),
        (1_772_366_400, NOON),
        (1_772_366_400.25, NOON + 250_000),
        ("1969-12-31T23:59:59Z", -1_000_000),
    ],
)
def test_every_way_of_writing_an_instant_gives_its_microseconds(value, microseconds):
    assert to_microseconds(value) == microseconds


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "n/a",
        "2026-13-01",
        "0001-01-01T00:00:00Z",
        True,
        [],
        {},
        10**23,
        float("nan"),
        "9999-12-31T23:59:59-14:00" * 2,
    ],
)
def test_what_is_no_instant_is_none(value):
    assert to_microseconds(value) is None


def test_conversion_and_its_inverse_agree_to_the_microsecond():
    moment = datetime(2026, 3, 1, 12, 0, 0, 123457, tzinfo=UTC)
    assert to_datetime(from_datetime(moment)) == moment
