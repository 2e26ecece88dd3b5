"""Failed runs become messages: refusals with their checks, others without any text."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import pytest

from expectations.results import CheckResult
from orchestration import notifications
from orchestration.defs import alerts
from orchestration.defs.gate_evidence import refusal
from orchestration.errors import BuildRefused
from orchestration.notifications import Message
from orchestration.publication.audit_record import AuditOutcome, write_outcome
from orchestration.publication.errors import GateRefused
from orchestration.settings import Settings

PERSONAL = "ada@example.com"
CHECK = CheckResult(
    name="reconciliation.rows_arrive",
    table_name="zendesk.tickets",
    severity="error",
    success=False,
    observed={"rows": 2},
    owner="team:data",
    meaning="Every received row is staged.",
    sample_keys=("17",),
)


@pytest.fixture
def told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    monkeypatch.setenv("CX_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CX_WEBHOOK_URL", "http://127.0.0.1:9/never")
    monkeypatch.setenv("CX_UI_URL", "http://127.0.0.1:3000")
    sent: list[Message] = []

    def send(_: Settings, message: Message) -> list[str]:
        sent.append(message)
        return ["127.0.0.1"]

    monkeypatch.setattr(notifications, "send", send)
    return sent


def failing(error: Callable[[], Exception]) -> tuple[str, dg.DagsterInstance]:
    """Run a job whose step fails; both sensors look at it."""

    @dg.op(name="audit")
    def step() -> None:
        raise error()

    @dg.job(name="refresh")
    def job() -> None:
        step()

    instance = dg.DagsterInstance.ephemeral()
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    event = result.get_run_failure_event()
    for sense in (alerts._tell_if_refused, alerts._tell_if_broken):
        context = dg.build_run_status_sensor_context(
            sensor_name="tell",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=event,
        )
        sense(context.for_run_failure())
    return result.run_id, instance


def test_a_refusal_is_told_once_with_its_checks(
    told: list[Message], settings: Settings
) -> None:
    outcome = AuditOutcome("r000003", False, "sha", None, None, (CHECK,))
    write_outcome(settings, outcome)
    error = GateRefused("r000003", "1 check failed.", "Mend it.", [CHECK])
    run_id, _ = failing(lambda: refusal(settings, error, outcome))
    (message,) = told
    assert message.event == "gate_refused"
    assert message.release_id == "r000003"
    assert [finding.check for finding in message.findings] == [CHECK.name]
    assert message.findings[0].sample_keys == ("17",)
    assert message.url == f"http://127.0.0.1:3000/runs/{run_id}"


def test_a_failed_test_of_dbt_is_a_refusal_too(told: list[Message]) -> None:
    failing(lambda: BuildRefused("1 dbt test failed", "dbt", "mend it"))
    assert [message.event for message in told] == ["gate_refused"]


def test_the_text_of_an_error_is_never_sent(told: list[Message]) -> None:
    failing(lambda: ValueError(f"could not convert {PERSONAL}"))
    (message,) = told
    assert message.event == "run_failed"
    assert message.steps == ("audit (ValueError)",)
    assert PERSONAL not in str(message.to_json()) + str(message.to_slack())


def test_without_an_address_nothing_is_sent(
    told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CX_WEBHOOK_URL")
    failing(lambda: ValueError("anything"))
    assert told == []


@pytest.mark.parametrize(
    ("variable", "status"),
    [
        (None, dg.DefaultSensorStatus.STOPPED),
        ("CX_WEBHOOK_URL", dg.DefaultSensorStatus.RUNNING),
        ("CX_SLACK_WEBHOOK_URL", dg.DefaultSensorStatus.RUNNING),
    ],
)
def test_the_sensors_run_only_once_an_address_is_configured(
    variable: str | None,
    status: dg.DefaultSensorStatus,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("CX_WEBHOOK_URL", "CX_SLACK_WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:9/never")
    sensors = {one.name: one.default_status for one in alerts.alerts().sensors or []}
    assert sensors["tell_gate_refused"] is status
    assert sensors["tell_run_failed"] is status
    assert sensors["fail_dead_runs"] is dg.DefaultSensorStatus.RUNNING
