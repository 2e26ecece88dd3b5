"""Metrics against the facts that they count, and against themselves at other grains.

Holds rules as data. Does not recompute intervals or percentiles: unit tests of the
models do. Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from expectations.rules import AS_OF
from expectations.sql_checks import SqlCheck

# A person's last answer of a month is not the last one of each of its days.
_NOT_ADDITIVE = "('relationship')"
_COUNTED = "NOT is_deleted AND NOT is_merged AND NOT is_test"
_COUNTED_ANSWERS = (
    f"score IS NOT NULL AND program <> 'research' AND is_latest AND NOT is_partial"
    f" AND {_COUNTED}"
)

# Metric and mode, and the rows of a fact that it counts at their instant; of shares
# also which of them are hits, where a fact says so.
_COUNTS = {
    ("tickets_created", "standard"): (
        "SELECT created_at AS moment, NULL AS is_hit FROM cx.marts.fct_tickets"
        f" WHERE {_COUNTED}"
    ),
    ("csat", "all_rated"): (
        "SELECT responded_at AS moment, NULL AS is_hit"
        " FROM cx.marts.fct_survey_responses"
        f" WHERE survey_type = 'CSAT' AND {_COUNTED_ANSWERS}"
    ),
    ("nps", "transactional"): (
        "SELECT responded_at AS moment, NULL AS is_hit"
        " FROM cx.marts.fct_survey_responses"
        f" WHERE survey_type = 'NPS' AND {_COUNTED_ANSWERS}"
    ),
    ("win_rate", "by_count"): (
        "SELECT closed_at AS moment, is_won AS is_hit FROM cx.marts.fct_deals"
        f" WHERE closed_at <= {AS_OF} AND {_COUNTED}"
    ),
    ("review_rating", "with_text"): (
        "SELECT reviewed_at AS moment, NULL AS is_hit FROM cx.marts.fct_reviews"
        f" WHERE has_text AND {_COUNTED}"
    ),
    ("review_reply_rate", "standard"): (
        "SELECT reviewed_at AS moment, has_reply AS is_hit FROM cx.marts.fct_reviews"
        f" WHERE {_COUNTED}"
    ),
}


def _months_from(period_type: str) -> str:
    return f"""(
        SELECT
            metric, mode, date_trunc('month', period_start)::DATE AS month,
            coalesce(dimension_1, '') AS dimension_1, coalesce(value_1, '') AS value_1,
            coalesce(dimension_2, '') AS dimension_2, coalesce(value_2, '') AS value_2,
            sum(n)::BIGINT AS n, sum(coalesce(numerator, 0))::BIGINT AS numerator,
            sum(coalesce(denominator, 0))::BIGINT AS denominator
        FROM cx.marts.metrics_periodic
        WHERE mode NOT IN {_NOT_ADDITIVE} AND period_type = '{period_type}'
        GROUP BY ALL
    )"""


_DAYS_ADD_UP = SqlCheck(
    "metrics.days_add_up_to_months",
    "marts.metrics_periodic",
    f"""
    SELECT
        concat_ws('/', metric, mode, month, nullif(dimension_1, '')),
        days.n, months.n
    FROM {_months_from("day")} AS days
    FULL JOIN {_months_from("month")} AS months
        USING (metric, mode, month, dimension_1, value_1, dimension_2, value_2)
    WHERE
        days.n IS DISTINCT FROM months.n
        OR days.numerator IS DISTINCT FROM months.numerator
        OR days.denominator IS DISTINCT FROM months.denominator
    """,
    "The days of a month add up to the month in n, numerator and denominator; look for "
    "rows that fall into one grain only.",
)


def _adds_up(finer: str, coarser: str) -> SqlCheck:
    return SqlCheck(
        f"metrics.{finer}s_add_up_to_{coarser}s",
        "marts.metrics_periodic",
        f"""
        SELECT concat_ws('/', metric, mode, period), parts.n, whole.n
        FROM {_sums(finer, f"date_trunc('{coarser}', period_start)::DATE")} AS parts
        FULL JOIN {_sums(coarser, "period_start")} AS whole
            USING (metric, mode, period)
        WHERE parts.n IS DISTINCT FROM whole.n OR parts.sum IS DISTINCT FROM whole.sum
        """,
        f"The {finer}s of a {coarser} add up to it in n and numerator; look for rows "
        "dated by different instants.",
    )


def _sums(period_type: str, period: str) -> str:
    return f"""(
        SELECT
            metric, mode, {period} AS period, sum(n)::BIGINT AS n,
            sum(coalesce(numerator, 0))::BIGINT AS sum
        FROM cx.marts.metrics_periodic
        WHERE
            mode NOT IN {_NOT_ADDITIVE} AND period_type = '{period_type}'
            AND dimension_1 IS NULL
        GROUP BY ALL
    )"""


_AT_OTHER_GRAINS = (
    _adds_up("day", "week"),
    _adds_up("month", "quarter"),
    SqlCheck(
        "metrics.parts_add_up_to_the_whole",
        "marts.metrics_periodic",
        f"""
        SELECT
            concat_ws('/', metric, mode, period_type, period_start, parts.dimension_1),
            parts.n, whole.n
        FROM (
            SELECT
                metric, mode, period_type, period_start, dimension_1,
                sum(n)::BIGINT AS n, sum(numerator)::BIGINT AS numerator
            FROM cx.marts.metrics_periodic
            WHERE
                dimension_1 IS NOT NULL AND dimension_2 IS NULL
                AND mode NOT IN {_NOT_ADDITIVE}
            GROUP BY ALL
        ) AS parts
        INNER JOIN (
            FROM cx.marts.metrics_periodic WHERE dimension_1 IS NULL
        ) AS whole USING (metric, mode, period_type, period_start)
        WHERE
            parts.n <> whole.n OR parts.numerator IS DISTINCT FROM whole.numerator
        """,
        "The values of a dimension add up to the figure without it; look for a join "
        "that drops rows without a value, or repeats rows with two.",
    ),
)
_IN_THEMSELVES = (
    SqlCheck(
        "metrics.value_is_what_its_parts_say",
        "marts.metrics_periodic",
        """
        SELECT
            concat_ws('/', metric, mode, period_type, period_start, dimension_1,
                value_1), value, implied
        FROM (
            SELECT figures.*, CASE modes.kind
                WHEN 'count' THEN n
                WHEN 'share' THEN numerator / nullif(denominator, 0)
                WHEN 'net_score' THEN 100 * numerator / nullif(denominator, 0)
                WHEN 'mean' THEN sum_value / nullif(n, 0)
                ELSE value
            END AS implied
            FROM cx.marts.metrics_periodic AS figures
            INNER JOIN work.seeds.metric_modes AS modes USING (metric, mode)
        )
        WHERE
            (value IS NULL) <> (implied IS NULL)
            OR abs(value - implied) > 1e-9 * greatest(1, abs(implied))
        """,
        "value follows from numerator and denominator, or from sum and n, of its own "
        "row; an average of averages or a rounded figure does not.",
    ),
    SqlCheck(
        "metrics.denominator_is_n",
        "marts.metrics_periodic",
        """
        SELECT
            concat_ws('/', metric, mode, period_type, period_start, dimension_1,
                value_1), n, denominator
        FROM cx.marts.metrics_periodic WHERE denominator <> n
        """,
        "A share divides by the cases that n counts; look which filter one of the two "
        "has and the other has not.",
    ),
    SqlCheck(
        "metrics.every_figure_is_declared",
        "marts.metrics_periodic",
        """
        SELECT DISTINCT metric FROM cx.marts.metrics_periodic
        EXCEPT SELECT name FROM cx.meta.metrics
        """,
        "Every figure has its definition in meta.metrics; add it to the seed.",
    ),
)


def _equals_facts(metric: str, mode: str, grain: str) -> SqlCheck:
    return SqlCheck(
        f"metrics.{metric}_equals_facts_by_{grain}",
        "marts.metrics_periodic",
        f"""
        SELECT
            coalesce(stored.period, counted.period)::VARCHAR,
            coalesce(stored.n, 0), coalesce(counted.n, 0)
        FROM (
            SELECT period_start AS period, n, numerator
            FROM cx.marts.metrics_periodic
            WHERE
                metric = '{metric}' AND mode = '{mode}' AND period_type = '{grain}'
                AND dimension_1 IS NULL AND n > 0
        ) AS stored
        FULL JOIN (
            SELECT
                date_trunc('{grain}', moment)::DATE AS period, count(*) AS n,
                sum(is_hit::INTEGER) AS hits
            FROM ({_COUNTS[metric, mode]}) GROUP BY ALL
        ) AS counted ON stored.period = counted.period
        WHERE
            coalesce(stored.n, 0) <> coalesce(counted.n, 0)
            OR stored.numerator <> counted.hits
        """,
        f"{metric} ({mode}) counts the rows of its fact that are not deleted, merged "
        "or a test; look for a join between both that drops or repeats rows.",
    )


METRIC_TOTALS: tuple[SqlCheck, ...] = (
    _DAYS_ADD_UP,
    *_AT_OTHER_GRAINS,
    *_IN_THEMSELVES,
    *(
        _equals_facts(metric, mode, grain)
        for metric, mode in _COUNTS
        for grain in ("day", "month")
    ),
)
