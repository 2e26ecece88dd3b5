"""Who may ask the CRM, for how long and how often."""

import httpx
import pytest

from ingestion.sandbox import limits as buckets
from ingestion.sandbox.answers import VendorError
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.hubspot.gate import Gate
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW

PATH = "/crm/v3/owners"
SEARCH = "/crm/v3/objects/deals/search"
KEYS = Credentials()
FORM = {
    "grant_type": "refresh_token",
    "client_id": KEYS.hubspot_client_id,
    "client_secret": KEYS.hubspot_client_secret,
    "refresh_token": KEYS.hubspot_refresh_token,
}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class Timer:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("wrong"),
        bearer("CN-sandbox-1782820800-0000"),
        bearer("CN-sandbox-soon-0000"),
        {"Authorization": f"Basic {KEYS.hubspot_access_token}"},
    ],
)
def test_nobody_else_is_let_in(anyone: httpx.Client, headers):
    refused = anyone.get(PATH, headers=headers)
    assert refused.status_code == 401
    body = refused.json()
    assert (body["status"], body["category"]) == ("error", "INVALID_AUTHENTICATION")
    assert body["correlationId"]


@pytest.mark.parametrize("version", ["v1", "2026-03"])
def test_a_refresh_token_gives_access_for_half_an_hour(
    sandbox: RunningSandbox, anyone: httpx.Client, version
):
    granted = anyone.post(f"/oauth/{version}/token", data=FORM).json()
    assert granted["expires_in"] == 1800
    assert granted["refresh_token"] == KEYS.hubspot_refresh_token
    headers = bearer(granted["access_token"])
    answer = anyone.get(PATH, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-hubspot-ratelimit-max"]
    assert "x-hubspot-ratelimit-daily" not in answer.headers
    sandbox.clock.advance(seconds=1799)
    assert anyone.get(PATH, headers=headers).status_code == 200
    sandbox.clock.advance(seconds=1)
    expired = anyone.get(PATH, headers=headers)
    assert expired.status_code == 401
    assert expired.json()["category"] == "EXPIRED_AUTHENTICATION"


@pytest.mark.parametrize("name", FORM)
def test_a_wrong_grant_is_refused(anyone: httpx.Client, name):
    refused = anyone.post("/oauth/v1/token", data={**FORM, name: "wrong"})
    assert refused.status_code == 400


@pytest.fixture
def limited(started: RunningSandbox):
    timer = Timer()
    limits = Limits("vendor", timer)
    with (
        serving(started.world, clock=Clock(DEFAULT_NOW), limits=limits) as sandbox,
        httpx.Client(
            base_url=sandbox.base_url, headers=bearer(KEYS.hubspot_access_token)
        ) as client,
    ):
        yield client, timer, limits


def test_a_hundred_and_ninety_requests_in_ten_seconds(limited):
    client, timer, limits = limited
    first = client.get(PATH).headers
    assert first["x-hubspot-ratelimit-max"] == "190"
    assert first["x-hubspot-ratelimit-remaining"] == "189"
    assert first["x-hubspot-ratelimit-interval-milliseconds"] == "10000"
    assert first["x-hubspot-ratelimit-daily-remaining"] == "649999"
    for _ in range(189):
        limits.take("hubspot")
    refused = client.get(PATH)
    assert refused.status_code == 429
    body = refused.json()
    assert body.pop("correlationId")
    assert body.pop("requestId")
    assert body == {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
    }
    assert "retry-after" not in refused.headers
    timer.now += 10
    assert client.get(PATH).status_code == 200


def test_five_searches_a_second_and_not_a_word_about_it(limited):
    client, timer, _ = limited
    answers = [client.post(SEARCH, json={}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].json()["policyName"] == "SECONDLY"
    for answer in answers:
        assert not [name for name in answer.headers if "ratelimit" in name]
    # The others have a limit of their own.
    assert client.get(PATH).status_code == 200
    timer.now += 1
    assert client.post(SEARCH, json={}).status_code == 200


def test_a_day_has_an_end_too(monkeypatch):
    monkeypatch.setitem(buckets._DOCUMENTED, buckets.HUBSPOT_DAILY, (1, 86_400.0))
    gate = Gate(Clock(DEFAULT_NOW), KEYS, Limits("vendor", Timer()))
    headers = gate.count(is_oauth=False, is_search=False)
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
    with pytest.raises(VendorError) as caught:
        gate.count(is_oauth=False, is_search=False)
    assert (caught.value.status, caught.value.body["policyName"]) == (429, "DAILY")
    # The private app's day is not that of an OAuth app.
    assert gate.count(is_oauth=True, is_search=False)
