"""All checks of a candidate, in the order in which a reader understands failures.

Holds the one entry. Does not hold rules. Tests: tests/expectations/test_checks.py
"""

from __future__ import annotations

import duckdb

from expectations.comparison import comparison_with
from expectations.constancy import constancy_with
from expectations.deal_stages import DEAL_STAGE_CHECKS
from expectations.drift import DRIFT
from expectations.landed import landed_suites
from expectations.marts import MART_SUITES
from expectations.metric_totals import METRIC_TOTALS
from expectations.published_files import PUBLISHED_FILES
from expectations.reconciliation import RECONCILIATION
from expectations.relations import RELATIONS
from expectations.results import CheckResult
from expectations.reviews import REVIEW_CHECKS
from expectations.sales import SALES_CHECKS
from expectations.sql_checks import run_sql_checks
from expectations.validation import validate
from expectations.versions import VERSIONS
from expectations.volume import VOLUME


def run_checks(
    connection: duckdb.DuckDBPyConnection, *, has_previous: bool
) -> list[CheckResult]:
    """Evaluate every check on a candidate.

    Args:
        connection: In memory, with catalogs `cx` (the candidate's `cx.duckdb`), `work`
            (the work file) and, if there is one, `previous` (the current release).
        has_previous: Whether `previous` is attached.
    """
    landed = landed_suites(_required_sources(connection))
    return [
        *validate(connection, [*landed, *MART_SUITES]),
        *run_sql_checks(connection, RECONCILIATION),
        *run_sql_checks(connection, VERSIONS),
        *run_sql_checks(connection, VOLUME),
        *run_sql_checks(connection, RELATIONS),
        *run_sql_checks(connection, SALES_CHECKS),
        *run_sql_checks(connection, DEAL_STAGE_CHECKS),
        *run_sql_checks(connection, REVIEW_CHECKS),
        *run_sql_checks(connection, METRIC_TOTALS),
        *run_sql_checks(connection, DRIFT),
        *run_sql_checks(connection, PUBLISHED_FILES),
        *(_compared(connection) if has_previous else ()),
    ]


def _compared(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    tables = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
        " WHERE database_name = 'previous'"
    ).fetchall()
    known = {name for (name,) in tables}
    return run_sql_checks(connection, [*comparison_with(known), *constancy_with(known)])


def _required_sources(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "SELECT source FROM work.intermediate.expected_sources"
    ).fetchall()
    return {source for (source,) in rows}
