"""Candidate, audit, release: the gate as Dagster shows it.

Holds the three steps after the build. The gate itself is in `publish`, which verifies
the audit of exactly these files however it is started: the blocking check here only
shows the same in the graph. Does not hold checks (`expectations`).
Tests: tests/test_architecture.py, tests/end_to_end/
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations.landed import LANDED_SUITES
from expectations.marts import MART_SUITES
from expectations.results import CheckResult
from orchestration import progress
from orchestration.code_version import code_version
from orchestration.defs.gate_evidence import check_result, refusal, trend_metadata
from orchestration.defs.transformation import marts
from orchestration.defs.translator import MANIFEST, OWNERS, TRANSLATOR
from orchestration.publication.audit import run_audit
from orchestration.publication.audit_record import AuditOutcome, require_passed
from orchestration.publication.candidate import build_candidate
from orchestration.publication.errors import GateRefused
from orchestration.publication.layout import PUBLIC_FILE, audit_path, release_dir
from orchestration.publication.link import current_release
from orchestration.publication.manifest import read_manifest
from orchestration.publication.publish import publish
from orchestration.publication.tables import PERSONAL_SCHEMAS, PUBLIC_SCHEMAS
from orchestration.settings import Settings

CANDIDATE = dg.AssetKey(["release", "candidate"])
RELEASE = dg.AssetKey(["release", "published"])
AUDIT_CHECK = "audit"
SHOWN_DIGITS = 16
PUBLISHED_SCHEMAS = {*PUBLIC_SCHEMAS, *PERSONAL_SCHEMAS}


def _asset_of_table() -> dict[str, dg.AssetKey]:
    """Return the asset behind each table that has a suite."""
    assets = {
        f"{source['source_name']}.{source['name']}": dg.AssetKey(
            [source["source_name"], source["name"]]
        )
        for source in MANIFEST["sources"].values()
    }
    for unique_id, node in MANIFEST["nodes"].items():
        if node["resource_type"] == "model":
            spec = TRANSLATOR.get_asset_spec(MANIFEST, unique_id, None)
            assets[f"{node['schema']}.{node['alias']}"] = spec.key
    suites = {suite.table for suite in (*LANDED_SUITES, *MART_SUITES)}
    return {table: key for table, key in assets.items() if table in suites}


ASSET_OF_TABLE = _asset_of_table()


@dg.asset(
    key=CANDIDATE,
    deps=sorted(key for key in marts.keys if key.path[0] in PUBLISHED_SCHEMAS),
    group_name="release",
    kinds={"duckdb"},
    owners=OWNERS,
    tags={"layer": "release"},
)
def candidate(warehouse: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Fresh files, fingerprinted: what is audited is what will be published."""
    with progress.stage("candidate") as stage:
        made = build_candidate(warehouse, code_version=code_version())
        manifest = read_manifest(made.path)
        rows = sum(table.rows for table in manifest.tables.values())
        stage.say(rows=rows, note=made.release_id)
    return dg.MaterializeResult(
        metadata={
            "release_id": made.release_id,
            "path": dg.MetadataValue.path(str(made.path)),
            "as_of": str(manifest.as_of),
            "code_version": manifest.code_version,
            "dagster/row_count": rows,
            "metrics": trend_metadata(warehouse, made.path, current_release(warehouse)),
        }
    )


