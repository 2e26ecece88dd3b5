"""Suites through Great Expectations: clean passes, one dirty row per rule fails it."""

import re
from dataclasses import replace

import pytest

from expectations.landed import FILE_ENTITIES, LANDED_SUITES
from expectations.marts import MART_SUITES
from expectations.rules import Suite, present
from expectations.validation import (
    HAS_COLUMNS,
    HAS_ROWS,
    IS_UNIQUE,
    EmptySuiteError,
    validate,
)

SUITES = [*LANDED_SUITES, *MART_SUITES]
# Enough where only the rules that every suite has are of interest.
SHORT_SUITES = [replace(suite, rules=suite.rules[:1]) for suite in SUITES]
AGES_AGO, AGES_HENCE = "TIMESTAMP '1970-01-01'", "TIMESTAMP '2099-01-01'"

# Column that tells dirty rows apart, where it is not the first of the key.
TELLING = {
    "marts.customer_identities": "source_id",
    "marts.metrics_periodic": "mode",
    "meta.sources": "table_name",
}
# How the name of a rule says what breaks it: column and a value for it.
BREAKS = [
    (r"(.+)_is_present", r"NULL AS \1"),
    (r"(.+)_is_known", r"'nonsense' AS \1"),
    (r"(.+)_is_not_negative", r"-1 AS \1"),
    (r"(.+)_is_within_\d+_and_(\d+)", r"\2 + 1 AS \1"),
    (r"(.+)_is_not_before_(.+)", r"\2 - INTERVAL 1 DAY AS \1"),
    (r"(.+)_is_not_in_the_future", rf"{AGES_HENCE} AS \1"),
    (r"(.+)_is_not_after_as_of", rf"{AGES_HENCE} AS \1"),
]
# Rules that have a sentence of their own.
OWN_BREAKS = {
    "key_is_not_blank": "' ' AS key",
    "version_is_after_2000": "1700000000 AS version",
    "dates_are_not_in_the_future": "2 * version AS version",
    "full_resolution_is_created_to_solved": (
        "60 * full_resolution_time_calendar_minutes"
        " AS full_resolution_time_calendar_minutes"
    ),
    "first_reply_is_within_life": "1000000 AS first_reply_time_calendar_minutes",
    "waiting_is_within_life": "1000000 AS agent_wait_time_calendar_minutes",
    "cursor_at_is_after_2000": f"{AGES_AGO} AS cursor_at",
    "window_to_is_not_before_window_from": (
        "window_to AS window_from, window_to - INTERVAL 1 DAY AS window_to"
    ),
    "rejected_is_within_rows": '"rows" + 1 AS rejected',
    "open_tickets_are_tickets": "count_tickets + 1 AS count_open_tickets",
    "sum_csat_is_within_count_csat": "count_csat + 1 AS sum_csat",
    "csat_is_0_or_1": "2 AS csat",
    "first_resolution_is_within_full": (
        "1 AS full_resolution_time_calendar_minutes,"
        " 2 AS first_resolution_time_calendar_minutes"
    ),
    "priority_is_one_of_zendesk": "'nonsense' AS priority",
    "is_deleted_says_status": "NOT is_deleted AS is_deleted",
    "score_is_within_scale": "scale_max + 1 AS score",
    "score_has_a_scale": "NULL AS scale_max",
    "scale_is_in_order": "scale_max AS scale_min",
    "nps_is_0_to_10": "'NPS' AS survey_type, 1 AS scale_min, 5 AS scale_max",
    "numerator_is_within_denominator": "2 AS numerator, 1 AS denominator",
    "nothing_divided_by_nothing_is_null": "0 AS denominator, 0 AS value",
    "value_lies_within_its_interval": "0.5 AS value, 0.6 AS ci_low, 0.7 AS ci_high",
    "interval_has_both_ends": "0.5 AS ci_low, NULL AS ci_high",
    "p50_is_within_p90": "2 AS p50, 1 AS p90",
    "small_n_is_flagged": "NOT is_low_n AS is_low_n",
    "dimensions_come_with_values": "'email' AS value_1",
    "open_and_won_deals_are_deals": "count_deals + 1 AS count_open_deals",
    "revenue_comes_from_won_deals": "0 AS count_won_deals, 1 AS revenue_to_date",
    "closed_is_won_or_lost": "true AS is_closed, false AS is_won, false AS is_lost",
    "close_date_is_of_closed_deals": (
        "false AS is_closed, TIMESTAMP '2024-01-01' AS closed_at"
    ),
    "closed_deals_have_a_close_date": "true AS is_closed, NULL AS closed_at",
    "currency_is_a_code": "'Euro' AS currency",
    "amounts_have_a_rate": "1 AS amount, NULL AS amount_reporting",
    "reporting_amount_has_the_sign_of_amount": ("1 AS amount, -1 AS amount_reporting"),
    "accounts_have_a_source_record": "0 AS count_source_records",
    "domain_is_a_host": "'https://acme.example' AS domain",
    "has_reply_says_replied_at": "NOT has_reply AS has_reply",
    "reply_minutes_run_from_review_to_reply": "1 AS reply_minutes",
}
A_REJECT = (
    "INSERT INTO work.{}.rejects VALUES ('users', 9, 'no id', '{{}}',"
    " TIMESTAMPTZ '2024-03-01 00:00:00+00', '1709300000.1')"
)
FILLED = (
    "INSERT INTO work.zendesk.organizations FROM work.zendesk.users LIMIT 1",
    A_REJECT.format("zendesk"),
    A_REJECT.format("typeform"),
    A_REJECT.format("hubspot"),
    A_REJECT.format("trustpilot"),
    A_REJECT.format("zendesk_talk"),
    A_REJECT.format("qualtrics"),
    "INSERT INTO work.files.rejects SELECT 'files_shop', * FROM work.zendesk.rejects",
    *(
        f"INSERT INTO work.files.{entity} FROM work.files.orders LIMIT 1"
        for entity in FILE_ENTITIES
        if entity != "orders"
    ),
)


