"""Comparison with the last release: what should not vanish, go back or jump.

Holds the rules as data; they need the catalog `previous`. The first release has nothing
to compare with. Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from collections.abc import Collection

from expectations.sql_checks import SqlCheck

MAX_LOST_SHARE = 0.05
NOTED_LOST_SHARE = 0.01
# A figure that moves by this many widths of its interval is worth a look.
NOTED_JUMP = 2

_KEYS = {
    "customer_360": "customer_key",
    "customer_identities": "source || '/' || source_id",
    "fct_tickets": "ticket_key",
    "fct_interactions": "interaction_key",
    "fct_survey_responses": "response_key",
    "fct_deals": "deal_key",
    "fct_deal_stage_events": "stage_event_key",
    "fct_reviews": "review_key",
    "dim_accounts": "account_key",
}


def _keeps_its_keys(table: str, key: str) -> SqlCheck:
    return SqlCheck(
        f"comparison.{table}_keeps_its_keys",
        f"marts.{table}",
        f"""
        SELECT key FROM (
            SELECT {key} AS key FROM previous.marts.{table}
            EXCEPT SELECT {key} FROM cx.marts.{table}
        )
        QUALIFY count(*) OVER () > {MAX_LOST_SHARE} * (
            SELECT count(*) FROM previous.marts.{table}
        )
        """,
        f"At most {MAX_LOST_SHARE:.0%} of the last release's rows are gone; if more "
        "should go (erasure, a merge of customers), publish in smaller steps.",
    )


_COLUMNS_STAY = SqlCheck(
    "comparison.columns_stay",
    "marts",
    """
    SELECT DISTINCT concat_ws('.', old.schema_name, old.table_name, old.column_name)
    FROM duckdb_columns() AS old
    LEFT JOIN (FROM duckdb_columns() WHERE database_name = 'cx') AS new
        ON old.schema_name = new.schema_name AND old.table_name = new.table_name
        AND old.column_name = new.column_name
    WHERE
        old.database_name = 'previous' AND new.column_name IS NULL
        AND old.table_name NOT IN ('checks', 'releases')
    """,
    "Every table and column of the last release is still there: readers build on them. "
    "Keep the old one beside the new one.",
)
_ROWS_STAY = SqlCheck(
    "comparison.tables_keep_their_rows",
    "marts",
    f"""
    SELECT old.table_name, old.estimated_size, coalesce(new.estimated_size, 0)
    FROM duckdb_tables() AS old
    LEFT JOIN (
        FROM duckdb_tables() WHERE database_name = 'cx' AND schema_name = 'marts'
    ) AS new ON old.table_name = new.table_name
    WHERE
        old.database_name = 'previous' AND old.schema_name = 'marts'
        AND coalesce(new.estimated_size, 0)
        < {1 - NOTED_LOST_SHARE} * old.estimated_size
    """,
    f"No table is more than {NOTED_LOST_SHARE:.0%} smaller than in the last release; "
    "see which rows went, and whether a source delivered less.",
    severity="warning",
)
_AS_OF_GOES_ON = SqlCheck(
    "comparison.as_of_does_not_go_back",
    "meta.releases",
    """
    SELECT 'as_of', old.as_of, new.as_of
    FROM (
        SELECT arg_max(as_of, release_id) AS as_of FROM previous.meta.releases
    ) AS old
    CROSS JOIN (SELECT max(as_of) AS as_of FROM work.intermediate.as_of) AS new
    WHERE new.as_of < old.as_of
    """,
    "The data speaks up to at least the instant of the last release. For a past "
    "`--as-of` use a data folder of its own; else look for a clock that was set back.",
)
_LOADS_STAY = SqlCheck(
    "comparison.input_loads_do_not_go_back",
    "meta.input_loads",
    """
    SELECT DISTINCT source || '/' || load_id FROM previous.meta.input_loads
    EXCEPT SELECT source || '/' || load_id FROM cx.meta.input_loads
    """,
    "Every load behind the last release is still read; look whether the lake lost "
    "files or another lake is configured.",
)
_HEADLINES_STAY = SqlCheck(
    "comparison.figures_of_finished_months_stay",
    "marts.metrics_periodic",
    f"""
    SELECT concat_ws('/', metric, mode, period_start), old.value, new.value
    FROM previous.marts.metrics_periodic AS old
    INNER JOIN cx.marts.metrics_periodic AS new
        USING (metric, mode, period_type, period_start)
    WHERE
        old.dimension_1 IS NULL AND new.dimension_1 IS NULL
        AND period_type = 'month' AND old.is_final AND NOT old.is_low_n
        AND abs(new.value - old.value) > {NOTED_JUMP} * coalesce(
            nullif(old.ci_high - old.ci_low, 0), 0.05 * abs(old.value)
        )
    """,
    "The figures of a finished month stay about what they were; a jump is late data, a "
    "merge of customers or a changed definition.",
    severity="warning",
)

COMPARISON: tuple[SqlCheck, ...] = (
    _COLUMNS_STAY,
    _ROWS_STAY,
    *(_keeps_its_keys(table, key) for table, key in _KEYS.items()),
    _AS_OF_GOES_ON,
    _LOADS_STAY,
    _HEADLINES_STAY,
)


def comparison_with(tables: Collection[str]) -> list[SqlCheck]:
    """Return the checks; a mart that the last release did not have keeps nothing.

    Args:
        tables: `schema.table` of the last release.
    """
    return [
        check
        for check in COMPARISON
        if check.table_name in tables or not check.table_name.startswith("marts.")
    ]
