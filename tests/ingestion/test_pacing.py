"""Requests keep to the documented rates, whatever the clock does."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ingestion.pacing import Pacer, Rate, pacer_of


class Clock:
    """Stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def sent(rates: list[Rate], paths: list[str], gaps: list[float]) -> list[float]:
    """When each request was let through."""
    clock = Clock()
    pacer = Pacer(rates, clock, clock.sleep)
    times = []
    for path, gap in zip(paths, gaps, strict=True):
        clock.now += gap
        pacer.wait(path)
        times.append(clock.now)
    return times


def test_a_burst_is_let_through_and_then_waits_for_the_window() -> None:
    times = sent([Rate(2, 1.0)], ["/a"] * 5, [0.0] * 5)
    assert times == [0, 0, 1, 1, 2]


def test_a_path_has_its_own_rate_beside_that_of_the_account() -> None:
    rates = [Rate(4, 10.0), Rate(1, 5.0, "/export$")]
    paths = ["/export", "/list", "/export", "/list", "/list"]
    # The second export waits for the first; the fifth request for the account.
    assert sent(rates, paths, [0.0] * 5) == [0, 0, 5, 5, 10]


def test_slow_callers_never_wait() -> None:
    clock = Clock()
    pacer = Pacer([Rate(1, 1.0)], clock, clock.sleep)
    for _ in range(5):
        pacer.wait("/a")
        clock.now += 1.5
    assert clock.slept == []


@given(
    st.integers(1, 5),
    st.floats(0.5, 10),
    st.lists(st.floats(0, 3), min_size=1, max_size=40),
)
def test_no_window_ever_holds_more_than_allowed(
    requests: int, seconds: float, gaps: list[float]
) -> None:
    times = sent([Rate(requests, seconds)], ["/a"] * len(gaps), gaps)
    for place in range(len(times) - requests):
        assert times[place + requests] - times[place] >= seconds * (1 - 1e-9)


def test_clients_of_one_account_share_a_pacer() -> None:
    account = f"https://{random.random()}.example"
    rates = (Rate(700, 60),)
    assert pacer_of(account, rates, 1.0) is pacer_of(account, rates, 1.0)
    assert pacer_of(account, rates, 1.0) is not pacer_of(f"{account}2", rates, 1.0)


def test_a_factor_is_for_accounts_that_may_do_more_or_less() -> None:
    assert Rate(700, 60).times(2.5).requests == 1750
    assert Rate(10, 60).times(0.01).requests == 1
