"""What every published file must be, whatever it is about.

Holds rules on types, suites and freshness over the catalog of the candidate. Does not
hold rules on the rows of a table. Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from expectations.marts import MART_SUITES
from expectations.sql_checks import SqlCheck

# Publication writes these itself.
_OWN_TABLES = ("meta.checks", "meta.releases", "meta.input_loads")
_CHECKED = ", ".join(
    f"'{table}'" for table in (*_OWN_TABLES, *(suite.table for suite in MART_SUITES))
)
_COLUMN = "concat_ws('.', schema_name, table_name, column_name)"

_ADDRESSES = "\nUNION ALL ".join(
    f"SELECT concat_ws('/', '{suite.table}', {', '.join(suite.key)})"
    f" FROM cx.{suite.table} AS whole_row WHERE regexp_matches(whole_row::VARCHAR,"
    r" '[\w.+-]+@[\w-]+\.[a-z]{2,}|\+[0-9]{8,}')"
    for suite in MART_SUITES
)

PUBLISHED_FILES: tuple[SqlCheck, ...] = (
    SqlCheck(
        "published.every_table_has_a_suite",
        "marts",
        f"""
        SELECT schema_name || '.' || table_name FROM duckdb_tables()
        WHERE
            database_name = 'cx'
            AND schema_name || '.' || table_name NOT IN ({_CHECKED})
        """,
        "Nothing is published unchecked; add a suite for the table to expectations.",
    ),
    SqlCheck(
        "published.instants_are_utc_without_zone",
        "marts",
        f"""
        SELECT {_COLUMN} FROM duckdb_columns()
        WHERE database_name = 'cx' AND data_type = 'TIMESTAMP WITH TIME ZONE'
        """,
        "Published instants are TIMESTAMP in UTC: a reader's machine has a time zone "
        "of its own. Cast them in the model.",
    ),
    SqlCheck(
        "published.types_are_portable",
        "marts",
        f"""
        SELECT {_COLUMN}, data_type FROM duckdb_columns()
        WHERE
            database_name = 'cx'
            AND regexp_matches(data_type, 'HUGEINT|ENUM|UNION|BIT|^FLOAT$|^"NULL"$')
        """,
        "Types survive Parquet and other databases, and lose no digit: cast sums to "
        "BIGINT, enums to VARCHAR and FLOAT to DECIMAL in the model.",
    ),
    SqlCheck(
        "published.no_address_or_number_of_a_person",
        "marts",
        _ADDRESSES,
        "Public tables hold no e-mail address and no telephone number; mask the column "
        "in its model, or move it to schema pii.",
    ),
    SqlCheck(
        "published.required_sources_are_within_their_staleness",
        "meta.sources",
        """
        SELECT concat_ws('.', source, table_name), status, lag_minutes
        FROM cx.meta.sources
        WHERE
            status IN ('stale', 'never_loaded')
            AND source IN (SELECT source FROM work.intermediate.expected_sources)
        """,
        "Required sources are not older than they may be; mend the pull, or declare "
        "more in the seed `sources`.",
    ),
    SqlCheck(
        "published.sources_are_fresh",
        "meta.sources",
        """
        SELECT concat_ws('.', source, table_name), status, lag_minutes
        FROM cx.meta.sources WHERE status NOT IN ('fresh', 'not_used')
        """,
        "Sources were pulled when they were expected; see why the last pull failed.",
        severity="warning",
    ),
)
