"""What the latest rows look like, against the rows before them.

Holds columns and bounds as data. The latest rows are those of the last 7 days, or of
28 where 7 have fewer than 50; with fewer than that nothing is judged. The bounds are so
wide that chance reaches none of them in thousands of releases, and a slow change in how
a business runs hardly does. Does not judge how many rows there are (`volume`).
Tests: tests/gate/test_corruptions.py and test_clean_runs.py
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations.answers import ANSWERS
from expectations.rules import LAST_PULL
from expectations.sql_checks import SqlCheck
from expectations.versions import TAKE_BACK

ENOUGH = 50
_ENOUGH_BEFORE = 200


@dataclass(frozen=True)
class Columns:
    """Columns of one table that keep about the same values over time.

    Attributes:
        relation: The table, with its catalog.
        moment: When a row came to be.
        part: What rows are told apart by: each part is compared with itself.
        filled: Columns whose share of NULL stays.
        categories: Columns, of few values, whose values stay.
    """

    relation: str
    moment: str
    part: str
    filled: tuple[str, ...]
    categories: tuple[str, ...]


COLUMNS: tuple[Columns, ...] = (
    Columns(
        "cx.marts.fct_tickets",
        "created_at",
        "source",
        filled=("channel", "priority", "customer_key", "source_url"),
        categories=("channel", "priority"),
    ),
    Columns(
        "cx.marts.fct_survey_responses",
        "responded_at",
        "question_key",
        filled=("score", "customer_key", "channel", "answer_text"),
        categories=("score",),
    ),
    Columns(
        "cx.marts.fct_interactions",
        "occurred_at",
        "kind",
        filled=("channel", "customer_key"),
        categories=("channel", "direction"),
    ),
    Columns(
        "cx.marts.fct_deals",
        "created_at",
        "source",
        filled=("customer_key", "account_key", "owner_key", "amount", "deal_type"),
        categories=("pipeline", "currency", "deal_type"),
    ),
    Columns(
        "cx.marts.fct_reviews",
        "reviewed_at",
        "site",
        filled=("customer_key", "title", "language"),
        categories=("language",),
    ),
    Columns(
        "work.intermediate.customer_records",
        "first_seen_at",
        "source",
        filled=("email", "name"),
        categories=(),
    ),
)


def _values(columns: Columns, name: str) -> str:
    return (
        f"SELECT concat_ws('.', '{columns.relation.partition('.')[2]}', '{name}',"
        f" {columns.part}) AS name, {columns.moment} AS moment,"
        f" {name}::VARCHAR AS value FROM {columns.relation}"
    )


def _profile(values: str) -> str:
    """One row per column and value: how often before, how often lately."""
    return f"""
    WITH all_values AS ({values}),
    aged AS (
        SELECT *, {LAST_PULL} - moment AS age FROM all_values WHERE moment IS NOT NULL
    ),
    counted AS (
        SELECT name, value, count(*) AS n,
            count_if(age <= INTERVAL 7 DAY) AS n_7,
            count_if(age <= INTERVAL 28 DAY) AS n_28
        FROM aged GROUP BY name, value
    ),
    windows AS (
        SELECT *, sum(n_7) OVER named >= {ENOUGH} AS is_week
        FROM counted WINDOW named AS (PARTITION BY name)
    ),
    split AS (
        SELECT name, value, if(is_week, n_7, n_28) AS lately,
            n - if(is_week, n_7, n_28) AS before
        FROM windows
    )
    SELECT *,
        sum(lately) OVER named AS all_lately, sum(before) OVER named AS all_before,
        count_if(lately > 0) OVER named AS values_lately
    FROM split WINDOW named AS (PARTITION BY name)
    QUALIFY all_lately >= {ENOUGH} AND all_before >= {_ENOUGH_BEFORE}
    """


_FILLED = _profile(
    "\nUNION ALL ".join(
        _values(columns, name) for columns in COLUMNS for name in columns.filled
    )
)
_CATEGORIES = _profile(
    "\nUNION ALL ".join(
        _values(columns, name) for columns in COLUMNS for name in columns.categories
    )
)
_TOLD = "lately, all_lately, before, all_before"

_COLUMN_CHECKS = (
    SqlCheck(
        "drift.columns_stay_filled",
        "marts",
        f"""
        SELECT name, {_TOLD} FROM ({_FILLED})
        WHERE value IS NULL AND lately >= 10 AND (
            before <= 0.02 * all_before AND lately >= 0.1 * all_lately
            OR lately / all_lately - before / all_before >= 0.5
        )
        """,
        "A column that was filled before is filled in the latest rows; else the vendor "
        f"or its connector lost a field. {TAKE_BACK}",
    ),
    SqlCheck(
        "drift.columns_do_not_become_constant",
        "marts",
        f"""
        SELECT concat_ws('=', name, value), {_TOLD} FROM ({_CATEGORIES})
        WHERE
            value IS NOT NULL AND lately = all_lately AND before <= 0.7 * all_before
        """,
        "A column with several values before has several in the latest rows; one value "
        f"for all is a default that took their place. {TAKE_BACK}",
    ),
    SqlCheck(
        "drift.categories_do_not_vanish",
        "marts",
        f"""
        SELECT concat_ws('=', name, value), {_TOLD} FROM ({_CATEGORIES})
        WHERE
            value IS NOT NULL AND lately = 0 AND values_lately > 1
            AND before / all_before * all_lately >= 20
        """,
        "A value that should have come up twenty times comes up; if it was given up on "
        "purpose, this ends by itself, else look at its source.",
        severity="warning",
    ),
    SqlCheck(
        "drift.categories_are_not_new",
        "marts",
        f"""
        SELECT concat_ws('=', name, value), {_TOLD} FROM ({_CATEGORIES})
        WHERE value IS NOT NULL AND before <= 0.01 * all_before
            AND lately >= 0.2 * all_lately
        """,
        "No fifth of the latest rows has a value that was never seen; if it is a new "
        "channel or the like, tell the readers, else map it in staging.",
        severity="warning",
    ),
)

DRIFT: tuple[SqlCheck, ...] = (*_COLUMN_CHECKS, *ANSWERS)
