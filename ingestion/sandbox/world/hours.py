"""When support is open: weekly schedules in local time, their holidays, their change.

Holds the schedules as data and the arithmetic of open seconds. A schedule counts
minutes from Sunday 00:00 on the clock of its own time zone, daylight saving included;
what it was before it was changed counts for the time before. Does not hold JSON.
Tests: tests/ingestion/sandbox/test_hours.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.sandbox.world.tickets import URGENT
from ingestion.sandbox.world.timeline import DAY, NEVER, Array, Span

LONDON, BERLIN, ALWAYS = range(3)
_DAY = 24 * 60
Week = tuple[tuple[int, int], ...]


def _daily(days: range, opens: int, closes: int) -> Week:
    return tuple((d * _DAY + opens * 60, d * _DAY + closes * 60) for d in days)


@dataclass(frozen=True)
class Schedule:
    """One weekly schedule.

    Attributes:
        name: What the account calls it.
        zone: Its time zone, an IANA name.
        vendor_zone: The same as the helpdesk spells it.
        week: Open intervals, in minutes from Sunday 00:00, ascending.
        week_before: What `week` was until support got its new process.
        holidays: Month, day and name of each holiday, the same in every year.
    """

    name: str
    zone: str
    vendor_zone: str
    week: Week
    week_before: Week
    holidays: tuple[tuple[int, int, str], ...] = ()


SCHEDULES = (
    Schedule(
        "London office",
        "Europe/London",
        "London",
        _daily(range(1, 6), 9, 18),
        _daily(range(1, 6), 9, 18),
        ((1, 1, "New Year's Day"), (12, 25, "Christmas"), (12, 26, "Boxing Day")),
    ),
    Schedule(
        "Berlin office",
        "Europe/Berlin",
        "Berlin",
        (*_daily(range(1, 6), 8, 20), *_daily(range(6, 7), 10, 14)),
        _daily(range(1, 6), 9, 17),
        (
            (1, 1, "Neujahr"),
            (5, 1, "Tag der Arbeit"),
            (10, 3, "Tag der Deutschen Einheit"),
            (12, 25, "Weihnachten"),
            (12, 26, "Zweiter Weihnachtstag"),
        ),
    ),
    Schedule(
        "Emergency line",
        "Etc/UTC",
        "UTC",
        _daily(range(7), 0, 24),
        _daily(range(7), 0, 24),
    ),
)


def schedule_of(is_german: Array, priority: Array) -> Array:
    """Tell which schedule a trigger puts on a ticket: urgent ones are never off."""
    return np.where(priority == URGENT, ALWAYS, np.where(is_german, BERLIN, LONDON))


class OpenHours:
    """Open seconds of all schedules, for columns of instants."""

    def __init__(self, span: Span) -> None:
        self._lines = [_Line(*_openings(schedule, span)) for schedule in SCHEDULES]

    def between(self, schedule: Array, start: Array, end: Array) -> Array:
        """Count the open seconds from `start` to `end`, row by row."""
        seconds = np.zeros(len(start), dtype=np.int64)
        for number, line in enumerate(self._lines):
            of = np.flatnonzero(schedule == number)
            seconds[of] = line.until(end[of]) - line.until(start[of])
        return seconds

    def after(self, schedule: Array, start: Array, seconds: Array) -> Array:
        """Give the instant at which so many seconds have been open since `start`."""
        instants = np.full(len(start), NEVER, dtype=np.int64)
        for number, line in enumerate(self._lines):
            of = np.flatnonzero(schedule == number)
            instants[of] = line.when(line.until(start[of]) + seconds[of])
        return instants


class _Line:
    """The openings of one schedule, and the seconds open before each."""

    def __init__(self, opens: Array, closes: Array) -> None:
        self._opens = opens
        self._closes = closes
        self._open_by = np.cumsum(closes - opens)
        self._before = self._open_by - (closes - opens)

    def until(self, when: Array) -> Array:
        place = np.searchsorted(self._opens, when, side="right") - 1
        inside = np.minimum(when, self._closes[place]) - self._opens[place]
        return np.where(place < 0, 0, self._before[place] + inside)

    def when(self, seconds: Array) -> Array:
        place = np.searchsorted(self._open_by, seconds, side="left")
        known = np.minimum(place, len(self._opens) - 1)
        instant = self._opens[known] + seconds - self._before[known]
        return np.where(place < len(self._opens), instant, NEVER)


def _openings(schedule: Schedule, span: Span) -> tuple[Array, Array]:
    """Give opening and closing instants, from before the span to a year after it."""
    zone = ZoneInfo(schedule.zone)
    opens, closes = [], []
    for day in _days(span):
        if any((day.month, day.day) == holiday[:2] for holiday in schedule.holidays):
            continue
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        is_new = midnight.timestamp() >= span.new_process
        # Python counts weekdays from Monday, schedules from Sunday.
        today = day.isoweekday() % 7 * _DAY
        for start, end in schedule.week if is_new else schedule.week_before:
            if today <= start < today + _DAY:
                opens.append(_local(midnight, start - today))
                closes.append(_local(midnight, end - today))
    return np.array(opens, dtype=np.int64), np.array(closes, dtype=np.int64)


def _days(span: Span) -> Iterator[date]:
    day = datetime.fromtimestamp(span.start - 7 * DAY, UTC).date()
    last = datetime.fromtimestamp(span.end + 365 * DAY, UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _local(midnight: datetime, minutes: int) -> int:
    # On the wall clock: the hour that daylight saving skips is not waited for.
    return int((midnight + timedelta(minutes=minutes)).timestamp())