def suites_of(table: str) -> list[Suite]:
    return [suite for suite in SUITES if suite.table == f"marts.{table}"]


def telling_column(suite: Suite) -> str:
    in_lake = "_dlt_load_id" in suite.columns
    return TELLING.get(suite.table, "_dlt_load_id" if in_lake else suite.key[0])


def break_of(rule_name: str) -> str:
    if rule_name in OWN_BREAKS:
        return OWN_BREAKS[rule_name]
    for pattern, replacement in BREAKS:
        match = re.fullmatch(pattern, rule_name)
        if match:
            return match.expand(replacement)
    raise AssertionError(f"No case breaks the rule {rule_name}.")


def is_told_apart(suite: Suite, broken: str) -> bool:
    telling = telling_column(suite)
    return f" AS {telling}" not in broken and suite.columns[telling] == "VARCHAR"


def dirty_rows(suite: Suite) -> list[str]:
    """One statement per rule: the first row again, with one thing wrong."""
    table = f"{suite.catalog}.{suite.table}"
    statements = []
    for rule in suite.rules:
        broken = break_of(rule.name)
        if is_told_apart(suite, broken):
            broken += f", 'dirty {rule.name}' AS {telling_column(suite)}"
        statements.append(
            f"INSERT INTO {table} SELECT * REPLACE ({broken}) FROM"
            f" (FROM {table} ORDER BY rowid LIMIT 1)"
        )
    return statements


def test_clean_tables_pass_every_rule(spoilt):
    with spoilt() as connection:
        results = validate(connection, SUITES)
    assert [result.sentence() for result in results if not result.success] == []
    expected = sum(len(s.rules) + 2 + s.is_unique for s in SUITES)
    assert len(results) == expected == len({result.name for result in results})


