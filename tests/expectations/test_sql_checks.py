"""Every check over several tables: clean passes, and one spoilt case fails it."""

import pytest

from expectations.comparison import COMPARISON, comparison_with
from expectations.deal_stages import DEAL_STAGE_CHECKS
from expectations.last_loads import LAST_LOADS
from expectations.metric_totals import METRIC_TOTALS
from expectations.published_files import PUBLISHED_FILES
from expectations.reconciliation import RECONCILIATION
from expectations.relations import RELATIONS
from expectations.reviews import REVIEW_CHECKS
from expectations.sales import SALES_CHECKS
from expectations.sql_checks import SqlCheck, run_sql_checks

ALL = [
    # The corpus of planted corruptions proves the others, on a whole warehouse.
    *(check for check in RECONCILIATION if check not in LAST_LOADS),
    *RELATIONS,
    *SALES_CHECKS,
    *DEAL_STAGE_CHECKS,
    *REVIEW_CHECKS,
    *METRIC_TOTALS,
    *PUBLISHED_FILES,
    *COMPARISON,
]
THIRTY_MORE_BEFORE = (
    "INSERT INTO previous.marts.{table} SELECT past.* REPLACE ('gone ' || i AS {key})"
    " FROM previous.marts.{table} AS past, range(30) AS numbers (i)"
)

