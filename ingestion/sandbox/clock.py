"""The sandbox's own clock, which all answers are dated by.

Holds one instant that stands still until it is moved, or runs along when asked to.
Does not hold the real time that rate limits count (`limits.py`).
Tests: tests/ingestion/sandbox/test_control.py
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


class Clock:
    """A settable clock of whole seconds.

    Args:
        instant: Where it starts, with a time zone.
        ticking: Whether it runs on with real time.
    """

    def __init__(self, instant: datetime, *, ticking: bool = False) -> None:
        self._ticking = ticking
        self.set(instant)

    def set(self, instant: datetime) -> None:
        """Move to an instant, forwards or backwards.

        Raises:
            ValueError: The instant has no time zone.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        # One assignment, so that a reader in another thread sees both or neither.
        self._setting = (int(instant.timestamp()), time.monotonic())

    def advance(self, **duration: float) -> None:
        """Move forwards by the parts of a timedelta, such as `days=1`."""
        self.set(self.instant + timedelta(**duration))

    @property
    def seconds(self) -> int:
        """The instant in whole seconds since the epoch."""
        base, since = self._setting
        return base + int(time.monotonic() - since) if self._ticking else base

    @property
    def instant(self) -> datetime:
        """The instant in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC)


def http_date(seconds: int) -> str:
    """Write an instant as the HTTP `Date` header has it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)
