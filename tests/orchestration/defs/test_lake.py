"""Extraction: a failing source stops neither the others nor what follows."""

from collections.abc import Iterator

import dagster as dg
import pytest

from ingestion.sandbox.server import RunningSandbox, running_sandbox
from orchestration.defs.lake import lake
from orchestration.settings import Settings


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
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled(settings)
    monkeypatch.setenv("SOURCES__TYPEFORM__TOKEN", "wrong")
    result = pulled(settings)
    assert result.success
    assert states(result)["zendesk/tickets"] == "pulled"
    assert states(result)["typeform/responses"].startswith("last good load kept")
    failed = [c for c in result.get_asset_check_evaluations() if not c.passed]
    assert [check.asset_key.path[0] for check in failed] == ["typeform"]
    assert failed[0].severity is dg.AssetCheckSeverity.WARN
    assert failed[0].metadata["last_good_load"].value != "none"
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
