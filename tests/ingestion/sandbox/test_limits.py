from collections.abc import Iterator

import httpx
import pytest

from ingestion.sandbox import limits as buckets
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW

EXPORT = "/api/v2/incremental/users/cursor?start_time=0"


class Timer:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def limited(started: RunningSandbox) -> Iterator[tuple[str, Limits, Timer]]:
    timer = Timer()
    limits = Limits("vendor", timer)
    clock = Clock(DEFAULT_NOW)
    with serving(started.world, clock=clock, limits=limits) as sandbox:
        yield sandbox.base_url, limits, timer


def _helpdesk(base_url: str) -> httpx.Client:
    keys = Credentials()
    auth = (f"{keys.zendesk_email}/token", keys.zendesk_api_token)
    return httpx.Client(base_url=base_url, auth=auth)


def test_the_eleventh_export_in_a_minute_waits(
    limited: tuple[str, Limits, Timer],
) -> None:
    base_url, _, timer = limited
    with _helpdesk(base_url) as client:
        assert [client.get(EXPORT).status_code for _ in range(10)] == [200] * 10
        timer.now += 12.5
        refused = client.get(EXPORT)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "48"
        assert refused.json() == {
            "error": "APIRateLimitExceeded",
            "description": "Number of allowed incremental export API requests per "
            "minute exceeded",
        }
        # Other paths have a limit of their own.
        assert client.get("/api/v2/groups").status_code == 200
        timer.now += 48
        assert client.get(EXPORT).status_code == 200


def test_the_account_limit_answers_in_plain_text(
    limited: tuple[str, Limits, Timer],
) -> None:
    base_url, limits, _ = limited
    for _ in range(699):
        limits.take(buckets.ZENDESK_ACCOUNT)
    with _helpdesk(base_url) as client:
        last = client.get("/api/v2/groups")
        assert last.headers["x-rate-limit"] == "700"
        assert last.headers["x-rate-limit-remaining"] == "0"
        refused = client.get("/api/v2/groups")
    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/plain")
    assert refused.text == "Number of allowed API requests per minute exceeded"
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-rate-limit-remaining"] == "0"


def test_the_survey_vendor_allows_two_a_second(
    limited: tuple[str, Limits, Timer],
) -> None:
    base_url, _, timer = limited
    header = {"Authorization": f"Bearer {Credentials().typeform_token}"}
    with httpx.Client(base_url=base_url, headers=header) as client:
        codes = [client.get("/forms").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = client.get("/forms")
        assert refused.json()["code"] == "TOO_MANY_REQUESTS"
        assert refused.headers["retry-after"] == "1"
        timer.now += 1
        assert client.get("/forms").status_code == 200


def test_unauthenticated_requests_use_up_nothing(
    limited: tuple[str, Limits, Timer],
) -> None:
    base_url, _, _ = limited
    with _helpdesk(base_url) as client:
        for _ in range(12):
            assert client.get(EXPORT, auth=("x", "y")).status_code == 401
        assert client.get(EXPORT).status_code == 200


def test_profiles_raise_the_limits_or_lift_them() -> None:
    raised, off = Limits("raised"), Limits("off")
    assert raised.take(buckets.ZENDESK_EXPORT).limit == 10_000
    assert all(off.take(buckets.TYPEFORM).allowed for _ in range(5000))
    with pytest.raises(ValueError, match="vendor, raised, off"):
        Limits("generous")
