"""What the latest rows look like, against the rows before them.

Holds columns and bounds as data. The latest rows are those of the last 7 days, or of
28 where 7 have fewer than 50; with fewer than that nothing is judged. The bounds are so
wide that chance reaches none of them in thousands of releases, and a slow change in how
a business runs hardly does. Does not judge how many rows there are (`volume`).
Tests: tests/gate/test_corruptions.py and test_clean_runs.py
"""

from __future__ import annotations

from dataclasses import dataclass

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

_ANSWERS = f"""(
    SELECT *, {LAST_PULL} - responded_at <= INTERVAL 28 DAY AS is_late
    FROM cx.marts.fct_survey_responses
)"""
_LEVELS = SqlCheck(
    "drift.scores_keep_their_level",
    "marts.fct_survey_responses",
    f"""
    SELECT question_key, lately, before, n FROM (
        SELECT
            question_key, avg(score) FILTER (is_late) AS lately,
            avg(score) FILTER (NOT is_late) AS before,
            stddev_samp(score) FILTER (NOT is_late) AS spread,
            count(score) FILTER (is_late) AS n,
            any_value(scale_max - scale_min) AS width
        FROM {_ANSWERS} GROUP BY question_key
        HAVING n >= 30 AND count(score) FILTER (NOT is_late) >= {_ENOUGH_BEFORE}
    )
    WHERE
        abs(lately - before) > 0.25 * width
        AND abs(lately - before) > 6 * spread / sqrt(n)
    """,
    "The mean of the latest answers has moved by less than a quarter of the scale; look"
    " whether the question has another scale or direction now, before anyone reads it.",
    severity="warning",
)
_CUT_TEXTS = SqlCheck(
    "drift.texts_are_not_cut",
    "marts.fct_survey_responses",
    f"""
    SELECT question_key, length_lately, share_lately, share_before FROM (
        SELECT
            question_key, max(chars) FILTER (is_late) AS length_lately,
            count_if(is_late AND chars = longest_lately) / count_if(is_late)
                AS share_lately,
            count_if(NOT is_late AND chars = longest_before) / count_if(NOT is_late)
                AS share_before
        FROM (
            SELECT *, length(answer_text) AS chars,
                max(length(answer_text)) FILTER (is_late) OVER asked AS longest_lately,
                max(length(answer_text)) FILTER (NOT is_late) OVER asked
                    AS longest_before
            FROM {_ANSWERS} WHERE answer_text IS NOT NULL
            WINDOW asked AS (PARTITION BY question_key)
        )
        GROUP BY question_key
        HAVING count_if(is_late) >= 30 AND count_if(NOT is_late) >= {_ENOUGH_BEFORE}
    )
    WHERE share_lately >= 0.4 AND share_before < 0.25
    """,
    "Texts end where their writers ended them: they do not all have the same greatest "
    f"length. {TAKE_BACK}",
)

# What UTF-8 looks like when it was read as Latin-1, and what replaces a lost character.
_DAMAGED = (
    "(contains(payload, chr(65533)) OR contains(payload, 'â€')"
    " OR contains(payload, 'Ã') AND regexp_matches(payload, 'Ã[\\x{80}-\\x{BF}]'))"
)
_TEXTS = (
    "zendesk.tickets",
    "zendesk.users",
    "zendesk.organizations",
    "zendesk.satisfaction_ratings",
    "typeform.responses",
)
_ENCODINGS = "\nUNION ALL ".join(
    f"SELECT '{name}' AS name, _dlt_load_id AS load_id, count(*) AS records,"
    f" count_if({_DAMAGED}) AS damaged FROM work.{name} WHERE _dlt_load_id ="
    f" (SELECT max(_dlt_load_id) FROM work.{name}) GROUP BY ALL"
    for name in _TEXTS
)
_WELL_ENCODED = SqlCheck(
    "drift.texts_are_well_encoded",
    "lake",
    f"""
    SELECT name || '/' || load_id, damaged, records FROM ({_ENCODINGS})
    WHERE damaged >= 5 AND damaged > 0.01 * records
    """,
    "At most one record in a hundred of the last load has texts of a broken encoding; "
    f"else a proxy or export changed it. {TAKE_BACK}",
)

DRIFT: tuple[SqlCheck, ...] = (*_COLUMN_CHECKS, _LEVELS, _CUT_TEXTS, _WELL_ENCODED)
