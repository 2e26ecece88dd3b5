"""Checks that look at more than one table: a query that must return nothing.

Holds the shape of such a check and its runner. A query returns one row per offence: the
first column is a key to look it up by, the others are figures. Does not hold any query
(`reconciliation`, `comparison`). Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from expectations.owners import DATA
from expectations.results import MAX_SAMPLE_KEYS, CheckResult, Severity


@dataclass(frozen=True)
class SqlCheck:
    """A query that must return nothing.

    Attributes:
        name: Unique name, e.g. `reconciliation.tickets_reach_the_mart`.
        table_name: The table that a failure speaks about.
        offences: The query; first column = key, never a personal value.
        meaning: One sentence: what must hold, and what to do when it does not.
        severity: Whether it stops a release.
        owner: The team that is asked when it fails.
    """

    name: str
    table_name: str
    offences: str
    meaning: str
    severity: Severity = "error"
    owner: str = DATA


def run_sql_checks(
    connection: duckdb.DuckDBPyConnection, checks: Iterable[SqlCheck]
) -> list[CheckResult]:
    """Run each check; one whose query cannot run has failed, as an error."""
    return [_run(connection, check) for check in checks]


def _run(connection: duckdb.DuckDBPyConnection, check: SqlCheck) -> CheckResult:
    try:
        rows = connection.execute(
            f"SELECT *, count(*) OVER () FROM ({check.offences})"
            f" ORDER BY 1 LIMIT {MAX_SAMPLE_KEYS}"
        ).fetchall()
    except duckdb.Error as error:
        # Only the kind of the error: its text may quote a value.
        found = f"could not be evaluated ({type(error).__name__})"
        return _result(check, observed=found, keys=(), is_evaluated=False)
    observed: dict[str, Any] = {"rows": rows[0][-1] if rows else 0}
    if rows and len(rows[0]) > 2:
        observed["first"] = [_plain(value) for value in rows[0][1:-1]]
    return _result(check, observed, tuple(str(row[0]) for row in rows))


def _result(
    check: SqlCheck, observed: Any, keys: tuple[str, ...], is_evaluated: bool = True
) -> CheckResult:
    return CheckResult(
        name=check.name,
        table_name=check.table_name,
        severity=check.severity if is_evaluated else "error",
        success=is_evaluated and not keys,
        observed=observed,
        meaning=check.meaning,
        owner=check.owner,
        sample_keys=keys,
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | None) else str(value)
