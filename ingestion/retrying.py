"""When a request is sent again, and after how long: one policy for all vendors.

Holds the waits (what the vendor asks for, else random and growing, never without
bound) and when to give up. Does not hold what counts as trouble (http.py) nor the rates
that are kept to before the vendor complains (pacing.py).
Tests: tests/ingestion/test_retrying.py
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
import tenacity
from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.specs import RuntimeConfiguration

# Where vendors write how many seconds to wait, beside the usual header.
_OWN_HEADERS = ("ratelimit-reset", "x-ratelimit-reset")
_OWN_MILLISECONDS = "x-hubspot-ratelimit-interval-milliseconds"
# No wait: an instant, counted from 1970.
_EPOCH = 1_000_000_000
_NUMBER = re.compile(r"\s*\d+(\.\d+)?\s*")


@dataclass(frozen=True)
class Policy:
    """How patient a client is.

    Attributes:
        attempts: How often a request is sent that meets trouble (5xx, a lost or cut
            connection).
        factor: Seconds that the first wait may last; the next one twice as long.
        longest: Seconds that no wait exceeds that we choose ourselves.
        longest_asked: The same for one that the vendor asks for.
        limited_seconds: How long 429 is waited out, however short the waits asked for.
        clock: Seconds, for what has passed.
        sleep: Waits.
        draw: A random number between two.
    """

    attempts: int = RuntimeConfiguration.request_max_attempts
    factor: float = RuntimeConfiguration.request_backoff_factor
    longest: float = 60.0
    longest_asked: float = RuntimeConfiguration.request_max_retry_delay
    limited_seconds: float = 300.0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    draw: Callable[[float, float], float] = field(default=random.uniform, repr=False)

    @classmethod
    def configured(cls, limited_seconds: float) -> Policy:
        """As dlt is told (`RUNTIME__REQUEST_MAX_ATTEMPTS` and its neighbours)."""
        told = resolve_configuration(RuntimeConfiguration())
        return cls(
            attempts=told.request_max_attempts,
            factor=told.request_backoff_factor,
            longest_asked=told.request_max_retry_delay,
            limited_seconds=limited_seconds,
        )

    def wait(self, response: requests.Response | None, attempt: int) -> float:
        """Seconds until the next attempt.

        What the vendor asks for is kept, with a little on top, so that clients that
        were refused together do not come back together. Else "full jitter": anything
        up to a bound that doubles (M. Brooker, Exponential Backoff and Jitter, 2015).
        """
        asked = None if response is None else wait_asked_for(response)
        if asked is not None:
            asked = min(asked, self.longest_asked)
            return asked + self.draw(0.0, min(asked / 10, 1.0))
        return self.draw(0.0, min(self.longest, self.factor * 2 ** (attempt - 1)))

    def send(
        self,
        request: Callable[[], requests.Response],
        *,
        is_trouble: Callable[[requests.Response], bool],
        is_limited: Callable[[requests.Response], bool],
    ) -> requests.Response:
        """Send a request until it succeeds or patience ends; the last answer.

        Raises:
            requests.RequestException: The last attempt met no answer at all.
        """
        began = self.clock()
        troubles = 0

        def is_over(state: tenacity.RetryCallState) -> bool:
            nonlocal troubles
            response = _response(state)
            if response is None or not is_limited(response):
                troubles += 1
                return troubles >= self.attempts
            is_late = self.clock() - began >= self.limited_seconds
            return is_late and state.attempt_number >= self.attempts

        retrying = tenacity.Retrying(
            sleep=self.sleep,
            stop=is_over,
            wait=lambda state: self.wait(_response(state), state.attempt_number),
            retry=tenacity.retry_if_exception_type(
                (
                    requests.ConnectionError,
                    requests.Timeout,
                    requests.exceptions.ChunkedEncodingError,
                )
            )
            | tenacity.retry_if_result(is_trouble)
            | tenacity.retry_if_result(is_limited),
            retry_error_callback=_last,
        )
        return retrying(request)


def _response(state: tenacity.RetryCallState) -> requests.Response | None:
    if state.outcome is None or state.outcome.failed:
        return None
    result: requests.Response = state.outcome.result()
    return result


def _last(state: tenacity.RetryCallState) -> requests.Response:
    if state.outcome is None:
        raise RuntimeError("there was no attempt")
    result: requests.Response = state.outcome.result()
    return result


def wait_asked_for(response: requests.Response) -> float | None:
    """Seconds that a vendor asks to wait; None where it does not say.

    Beside the usual header, those of the vendors' own count only with 429: other
    answers carry them too, to say when a window ends that is far from used up.
    """
    headers = response.headers
    now = _instant(headers.get("Date", "")) or datetime.now(UTC)
    is_limited = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    for name in ("Retry-After", *(_OWN_HEADERS if is_limited else ())):
        seconds = _seconds(headers.get(name), now)
        if seconds is not None:
            return seconds
    if not is_limited:
        return None
    milliseconds = headers.get(_OWN_MILLISECONDS, "")
    return int(milliseconds) / 1000 if milliseconds.isdecimal() else None


def _seconds(text: str | None, now: datetime) -> float | None:
    """From a number of seconds, or an instant; None for anything else."""
    if text is None:
        return None
    if _NUMBER.fullmatch(text):
        seconds = float(text)
        return seconds if seconds < _EPOCH else max(0.0, seconds - now.timestamp())
    moment = _instant(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _instant(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