# Check -> what spoils the work file, the candidate or the last release; sample key.
CASES = {
    "reconciliation.received_is_accepted_quarantined_or_superseded": (
        "UPDATE work.staging.record_counts SET accepted = accepted - 1"
        " WHERE table_name = 'users'",
        "zendesk/users/1709300000.1",
    ),
    "reconciliation.received_is_what_the_lake_holds": (
        "DELETE FROM work.zendesk.users WHERE key = '12'",
        "zendesk/users/1709300000.1",
    ),
    "reconciliation.pulled_rows_have_landed": (
        "INSERT INTO work.typeform.pulls SELECT * REPLACE ('lost' AS _dlt_load_id)"
        " FROM work.typeform.pulls WHERE stream = 'forms'",
        "typeform/forms/lost",
    ),
    "reconciliation.quarantine_is_small": (
        "UPDATE work.staging.record_counts SET received = 300, quarantined = 16"
        " WHERE table_name = 'users'",
        "zendesk/users",
    ),
    "reconciliation.quarantine_is_nearly_empty": (
        "UPDATE work.staging.record_counts SET quarantined = 1"
        " WHERE table_name = 'users'",
        "zendesk/users",
    ),
    "reconciliation.accepted_tickets_are_in_the_mart": (
        "DELETE FROM cx.marts.fct_tickets WHERE ticket_id = '102'",
        "zendesk/102",
    ),
    "reconciliation.answered_ratings_are_in_the_mart": (
        "UPDATE work.zendesk.satisfaction_ratings"
        " SET payload = replace(payload, 'offered', 'bad') WHERE key = '502'",
        "502",
    ),
    "reconciliation.survey_answers_are_in_the_mart": (
        "DELETE FROM cx.marts.fct_survey_responses WHERE survey_type = 'custom'",
        "R1",
    ),
    "relations.customers_of_fct_tickets_exist": (
        "UPDATE cx.marts.fct_tickets SET customer_key = 'C9' WHERE ticket_id = '101'",
        "C9",
    ),
    "relations.customers_of_fct_interactions_exist": (
        "UPDATE cx.marts.fct_interactions SET customer_key = 'C9'",
        "C9",
    ),
    "relations.customers_of_fct_survey_responses_exist": (
        "UPDATE cx.marts.fct_survey_responses SET customer_key = 'C9'",
        "C9",
    ),
    "relations.customers_of_fct_deals_exist": (
        "UPDATE cx.marts.fct_deals SET customer_key = 'C9' WHERE source_id = '81'",
        "C9",
    ),
    "relations.customers_of_fct_reviews_exist": (
        "UPDATE cx.marts.fct_reviews SET customer_key = 'C9' WHERE source_id = 'W1'",
        "C9",
    ),
    "relations.customers_of_fct_deal_stage_events_exist": (
        "UPDATE cx.marts.fct_deal_stage_events SET customer_key = 'C9'",
        "C9",
    ),
    "relations.deals_of_stage_events_exist": (
        "UPDATE cx.marts.fct_deal_stage_events SET deal_key = 'D9'"
        " WHERE source_id = '83'",
        "D9",
    ),
    "reconciliation.visits_of_a_deal_do_not_overlap": (
        "UPDATE cx.marts.fct_deal_stage_events SET exited_at = NULL"
        " WHERE stage_event_key = 'E81open'",
        "E81open",
    ),
    "reconciliation.deals_stand_where_their_last_visit_is": (
        "DELETE FROM cx.marts.fct_deal_stage_events WHERE stage = 'lost';"
        " UPDATE cx.marts.fct_deal_stage_events SET exited_at = NULL"
        " WHERE source_id = '82'",
        "82",
    ),
    "reconciliation.visits_begin_with_their_deals": (
        "UPDATE cx.marts.fct_deal_stage_events"
        " SET entered_at = entered_at - INTERVAL 1 HOUR WHERE source_id = '83'",
        "83",
    ),
    "reconciliation.stage_changes_are_in_the_mart": (
        """UPDATE work.hubspot.deals SET payload = '{"propertiesWithHistory":
        {"dealstage":[{"value":"won","timestamp":"2024-02-22T00:00:00.000Z"},
        {"value":"open","timestamp":"2024-02-21T00:00:00.000Z"}]}}'
        WHERE key = '83'""",
        "83",
    ),
    "relations.accounts_exist": (
        "UPDATE cx.marts.fct_tickets SET account_key = 'A9' WHERE ticket_id = '101'",
        "fct_tickets/A9",
    ),
    "relations.owners_exist": (
        "UPDATE cx.marts.fct_deals SET owner_key = 'O9' WHERE source_id = '81'",
        "fct_deals/O9",
    ),
    "relations.one_domain_is_one_account": (
        "INSERT INTO cx.marts.dim_accounts SELECT * REPLACE ('A70' AS account_key)"
        " FROM cx.marts.dim_accounts",
        "A70",
    ),
    "relations.contacts_of_accounts_add_up": (
        "UPDATE cx.marts.customer_360 SET account_key = 'A71'",
        "A71",
    ),
    "relations.deals_of_customers_add_up": (
        "UPDATE cx.marts.fct_deals SET is_merged = true WHERE source_id = '83'",
        "C1",
    ),
    "relations.won_amounts_of_customers_add_up": (
        "UPDATE cx.marts.fct_deals SET amount_reporting = 999 WHERE source_id = '81'",
        "C1",
    ),
    "relations.reviews_of_customers_add_up": (
        "UPDATE cx.marts.fct_reviews SET customer_key = 'C2' WHERE source_id = 'W1'",
        "C2",
    ),
    "relations.every_review_is_a_touch": (
        "DELETE FROM cx.marts.fct_interactions WHERE source_id = 'W2'",
        "W2",
    ),
    "reconciliation.deals_per_pipeline_equal_staging": (
        "UPDATE cx.marts.fct_deals SET amount = 10 * amount WHERE source_id = '83'",
        "hubspot/default",
    ),
    "reconciliation.every_contact_is_one_customer": (
        "DELETE FROM cx.marts.customer_identities WHERE source_id = '62'",
        "62",
    ),
    "reconciliation.merged_contacts_are_their_winners": (
        "UPDATE cx.marts.customer_identities SET customer_key = 'C2'"
        " WHERE source_id = '62'",
        "62",
    ),
    "reconciliation.every_company_is_in_an_account": (
        "INSERT INTO work.staging.base_zendesk__organizations BY NAME"
        " SELECT '9' AS _key, 'accepted' AS _disposition",
        "all",
    ),
    "reconciliation.reviews_of_files_are_in_the_mart": (
        "INSERT INTO work.staging.base_files__reviews BY NAME SELECT"
        " 'files_shop' AS source, 'V1' AS _key, 'accepted' AS _disposition,"
        " TIMESTAMP '2024-02-01' AS reviewed_at",
        "files_shop/V1",
    ),
    "reconciliation.answers_of_files_are_in_the_mart": (
        "INSERT INTO work.staging.base_files__survey_answers BY NAME SELECT"
        " 'files_shop' AS source, 'R1' AS response_id, 'accepted' AS _disposition,"
        " TIMESTAMP '2024-02-01' AS responded_at",
        "files_shop/R1",
    ),
    "reconciliation.accepted_reviews_are_in_the_mart": (
        "UPDATE work.staging.base_trustpilot__reviews SET is_removed = true"
        " WHERE _key = 'W2'; INSERT INTO work.staging.base_trustpilot__reviews"
        " SELECT * REPLACE ('superseded' AS _disposition, false AS is_removed)"
        " FROM work.staging.base_trustpilot__reviews WHERE _key = 'W2'",
        "W2",
    ),
    "relations.every_identity_has_a_customer": (
        "DELETE FROM cx.marts.customer_360 WHERE customer_key = 'C2'",
        "C2",
    ),
    "relations.every_customer_has_an_identity": (
        "DELETE FROM cx.marts.customer_identities WHERE customer_key = 'C2'",
        "C2",
    ),
    "relations.tickets_of_customers_add_up": (
        "UPDATE cx.marts.customer_360 SET count_tickets = 2 WHERE customer_key = 'C2'",
        "C2",
    ),
    "relations.agents_of_tickets_exist": (
        "UPDATE cx.marts.fct_tickets SET agent_key = 'A9'",
        "A9",
    ),
    "relations.groups_of_tickets_exist": (
        "UPDATE cx.marts.fct_tickets SET group_key = 'G9'",
        "G9",
    ),
    "relations.touches_occur_once": (
        "INSERT INTO cx.marts.fct_interactions SELECT * REPLACE"
        " ('I901' AS interaction_key) FROM cx.marts.fct_interactions",
        "zendesk/message/900",
    ),
    "relations.answers_occur_once": (
        "INSERT INTO cx.marts.fct_survey_responses SELECT * REPLACE"
        " ('again' AS response_key) FROM cx.marts.fct_survey_responses"
        " WHERE source_id = 'R2'",
        "typeform/R2/typeformF1nps",
    ),
    "relations.days_have_no_gap": (
        "INSERT INTO cx.marts.dim_date VALUES ('2024-01-03')",
        "2024-01-01",
    ),
    "metrics.days_add_up_to_weeks": (
        "UPDATE cx.marts.metrics_periodic SET n = 2"
        " WHERE metric = 'csat' AND period_type = 'week'",
        "csat/all_rated/2024-01-08",
    ),
    "metrics.months_add_up_to_quarters": (
        "UPDATE cx.marts.metrics_periodic SET n = 3"
        " WHERE metric = 'nps' AND period_type = 'quarter'",
        "nps/transactional/2024-01-01",
    ),
    "metrics.parts_add_up_to_the_whole": (
        "INSERT INTO cx.marts.metrics_periodic SELECT * REPLACE"
        " ('channel' AS dimension_1, 'email' AS value_1, 1 AS n)"
        " FROM cx.marts.metrics_periodic"
        " WHERE metric = 'tickets_created' AND period_type = 'rolling_90d'",
        "tickets_created/standard/rolling_90d/2023-12-03/channel",
    ),
    "metrics.value_is_what_its_parts_say": (
        "UPDATE cx.marts.metrics_periodic SET value = 99"
        " WHERE metric = 'nps' AND period_start = DATE '2024-02-10'",
        "nps/transactional/day/2024-02-10",
    ),
    "metrics.denominator_is_n": (
        "UPDATE cx.marts.metrics_periodic SET denominator = 3"
        " WHERE metric = 'csat' AND period_type = 'day'",
        "csat/all_rated/day/2024-01-12",
    ),
    "metrics.every_figure_is_declared": (
        "DELETE FROM cx.meta.metrics WHERE name = 'csat'",
        "csat",
    ),
    "published.no_address_or_number_of_a_person": (
        "UPDATE cx.marts.fct_survey_responses SET answer_text ="
        " 'call ann@example.test' WHERE source_id = 'R1'",
        "marts.fct_survey_responses/typeformR1nps",
    ),
    "metrics.days_add_up_to_months": (
        "UPDATE cx.marts.metrics_periodic SET n = 2"
        " WHERE metric = 'csat' AND period_type = 'day'",
        "csat/all_rated/2024-01-01",
    ),
    "metrics.tickets_created_equals_facts_by_day": (
        "UPDATE cx.marts.fct_tickets SET is_test = true WHERE ticket_id = '101'",
        "2024-01-10",
    ),
    "metrics.tickets_created_equals_facts_by_month": (
        "UPDATE cx.marts.fct_tickets SET is_test = true WHERE ticket_id = '101'",
        "2024-01-01",
    ),
    "metrics.csat_equals_facts_by_day": (
        "DELETE FROM cx.marts.metrics_periodic WHERE metric = 'csat'",
        "2024-01-12",
    ),
    "metrics.csat_equals_facts_by_month": (
        "DELETE FROM cx.marts.metrics_periodic WHERE metric = 'csat'",
        "2024-01-01",
    ),
    "metrics.nps_equals_facts_by_day": (
        "UPDATE cx.marts.fct_survey_responses SET is_partial = true"
        " WHERE source_id = 'R2'",
        "2024-02-11",
    ),
    "metrics.nps_equals_facts_by_month": (
        "UPDATE cx.marts.fct_survey_responses SET is_partial = true"
        " WHERE source_id = 'R2'",
        "2024-02-01",
    ),
    "metrics.win_rate_equals_facts_by_day": (
        "UPDATE cx.marts.fct_deals SET is_won = true WHERE source_id = '82'",
        "2024-02-20",
    ),
    "metrics.win_rate_equals_facts_by_month": (
        "UPDATE cx.marts.fct_deals SET closed_at = NULL WHERE source_id = '81'",
        "2024-01-01",
    ),
    "metrics.review_rating_equals_facts_by_day": (
        "UPDATE cx.marts.fct_reviews SET has_text = false WHERE source_id = 'W2'",
        "2024-02-12",
    ),
    "metrics.review_rating_equals_facts_by_month": (
        "UPDATE cx.marts.fct_reviews SET is_deleted = true WHERE source_id = 'W2'",
        "2024-02-01",
    ),
    "metrics.review_reply_rate_equals_facts_by_day": (
        "UPDATE cx.marts.fct_reviews SET has_reply = true WHERE source_id = 'W2'",
        "2024-02-12",
    ),
    "metrics.review_reply_rate_equals_facts_by_month": (
        "UPDATE cx.marts.fct_reviews SET has_reply = false WHERE source_id = 'W1'",
        "2024-02-01",
    ),
    "published.every_table_has_a_suite": (
        "CREATE TABLE cx.marts.fct_secrets AS SELECT 1 AS one",
        "marts.fct_secrets",
    ),
    "published.instants_are_utc_without_zone": (
        "ALTER TABLE cx.marts.dim_agents ADD COLUMN created_at TIMESTAMPTZ",
        "marts.dim_agents.created_at",
    ),
    "published.types_are_portable": (
        "ALTER TABLE cx.marts.dim_agents ADD COLUMN total HUGEINT",
        "marts.dim_agents.total",
    ),
    "published.required_sources_are_within_their_staleness": (
        "UPDATE cx.meta.sources SET status = 'stale' WHERE table_name = 'users'",
        "zendesk.users",
    ),
    "published.sources_are_fresh": (
        "UPDATE cx.meta.sources SET status = 'late' WHERE table_name = 'users'",
        "zendesk.users",
    ),
    "comparison.columns_stay": (
        "ALTER TABLE cx.marts.fct_tickets DROP COLUMN channel",
        "marts.fct_tickets.channel",
    ),
    "comparison.tables_keep_their_rows": (
        "DROP TABLE cx.marts.dim_groups",
        "dim_groups",
    ),
    "comparison.customer_360_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="customer_360", key="customer_key"),
        "gone 0",
    ),
    "comparison.customer_identities_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="customer_identities", key="source_id"),
        "hubspot/gone 0",
    ),
    "comparison.fct_tickets_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_tickets", key="ticket_key"),
        "gone 0",
    ),
    "comparison.fct_interactions_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_interactions", key="interaction_key"),
        "gone 0",
    ),
    "comparison.fct_survey_responses_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_survey_responses", key="response_key"),
        "gone 0",
    ),
    "comparison.fct_deals_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_deals", key="deal_key"),
        "gone 0",
    ),
    "comparison.fct_deal_stage_events_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_deal_stage_events", key="stage_event_key"),
        "gone 0",
    ),
    "comparison.fct_reviews_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="fct_reviews", key="review_key"),
        "gone 0",
    ),
    "comparison.dim_accounts_keeps_its_keys": (
        THIRTY_MORE_BEFORE.format(table="dim_accounts", key="account_key"),
        "gone 0",
    ),
    "comparison.as_of_does_not_go_back": (
        "UPDATE previous.meta.releases SET as_of = as_of + INTERVAL 1 SECOND",
        "as_of",
    ),
    "comparison.input_loads_do_not_go_back": (
        "DELETE FROM cx.meta.input_loads WHERE load_id = '1709337600.2'",
        "zendesk/1709337600.2",
    ),
    "comparison.figures_of_finished_months_stay": (
        "UPDATE previous.marts.metrics_periodic"
        " SET value = 0.1, ci_low = 0.05, ci_high = 0.15, n = 40, is_low_n = false"
        " WHERE metric = 'csat' AND period_type = 'month'",
        "csat/all_rated/2024-01-01",
    ),
}


