"""What the gate found, as Dagster shows it: checks, numbers, keys, the next step.

Holds how an audit becomes check results and a refusal becomes a failed step that a
person on call can act on. Decides nothing: `publish` does.
Tests: tests/orchestration/defs/test_gate_evidence.py
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from expectations.results import CheckResult
from orchestration import charts
from orchestration.charts import figure
from orchestration.figures import Trend, metric_trends
from orchestration.publication.audit_record import AuditOutcome
from orchestration.publication.errors import GateRefused, PublicationError
from orchestration.publication.layout import audit_path, release_dir
from orchestration.publication.link import current_release
from orchestration.settings import Settings

SHOWN_CHECKS = 50
TOLD_CHECKS = 12
NEXT_STEP = (
    "Look at the rows with these keys in the work file (data/warehouse.duckdb), mend "
    "the source or the model, then launch `refresh` again. Readers keep the last "
    "release."
)


def check_result(
    key: dg.AssetKey,
    name: str,
    checks: Sequence[CheckResult],
    outcome: AuditOutcome,
    passed: bool,
) -> dg.AssetCheckResult:
    """Show the checks of one table, failing ones first and in words."""
    is_error = not checks or any(check.is_blocking for check in checks)
    severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
    failing = [check for check in checks if not check.success]
    metadata: dict[str, Any] = {
        "release_id": outcome.release_id,
        "checks": len(checks),
        "not_passed": len(failing),
    }
    if failing:
        metadata |= findings(failing)
        metadata["next_step"] = NEXT_STEP
    metadata |= _all_results(checks)
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=key,
        check_name=name,
        severity=severity,
        description=_description(outcome, failing, len(checks)),
        metadata=metadata,
    )


def _all_results(checks: Sequence[CheckResult]) -> dict[str, Any]:
    """Show each check of one table, or of many tables how many there are."""
    by_table: dict[str, list[CheckResult]] = defaultdict(list)
    for check in checks:
        by_table[check.table_name].append(check)
    if not by_table:
        return {}
    if len(by_table) == 1:
        ordered = sorted(checks, key=lambda check: check.success)
        rows = [_row(check) for check in ordered[:SHOWN_CHECKS]]
        return {"results": dg.MetadataValue.table(rows)}
    counts = [
        (table, len(found), sum(not check.success for check in found))
        for table, found in by_table.items()
    ]
    records = [
        dg.TableRecord({"table": table, "checks": number, "not passed": failed})
        for table, number, failed in sorted(counts, key=lambda one: (-one[2], one[0]))
    ]
    return {"tables": dg.MetadataValue.table(records)}


def _description(
    outcome: AuditOutcome, failing: Sequence[CheckResult], count: int
) -> str:
    if outcome.failure:
        return outcome.failure
    if not count:
        return "No check was run on this table: silence is not a pass."
    if not failing:
        return f"All {count} checks passed."
    names = ", ".join(check.name for check in failing[:3])
    more = f" and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"{len(failing)} of {count} checks did not pass: {names}{more}."


def findings(checks: Sequence[CheckResult]) -> dict[str, str]:
    """Write one entry per check that failed, errors first.

    Sentences and no table: a check's page gives a long cell of a table an inch, and
    hides Markdown behind a link.
    """
    ordered = sorted(checks, key=lambda check: check.severity)[:TOLD_CHECKS]
    return {
        f"failed {number:02}: {check.name}": _sentence(check)
        for number, check in enumerate(ordered, start=1)
    }


def _sentence(check: CheckResult) -> str:
    keys = f", e.g. {', '.join(check.sample_keys)}" if check.sample_keys else ""
    stops = "stops the release" if check.is_blocking else "a warning"
    found = charts.words(check.observed)
    told = f"{check.table_name}: {found}{keys} ({stops})."
    return f"{told} {check.meaning} Ask {check.owner}."


def _row(check: CheckResult) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "check": check.name,
            "passed": check.success,
            "severity": check.severity,
            "found": charts.words(check.observed),
            "sample_keys": ", ".join(check.sample_keys),
            "meaning": check.meaning,
            "owner": check.owner,
        }
    )


def refusal(
    settings: Settings, error: GateRefused, outcome: AuditOutcome | None = None
) -> dg.Failure:
    """Turn a refusal into a failed step whose page says what to do."""
    checks = error.checks
    stays = current_release(settings)
    metadata: dict[str, Any] = {
        "release_id": error.release_id,
        "last_release_stays": stays or "none has been published yet",
        "next_step": error.what_to_do,
    }
    metadata |= findings(checks)
    if outcome is not None:
        path = audit_path(settings, error.release_id)
        metadata["all_results"] = dg.MetadataValue.path(str(path))
    return dg.Failure(_told(error), metadata=metadata, allow_retries=False)


def _told(error: GateRefused) -> str:
    """Say what to do before the list of checks: a run's page cuts long texts off."""
    head, *_ = error.what.splitlines()
    lines = [head, f"What to do: {error.what_to_do}"]
    for check in error.checks[:TOLD_CHECKS]:
        lines.append(f"- {check.name}: {_sentence(check)}")
    if len(error.checks) > TOLD_CHECKS:
        lines.append(f"... and {len(error.checks) - TOLD_CHECKS} more")
    return "\n".join(lines)


def trend_metadata(settings: Settings, directory: Path, previous: str | None) -> Any:
    """Compare the metrics with those of the last release, as a table.

    A figure that cannot be read is no reason to stop a release: then it says so. (The
    page hides Markdown of a thousand characters behind a link, but no table.)
    """
    try:
        before = release_dir(settings, previous) if previous else None
        trends = metric_trends(settings, directory, before)
    except PublicationError as error:
        return f"The metrics could not be compared: {error.what}"
    return dg.MetadataValue.table([_trend_row(trend) for trend in trends])


def _trend_row(trend: Trend) -> dg.TableRecord:
    months = charts.sparkline(trend.months, from_zero=False) if trend.months else ""
    return dg.TableRecord(
        {
            "metric": trend.label,
            "12 months": months,
            "last 90 days": _in_one_line(figure(trend.value, trend.unit)) or charts.GAP,
            "last release": _in_one_line(figure(trend.before, trend.unit))
            or charts.GAP,
            "change": _in_one_line(_change(trend)),
        }
    )


def _in_one_line(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _change(trend: Trend) -> str:
    if trend.value is None or trend.before is None:
        return ""
    if trend.value == trend.before:
        return "="
    mark = "▲" if trend.value > trend.before else "▼"
    return f"{mark} {figure(abs(trend.value - trend.before), trend.unit)}"
