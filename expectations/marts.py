"""Suites of published tables: what a reader may rely on.

Holds one suite per table of schemas `marts` and `meta` in the candidate, for the
columns of the contract that are filled so far; those of facts are in `facts`. Does not
compare tables with each other (`reconciliation`) nor with the last release
(`comparison`). Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from expectations.columns import COUNT, FLAG, INSTANT, NUMBER, TEXT, columns_of
from expectations.deal_stages import DEAL_STAGE_SUITE
from expectations.facts import FACT_SUITES
from expectations.reviews import REVIEW_SUITES
from expectations.rules import (
    Rule,
    Suite,
    between,
    in_order,
    not_after_as_of,
    not_in_the_future,
    not_negative,
    one_of,
    present,
)
from expectations.sales import SALES_SUITES

_DEALS_AND_REVIEWS = (
    "count_deals",
    "count_open_deals",
    "count_won_deals",
    "count_reviews",
)
_CUSTOMERS = Suite(
    catalog="cx",
    table="marts.customer_360",
    key=("customer_key",),
    columns={
        **columns_of(TEXT, "customer_key", "last_nps_category"),
        **columns_of(TEXT, "account_key", "owner_key", "crm_lifecycle_stage"),
        **columns_of(COUNT, "count_tickets", "count_open_tickets", "count_csat"),
        **columns_of(COUNT, *_DEALS_AND_REVIEWS),
        **columns_of(NUMBER, "sum_csat", "last_csat", "last_nps_score"),
        **columns_of(NUMBER, "revenue_to_date", "last_review_rating"),
        **columns_of(
            INSTANT, "first_seen_at", "last_interaction_at", "last_contact_at"
        ),
    },
    rules=(
        *present("customer_key", "count_tickets", "count_open_tickets", "count_csat"),
        *present(*_DEALS_AND_REVIEWS, "revenue_to_date"),
        *not_negative(*_DEALS_AND_REVIEWS),
        Rule(
            "open_and_won_deals_are_deals",
            "count_open_deals + count_won_deals > count_deals",
            "A deal is open, won or lost, and counted once.",
        ),
        Rule(
            "revenue_comes_from_won_deals",
            "count_won_deals = 0 AND revenue_to_date <> 0",
            "revenue_to_date is the amount of won deals.",
        ),
        between("last_review_rating", "1", "5"),
        *not_negative("count_tickets", "count_open_tickets", "sum_csat", "count_csat"),
        Rule(
            "open_tickets_are_tickets",
            "count_open_tickets > count_tickets",
            "Open tickets are among all tickets of the customer.",
        ),
        Rule(
            "sum_csat_is_within_count_csat",
            "sum_csat > count_csat",
            "sum_csat counts satisfied answers among count_csat answers.",
        ),
        between("last_nps_score", "0", "10"),
        one_of("last_nps_category", ("promoter", "passive", "detractor")),
        *in_order("first_seen_at", "last_interaction_at", "last_contact_at"),
        *not_in_the_future("first_seen_at", "last_interaction_at", "last_contact_at"),
    ),
)
_IDENTITIES = Suite(
    catalog="cx",
    table="marts.customer_identities",
    key=("source", "source_id"),
    columns={
        **columns_of(TEXT, "source", "source_id", "customer_key", "rule"),
        "probability": NUMBER,
    },
    rules=(
        *present("source", "source_id", "customer_key", "rule", "probability"),
        between("probability", "0", "1"),
    ),
)
_METRICS = Suite(
    catalog="cx",
    table="marts.metrics_periodic",
    key=(
        "metric",
        "mode",
        "period_type",
        "period_start",
        "dimension_1",
        "value_1",
        "dimension_2",
        "value_2",
    ),
    columns={
        **columns_of(
            TEXT,
            "metric",
            "mode",
            "period_type",
            "dimension_1",
            "value_1",
            "dimension_2",
            "value_2",
        ),
        "period_start": "DATE",
        **columns_of(COUNT, "n", "numerator", "denominator", "n_open", "n_censored"),
        **columns_of(
            NUMBER, "sum_value", "sum_sq", "value", "p50", "p90", "ci_low", "ci_high"
        ),
        **columns_of(FLAG, "is_final", "is_low_n"),
    },
    rules=(
        *present(
            "metric", "mode", "period_type", "period_start", "n", "is_final", "is_low_n"
        ),
        one_of("period_type", ("day", "week", "month", "quarter", "rolling_90d")),
        *not_negative("n", "denominator", "n_open", "n_censored", "sum_sq"),
        Rule(
            "numerator_is_within_denominator",
            "abs(numerator) > denominator",
            "No more cases are counted than there are (net scores may be negative).",
        ),
        Rule(
            "nothing_divided_by_nothing_is_null",
            "denominator = 0 AND value IS NOT NULL",
            "An empty denominator gives NULL, never 0.",
        ),
        Rule(
            "value_lies_within_its_interval",
            "value < ci_low - 1e-9 OR value > ci_high + 1e-9",
            "ci_low <= value <= ci_high; otherwise value and interval use other cases.",
        ),
        Rule(
            "interval_has_both_ends",
            "(ci_low IS NULL) <> (ci_high IS NULL)",
            "ci_low and ci_high are both there or both NULL.",
        ),
        Rule("p50_is_within_p90", "p50 > p90", "The median is at most the p90."),
        Rule(
            "small_n_is_flagged",
            "is_low_n <> (n < 30)",
            "is_low_n says n < 30.",
        ),
        Rule(
            "dimensions_come_with_values",
            "dimension_1 IS NULL AND (value_1 IS NOT NULL OR dimension_2 IS NOT NULL)"
            " OR dimension_2 IS NULL AND value_2 IS NOT NULL",
            "Without a first dimension there is no value and no second one.",
        ),
        *not_after_as_of("period_start"),
    ),
)


def _dimension(
    table: str,
    key: str,
    kind: str = TEXT,
    others: dict[str, str] | None = None,
) -> Suite:
    return Suite(
        catalog="cx",
        table=table,
        key=(key,),
        columns={key: kind} | (others or {}),
        rules=present(key, *(others or {})),
    )


MART_SUITES: tuple[Suite, ...] = (
    _CUSTOMERS,
    _IDENTITIES,
    *FACT_SUITES,
    *SALES_SUITES,
    DEAL_STAGE_SUITE,
    *REVIEW_SUITES,
    _METRICS,
    _dimension("marts.dim_date", "date_day", "DATE"),
    _dimension("marts.dim_agents", "agent_key"),
    _dimension("marts.dim_groups", "group_key"),
    _dimension("marts.dim_surveys", "survey_key"),
    _dimension(
        "meta.metrics",
        "name",
        others=columns_of(
            TEXT, "label", "definition", "unit", "direction", "dated_by", "owner"
        ),
    ),
    Suite(
        catalog="cx",
        table="meta.sources",
        key=("source", "table_name"),
        columns={
            **columns_of(TEXT, "source", "table_name", "status"),
            **columns_of(COUNT, "rows", "lag_minutes"),
            **columns_of(INSTANT, "last_cursor_at", "last_loaded_at", "expected_by"),
        },
        rules=(
            *present("source", "table_name", "rows", "status"),
            *not_negative("rows", "lag_minutes"),
            one_of("status", ("fresh", "late", "stale", "never_loaded", "not_used")),
        ),
    ),
)
