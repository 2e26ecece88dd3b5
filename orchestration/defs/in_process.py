"""Running the `refresh` job in this process, for the CLI.

Holds how a run is started and what is read from it afterwards. Does not hold progress
(`orchestration.progress`) nor what is shown.
Tests: tests/orchestration/cli/test_commands.py, tests/end_to_end/
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from orchestration import definitions
from orchestration.defs.automation import REFRESH
from orchestration.defs.backfill import BACKFILL
from orchestration.defs.lake import KNOWN, PULL_CHECK, lake_keys
from orchestration.defs.publication import AUDIT_CHECK, CANDIDATE, RELEASE
from orchestration.defs.transformation import QUARANTINE
from orchestration.outcome import FailedCheck, Outcome, Pulling
from orchestration.publication.audit_record import read_outcome
from orchestration.settings import Settings


def refresh(
    settings: Settings, run_id: str, pulling: Pulling, as_of: str | None
) -> Outcome:
    """Run the job; steps that fail are reported, not raised."""
    pulled = set(pulling.sources or settings.sources) if pulling.is_pulling else set()
    if pulling.days is not None:
        for source in pulling.sources:
            result = _read_again(source, *pulling.days)
            if not result.success:
                return _outcome(settings, result)
        pulled = set()
    job = definitions.defs().resolve_job_def(REFRESH)
    left_out = {
        key
        for source in KNOWN.values()
        if source.name not in pulled
        for key in lake_keys(source)
    }
    chosen = job.asset_layer.asset_graph.executable_asset_keys - left_out
    try:
        result = job.execute_in_process(
            instance=dg.DagsterInstance.get(),
            run_id=run_id,
            run_config={"resources": {"dbt": {"config": {"as_of": as_of}}}},
            asset_selection=sorted(chosen) if left_out else None,
            raise_on_error=False,
        )
    except dg.DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    return _outcome(settings, result)


def _read_again(source: str, first: str, last: str) -> dg.ExecuteInProcessResult:
    """Run the backfill job, of which the windows before a failure stay."""
    job = definitions.defs().resolve_job_def(BACKFILL)
    config = {"source": source, "first_day": first, "last_day": last}
    return job.execute_in_process(
        instance=dg.DagsterInstance.get(),
        run_config={"ops": {"read_again": {"config": config}}},
        raise_on_error=False,
    )


def _outcome(settings: Settings, result: dg.ExecuteInProcessResult) -> Outcome:
    materialized = [
        event.step_materialization_data.materialization
        for event in result.get_asset_materialization_events()
    ]
    made = {made.asset_key: made.metadata for made in materialized}
    failed = [
        evaluation
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed
    ]
    release_id = _text(made, RELEASE, "release_id")
    audited = _text(made, CANDIDATE, "release_id")
    return Outcome(
        is_success=result.success,
        release_id=release_id,
        failed_sources=tuple(
            sorted(e.asset_key.path[0] for e in failed if e.check_name == PULL_CHECK)
        ),
        checks=(*_of_dagster(failed), *_of_audit(settings, audited)),
        quarantined=_quarantined(made),
        error=_first_error(result),
    )


def _text(
    made: Mapping[dg.AssetKey, Mapping[str, dg.MetadataValue]],
    key: dg.AssetKey,
    name: str,
) -> str | None:
    return str(made[key][name].value) if key in made else None


def _of_dagster(failed: Sequence[dg.AssetCheckEvaluation]) -> Iterator[FailedCheck]:
    for evaluation in failed:
        if evaluation.check_name == AUDIT_CHECK:
            continue
        rows = evaluation.metadata.get("dagster_dbt/failed_row_count")
        yield FailedCheck(
            name=f"{'.'.join(evaluation.asset_key.path)}: {evaluation.check_name}",
            severity="error" if evaluation.severity.value == "ERROR" else "warning",
            told=evaluation.description or (f"{rows.value} rows" if rows else ""),
        )


def _of_audit(settings: Settings, release_id: str | None) -> Iterator[FailedCheck]:
    outcome = read_outcome(settings, release_id) if release_id else None
    for check in (*outcome.errors, *outcome.warnings) if outcome else ():
        keys = f"; e.g. {', '.join(check.sample_keys)}" if check.sample_keys else ""
        yield FailedCheck(check.name, check.severity, f"{check.observed}{keys}")


def _quarantined(
    made: Mapping[dg.AssetKey, Mapping[str, dg.MetadataValue]],
) -> dict[str, int]:
    counts: dict[str, int] = {}
    value = made.get(QUARANTINE, {}).get("reasons")
    for record in value.records if isinstance(value, dg.TableMetadataValue) else ():
        table = str(record.data["table"])
        counts[table] = counts.get(table, 0) + int(record.data["records"] or 0)
    return counts


def _first_error(result: dg.ExecuteInProcessResult) -> str | None:
    for event in result.get_step_failure_events():
        error = event.step_failure_data.error
        if error is not None:
            return f"Step {event.step_key} failed: {error.message.strip()}"
    return None
