"""Rate limits: how many requests each of the vendors' buckets lets through.

Holds the documented figures, profiles of them, and fixed windows over real time.
Does not hold what a vendor answers when a bucket is empty: its own module does.
Tests: tests/ingestion/sandbox/test_limits.py
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ZENDESK_ACCOUNT = "zendesk"
ZENDESK_EXPORT = "zendesk_export"
ZENDESK_AUDITS = "zendesk_audits"
TALK = "zendesk_talk"
TALK_EXPORT = "zendesk_talk_export"
TYPEFORM = "typeform"
HUBSPOT = "hubspot"
HUBSPOT_OAUTH = "hubspot_oauth"
HUBSPOT_DAILY = "hubspot_daily"
HUBSPOT_SEARCH = "hubspot_search"
TRUSTPILOT = "trustpilot"
TRUSTPILOT_HOUR = "trustpilot_hour"
QUALTRICS = "qualtrics"
QUALTRICS_START = "qualtrics_start"
QUALTRICS_PROGRESS = "qualtrics_progress"
QUALTRICS_FILE = "qualtrics_file"

# Requests per window of so many seconds, as the vendors document them.
_DOCUMENTED = {
    ZENDESK_ACCOUNT: (700, 60.0),
    ZENDESK_EXPORT: (10, 60.0),
    ZENDESK_AUDITS: (450, 60.0),
    TALK: (15_000, 300.0),
    TALK_EXPORT: (10, 60.0),
    TYPEFORM: (2, 1.0),
    HUBSPOT: (190, 10.0),
    HUBSPOT_OAUTH: (110, 10.0),
    HUBSPOT_DAILY: (650_000, 86_400.0),
    HUBSPOT_SEARCH: (5, 1.0),
    TRUSTPILOT: (833, 300.0),
    TRUSTPILOT_HOUR: (10_000, 3600.0),
    QUALTRICS: (3000, 60.0),
    QUALTRICS_START: (100, 60.0),
    QUALTRICS_PROGRESS: (1000, 60.0),
    QUALTRICS_FILE: (100, 60.0),
}
PROFILES = ("vendor", "raised", "off")
_RAISE = 1000


@dataclass(frozen=True)
class Allowance:
    """What a bucket says about one request."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


@dataclass
class _Window:
    started: float
    used: int = 0


@dataclass
class Limits:
    """Buckets of requests, counted in windows of real time.

    Attributes:
        profile: `vendor` (the documented figures), `raised` (a thousand times as
            much) or `off`.
        timer: Real time in seconds; a test may bring its own.
        search_cap: How many results of one search the CRM hands out at most.
    """

    profile: str = "raised"
    timer: Callable[[], float] = time.monotonic
    search_cap: int = 10_000
    _windows: dict[str, _Window] = field(default_factory=dict)
    # Requests are answered in several threads.
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            known = ", ".join(PROFILES)
            raise ValueError(f"unknown rate limit profile; there are: {known}")

    @property
    def factor(self) -> int:
        """How many times the documented requests are let through."""
        return 1 if self.profile == "vendor" else _RAISE

    def take(self, bucket: str) -> Allowance:
        """Count one request against a bucket."""
        with self._lock:
            return self._take(bucket, *self._figures(bucket))

    def _take(self, bucket: str, limit: int, seconds: float) -> Allowance:
        now = self.timer()
        window = self._windows.get(bucket)
        if window is None or now - window.started >= seconds:
            window = self._windows[bucket] = _Window(now)
        reset = max(1, math.ceil(window.started + seconds - now))
        allowed = self.profile == "off" or window.used < limit
        window.used += allowed
        return Allowance(allowed, limit, max(0, limit - window.used), reset)

    def _figures(self, bucket: str) -> tuple[int, float]:
        limit, seconds = _DOCUMENTED[bucket]
        return limit * self.factor, seconds
