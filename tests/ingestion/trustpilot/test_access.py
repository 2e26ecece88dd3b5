"""Keys and tokens, against the sandbox: fetched once, renewed when they are over."""

import logging
from collections.abc import Iterator

import pytest

from ingestion.errors import AuthFailed, BadAnswer
from ingestion.pipelines import pull
from ingestion.sandbox.server import RunningSandbox, running_sandbox
from ingestion.sandbox.trustpilot.routes import TOKEN_PATH
from ingestion.sandbox.trustpilot.units import UNIT_ID
from ingestion.sandbox.world import DEFAULT_NOW
from ingestion.trustpilot import TrustpilotSettings
from ingestion.trustpilot.streams import streams

PRIVATE = f"/v1/private/business-units/{UNIT_ID}/reviews"


@pytest.fixture(scope="module")
def started() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=1000, seed=4) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started, monkeypatch) -> Iterator[RunningSandbox]:
    for name, value in started.environment.items():
        monkeypatch.setenv(name, value)
    started.requests.clear()
    yield started
    started.clock.set(DEFAULT_NOW)


def test_one_token_serves_a_whole_pull(sandbox, workplace, monkeypatch):
    monkeypatch.setenv("SOURCES__TRUSTPILOT__PAGE_SIZE", "20")
    workplace.pull("trustpilot")
    assert sandbox.requests[PRIVATE] > 3
    assert sandbox.requests[TOKEN_PATH] == 1


def test_a_token_that_ends_mid_run_is_renewed(sandbox, workplace, monkeypatch):
    monkeypatch.setenv("SOURCES__TRUSTPILOT__PAGE_SIZE", "20")
    pages = []

    def told(step) -> None:
        pages.append(step)
        if step.stream == "reviews" and step.pages == 3:
            # A hundred hours pass between two pages.
            sandbox.clock.advance(hours=100)

    report = pull(
        "trustpilot",
        lake_url=workplace.lake_url,
        pipelines_dir=workplace.pipelines_dir,
        on_progress=told,
    )
    assert sandbox.requests[TOKEN_PATH] == 2
    visible = len(sandbox.world.reviews.visible(int(DEFAULT_NOW.timestamp())))
    assert report.streams["reviews"].rows >= visible - 3


def test_public_data_is_read_without_a_token(sandbox, workplace, monkeypatch):
    monkeypatch.delenv("SOURCES__TRUSTPILOT__API_SECRET")
    report = workplace.pull("trustpilot")
    assert sandbox.requests[TOKEN_PATH] == sandbox.requests[PRIVATE] == 0
    visible = sandbox.world.reviews.visible(sandbox.clock.seconds)
    assert report.streams["reviews"].rows == len(visible)
    payloads = workplace.latest("trustpilot", "reviews").values()
    assert not any("referralEmail" in payload for payload in payloads)


def test_a_wrong_secret_is_told_once_and_shown_nowhere(
    sandbox, workplace, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("SOURCES__TRUSTPILOT__API_SECRET", "wr0ng-secret")
    with pytest.raises(AuthFailed, match="SOURCES__TRUSTPILOT__API_SECRET") as caught:
        workplace.pull("trustpilot")
    key = sandbox.credentials.trustpilot_api_key
    for secret in ("wr0ng-secret", key):
        assert secret not in str(caught.value) + caplog.text


def test_settings_and_streams_hide_key_and_secret(sandbox):
    settings = TrustpilotSettings.from_configuration()
    shown = repr(settings) + repr(streams(settings, settings.client()))
    for secret in (
        sandbox.credentials.trustpilot_api_key,
        sandbox.credentials.trustpilot_api_secret,
    ):
        assert secret not in shown


def test_a_token_answer_without_a_token_is_a_bad_answer(vendor, monkeypatch):
    for name, value in {
        "BASE_URL": vendor.base_url,
        "BUSINESS_UNIT": "acme.example",
        "API_KEY": "key",
        "API_SECRET": "secret",
    }.items():
        monkeypatch.setenv(f"SOURCES__TRUSTPILOT__{name}", value)
    vendor.routes[TOKEN_PATH] = lambda _: {"status": "approved"}
    client = TrustpilotSettings.from_configuration().client()
    with pytest.raises(BadAnswer, match="without a token"):
        client.get("/v1/private/anything")
    assert vendor.queries(TOKEN_PATH) == [{"grant_type": "client_credentials"}]
