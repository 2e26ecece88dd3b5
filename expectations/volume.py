"""How much happened lately, against what is usual for that weekday and week.

Holds the bounds as data. Counts are compared on the scale 2 sqrt(n), where chance has
the same width for all of them; the usual width is that of the last eight weeks, robust
against an odd one. A bound lies five or six widths off and beyond twice what has been
seen, so that neither small sources nor waves of surveys set it off. Counts end at the
source's own watermark: a source that was not pulled is stale, not empty.
Tests: tests/gate/test_corruptions.py and test_clean_runs.py
"""

from __future__ import annotations

from expectations.sql_checks import SqlCheck

# By the length of the window: a day only warns, so it may speak up a little earlier.
_WIDTHS = {7: 6, 1: 5}
_WEEKS, _LONG_AGO_WEEKS = 8, 26

# Stream -> when what a record tells of happened.
_MOMENTS = {
    "zendesk.tickets": "created_at",
    "zendesk.users": "created_at",
    "zendesk.ticket_events": "created_at",
    "zendesk.ticket_metric_events": "occurred_at",
    "zendesk.satisfaction_ratings": "created_at",
    "zendesk.survey_responses": "created_at",
    "zendesk_talk.calls": "created_at",
    "typeform.responses": "landed_at",
    "hubspot.contacts": "created_at",
    "hubspot.deals": "created_at",
    "hubspot.feedback_submissions": "created_at",
    "hubspot.calls": "created_at",
    "hubspot.meetings": "created_at",
    "hubspot.emails": "created_at",
    "hubspot.notes": "created_at",
    "trustpilot.reviews": "created_at",
    "qualtrics.responses": "recorded_at",
}

_DAYS_AGO = "\nUNION ALL ".join(
    f"SELECT '{name}' AS name, date_diff('second', {moment}, complete_to) // 86400"
    f" AS days_ago, count(*) AS n FROM work.staging.base_{name.replace('.', '__')}"
    f" CROSS JOIN (SELECT max(window_to) AS complete_to FROM work.staging.pulls"
    f" WHERE is_complete AND source || '.' || table_name = '{name}')"
    f" WHERE _disposition = 'accepted' AND {moment} <= complete_to GROUP BY ALL"
    for name, moment in _MOMENTS.items()
)


def _usual(days: int) -> str:
    """The last `days` and what is usual for so many: one row per stream.

    Days are compared with the same weekday, but nothing before counts as a jump that
    any day has reached.
    """
    step = 7 // days
    blocks = _LONG_AGO_WEEKS * step
    return f"""
    WITH days AS (
        SELECT *, max(days_ago) OVER (PARTITION BY name) AS age FROM ({_DAYS_AGO})
    ),
    blocks AS (
        SELECT name, any_value(age) AS age, block,
            coalesce(sum(n) FILTER (days_ago // {days} = block), 0)::BIGINT AS n
        FROM days CROSS JOIN range({blocks + 1}) AS numbers (block)
        GROUP BY name, block
    ),
    usual AS (
        SELECT
            name, any_value(age) AS age, any_value(n) FILTER (block = 0) AS n,
            list(n) FILTER (block BETWEEN 1 AND {_WEEKS * step}
                AND block % {step} = 0) AS before,
            max(n) FILTER (block > 0) AS most_ever
        FROM blocks GROUP BY name
    )
    SELECT
        *, list_median(before) AS middle, list_min(before) AS least,
        2 * (sqrt(n + 0.375) - sqrt(list_median(before) + 0.375)) AS off,
        greatest(1, 1.4826 * list_median(list_transform(
            before, lambda x:
            abs(2 * (sqrt(x + 0.375) - sqrt(list_median(before) + 0.375)))
        ))) AS width
    FROM usual
    """


def _nearly_empty(days: int) -> str:
    return f"""
    SELECT name, n, middle FROM ({_usual(days)})
    WHERE
        off < -{_WIDTHS[days]} * width AND 2 * n < least AND age >= {7 * (_WEEKS + 1)}
    """


def _jumps(days: int) -> str:
    return f"""
    SELECT concat_ws(' ', name, 'in', {days}, 'days'), n, middle, most_ever
    FROM ({_usual(days)})
    WHERE
        off > {_WIDTHS[days]} * width AND n > 2 * most_ever
        AND age >= {7 * (_LONG_AGO_WEEKS + 1)}
    """


# The median over weeks needs the empty days too, so days are counted from a grid: each
# that was pulled, beside the same weekday of the weeks before the pull.
_EMPTY_PULLS = f"""
    WITH days AS ({_DAYS_AGO}),
    last_pulls AS (
        SELECT source || '.' || table_name AS name, window_from,
            date_diff('second', window_from, window_to) // 86400 AS pulled_days
        FROM work.staging.pulls
        WHERE mode = 'incremental' AND window_from IS NOT NULL
        QUALIFY row_number() OVER (
            PARTITION BY source, table_name ORDER BY load_id DESC
        ) = 1
    ),
    weekdays AS (
        SELECT pulls.name, pulls.window_from, pulls.pulled_days, pulled.day,
            median(coalesce(days.n, 0)) AS middle
        FROM last_pulls AS pulls
        CROSS JOIN unnest(range(pulls.pulled_days)) AS pulled (day)
        CROSS JOIN range({_WEEKS}) AS weeks (week)
        LEFT JOIN days ON pulls.name = days.name
            AND days.days_ago = pulled.day % 7
                + 7 * (1 + (pulls.pulled_days - 1) // 7 + weeks.week)
        GROUP BY ALL
    ),
    usual AS (
        SELECT name, window_from, pulled_days, sum(middle) AS expected
        FROM weekdays GROUP BY ALL
    )
    SELECT name, window_from, pulled_days, expected FROM usual
    WHERE
        expected >= 20
        AND NOT EXISTS (
            SELECT 1 FROM days
            WHERE days.name = usual.name AND days.days_ago < usual.pulled_days
        )
"""

VOLUME: tuple[SqlCheck, ...] = (
    SqlCheck(
        "volume.no_pull_is_empty",
        "lake",
        _EMPTY_PULLS,
        "The last pull brought something, if by the same weekdays of the weeks before "
        "it should have brought twenty records; look whether the account or its filter "
        "was changed.",
    ),
    SqlCheck(
        "volume.no_week_is_nearly_empty",
        "lake",
        _nearly_empty(7),
        "The last seven days have about as many records as a week usually has; far "
        "fewer mean that a pull brings only a part. Compare with the vendor's screen.",
    ),
    SqlCheck(
        "volume.no_day_is_nearly_empty",
        "lake",
        _nearly_empty(1),
        "The last day has about as many records as that weekday usually has; fewer may "
        "be a holiday, or a pull that brings only a part.",
        severity="warning",
    ),
    SqlCheck(
        "volume.nothing_jumps",
        "lake",
        f"{_jumps(7)} UNION ALL {_jumps(1)}",
        "No day or week has more than twice what any has had in half a year; look for "
        "records that came under new keys, or for a crisis.",
        severity="warning",
    ),
)
