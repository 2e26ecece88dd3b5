"""The latest answers to a question, against those before them.

Holds the bounds on their level and their texts, which stay what they are while the
question does. Does not judge other columns (`drift`).
Tests: tests/gate/test_corruptions.py and test_clean_runs.py
"""

from __future__ import annotations

from expectations.owners import FEEDBACK
from expectations.rules import LAST_PULL
from expectations.sql_checks import SqlCheck
from expectations.versions import TAKE_BACK

_ENOUGH_LATELY, _ENOUGH_BEFORE = 30, 200

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
        HAVING
            n >= {_ENOUGH_LATELY}
            AND count(score) FILTER (NOT is_late) >= {_ENOUGH_BEFORE}
    )
    WHERE
        abs(lately - before) > 0.25 * width
        AND abs(lately - before) > 6 * spread / sqrt(n)
    """,
    "The mean of the latest answers has moved by less than a quarter of the scale; look"
    " whether the question has another scale or direction now, before anyone reads it.",
    severity="warning",
    owner=FEEDBACK,
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
        HAVING
            count_if(is_late) >= {_ENOUGH_LATELY}
            AND count_if(NOT is_late) >= {_ENOUGH_BEFORE}
    )
    WHERE share_lately >= 0.4 AND share_before < 0.25
    """,
    "Texts end where their writers ended them: they do not all have the same greatest "
    f"length. {TAKE_BACK}",
    owner=FEEDBACK,
)

ANSWERS: tuple[SqlCheck, ...] = (_LEVELS, _CUT_TEXTS)
