"""The whole of the checks, as the gate runs them."""

import pytest

from expectations.checks import run_checks
from expectations.landed import LANDED_SUITES, landed_suites


@pytest.fixture(scope="module")
def results(spoilt):
    with spoilt() as connection:
        return run_checks(connection, has_previous=True)


def test_clean_candidate_passes_all_checks(results):
    assert [result.sentence() for result in results if not result.success] == []


def test_names_are_unique_and_every_check_says_what_must_hold(results):
    assert len({result.name for result in results}) == len(results)
    assert all(result.meaning.endswith(".") for result in results)
    assert all(result.owner.startswith("team:") for result in results)
    assert all("." in result.name and result.table_name for result in results)


def test_errors_are_the_rule_and_warnings_the_exception(results):
    warnings = {result.name for result in results if result.severity == "warning"}
    assert len(warnings) < len(results) / 10
    assert "comparison.tables_keep_their_rows" in warnings


def test_first_release_is_compared_with_nothing(spoilt):
    with spoilt("DETACH previous") as connection:
        results = run_checks(connection, has_previous=False)
    assert not [result for result in results if result.name.startswith("comparison.")]
    assert all(result.success for result in results)


def test_source_that_no_release_needs_may_be_empty():
    suites = {suite.table: suite for suite in landed_suites({"zendesk"})}
    assert suites["zendesk.tickets"].must_have_rows
    assert not suites["typeform.forms"].must_have_rows
    assert {suite.table for suite in LANDED_SUITES} == set(suites)
