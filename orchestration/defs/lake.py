"""Extraction: one asset per table of the lake, pulled source by source.

Holds the step that pulls the chosen sources in a thread pool, and one check per source
that tells whether its pull succeeded. A failing source stops neither the others nor
what follows: its tables keep their last good load, and their age goes on growing. Does
not hold connectors (`ingestion`) nor what a pull tells (`pull_metadata`).
Tests: tests/orchestration/defs/test_lake.py
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import dagster as dg

# A step cannot go on without the output of the one before, and an output is recorded as
# a materialization, which would make a table fresh that was not pulled. This key, with
# which Dagster marks outputs that are none, is the only way out; a test holds it to it.
from dagster._core.definitions.source_asset import (
    SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION as NOT_MATERIALIZED,
)

from ingestion.errors import RateLimited, SourceError, VendorUnavailable
from ingestion.lake import Lake
from ingestion.pipelines import pull
from ingestion.registry import SourceSpec, is_file_source
from ingestion.stream import Progress
from orchestration import progress, stages
from orchestration.defs.pull_metadata import Pulled, log_tables, metadata_of
from orchestration.defs.translator import ALL_FILES, MANIFEST, OWNERS, PERSONAL
from orchestration.errors import AllSourcesFailed
from orchestration.progress import time_left
from orchestration.settings import Settings

PULL_CHECK = "pull_succeeded"
RETRY_SECONDS = 60
# Warned after this share of what is allowed: there is still time to act.
WARN_SHARE = 0.5

# A folder of files that is new is seen when the code location is loaded again.
KNOWN = Settings.from_environment().known_sources()

Result = dg.MaterializeResult | dg.AssetCheckResult | dg.Output


def lake_keys(source: SourceSpec) -> list[dg.AssetKey]:
    """Return the assets of a source: its streams, and dlt's log of them."""
    tables = [stream.name for stream in source.streams] + list(log_tables(source.name))
    return [dg.AssetKey([source.name, table]) for table in tables]


def _specs() -> list[dg.AssetSpec]:
    return [spec for source in KNOWN.values() for spec in _specs_of(source)]


def _specs_of(source: SourceSpec) -> list[dg.AssetSpec]:
    told = {stream.name: stream.description for stream in source.streams}
    told |= log_tables(source.name)
    modes = {stream.name: stream.mode for stream in source.streams}
    return [
        dg.AssetSpec(
            key=[source.name, table],
            group_name="lake",
            kinds={"dlt", "parquet"},
            owners=[f"team:{source.owner}"] if source.owner else [],
            description=description,
            tags={
                "source": source.name,
                "layer": "lake",
                "read": modes.get(table, "log"),
                **({} if table == "pulls" else {PERSONAL: ""}),
            },
            metadata={"is_required_for_a_release": source.is_required},
            freshness_policy=dg.FreshnessPolicy.time_window(
                fail_window=source.max_staleness,
                warn_window=source.max_staleness * WARN_SHARE,
            ),
            skippable=True,
        )
        for table, description in told.items()
    ]


def _specs_of_all_files() -> list[dg.AssetSpec]:
    """The tables that dbt reads of files, each made of those of all file sources."""
    tables = [
        str(source["name"])
        for source in MANIFEST["sources"].values()
        if source["source_name"] == ALL_FILES
    ]
    return [
        dg.AssetSpec(
            [ALL_FILES, table],
            deps=[
                key
                for source in KNOWN.values()
                if is_file_source(source.name)
                for key in lake_keys(source)
                if key.path[-1] == table
            ],
            group_name="lake",
            kinds={"parquet"},
            owners=OWNERS,
            description=f"`{table}` of every file source, with the source of each row.",
            tags={"layer": "lake", **({} if table == "pulls" else {PERSONAL: ""})},
        )
        for table in sorted(tables)
    ]


all_files = _specs_of_all_files()


