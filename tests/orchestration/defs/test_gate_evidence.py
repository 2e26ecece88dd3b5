"""A refusal reads like an instruction: check, numbers, keys, what to do next."""

from __future__ import annotations

import dagster as dg
import pytest

from expectations.results import CheckResult
from orchestration.defs import gate_evidence
from orchestration.figures import Trend
from orchestration.publication.audit_record import AuditOutcome
from orchestration.publication.errors import GateRefused
from orchestration.settings import Settings

KEY = dg.AssetKey(["release", "candidate"])
GOOD = CheckResult(
    "a.good", "marts.a", "error", True, {"rows": 0}, "All is well.", "owner"
)
BAD = CheckResult(
    "b.bad", "marts.b", "error", False, {"rows": 3}, "Mend it.", "owner", ("17", "18")
)
ODD = CheckResult(
    "c.odd", "marts.c", "warning", False, {"rows": 1}, "Look at it.", "owner"
)


def shown(*checks: CheckResult, failure: str | None = None) -> dg.AssetCheckResult:
    is_good = failure is None and not any(check.is_blocking for check in checks)
    outcome = AuditOutcome("r000009", is_good, "sha", None, failure, checks)
    return gate_evidence.check_result(KEY, "audit", list(checks), outcome, is_good)


def records(value: object) -> list[dict[str, object]]:
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


def test_what_failed_comes_first_with_numbers_keys_and_meaning() -> None:
    result = shown(GOOD, ODD, BAD)
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.description == "2 of 3 checks did not pass: c.odd, b.bad."
    told = {name: value.value for name, value in result.metadata.items()}
    assert told["failed 01: b.bad"] == (
        "marts.b: rows: 3, e.g. 17, 18 (stops the release). Mend it. Ask owner."
    )
    assert (
        told["failed 02: c.odd"]
        == "marts.c: rows: 1 (a warning). Look at it. Ask owner."
    )
    assert "launch `refresh` again" in str(result.metadata["next_step"].value)
    first, *_ = records(result.metadata["tables"])
    assert first == {"table": "marts.b", "checks": 1, "not passed": 1}


def test_a_warning_alone_is_no_error() -> None:
    result = shown(GOOD, ODD)
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert result.passed


def test_a_table_without_checks_has_not_passed() -> None:
    result = shown(failure=None)
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert "silence is not a pass" in str(result.description)


def test_an_audit_that_died_says_so() -> None:
    assert shown(GOOD, failure="The audit ended.").description == "The audit ended."


def test_a_refusal_becomes_a_failed_step_that_is_never_retried(
    settings: Settings,
) -> None:
    error = GateRefused("r000009", "1 check failed.", "Mend the source.", [BAD])
    failure = gate_evidence.refusal(settings, error)
    assert failure.allow_retries is False
    told = {name: str(value.value) for name, value in failure.metadata.items()}
    assert told["release_id"] == "r000009"
    assert told["last_release_stays"] == "none has been published yet"
    assert told["next_step"] == "Mend the source."
    assert "17, 18" in told["failed 01: b.bad"]
    lines = str(failure.description).splitlines()
    assert lines[0] == "Release r000009 was refused at the gate: 1 check failed."
    assert lines[1] == "What to do: Mend the source."
    assert lines[2].startswith("- b.bad: marts.b: rows: 3, e.g. 17, 18 (stops")


@pytest.mark.parametrize(
    ("value", "before", "change"),
    [
        (0.75, 0.5, "▲ 25.0 %"),
        (0.5, 0.75, "▼ 25.0 %"),
        (0.5, 0.5, "="),
        (0.5, None, ""),
        (None, 0.5, ""),
    ],
)
def test_a_change_has_a_direction_and_a_unit(
    value: float | None, before: float | None, change: str
) -> None:
    assert gate_evidence._change(Trend("x", "share", value, before, ())) == change
