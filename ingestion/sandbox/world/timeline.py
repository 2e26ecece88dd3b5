"""When things happen: the span of the story, its busy hours and its turning points.

Holds the arithmetic of instants, which are whole epoch seconds in UTC throughout.
Does not hold who acts or what is said.
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

HOUR = 3600
DAY = 86_400
HORIZON_DAYS = 60
NEVER = 2**62
DEFAULT_NOW = datetime(2026, 6, 30, 12, 0, 0, tzinfo=UTC)

# Sunday first: the epoch was a Thursday, hence the offset in `weekday`.
_WEEKDAYS = np.array([0.35, 1.3, 1.15, 1.05, 1.0, 0.95, 0.45])
_HOURS = np.array(
    [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 18, 16, 17, 18, 17, 15, 13, 11, 10, 9, 7, 5, 3]
) / np.float64(230)

Ints = NDArray[np.int64]
Array = NDArray[Any]


@dataclass(frozen=True)
class Span:
    """The instants between which the story is told.

    Attributes:
        start: First second of history.
        now: The second up to which the promised number of tickets is created.
        end: Last second of the horizon that the clock may be moved into.
    """

    start: int
    now: int
    end: int

    @classmethod
    def around(cls, now: datetime, months: int) -> Span:
        """Build the span of `months` of history before `now`."""
        instant = int(now.timestamp())
        start = instant - int(months * 30.4375) * DAY
        return cls(start - start % DAY, instant, instant + HORIZON_DAYS * DAY)

    @property
    def outage(self) -> tuple[int, int]:
        """First and last second of the one outage, 75 days before `now`."""
        begin = self.now - self.now % DAY - 75 * DAY + 9 * HOUR
        return begin, begin + 40 * HOUR

    @property
    def new_process(self) -> int:
        """Second since which support has a new process, 180 days before `now`."""
        return self.now - self.now % DAY - 180 * DAY

    @property
    def price_change(self) -> int:
        """Second since which everything costs more, 120 days before `now`."""
        return self.now - self.now % DAY - 120 * DAY


def weekday(when: Array) -> Array:
    """Give the day of the week of epoch seconds, 0 for Sunday."""
    return (when // DAY + 4) % 7


def in_outage(span: Span, when: Array, tail_days: float = 0.0) -> Array:
    """Tell which instants lie in the outage or in the days after it."""
    begin, finish = span.outage
    return (when >= begin) & (when <= finish + tail_days * DAY)


def after_price_change(span: Span, when: Array, days: float) -> Array:
    """Tell which instants lie in the days after prices went up."""
    return (when >= span.price_change) & (when < span.price_change + days * DAY)


def arrivals(
    rng: np.random.Generator, span: Span, count: int, *, outage_factor: float = 3.0
) -> Ints:
    """Draw the creation instants of tickets, ascending.

    Exactly `count` lie before `span.now`; those of the horizon come on top, at the
    rate that the trend has reached.
    """
    hours = np.arange(span.start, span.end, HOUR, dtype=np.int64)
    weights = _hourly_weights(span, hours, outage_factor)
    past = int(np.searchsorted(hours, span.now - HOUR - 120))
    before = _draw(rng, hours[:past], weights[:past], count)
    expected = count * weights[past:].sum() / weights[:past].sum()
    after = _draw(rng, hours[past:] + HOUR, weights[past:], round(expected))
    return np.concatenate([before, np.clip(after, span.now + 60, span.end - HOUR)])


def _hourly_weights(span: Span, hours: Ints, outage_factor: float) -> Array:
    trend = np.exp(0.6 * (hours - span.start) / (span.end - span.start))
    rhythm = _WEEKDAYS[weekday(hours)] * _HOURS[hours // HOUR % 24]
    return trend * rhythm * np.where(in_outage(span, hours), outage_factor, 1.0)


def _draw(rng: np.random.Generator, hours: Ints, weights: Array, count: int) -> Ints:
    cumulative = np.cumsum(weights)
    picks = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
    drawn = hours[np.minimum(picks, len(hours) - 1)] + rng.integers(0, HOUR, count)
    return np.sort(drawn)


def office_time(
    rng: np.random.Generator,
    when: Ints,
    opens: Ints | int = 7 * HOUR,
    closes: Ints | int = 20 * HOUR,
) -> Ints:
    """Move instants outside office hours, and most on weekends, to the next.

    `opens` and `closes` are seconds of the day.
    """
    day, second = when // DAY * DAY, when % DAY
    morning = opens + rng.integers(0, 2 * HOUR, len(when))
    early, late = second < opens, second >= closes
    moved = np.where(early, day + morning, np.where(late, day + DAY + morning, when))
    moved = np.maximum(moved, when)
    weekend_off = rng.random(len(when)) < 0.75
    today = weekday(moved)
    wait = np.where(today == 6, 2, np.where(today == 0, 1, 0)) * weekend_off
    return np.where(wait > 0, moved // DAY * DAY + wait * DAY + morning, moved)


def next_full_hour(when: Ints, offset: int) -> Ints:
    """Give the next hourly run of an automation, `offset` seconds past the hour."""
    return (when + HOUR - 1) // HOUR * HOUR + offset