@dg.multi_asset_check(
    name="audit",
    specs=[
        *[
            dg.AssetCheckSpec(
                AUDIT_CHECK,
                asset=key,
                additional_deps=[CANDIDATE],
                description=f"The suite and the reconciliations of {table}.",
            )
            for table, key in sorted(ASSET_OF_TABLE.items())
        ],
        dg.AssetCheckSpec(
            AUDIT_CHECK,
            asset=CANDIDATE,
            blocking=True,
            description="No check with severity error failed on these very files.",
        ),
    ],
    can_subset=True,
)
def audit(
    context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """All checks on the closed files, in a process of its own."""
    release_id = _candidate_id(context.instance)
    outcome = None
    try:
        with progress.stage("audit") as stage:
            outcome = run_audit(warehouse, release_id)
            failed = len(outcome.errors) + len(outcome.warnings)
            stage.say(note=f"{len(outcome.checks)} checks, {failed} not passed")
            for result in _results(outcome):
                if _key_of(result) in context.selected_asset_check_keys:
                    yield result
            if not outcome.passed:
                require_passed(warehouse, release_id, outcome.manifest_sha256 or "")
            if outcome.warnings:
                stage.warn(f"{len(outcome.checks)} checks, {failed} warn")
    except GateRefused as error:
        raise refusal(warehouse, error, outcome) from error


def _results(outcome: AuditOutcome) -> Iterator[dg.AssetCheckResult]:
    by_asset: dict[dg.AssetKey, list[CheckResult]] = defaultdict(list)
    for check in outcome.checks:
        by_asset[ASSET_OF_TABLE.get(check.table_name, CANDIDATE)].append(check)
    for key in sorted(ASSET_OF_TABLE.values()):
        checks = by_asset[key]
        # A suite that was not run is a failure: silence is not a pass.
        is_good = bool(checks) and all(check.success for check in checks)
        yield check_result(key, AUDIT_CHECK, checks, outcome, is_good)
    everything = list(outcome.checks)
    yield check_result(CANDIDATE, AUDIT_CHECK, everything, outcome, outcome.passed)


def _key_of(result: dg.AssetCheckResult) -> dg.AssetCheckKey:
    key = dg.AssetKey.from_coercible(result.asset_key or [])
    return dg.AssetCheckKey(key, AUDIT_CHECK)


@dg.asset(
    key=RELEASE,
    deps=[CANDIDATE],
    group_name="release",
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    tags={"layer": "release"},
)
def release(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """What readers get: the link flips to the audited candidate, or nothing happens."""
    release_id = _candidate_id(context.instance)
    try:
        with progress.stage("publish") as stage:
            entry = publish(warehouse, release_id)
            stage.say(rows=entry.rows, note=release_id)
    except GateRefused as error:
        raise refusal(warehouse, error) from error
    directory = release_dir(warehouse, release_id)
    manifest = read_manifest(directory)
    tables = [
        dg.TableRecord({"table": name, "rows": table.rows})
        for name, table in sorted(manifest.tables.items())
    ]
    return dg.MaterializeResult(
        metadata={
            "release_id": release_id,
            "as_of": str(entry.as_of),
            "path": dg.MetadataValue.path(str(directory)),
            "for_readers": dg.MetadataValue.path(
                str(warehouse.published_link / PUBLIC_FILE)
            ),
            "audit": dg.MetadataValue.path(str(audit_path(warehouse, release_id))),
            "previous_release": manifest.previous or "none",
            "fingerprint": manifest.release_fingerprint[:SHOWN_DIGITS],
            "checks": manifest.checks.get("total", 0),
            "warnings": manifest.checks.get("warnings", 0),
            "dagster/row_count": entry.rows,
            "input_loads": dg.MetadataValue.json(_last_loads(manifest.input_loads)),
            "metrics": trend_metadata(warehouse, directory, manifest.previous),
            "tables": dg.MetadataValue.table(tables),
        }
    )


def _last_loads(loads: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    return {
        source: {"loads": len(ids), "last": max(ids, default=None)}
        for source, ids in loads.items()
    }


def _candidate_id(instance: dg.DagsterInstance) -> str:
    """Return the candidate that was made last, in this run or an earlier one."""
    event = instance.get_latest_materialization_event(CANDIDATE)
    made = event.asset_materialization if event else None
    if made is None:
        raise dg.Failure("No candidate has been made yet: materialise it first.")
    return str(made.metadata["release_id"].value)
