"""Keeping to a vendor's documented rates, so that it need not refuse.

Holds the windows in which requests are counted, shared by all clients of one account in
this process. Does not hold the figures (the vendors' settings) nor what happens when a
vendor refuses all the same (retrying.py). Tests: tests/ingestion/test_pacing.py
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds, of the paths that a pattern matches."""

    requests: int
    seconds: float
    paths: str = ""

    def times(self, factor: float) -> Rate:
        """The same for an account that may do more, or less."""
        return Rate(max(1, int(self.requests * factor)), self.seconds, self.paths)


class Pacer:
    """Makes callers wait, so that in no window there are more requests than allowed."""

    def __init__(
        self,
        rates: Sequence[Rate],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sent = [(rate, re.compile(rate.paths), deque[float]()) for rate in rates]
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()

    def wait(self, path: str) -> None:
        """Return once a request for a path may be sent; it counts from then on."""
        while True:
            with self._lock:
                seconds = self._take(path)
            if seconds <= 0:
                return
            self._sleep(seconds)

    def _take(self, path: str) -> float:
        """Count a request and give 0, or the seconds until there is room for it."""
        now = self._clock()
        concerned = [one for one in self._sent if one[1].search(path)]
        wait = 0.0
        for rate, _, sent in concerned:
            while sent and sent[0] + rate.seconds <= now:
                sent.popleft()
            if len(sent) >= rate.requests:
                wait = max(wait, sent[0] + rate.seconds - now)
        if wait == 0:
            for _, _, sent in concerned:
                sent.append(now)
        return wait


@cache
def pacer_of(account: str, rates: tuple[Rate, ...], factor: float) -> Pacer:
    """The one pacer of an account.

    Args:
        account: What the vendor counts by: the address of its API.
        rates: As documented.
        factor: How much more, or less, this account may do.
    """
    return Pacer([rate.times(factor) for rate in rates])
