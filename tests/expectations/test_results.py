"""What a check result tells, and what it keeps on the way through JSON."""

import json

import pytest

from expectations.results import CheckResult

RESULT = CheckResult(
    name="marts_fct_tickets.status_is_known",
    table_name="marts.fct_tickets",
    severity="error",
    success=False,
    observed={"rows": 2},
    meaning="status is known; map it.",
    owner="team:service",
    sample_keys=("T1", "T2"),
)


def test_sentence_names_check_figure_keys_and_cure():
    assert RESULT.sentence() == (
        "[error] marts_fct_tickets.status_is_known: found {'rows': 2}; e.g. T1, T2."
        " status is known; map it. Ask team:service."
    )


def test_result_survives_json():
    assert CheckResult.from_json(json.loads(json.dumps(RESULT.to_json()))) == RESULT


def test_result_of_an_audit_before_there_were_owners_can_be_read():
    old = RESULT.to_json() | {"expected": "status is known; map it."}
    del old["meaning"], old["owner"]
    read = CheckResult.from_json(old)
    assert (read.meaning, read.owner) == (RESULT.meaning, "team:data")


def test_result_with_unknown_fields_is_refused():
    with pytest.raises(TypeError):
        CheckResult.from_json({**RESULT.to_json(), "passed": True})


@pytest.mark.parametrize(
    ("severity", "success", "is_blocking"),
    [("error", False, True), ("error", True, False), ("warning", False, False)],
)
def test_only_a_failed_error_blocks(severity, success, is_blocking):
    fields = RESULT.to_json() | {"severity": severity, "success": success}
    assert CheckResult.from_json(fields).is_blocking is is_blocking