def test_clean_candidate_passes_every_check(spoilt):
    with spoilt() as connection:
        results = run_sql_checks(connection, ALL)
    assert [result.sentence() for result in results if not result.success] == []


def test_every_check_has_a_case_that_fails_it():
    assert {check.name for check in ALL} == set(CASES)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_spoilt_candidate_fails_the_check_and_names_the_key(check, spoilt):
    statement, key = CASES[check.name]
    with spoilt(statement) as connection:
        (result,) = run_sql_checks(connection, [check])
    assert not result.success
    assert result.severity == check.severity
    assert key in result.sample_keys
    assert result.observed["rows"] >= 1


def test_mart_that_the_last_release_lacks_has_nothing_to_keep():
    names = {check.name for check in comparison_with({"marts.fct_tickets"})}
    assert "comparison.fct_tickets_keeps_its_keys" in names
    assert "comparison.fct_deals_keeps_its_keys" not in names
    assert {"comparison.columns_stay", "comparison.as_of_does_not_go_back"} <= names


def test_one_percent_in_quarantine_warns_but_does_not_stop_a_release(spoilt):
    statement = (
        "UPDATE work.staging.record_counts SET received = 1000, quarantined = 10"
        " WHERE table_name = 'users'"
    )
    with spoilt(statement) as connection:
        failed = {
            result.name: result.severity
            for result in run_sql_checks(connection, RECONCILIATION)
            if not result.success and "quarantine_" in result.name
        }
    assert failed == {"reconciliation.quarantine_is_nearly_empty": "warning"}


def test_answer_in_quarantine_is_not_missing_from_the_mart(spoilt):
    statements = (
        "DELETE FROM cx.marts.fct_survey_responses WHERE source_id = 'R2'",
        "INSERT INTO work.intermediate.quarantined_records VALUES"
        " ('typeform', 'responses.answers', 'R2:nps', '1', 'out_of_scale', '{}')",
    )
    check = next(c for c in RECONCILIATION if "survey_answers" in c.name)
    with spoilt(*statements) as connection:
        (result,) = run_sql_checks(connection, [check])
    assert result.success


def test_check_whose_query_cannot_run_is_an_error_without_any_value(spoilt):
    check = SqlCheck(
        "any.name",
        "marts.dim_agents",
        "SELECT 'ann@example.test'::INTEGER",
        "It runs.",
        severity="warning",
    )
    with spoilt() as connection:
        (result,) = run_sql_checks(connection, [check])
    assert (result.success, result.severity) == (False, "error")
    assert result.observed == "could not be evaluated (ConversionException)"
