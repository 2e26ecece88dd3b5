"""Extraction: a failing source stops neither the others nor what follows."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from ingestion.errors import VendorUnavailable
from ingestion.registry import SOURCES
from ingestion.sandbox.server import RunningSandbox, running_sandbox
from orchestration.defs import lake as defs_lake
from orchestration.defs.lake import lake
from orchestration.settings import Settings


@pytest.fixture
def two_sources(settings: Settings) -> Settings:
    """A warehouse of a company that has no other source."""
    return replace(settings, sources=("zendesk", "typeform"))


@pytest.fixture(scope="module")
def vendors() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=20, seed=3) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def connected(vendors: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in vendors.environment.items():
        monkeypatch.setenv(name, value)


def pulled(settings: Settings) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [lake], resources={"warehouse": settings}, raise_on_error=False
    )


def states(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    events = result.get_asset_materialization_events()
    made = [event.step_materialization_data.materialization for event in events]
    return {
        made.asset_key.to_user_string(): str(made.metadata["state"].value)
        for made in made
    }


def test_every_table_of_the_lake_is_an_asset_that_names_its_load(
    settings: Settings,
) -> None:
    result = pulled(settings)
    assert result.success
    assert set(states(result).values()) == {"pulled"}
    assert {"zendesk/tickets", "zendesk/pulls", "typeform/responses"} <= set(
        states(result)
    )
    assert all(check.passed for check in result.get_asset_check_evaluations())


def test_a_failing_source_keeps_its_last_load_and_a_check_tells_why(
    two_sources: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled(two_sources)
    monkeypatch.setenv("SOURCES__TYPEFORM__TOKEN", "wrong")
    result = pulled(two_sources)
    assert result.success
    assert states(result)["zendesk/tickets"] == "pulled"
    # Not materialized: its age must go on growing, for the freshness policy to see.
    assert not any(table.startswith("typeform/") for table in states(result))
    observed = {
        event.asset_observation_data.asset_observation.asset_key.to_user_string(): event
        for event in result.get_asset_observation_events()
    }
    kept = observed["typeform/responses"].asset_observation_data.asset_observation
    assert str(kept.metadata["state"].value).startswith("last good load kept")
    failed = [c for c in result.get_asset_check_evaluations() if not c.passed]
    assert [check.asset_key.path[0] for check in failed] == ["typeform"]
    assert failed[0].severity is dg.AssetCheckSeverity.WARN
    assert failed[0].metadata["last_good_load"].value != "none"
    assert "SOURCES__TYPEFORM__TOKEN" in str(failed[0].metadata["next_step"].value)
    assert "typeform" in str(failed[0].description)


def test_the_step_fails_only_when_no_source_could_be_pulled(
    settings: Settings, vendors: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in vendors.environment:
        if name.endswith(("TOKEN", "API_KEY")):
            monkeypatch.setenv(name, "wrong")
    result = pulled(settings)
    assert not result.success
    failure = result.failure_data_for_node("lake")
    assert failure is not None
    assert "No source could be pulled" in str(failure.error)


def test_what_follows_a_failed_pull_still_runs(
    two_sources: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset(deps=[dg.AssetKey(["typeform", "responses"])])
    def follower() -> None:
        pass

    monkeypatch.setenv("SOURCES__TYPEFORM__TOKEN", "wrong")
    result = dg.materialize(
        [lake, follower], resources={"warehouse": two_sources}, raise_on_error=False
    )
    assert "follower" in states_of_steps(result)


def states_of_steps(result: dg.ExecuteInProcessResult) -> set[str]:
    return {str(event.step_key) for event in result.all_events if event.is_step_success}


def test_each_table_tells_rows_watermark_lag_and_rows_by_day(
    two_sources: Settings,
) -> None:
    events = pulled(two_sources).get_asset_materialization_events()
    told = {
        event.asset_key.to_user_string(): event.materialization.metadata
        for event in events
        if event.asset_key is not None
    }
    tickets = told["zendesk/tickets"]
    rows = tickets["rows_landed"].value
    assert rows == tickets["dagster/row_count"].value > 0
    assert tickets["rows_rejected"].value == 0
    watermark, newest = tickets["watermark"].value, tickets["newest_record"].value
    assert newest <= watermark
    assert tickets["lag_minutes"].value == 1.0  # exports leave out the last minute
    assert tickets["quiet_minutes"].value >= 1.0
    assert tickets["window_from"].value == "the beginning"
    chart = str(tickets["rows_by_day"].value)
    assert len(chart.split("`")[1]) == 30
    assert told["zendesk/pulls"]["dagster/row_count"].value == len(
        SOURCES["zendesk"].streams
    )
    assert told["zendesk/rejects"]["rejected_by_stream"].value == {}


def test_vendors_that_are_away_are_asked_again_only_where_nobody_waits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(defs_lake, "RETRY_SECONDS", 0)
    asked: list[str] = []

    def away(source: str, **_: object) -> None:
        asked.append(source)
        raise VendorUnavailable(source, "no connection", "there", "run again")

    monkeypatch.setattr(defs_lake, "pull", away)
    assert not pulled(settings).success
    assert len(asked) == len(SOURCES)
    asked.clear()
    assert not pulled(replace(settings, pull_retries=2)).success
    assert len(asked) == 3 * len(SOURCES)


def test_wrong_credentials_are_never_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TYPEFORM__TOKEN", "ZENDESK__API_TOKEN", "HUBSPOT__ACCESS_TOKEN"):
        monkeypatch.setenv(f"SOURCES__{name}", "wrong")
    monkeypatch.setenv("SOURCES__TRUSTPILOT__API_KEY", "wrong")
    monkeypatch.setenv("SOURCES__QUALTRICS__API_TOKEN", "wrong")
    result = pulled(replace(settings, pull_retries=2))
    assert not result.success
    assert not any(event.is_step_up_for_retry for event in result.all_events)


def test_freshness_follows_from_what_the_registry_promises() -> None:
    for spec in lake.specs:
        policy = spec.freshness_policy
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        promised = SOURCES[spec.key.path[0]].max_staleness
        assert policy.fail_window.to_timedelta() == promised
        assert policy.warn_window is not None
        assert policy.warn_window.to_timedelta() < promised