@dg.multi_asset(
    name="lake",
    specs=_specs(),
    check_specs=[
        dg.AssetCheckSpec(
            PULL_CHECK,
            asset=[name, "pulls"],
            description="The last pull of the source brought all its streams. If not: "
            "the result names what to mend; the last good load stays in use meanwhile.",
        )
        for name in KNOWN
    ],
    can_subset=True,
)
def lake(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> Iterator[Result]:
    """Pull the chosen sources, each as one load of all its tables."""
    selected = {key.path[0] for key in context.selected_asset_keys}
    chosen = [name for name in warehouse.sources if name in selected]
    if not chosen:
        warehouse.require_used(min(selected))
    with ThreadPoolExecutor(len(chosen), "pull") as pool:
        outcomes = list(pool.map(lambda source: _pull(source, warehouse), chosen))
    stages.reached("extracted")
    is_any_pulled = any(outcome.report for outcome in outcomes)
    if not is_any_pulled and _may_come_back(outcomes, context, warehouse):
        raise dg.RetryRequested(warehouse.pull_retries, RETRY_SECONDS)
    for outcome in outcomes:
        yield from _results(context, warehouse, outcome)
    if not is_any_pulled:
        with progress.stage("extract"):
            raise _all_failed(outcomes)


def _pull(source: str, settings: Settings) -> Pulled:
    report, error = None, None
    with progress.stage(f"extract {source}") as stage:
        began: dict[str, float] = {}

        def told(step: Progress) -> None:
            left = time_left(
                began.setdefault(step.stream, time.monotonic()), step.share
            )
            stage.say(rows=step.rows, note=step.stream + left)

        try:
            report = pull(
                source,
                lake_url=settings.lake_url,
                pipelines_dir=settings.dlt_dir,
                on_progress=told,
                files_dir=settings.files_dir,
            )
            rows = sum(stream.rows for stream in report.streams.values())
            stage.say(rows=rows, note="")
        except SourceError as failure:
            error = failure
            stage.warn(failure.what)
    loads = Lake(settings.lake_url).committed_loads(source)
    return Pulled(source, report, error, max(loads, default=None))


def _may_come_back(
    outcomes: Sequence[Pulled], context: dg.AssetExecutionContext, settings: Settings
) -> bool:
    """Whether waiting may help: nothing was reached, and nobody waits in front."""
    is_away = all(
        isinstance(outcome.error, VendorUnavailable | RateLimited)
        for outcome in outcomes
    )
    return is_away and context.retry_number < settings.pull_retries


def _all_failed(outcomes: Sequence[Pulled]) -> AllSourcesFailed:
    errors = "\n".join(str(outcome.error) for outcome in outcomes)
    return AllSourcesFailed(
        f"No source could be pulled.\n{errors}",
        "The extraction step",
        "Mend what each source names and run again; the published release and all "
        "earlier loads are untouched.",
    )


def _results(
    context: dg.AssetExecutionContext, settings: Settings, outcome: Pulled
) -> Iterator[Result]:
    told = metadata_of(settings, outcome, KNOWN[outcome.source])
    for key in lake_keys(KNOWN[outcome.source]):
        if key in context.selected_asset_keys:
            yield from _result(context, outcome, key, told[key.path[1]])
    check_key = dg.AssetCheckKey(dg.AssetKey([outcome.source, "pulls"]), PULL_CHECK)
    if check_key in context.selected_asset_check_keys:
        yield dg.AssetCheckResult(
            passed=outcome.error is None,
            asset_key=check_key.asset_key,
            check_name=check_key.name,
            severity=dg.AssetCheckSeverity.WARN,
            description=str(outcome.error) if outcome.error else None,
            metadata={
                "last_good_load": outcome.last_load or "none",
                **({"next_step": outcome.error.what_to_do} if outcome.error else {}),
            },
        )


def _result(
    context: dg.AssetExecutionContext,
    outcome: Pulled,
    key: dg.AssetKey,
    metadata: dict[str, dg.MetadataValue],
) -> Iterator[Result]:
    version = dg.DataVersion(outcome.last_load or "none")
    if outcome.report is not None:
        yield dg.MaterializeResult(
            asset_key=key, data_version=version, metadata=metadata
        )
        return
    context.log_event(dg.AssetObservation(key, metadata=metadata))
    output = context.assets_def.get_output_name_for_asset_key(key)
    yield dg.Output(None, output_name=output, metadata={NOT_MATERIALIZED: True})
