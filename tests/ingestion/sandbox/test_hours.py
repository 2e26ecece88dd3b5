"""Open seconds, against what a calendar says."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sandbox.world.hours import ALWAYS, BERLIN, LONDON, OpenHours, schedule_of
from ingestion.sandbox.world.tickets import NORMAL, URGENT
from ingestion.sandbox.world.timeline import DEFAULT_NOW, HOUR, Span

SPAN = Span.around(DEFAULT_NOW, 18)
HOURS = OpenHours(SPAN)
BERLIN_ZONE = ZoneInfo("Europe/Berlin")


def seconds(schedule: int, start: datetime, end: datetime) -> int:
    bounds = (np.array([int(t.timestamp())]) for t in (start, end))
    return int(HOURS.between(np.array([schedule]), *bounds)[0])


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "start", "end", "hours"),
    [
        # Tuesday 10:00 to 16:00 London time, in winter UTC.
        (LONDON, utc(2026, 2, 3, 10), utc(2026, 2, 3, 16), 6),
        # The same day in summer: open from 8 to 17 UTC.
        (LONDON, utc(2026, 6, 2, 0), utc(2026, 6, 3, 0), 9),
        # Friday 17:00 to Monday 10:00: an hour and an hour.
        (LONDON, utc(2026, 2, 6, 17), utc(2026, 2, 9, 10), 2),
        # Christmas 2025 lies on a Thursday and a Friday.
        (LONDON, utc(2025, 12, 24, 17), utc(2025, 12, 29, 10), 2),
        # Nine to five before the change, from eight to eight and Saturdays after it.
        (BERLIN, utc(2025, 11, 10, 0), utc(2025, 11, 17, 0), 40),
        (BERLIN, utc(2026, 3, 9, 0), utc(2026, 3, 16, 0), 64),
        # The clocks go forward on Sunday, 29 March 2026: an office hour stays one.
        (BERLIN, utc(2026, 3, 28, 0), utc(2026, 3, 31, 0), 16),
        (ALWAYS, utc(2026, 3, 28, 0), utc(2026, 3, 31, 0), 72),
    ],
)
def test_open_hours_are_those_of_the_calendar(schedule, start, end, hours):
    assert seconds(schedule, start, end) == hours * HOUR


@given(
    schedule=st.sampled_from([LONDON, BERLIN, ALWAYS]),
    start=st.integers(SPAN.start, SPAN.end),
    length=st.integers(1, 400 * HOUR),
)
def test_the_instant_after_so_many_open_seconds_is_where_they_are_reached(
    schedule, start, length
):
    of, begin = np.array([schedule]), np.array([start])
    due = HOURS.after(of, begin, np.array([length]))
    assert HOURS.between(of, begin, due)[0] == length
    assert HOURS.between(of, begin, due - 1)[0] == length - 1


@given(
    schedule=st.sampled_from([LONDON, BERLIN, ALWAYS]),
    cuts=st.lists(st.integers(SPAN.start, SPAN.end), min_size=3, max_size=3),
)
def test_parts_of_an_interval_sum_to_the_whole(schedule, cuts):
    first, middle, last = (np.array([cut]) for cut in sorted(cuts))
    of = np.array([schedule])
    parts = HOURS.between(of, first, middle) + HOURS.between(of, middle, last)
    assert parts == HOURS.between(of, first, last)


def test_urgent_tickets_are_on_the_schedule_that_never_closes():
    german, priority = np.array([True, False, True]), np.array([NORMAL, NORMAL, URGENT])
    assert schedule_of(german, priority).tolist() == [BERLIN, LONDON, ALWAYS]
