"""Jobs and schedules.

Holds the `refresh` job (everything), one job and schedule per source, and one for the
build. All schedules are stopped until somebody starts them. Every job runs in one
process: there is one writer. Does not hold what the steps do.
Tests: tests/test_architecture.py
"""

import dagster as dg

from ingestion.registry import SOURCES
from orchestration.defs.lake import lake_keys

# Sources at the top of the hour, the build when they have had time to end.
PULL_CRON = "0 * * * *"
BUILD_CRON = "20 * * * *"

REFRESH, BUILD = "refresh", "build"


@dg.definitions
def automation() -> dg.Definitions:
    """One job for everything, one per source, one for what follows extraction."""
    of_source = {
        source.name: dg.AssetSelection.assets(*lake_keys(source))
        for source in SOURCES.values()
    }
    everything = dg.AssetSelection.all()
    lake = [key for source in SOURCES.values() for key in lake_keys(source)]
    refresh = dg.define_asset_job(
        REFRESH,
        selection=everything,
        executor_def=dg.in_process_executor,
        description="Pull every source, build, audit and publish a release.",
    )
    build = dg.define_asset_job(
        BUILD,
        selection=everything - dg.AssetSelection.assets(*lake),
        executor_def=dg.in_process_executor,
        description="Build, audit and publish from what the lake already holds.",
    )
    pulls = [
        dg.define_asset_job(
            f"pull_{name}",
            selection=selection,
            executor_def=dg.in_process_executor,
            description=f"Pull {name} into the lake; nothing is built.",
        )
        for name, selection in of_source.items()
    ]
    schedules = [
        *[dg.ScheduleDefinition(job=job, cron_schedule=PULL_CRON) for job in pulls],
        dg.ScheduleDefinition(job=build, cron_schedule=BUILD_CRON),
    ]
    return dg.Definitions(jobs=[refresh, build, *pulls], schedules=schedules)
