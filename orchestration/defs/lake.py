"""Extraction: one asset per table of the lake, pulled source by source.

Holds the step that pulls the chosen sources in a thread pool, and one check per source
that tells whether its pull succeeded. A failing source stops neither the others nor
what follows: its tables keep their last good load. Does not hold connectors
(`ingestion`). Tests: tests/orchestration/defs/test_lake.py
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from ingestion.errors import SourceError
from ingestion.lake import Lake
from ingestion.pipelines import PullReport, pull
from ingestion.registry import SOURCES, SourceSpec
from ingestion.stream import Progress
from orchestration import progress, stages
from orchestration.errors import AllSourcesFailed
from orchestration.settings import Settings

PULL_CHECK = "pull_succeeded"
LOG_TABLES = {
    "pulls": "One row per stream and load: windows, pages, rows.",
    "rejects": "Records that could not be parsed at all, as bytes.",
}


@dataclass(frozen=True)
class Pulled:
    """How the pull of one source ended: a report, or the error that stopped it."""

    source: str
    report: PullReport | None
    error: SourceError | None
    last_load: str | None


def lake_keys(source: SourceSpec) -> list[dg.AssetKey]:
    """Return the assets of a source: its streams, and dlt's log of them."""
    tables = [stream.name for stream in source.streams] + list(LOG_TABLES)
    return [dg.AssetKey([source.name, table]) for table in tables]


def _specs() -> list[dg.AssetSpec]:
    return [spec for source in SOURCES.values() for spec in _specs_of(source)]


def _specs_of(source: SourceSpec) -> list[dg.AssetSpec]:
    told = {stream.name: stream.description for stream in source.streams} | LOG_TABLES
    return [
        dg.AssetSpec(
            key=[source.name, table],
            group_name="lake",
            kinds={"dlt", "parquet"},
            owners=[f"team:{source.owner}"] if source.owner else [],
            description=description,
            tags={"source": source.name},
            metadata={"max_staleness_hours": _hours(source)},
            skippable=True,
        )
        for table, description in told.items()
    ]


def _hours(source: SourceSpec) -> float:
    return source.max_staleness.total_seconds() / 3600


@dg.multi_asset(
    name="lake",
    specs=_specs(),
    check_specs=[
        dg.AssetCheckSpec(
            PULL_CHECK,
            asset=[name, "pulls"],
            description="The last pull of the source brought all its streams.",
        )
        for name in SOURCES
    ],
    can_subset=True,
)
def lake(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Pull the chosen sources, each as one load of all its tables."""
    selected = {key.path[0] for key in context.selected_asset_keys}
    chosen = [name for name in warehouse.sources if name in selected]
    if not chosen:
        warehouse.require_used(min(selected))
    with ThreadPoolExecutor(len(chosen), "pull") as pool:
        outcomes = list(pool.map(lambda source: _pull(source, warehouse), chosen))
    stages.reached("extracted")
    for outcome in outcomes:
        yield from _results(context, outcome)
    if not any(outcome.report for outcome in outcomes):
        with progress.stage("extract"):
            raise _all_failed(outcomes)


def _pull(source: str, settings: Settings) -> Pulled:
    report, error = None, None
    with progress.stage(f"extract {source}") as stage:

        def told(step: Progress) -> None:
            stage.say(rows=step.rows, note=step.stream)

        try:
            report = pull(
                source,
                lake_url=settings.lake_url,
                pipelines_dir=settings.dlt_dir,
                on_progress=told,
            )
            rows = sum(stream.rows for stream in report.streams.values())
            stage.say(rows=rows, note="")
        except SourceError as failure:
            error = failure
            stage.warn(failure.what)
    loads = Lake(settings.lake_url).committed_loads(source)
    return Pulled(source, report, error, max(loads, default=None))


def _all_failed(outcomes: Sequence[Pulled]) -> AllSourcesFailed:
    errors = "\n".join(str(outcome.error) for outcome in outcomes)
    return AllSourcesFailed(
        f"No source could be pulled.\n{errors}",
        "The extraction step",
        "Mend what each source names and run again; the published release and all "
        "earlier loads are untouched.",
    )


def _results(
    context: dg.AssetExecutionContext, outcome: Pulled
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    for key in lake_keys(SOURCES[outcome.source]):
        if key in context.selected_asset_keys:
            yield dg.MaterializeResult(
                asset_key=key,
                data_version=dg.DataVersion(outcome.last_load or "none"),
                metadata=_metadata(outcome, key.path[1]),
            )
    check_key = dg.AssetCheckKey(dg.AssetKey([outcome.source, "pulls"]), PULL_CHECK)
    if check_key in context.selected_asset_check_keys:
        yield dg.AssetCheckResult(
            passed=outcome.error is None,
            asset_key=check_key.asset_key,
            check_name=check_key.name,
            severity=dg.AssetCheckSeverity.WARN,
            description=str(outcome.error) if outcome.error else None,
            metadata={"last_good_load": outcome.last_load or "none"},
        )


def _metadata(outcome: Pulled, table: str) -> dict[str, Any]:
    if outcome.report is None:
        return {
            "state": "last good load kept, the pull failed",
            "load_id": outcome.last_load or "none",
            "error": str(outcome.error),
        }
    told: dict[str, Any] = {
        "state": "pulled",
        "load_id": outcome.report.load_id,
        "seconds": round(outcome.report.seconds, 2),
    }
    stream = outcome.report.streams.get(table)
    if stream is not None:
        told |= {
            "dagster/row_count": stream.rows,
            "pages": stream.pages,
            "rejected": stream.rejected,
            "window_from": str(stream.window_from),
            "watermark": str(stream.window_to),
            "lag_minutes": _lag_minutes(stream.window_to),
        }
    return told


def _lag_minutes(window_to: datetime) -> float:
    return round((datetime.now(UTC) - window_to).total_seconds() / 60, 1)
