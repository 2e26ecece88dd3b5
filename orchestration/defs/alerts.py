"""Sensors: telling people what failed, and finding runs whose process died.

Holds when a message is sent and what of a run goes into it. Off until an address is
configured. Does not hold the message's form nor the sending
(`orchestration.notifications`). Tests: tests/orchestration/defs/test_alerts.py
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from orchestration import notifications
from orchestration.defs.resources import fail_dead_runs
from orchestration.defs.translator import OWNERS
from orchestration.notifications import Finding, Message
from orchestration.publication.audit_record import AuditOutcome, read_outcome
from orchestration.publication.link import current_release
from orchestration.settings import Settings

# What the gate raises when it refuses, and dbt's tests before it.
REFUSALS = {"GateRefused", "BuildRefused"}
WATCH_SECONDS = 60

_LOOK = "Open the run, then the first red step: its error says what to do."
_LOOK_AT_KEYS = (
    "Look at the rows with these keys in the work file, mend the source or the model, "
    "then start `refresh` again. Readers keep the last release meanwhile."
)


@dg.definitions
def alerts() -> dg.Definitions:
    """Three sensors; the two that tell people run only when they may."""
    may_tell = notifications.is_configured(Settings.from_environment())
    running, stopped = dg.DefaultSensorStatus.RUNNING, dg.DefaultSensorStatus.STOPPED
    status = running if may_tell else stopped
    return dg.Definitions(
        sensors=[
            dg.run_failure_sensor(
                name="tell_gate_refused",
                description="Tells the webhooks which checks refused a release, with "
                "numbers, keys and the next step. Runs once CX_WEBHOOK_URL or "
                "CX_SLACK_WEBHOOK_URL is set.",
                monitor_all_code_locations=True,
                default_status=status,
                tags={"tells": "gate-refused", "owner": OWNERS[0]},
            )(_tell_if_refused),
            dg.run_failure_sensor(
                name="tell_run_failed",
                description="Tells the webhooks that a run failed, and in which step. "
                "Runs once CX_WEBHOOK_URL or CX_SLACK_WEBHOOK_URL is set.",
                monitor_all_code_locations=True,
                default_status=status,
                tags={"tells": "run-failed", "owner": OWNERS[0]},
            )(_tell_if_broken),
            dg.SensorDefinition(
                name="fail_dead_runs",
                evaluation_fn=_fail_dead_runs,
                description="Marks runs whose process died as failed, so that they do "
                "not block the queue. Each run locks a file that the kernel frees.",
                minimum_interval_seconds=WATCH_SECONDS,
                default_status=running,
                tags={"watches": "runs", "owner": OWNERS[0]},
            ),
        ]
    )


def _fail_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    dead = fail_dead_runs(context.instance, Settings.from_environment())
    return dg.SkipReason(f"Marked as failed: {', '.join(dead)}" if dead else "All live")


def _tell_if_refused(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    return _tell(context, is_refusal=True)


def _tell_if_broken(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    return _tell(context, is_refusal=False)


def _tell(
    context: dg.RunFailureSensorContext, *, is_refusal: bool
) -> dg.SkipReason | None:
    settings = Settings.from_environment()
    if not notifications.is_configured(settings):
        return dg.SkipReason("Neither CX_WEBHOOK_URL nor CX_SLACK_WEBHOOK_URL is set.")
    failures = list(_failures(context.get_step_failure_events()))
    if is_refusal is not any(failure.is_refusal for failure in failures):
        return dg.SkipReason("This failure is the other sensor's to tell.")
    message = message_of(settings, context.dagster_run, failures)
    told = notifications.send(settings, message)
    context.log.info(f"Told {', '.join(told)}: {message.title}")
    return None


class Failure:
    """A step that failed: its name, and the kinds of error in its chain."""

    def __init__(self, event: dg.DagsterEvent) -> None:
        data = event.step_failure_data
        self.step = event.step_key or "?"
        self.kinds: set[str] = set()
        self.told: dict[str, str] = {}
        error = data.error
        while error is not None:
            if error.cls_name:
                self.kinds.add(error.cls_name)
            error = error.cause
        if data.user_failure_data is not None:
            given = data.user_failure_data.metadata.items()
            self.told = {name: str(value.value) for name, value in given}

    @property
    def is_refusal(self) -> bool:
        """Whether nothing broke: the data was not good enough."""
        return bool(REFUSALS & self.kinds) or "last_release_stays" in self.told

    @property
    def name(self) -> str:
        """Return the step with the innermost kind of error that is not Dagster's."""
        kinds = sorted(kind for kind in self.kinds if not kind.startswith("Dagster"))
        return f"{self.step} ({', '.join(kinds) or 'unknown'})"


def _failures(events: Sequence[dg.DagsterEvent]) -> Iterator[Failure]:
    yield from (Failure(event) for event in events)


def message_of(
    settings: Settings, run: dg.DagsterRun, failures: Sequence[Failure]
) -> Message:
    """Say what happened; of an error only its kind: its text may quote a value."""
    is_refused = any(failure.is_refusal for failure in failures)
    ids = [f.told["release_id"] for f in failures if "release_id" in f.told]
    outcome = read_outcome(settings, ids[0]) if ids else None
    return Message(
        event="gate_refused" if is_refused else "run_failed",
        job=run.job_name,
        run_id=run.run_id,
        happened_at=datetime.now(UTC).isoformat(timespec="seconds"),
        steps=tuple(failure.name for failure in failures),
        next_step=_LOOK_AT_KEYS if outcome and outcome.errors else _LOOK,
        release_id=ids[0] if ids else None,
        stays=current_release(settings),
        findings=_findings(outcome),
        url=f"{settings.ui_url}/runs/{run.run_id}" if settings.ui_url else None,
    )


def _findings(outcome: AuditOutcome | None) -> tuple[Finding, ...]:
    return tuple(Finding.of(check) for check in outcome.errors) if outcome else ()
