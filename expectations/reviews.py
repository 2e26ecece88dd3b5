"""Checks of public reviews.

Holds suite and queries as data. Does not hold what is checked of every source alike
(`landed`, `reconciliation`). Tests: tests/expectations/test_validation.py,
tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from dataclasses import replace

from expectations.columns import COUNT, FLAG, INSTANT, NUMBER, TEXT, columns_of
from expectations.fact_columns import FACT, FACT_RULES, counts_differ
from expectations.owners import owner_of
from expectations.rules import (
    AS_OF,
    Rule,
    Suite,
    between,
    in_order,
    not_after_as_of,
    not_in_the_future,
    not_negative,
    present,
)
from expectations.sql_checks import SqlCheck

_OWNER = owner_of("trustpilot")

_REVIEWS = Suite(
    catalog="cx",
    table="marts.fct_reviews",
    key=("review_key",),
    # A company may have no review yet, or no site: reconciliation tells that apart.
    must_have_rows=False,
    owner=_OWNER,
    columns={
        **columns_of(TEXT, "review_key", "customer_key", "site", "business_unit"),
        **columns_of(TEXT, "title", "review_text", "language"),
        "rating": COUNT,
        "reply_minutes": NUMBER,
        **columns_of(FLAG, "is_verified", "has_reply", "has_text"),
        **columns_of(INSTANT, "reviewed_at", "edited_at", "replied_at"),
        **FACT,
    },
    rules=(
        *present("review_key", "site", "business_unit", "rating", "reviewed_at"),
        *present("has_reply", "has_text"),
        *FACT_RULES,
        between("rating", "1", "5"),
        *not_negative("reply_minutes"),
        *in_order("reviewed_at", "edited_at", "replied_at"),
        Rule(
            "has_reply_says_replied_at",
            "has_reply <> (replied_at IS NOT NULL)",
            "has_reply and replied_at say the same.",
        ),
        Rule(
            "reply_minutes_run_from_review_to_reply",
            "abs(coalesce(reply_minutes, -1) - coalesce("
            "epoch(replied_at - reviewed_at) / 60.0, -1)) > 0.02",
            "reply_minutes are those between reviewed_at and replied_at; look for a "
            "wrong unit or time zone.",
        ),
        *not_after_as_of("reviewed_at", "replied_at"),
        *not_in_the_future("edited_at"),
    ),
)
REVIEW_SUITES: tuple[Suite, ...] = (_REVIEWS,)

_CHECKS = (
    SqlCheck(
        "reconciliation.accepted_reviews_are_in_the_mart",
        "marts.fct_reviews",
        f"""
        SELECT
            coalesce(known._key, fact.source_id),
            known._key IS NOT NULL, fact.source_id IS NOT NULL, is_gone, is_deleted
        FROM (
            -- one that is gone is known by what it said before
            SELECT
                _key, bool_or(is_removed AND _disposition = 'accepted') AS is_gone
            FROM work.staging.base_trustpilot__reviews
            WHERE _disposition <> 'quarantined'
            GROUP BY _key
            HAVING min(created_at) FILTER (NOT is_removed) <= {AS_OF}
        ) AS known
        FULL JOIN (
            SELECT source_id, is_deleted FROM cx.marts.fct_reviews
            WHERE source = 'trustpilot'
        ) AS fact ON known._key = fact.source_id
        WHERE
            known._key IS NULL OR fact.source_id IS NULL OR is_gone AND NOT is_deleted
        """,
        "fct_reviews holds every accepted review until as_of, those that are gone with "
        "a flag, and no other; look at stg_trustpilot__reviews.",
    ),
    SqlCheck(
        "reconciliation.reviews_of_files_are_in_the_mart",
        "marts.fct_reviews",
        f"""
        SELECT
            concat_ws('/', coalesce(base.source, fact.source), _key, source_id),
            _key IS NOT NULL, source_id IS NOT NULL
        FROM (
            SELECT source, _key FROM work.staging.base_files__reviews
            WHERE _disposition = 'accepted' AND reviewed_at <= {AS_OF}
        ) AS base
        FULL JOIN (
            SELECT source, source_id FROM cx.marts.fct_reviews
            WHERE source LIKE 'files%'
        ) AS fact ON base.source = fact.source AND base._key = fact.source_id
        WHERE _key IS NULL OR source_id IS NULL
        """,
        "Every accepted review of a file is in the mart, and no other; look at "
        "int_reviews.",
    ),
    SqlCheck(
        "relations.reviews_of_customers_add_up",
        "marts.customer_360",
        counts_differ(
            "customer_360",
            "customer_key",
            "count_reviews",
            "SELECT customer_key, count(*) FROM cx.marts.fct_reviews WHERE"
            " NOT is_deleted AND NOT is_merged AND NOT is_test GROUP BY ALL",
        ),
        "count_reviews counts the customer's reviews, without deleted ones.",
    ),
    SqlCheck(
        "relations.every_review_is_a_touch",
        "marts.fct_interactions",
        """
        SELECT source_id, source FROM cx.marts.fct_reviews
        EXCEPT SELECT source_id, source FROM cx.marts.fct_interactions
        WHERE channel = 'review'
        """,
        "Every review is a touch in fct_interactions.",
    ),
)
REVIEW_CHECKS: tuple[SqlCheck, ...] = tuple(
    replace(check, owner=_OWNER) for check in _CHECKS
)
