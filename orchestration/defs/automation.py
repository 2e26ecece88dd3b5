"""Jobs and schedules.

Holds the `refresh` job (everything), one job and schedule per source, and one for the
build. All schedules are stopped until somebody starts them. Every job runs in one
process: there is one writer. Does not hold what the steps do.
Tests: tests/orchestration/defs/test_automation.py, tests/test_architecture.py
"""

import dagster as dg

# What `define_asset_job` returns has no public name.
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from ingestion.registry import SourceSpec
from orchestration.defs.lake import KNOWN, lake_keys
from orchestration.defs.translator import OWNERS

REFRESH, BUILD = "refresh", "build"

# Sources come one after the other from the top of the hour, five minutes apart: they
# share one lock. The build follows when they have had time to end.
PULL_MINUTES = 5
BUILD_CRON = "40 * * * *"
REFRESH_CRON = "0 5 * * *"

# A crashed run starts again from its first step: "publish" alone would be run again
# with whatever candidate is there by then.
_TAGS = {"dagster/retry_strategy": "ALL_STEPS"}
_WAITING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.definitions
def automation() -> dg.Definitions:
    """One job for everything, one per source, one for what follows extraction."""
    everything = dg.AssetSelection.all()
    lake = [key for source in KNOWN.values() for key in lake_keys(source)]
    refresh = _job(
        REFRESH,
        everything,
        "Pull every source, build, audit and publish a release.",
        "everything",
    )
    build = _job(
        BUILD,
        everything - dg.AssetSelection.assets(*lake),
        "Build, audit and publish from what the lake already holds.",
        "build",
    )
    pulls = [_pull_job(source) for source in KNOWN.values()]
    schedules = [
        *[
            _schedule(
                pull,
                f"{(number * PULL_MINUTES) % 60} * * * *",
                f"Every hour: {pull.description} Start it together with "
                f"`{BUILD}_schedule`, which publishes what has landed.",
            )
            for number, pull in enumerate(pulls)
        ],
        _schedule(
            build,
            BUILD_CRON,
            "Every hour, after the pulls: builds, audits and publishes a release.",
        ),
        _schedule(
            refresh,
            REFRESH_CRON,
            "Once a day at 05:00 UTC: everything in one run. Instead of the hourly "
            "schedules, not beside them.",
        ),
    ]
    return dg.Definitions(jobs=[refresh, build, *pulls], schedules=schedules)


def _pull_job(source: SourceSpec) -> UnresolvedAssetJobDefinition:
    return _job(
        f"pull_{source.name}",
        dg.AssetSelection.assets(*lake_keys(source)),
        f"Pull {source.name} into the lake; nothing is built.",
        source.name,
    )


def _job(
    name: str, selection: dg.AssetSelection, description: str, scope: str
) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        name,
        selection=selection,
        executor_def=dg.in_process_executor,
        description=description,
        tags={**_TAGS, "scope": scope, "owner": OWNERS[0]},
    )


def _schedule(
    job: UnresolvedAssetJobDefinition, cron: str, description: str
) -> dg.ScheduleDefinition:
    def not_twice(
        context: dg.ScheduleEvaluationContext,
    ) -> dg.RunRequest | dg.SkipReason:
        waiting = dg.RunsFilter(job_name=job.name, statuses=_WAITING)
        if context.instance.get_runs_count(waiting):
            return dg.SkipReason(f"A run of {job.name} is not over yet.")
        return dg.RunRequest()

    return dg.ScheduleDefinition(
        name=f"{job.name}_schedule",
        job=job,
        cron_schedule=cron,
        execution_timezone="UTC",
        description=description,
        execution_fn=not_twice,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        tags={"scope": str((job.tags or {})["scope"])},
        owners=OWNERS,
    )
