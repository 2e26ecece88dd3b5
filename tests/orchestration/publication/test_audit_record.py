import pytest

from orchestration.publication.audit_record import (
    AuditOutcome,
    read_outcome,
    require_passed,
    write_outcome,
)
from orchestration.publication.errors import GateRefused
from orchestration.publication.layout import audit_path


@pytest.fixture
def outcome(a_check):
    checks = (a_check(), a_check(False, "warning"), a_check(False))
    return AuditOutcome("r000001", False, "ab", None, None, checks)


def test_outcome_comes_back_as_it_was_kept(settings, outcome):
    write_outcome(settings, outcome)
    assert read_outcome(settings, "r000001") == outcome
    assert outcome.errors == outcome.checks[2:]
    assert outcome.warnings == outcome.checks[1:2]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"checks": 3}'])
def test_unreadable_record_is_no_record(settings, outcome, text):
    write_outcome(settings, outcome)
    audit_path(settings, "r000001").write_text(text)
    assert read_outcome(settings, "r000001") is None
    with pytest.raises(GateRefused, match="has not been audited"):
        require_passed(settings, "r000001", "ab")


def test_verdict_that_its_own_results_deny_is_no_pass(settings, a_check):
    for checks in ((a_check(), a_check(False)), ()):
        write_outcome(settings, AuditOutcome("r000001", True, "ab", None, None, checks))
        with pytest.raises(GateRefused):
            require_passed(settings, "r000001", "ab")


def test_more_failures_than_fit_on_a_screen_are_counted(settings, a_check):
    checks = tuple(a_check(False, name=f"check_{number}") for number in range(30))
    write_outcome(settings, AuditOutcome("r000001", False, "ab", None, None, checks))
    with pytest.raises(GateRefused) as refused:
        require_passed(settings, "r000001", "ab")
    assert "... and 18 more" in str(refused.value)
    assert len(refused.value.checks) == 30
    assert len(str(refused.value).splitlines()) <= 20
