"""Metrics and published tables that do not hold together."""

from __future__ import annotations

from tests.gate.planting import Corruption, Tables

METRICS = (
    Corruption(
        "parts do not sum",
        "a channel counts more tickets than there are",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET n = n + 1 WHERE metric ="
            " 'tickets_created' AND dimension_1 = 'channel' AND dimension_2 IS NULL"
        ),
        ("metrics.parts_add_up_to_the_whole",),
    ),
    Corruption(
        "grains do not sum",
        "one day is missing from the days",
        Tables(
            "DELETE FROM cx.marts.metrics_periodic WHERE period_type = 'day' AND"
            " metric = 'csat' AND period_start = (SELECT max(period_start) FROM"
            " cx.marts.metrics_periodic WHERE period_type = 'day' AND metric = 'csat')"
        ),
        ("metrics.days_add_up_to_months", "metrics.days_add_up_to_weeks"),
    ),
    Corruption(
        "quarters do not sum",
        "a quarter misses a month",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET n = n - 1 WHERE metric ="
            " 'tickets_created' AND period_type = 'quarter' AND n > 1"
        ),
        ("metrics.months_add_up_to_quarters",),
    ),
    Corruption(
        "average of averages",
        "months are the mean of their days",
        Tables(
            "UPDATE cx.marts.metrics_periodic AS month SET value = (SELECT avg(value)"
            " FROM cx.marts.metrics_periodic AS day WHERE day.metric = month.metric AND"
            " day.mode = month.mode AND day.period_type = 'day' AND day.dimension_1"
            " IS NULL AND date_trunc('month', day.period_start) = month.period_start)"
            " WHERE period_type = 'month' AND dimension_1 IS NULL"
            " AND metric = 'replies_per_ticket'"
        ),
        ("metrics.value_is_what_its_parts_say",),
    ),
    Corruption(
        "float rounding",
        "figures have two digits",
        Tables("UPDATE cx.marts.metrics_periodic SET value = round(value, 2)"),
        ("metrics.value_is_what_its_parts_say",),
    ),
    Corruption(
        "float type",
        "scores keep seven digits",
        Tables(
            "ALTER TABLE cx.marts.fct_survey_responses ALTER COLUMN score TYPE FLOAT"
        ),
        ("published.types_are_portable",),
    ),
    Corruption(
        "wrong denominator",
        "CSAT is divided by all who were asked",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET denominator = 2 * denominator,"
            " value = value / 2, ci_low = ci_low / 2 WHERE metric = 'csat'"
        ),
        ("metrics.denominator_is_n",),
    ),
    Corruption(
        "wrong period dating",
        "tickets are counted a day late",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET period_start = period_start + 1"
            " WHERE metric = 'tickets_created' AND period_type = 'day'"
        ),
        ("metrics.tickets_created_equals_facts_by_day",),
    ),
    Corruption(
        "interval of others",
        "value and interval come from other cases",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET ci_low = value + 0.1"
            " WHERE ci_low IS NOT NULL"
        ),
        ("marts_metrics_periodic.value_lies_within_its_interval",),
    ),
    Corruption(
        "restated history",
        "the months of last year have other figures",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET value = 2 * value WHERE"
            " metric = 'tickets_created' AND period_type = 'month'"
        ),
        ("comparison.figures_of_finished_months_stay",),
        severity="warning",
    ),
    Corruption(
        "lost metric",
        "a metric has no figures any more",
        Tables("DELETE FROM cx.marts.metrics_periodic WHERE metric = 'ces'"),
        ("comparison.metrics_stay",),
    ),
    Corruption(
        "undeclared metric",
        "a figure has no definition",
        Tables("DELETE FROM cx.meta.metrics WHERE name = 'nps'"),
        ("metrics.every_figure_is_declared",),
    ),
)

PUBLIC_TABLES = (
    Corruption(
        "personal data in a public table",
        "an address stands in a text",
        Tables(
            "UPDATE cx.marts.fct_survey_responses SET answer_text ="
            " 'write to ann.lee@example.com' WHERE answer_text IS NOT NULL"
        ),
        ("published.no_address_or_number_of_a_person",),
    ),
    Corruption(
        "instants of a machine",
        "an instant has a time zone",
        Tables(
            "ALTER TABLE cx.marts.fct_tickets ALTER COLUMN created_at TYPE TIMESTAMPTZ"
        ),
        ("published.instants_are_utc_without_zone",),
    ),
    Corruption(
        "lost column of a mart",
        "a column that readers use is gone",
        Tables("ALTER TABLE cx.marts.fct_tickets DROP COLUMN is_agent_opened"),
        ("comparison.columns_stay",),
    ),
    Corruption(
        "emptied table",
        "a table has no rows, so no bad ones",
        Tables("DELETE FROM cx.marts.dim_agents"),
        ("marts_dim_agents.has_rows", "relations.agents_of_tickets_exist"),
    ),
    Corruption(
        "lost groups",
        "tickets belong to a group that is not there",
        Tables(
            "DELETE FROM cx.marts.dim_groups WHERE group_key IN"
            " (SELECT min(group_key) FROM cx.marts.fct_tickets)"
        ),
        ("relations.groups_of_tickets_exist",),
    ),
    Corruption(
        "lost days",
        "a week is missing from the calendar",
        Tables(
            "DELETE FROM cx.marts.dim_date WHERE date_day"
            " BETWEEN '2026-03-02' AND '2026-03-08'"
        ),
        ("relations.days_have_no_gap",),
    ),
    Corruption(
        "counts of another run",
        "customers have other numbers of tickets than the facts",
        Tables("UPDATE cx.marts.customer_360 SET count_tickets = count_tickets + 1"),
        ("relations.tickets_of_customers_add_up",),
    ),
    Corruption(
        "lost identities",
        "customers are known from nowhere",
        Tables("DELETE FROM cx.marts.customer_identities WHERE source = 'zendesk'"),
        ("relations.every_customer_has_an_identity",),
    ),
    Corruption(
        "lost in staging",
        "a record is neither used nor in quarantine",
        Tables("UPDATE work.staging.record_counts SET accepted = accepted - 1"),
        ("reconciliation.received_is_accepted_quarantined_or_superseded",),
    ),
    Corruption(
        "unread file",
        "staging read fewer records than lie in the lake",
        Tables("DELETE FROM work.staging.record_counts WHERE table_name = 'users'"),
        ("reconciliation.received_is_what_the_lake_holds",),
    ),
    Corruption(
        "lost answers",
        "answers of responses do not reach the mart",
        Tables(
            "DELETE FROM cx.marts.fct_survey_responses WHERE survey_type = 'custom'"
        ),
        ("reconciliation.survey_answers_are_in_the_mart",),
    ),
    Corruption(
        "lost ratings",
        "bad ratings do not reach the mart",
        Tables(
            "DELETE FROM cx.marts.fct_survey_responses WHERE source = 'zendesk'"
            " AND score = 0"
        ),
        ("reconciliation.answered_ratings_are_in_the_mart",),
    ),
    Corruption(
        "older as_of",
        "the candidate speaks of an earlier instant than the last release",
        Tables("UPDATE work.intermediate.as_of SET as_of = as_of - INTERVAL 60 DAY"),
        ("comparison.as_of_does_not_go_back",),
    ),
    Corruption(
        "table without a suite",
        "a table would be published that nobody checks",
        Tables("CREATE TABLE cx.marts.fct_secrets AS SELECT 1 AS one"),
        ("published.every_table_has_a_suite",),
    ),
)
