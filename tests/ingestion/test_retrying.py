"""Waits are random, bounded, and never shorter than the vendor asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from ingestion.retrying import Policy, wait_asked_for

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answer(status: int, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): headers[name] for name in headers})
    return response


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def highest(_: float, high: float) -> float:
    return high


def lowest(low: float, _: float) -> float:
    return low


def send(policy: Policy, *answers: requests.Response | Exception) -> requests.Response:
    left: Iterator[requests.Response | Exception] = iter(answers)

    def request() -> requests.Response:
        given = next(left)
        if isinstance(given, Exception):
            raise given
        return given

    return policy.send(
        request,
        is_trouble=lambda response: response.status_code >= 500,
        is_limited=lambda response: response.status_code == 429,
    )


def test_waits_double_up_to_a_bound() -> None:
    clock = Clock()
    policy = Policy(
        attempts=9, factor=1, longest=20, clock=clock, sleep=clock.sleep, draw=highest
    )
    assert send(policy, *[answer(503)] * 9).status_code == 503
    assert clock.slept == [1, 2, 4, 8, 16, 20, 20, 20]


def test_a_window_that_is_not_used_up_is_not_waited_for() -> None:
    told = {"ratelimit_reset": "55", "X_HubSpot_RateLimit_Interval_Milliseconds": "9"}
    for status in (200, 500, 503):
        assert wait_asked_for(answer(status, **told)) is None
    assert wait_asked_for(answer(429, **told)) == 55
    assert wait_asked_for(answer(503, **told, Retry_After="3")) == 3


def test_waits_are_drawn_anew_so_that_clients_do_not_meet_again() -> None:
    clock = Clock()
    policy = Policy(attempts=30, factor=1, longest=9, clock=clock, sleep=clock.sleep)
    send(policy, *[answer(500)] * 30)
    assert len(set(clock.slept)) == 29
    assert max(clock.slept) <= 9


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "0"}, 0),
        ({"ratelimit_reset": "12"}, 12),
        # An instant, as seconds since 1970.
        ({"X_RateLimit_Reset": str(int(NOW.timestamp()) + 9)}, 9),
        ({"X_HubSpot_RateLimit_Interval_Milliseconds": "10000"}, 10),
        (
            {"Retry_After": format_datetime(NOW + timedelta(seconds=30), usegmt=True)},
            30,
        ),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_what_the_vendor_asks_for_is_read_by_its_own_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    date = format_datetime(NOW, usegmt=True)
    assert wait_asked_for(answer(429, Date=date, **headers)) == seconds


@pytest.mark.parametrize("draw", [lowest, highest])
def test_no_wait_is_shorter_than_asked_and_none_is_without_bound(
    draw: Callable[[float, float], float],
) -> None:
    policy = Policy(longest_asked=100, draw=draw)
    assert 7 <= policy.wait(answer(429, Retry_After="7"), 1) <= 7.7
    assert 100 <= policy.wait(answer(429, Retry_After="99999"), 1) <= 101


def test_429_is_waited_out_as_long_as_patience_lasts() -> None:
    clock = Clock()
    policy = Policy(
        attempts=2, limited_seconds=60, clock=clock, sleep=clock.sleep, draw=lowest
    )
    limited = answer(429, Retry_After="10")
    assert send(policy, *[limited] * 6, answer(200)).status_code == 200
    assert sum(clock.slept) == 60
    assert send(policy, *[limited] * 9).status_code == 429


def test_refusals_do_not_use_up_the_attempts_for_trouble() -> None:
    clock = Clock()
    policy = Policy(
        attempts=2, limited_seconds=60, clock=clock, sleep=clock.sleep, draw=lowest
    )
    limited = answer(429, Retry_After="1")
    done = send(policy, limited, limited, limited, answer(503), answer(200))
    assert done.status_code == 200


def test_a_lost_connection_is_trouble_and_another_error_is_not() -> None:
    clock = Clock()
    policy = Policy(attempts=2, clock=clock, sleep=clock.sleep)
    assert send(policy, requests.ConnectionError(), answer(200)).status_code == 200
    with pytest.raises(requests.ConnectionError):
        send(policy, requests.ConnectionError(), requests.ConnectionError())
    with pytest.raises(requests.exceptions.InvalidURL):
        send(policy, requests.exceptions.InvalidURL(), answer(200))