@pytest.fixture(scope="module")
def dirty(spoilt):
    """What is found where every table has one dirty row per rule."""
    rows = [statement for suite in SUITES for statement in dirty_rows(suite)]
    with spoilt(*FILLED, *rows) as connection:
        return {result.name: result for result in validate(connection, SUITES)}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_dirty_row_fails_its_rule_and_is_named_by_key(suite, dirty):
    for rule in suite.rules:
        result = dirty[f"{suite.name}.{rule.name}"]
        assert not result.success, rule.name
        assert result.severity == rule.severity
        assert result.observed["rows"] >= 1
        if is_told_apart(suite, break_of(rule.name)):
            assert any(f"dirty {rule.name}" in key for key in result.sample_keys)


def test_a_repeated_row_fails_uniqueness(spoilt):
    tables = [f"{suite.catalog}.{suite.table}" for suite in SUITES]
    twice = [f"INSERT INTO {table} FROM {table} LIMIT 1" for table in tables]
    with spoilt(*FILLED, *twice) as connection:
        results = {r.name: r for r in validate(connection, SHORT_SUITES)}
    for suite in SUITES:
        result = results[f"{suite.name}.{IS_UNIQUE}"]
        assert (result.success, result.observed) == (False, {"rows": 1})


def test_an_empty_table_fails_where_rows_must_be(spoilt):
    emptied = [f"DELETE FROM {suite.catalog}.{suite.table}" for suite in SUITES]
    with spoilt(*emptied) as connection:
        results = {r.name: r.success for r in validate(connection, SHORT_SUITES)}
    for suite in SUITES:
        assert results[f"{suite.name}.{HAS_ROWS}"] is not suite.must_have_rows


def test_a_missing_table_fails_instead_of_being_skipped(spoilt):
    with spoilt("DROP TABLE cx.marts.dim_agents") as connection:
        results = validate(connection, suites_of("dim_agents"))
    assert [(r.name, r.success, r.observed) for r in results] == [
        (f"marts_dim_agents.{HAS_COLUMNS}", False, "the table is missing")
    ]


def test_a_missing_or_retyped_column_fails(spoilt):
    spoil = (
        "ALTER TABLE cx.marts.fct_tickets DROP COLUMN channel",
        "ALTER TABLE cx.marts.fct_tickets ALTER COLUMN updated_at TYPE VARCHAR",
    )
    with spoilt(*spoil) as connection:
        (result,) = validate(
            connection, [s for s in SUITES if "fct_tickets" in s.table]
        )
    assert result.observed == {"channel": "missing", "updated_at": "VARCHAR"}
    assert not result.success


def test_an_empty_suite_is_an_error_not_a_pass(spoilt):
    suite = Suite("cx", "marts.dim_agents", ("agent_key",), {}, ())
    with spoilt() as connection:
        with pytest.raises(EmptySuiteError, match="marts_dim_agents"):
            validate(connection, [suite])
        with pytest.raises(EmptySuiteError):
            validate(connection, [])


def test_a_rule_that_cannot_be_evaluated_fails_and_spares_the_next_one(spoilt):
    rules = present("no_such_column", "agent_key")
    suite = Suite("cx", "marts.dim_agents", ("agent_key",), {}, rules)
    with spoilt(
        "ALTER TABLE cx.marts.dim_agents ADD COLUMN filler INTEGER"
    ) as connection:
        results = validate(connection, [suite])
    told = {r.name.partition(".")[2]: (r.success, r.observed) for r in results}
    assert told["no_such_column_is_present"] == (
        False,
        "could not be evaluated (BinderException)",
    )
    assert told["agent_key_is_present"] == (True, {"rows": 0})


def test_no_personal_value_reaches_a_result(spoilt):
    spoil = (
        "INSERT INTO cx.marts.fct_survey_responses SELECT * REPLACE"
        " ('call ann@example.test' AS answer_text, 11 AS score, 'K1' AS response_key)"
        " FROM cx.marts.fct_survey_responses WHERE survey_type = 'NPS' LIMIT 1"
    )
    with spoilt(spoil) as connection:
        results = validate(connection, suites_of("fct_survey_responses"))
    failed = [result for result in results if not result.success]
    assert [result.sample_keys for result in failed] == [("K1",)]
    assert "ann@" not in str([result.to_json() for result in results])
