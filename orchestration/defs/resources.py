"""Resources: the locked data folder, and how dbt is called.

Holds what steps share. Does not hold steps.
Tests: tests/orchestration/defs/test_resources.py
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

import dagster as dg

from orchestration import dbt_runner, run_lock, stages
from orchestration.data_folder import working_on
from orchestration.run_lock import Life
from orchestration.settings import Settings

# A run without a mark gets this long to make one before it counts as dead.
# Its process may have to import Dagster and dbt on a busy machine first.
GRACE_SECONDS = 300.0
_UNFINISHED = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.resource(description="The data folder, locked for the whole run: one writer.")
def warehouse(context: dg.InitResourceContext) -> Iterator[Settings]:
    """Hold the lock; whoever gets it marks the runs of dead processes as failed."""
    settings = Settings.from_environment()
    run = context.run
    if run is None or context.instance is None:
        yield settings
        return
    run_lock.mark_alive(settings, run.run_id)
    command = f"Dagster job {run.job_name}, run {run.run_id}"
    with working_on(settings, command=command, wait_seconds=settings.lock_wait_seconds):
        fail_dead_runs(context.instance, settings)
        stages.reached("run_started")
        yield settings


def fail_dead_runs(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Mark unfinished runs whose process is gone as failed; return their ids."""
    dead = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_UNFINISHED)):
        run = record.dagster_run
        life = run_lock.life_of(settings, run.run_id)
        # Since it last changed: it may have waited in the queue for hours before.
        age = time.time() - record.update_timestamp.replace(tzinfo=UTC).timestamp()
        is_lost = life is Life.UNMARKED and age > GRACE_SECONDS
        if life is Life.DEAD or is_lost:
            instance.report_run_failed(
                run, "The process of this run died; the next run found out."
            )
            dead.append(run.run_id)
    run_lock.remove_dead_marks(settings)
    return dead


class DbtBuilds(dg.ConfigurableResource):
    """How dbt is called: in this process, on the private work file."""

    as_of: str | None = None

    def build(
        self,
        settings: Settings,
        selection: list[str],
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        """Run `dbt build` on a selection; see `dbt_runner.build`."""
        variables: dict[str, Any] = {"sources": list(settings.sources)}
        if self.as_of:
            variables["as_of"] = self.as_of
        dbt_runner.build(settings, selection, variables, on_event)


@dg.definitions
def resources() -> dg.Definitions:
    """Offer them to every step; what the UI starts runs in one process, too.

    Steps in processes of their own would take and free the lock one by one.
    """
    return dg.Definitions(
        resources={"warehouse": warehouse, "dbt": DbtBuilds()},
        executor=dg.in_process_executor,
    )
