"""Candidate, audit, release: the gate as Dagster shows it.

Holds the three steps after the build. The gate itself is in `publish`, which verifies
the audit of exactly these files however it is started: the blocking check here only
shows the same in the graph. Does not hold checks (`expectations`).
Tests: tests/test_architecture.py, tests/end_to_end/
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from expectations.landed import LANDED_SUITES
from expectations.marts import MART_SUITES
from expectations.results import CheckResult
from orchestration import progress
from orchestration.code_version import code_version
from orchestration.defs.transformation import MANIFEST, TRANSLATOR, marts
from orchestration.publication.audit import run_audit
from orchestration.publication.audit_record import AuditOutcome, require_passed
from orchestration.publication.candidate import build_candidate
from orchestration.publication.layout import release_dir
from orchestration.publication.manifest import read_manifest
from orchestration.publication.publish import publish
from orchestration.publication.tables import PERSONAL_SCHEMAS, PUBLIC_SCHEMAS
from orchestration.settings import Settings

CANDIDATE = dg.AssetKey(["release", "candidate"])
RELEASE = dg.AssetKey(["release", "published"])
AUDIT_CHECK = "audit"
SHOWN_CHECKS = 50
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
    owners=["team:data"],
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


def _results(outcome: AuditOutcome) -> Iterator[dg.AssetCheckResult]:
    by_asset: dict[dg.AssetKey, list[CheckResult]] = defaultdict(list)
    for check in outcome.checks:
        by_asset[ASSET_OF_TABLE.get(check.table_name, CANDIDATE)].append(check)
    for key in sorted(ASSET_OF_TABLE.values()):
        checks = by_asset[key]
        # A suite that was not run is a failure: silence is not a pass.
        yield _result(key, checks, bool(checks) and all(c.success for c in checks))
    yield _result(CANDIDATE, list(outcome.checks), outcome.passed, outcome.failure)


def _key_of(result: dg.AssetCheckResult) -> dg.AssetCheckKey:
    key = dg.AssetKey.from_coercible(result.asset_key or [])
    return dg.AssetCheckKey(key, AUDIT_CHECK)


def _result(
    key: dg.AssetKey,
    checks: Sequence[CheckResult],
    passed: bool,
    failure: str | None = None,
) -> dg.AssetCheckResult:
    is_error = not checks or any(check.is_blocking for check in checks)
    severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
    failing_first = sorted(checks, key=lambda check: check.success)
    rows = [_row(check) for check in failing_first[:SHOWN_CHECKS]]
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=key,
        check_name=AUDIT_CHECK,
        severity=severity,
        description=failure,
        metadata={
            "checks": len(checks),
            "not_passed": sum(not check.success for check in checks),
            **({"results": dg.MetadataValue.table(rows)} if rows else {}),
        },
    )


def _row(check: CheckResult) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "check": check.name,
            "table": check.table_name,
            "severity": check.severity,
            "passed": check.success,
            "observed": str(check.observed),
            "meaning": check.meaning,
            "owner": check.owner,
            "sample_keys": ", ".join(check.sample_keys),
        }
    )


@dg.asset(
    key=RELEASE,
    deps=[CANDIDATE],
    group_name="release",
    kinds={"duckdb", "parquet"},
    owners=["team:data"],
)
def release(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """What readers get: the link flips to the audited candidate, or nothing happens."""
    release_id = _candidate_id(context.instance)
    with progress.stage("publish") as stage:
        entry = publish(warehouse, release_id)
        stage.say(rows=entry.rows, note=release_id)
    directory = release_dir(warehouse, release_id)
    tables = [
        dg.TableRecord({"table": name, "rows": table.rows})
        for name, table in sorted(read_manifest(directory).tables.items())
    ]
    return dg.MaterializeResult(
        metadata={
            "release_id": release_id,
            "as_of": str(entry.as_of),
            "path": dg.MetadataValue.path(str(directory)),
            "dagster/row_count": entry.rows,
            "tables": dg.MetadataValue.table(tables),
        }
    )


def _candidate_id(instance: dg.DagsterInstance) -> str:
    """Return the candidate that was made last, in this run or an earlier one."""
    event = instance.get_latest_materialization_event(CANDIDATE)
    made = event.asset_materialization if event else None
    if made is None:
        raise dg.Failure("No candidate has been made yet: materialise it first.")
    return str(made.metadata["release_id"].value)
