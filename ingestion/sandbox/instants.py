"""Instants as the vendors write them, whole columns at a time.

Holds the conversion of epoch seconds to text. Does not hold the clock.
Tests: tests/ingestion/sandbox/test_instants.py
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ingestion.sandbox.world.timeline import DAY, NEVER, Array


@cache
def _times_of_day() -> list[str]:
    return [
        f"T{hour:02}:{minute:02}:{second:02}Z"
        for hour in range(24)
        for minute in range(60)
        for second in range(60)
    ]


def iso(when: Array) -> list[str]:
    """Write each instant as `2026-01-31T12:00:00Z`."""
    # Dates repeat and times of day are few: both are looked up, ten times as fast as
    # writing out each instant.
    days, places = np.unique(when // DAY, return_inverse=True)
    dates = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    times = _times_of_day()
    seconds = (when % DAY).tolist()
    return [
        dates[place] + times[second]
        for place, second in zip(places.tolist(), seconds, strict=True)
    ]


def iso_or_none(when: Array) -> list[str | None]:
    """Write each instant; NEVER and negative ones become None."""
    known = (when < NEVER) & (when >= 0)
    texts = iso(np.where(known, when, 0))
    return [t if k else None for t, k in zip(texts, known.tolist(), strict=True)]


def iso_with_milliseconds(when: Array) -> list[str]:
    """Write each instant, given in milliseconds, as `2026-01-31T12:00:00.123Z`."""
    seconds, rest = np.divmod(when, 1000)
    texts = zip(iso(seconds), rest.tolist(), strict=True)
    return [f"{text[:-1]}.{milliseconds:03}Z" for text, milliseconds in texts]
