"""Running suites with Great Expectations.

Holds the only GX context of the project: ephemeral, without progress bars or analytics,
computing inside DuckDB. All row rules of a table become one
`UnexpectedRowsExpectation`, so that a table is read once and not once per rule. It
selects names of rules, counts and keys only: GX's column expectations would report the
offending values, which may be personal. Importing this module takes GX's five seconds.
Does not know any table. Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.datasource.fluent.sql_datasource import TableAsset

from expectations.duckdb_datasource import DuckDBDatasource, engine_arguments
from expectations.results import MAX_SAMPLE_KEYS, CheckResult
from expectations.rules import Rule, Suite

HAS_COLUMNS = "columns_are_there"
HAS_ROWS = "has_rows"
IS_UNIQUE = "key_is_unique"


# Of each (catalog, schema.table) the type of each column.
_Columns = dict[tuple[str, str], dict[str, str]]


class EmptySuiteError(ValueError):
    """A suite without rules would pass whatever the table holds."""


def validate(
    connection: duckdb.DuckDBPyConnection, suites: Sequence[Suite]
) -> list[CheckResult]:
    """Check tables of an open connection, all rules of all suites.

    A table that is missing, or empty where rows must be, fails its suite.

    Args:
        connection: In memory, with the catalogs of the suites attached.
        suites: What to check.

    Raises:
        EmptySuiteError: A suite has no rules, or there is no suite.
    """
    empty = [suite.name for suite in suites if not suite.rules]
    if empty or not suites:
        raise EmptySuiteError(f"No rules: {', '.join(empty) or 'there is no suite'}.")
    columns = _columns_of(connection, {suite.catalog for suite in suites})
    results = [_check_shape(suite, columns) for suite in suites]
    usable = [s for s, shape in zip(suites, results, strict=True) if shape.success]
    for suite in usable:
        # GX reads the columns of unqualified names only.
        connection.execute(
            f'CREATE OR REPLACE VIEW "{suite.name}" AS'
            f" FROM {suite.catalog}.{suite.table}"
        )
    with _data_source(connection, [suite.name for suite in usable]) as source:
        for suite in usable:
            asset = source.get_asset(suite.name)
            results += _run(asset.get_batch(asset.build_batch_request()), suite)
    return results


@contextmanager
def _data_source(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str]
) -> Iterator[DuckDBDatasource]:
    """Yield a source that has all tables from its start: GX saves it at each change."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    added: DuckDBDatasource = context.data_sources.add_duckdb(
        "duckdb",
        connection_string="duckdb:///:memory:",
        kwargs=engine_arguments(connection),
        assets=[TableAsset(name=name, table_name=name) for name in tables],
    )
    try:
        yield added
    finally:
        added.release()


def _columns_of(
    connection: duckdb.DuckDBPyConnection, catalogs: Iterable[str]
) -> _Columns:
    rows = connection.execute(
        "SELECT (database_name, schema_name || '.' || table_name), column_name,"
        " data_type FROM duckdb_columns() WHERE list_contains(?, database_name)",
        [list(catalogs)],
    ).fetchall()
    columns: _Columns = defaultdict(dict)
    for table, name, kind in rows:
        columns[table][name] = kind
    return columns


def _check_shape(suite: Suite, columns: _Columns) -> CheckResult:
    """Compare columns and types; GX cannot read types through this dialect."""
    found = columns.get((suite.catalog, suite.table), {})
    wrong = {
        name: found.get(name, "missing")
        for name, kind in suite.columns.items()
        if re.fullmatch(kind, found.get(name, "")) is None
    }
    return CheckResult(
        name=f"{suite.name}.{HAS_COLUMNS}",
        table_name=suite.table,
        severity="error",
        success=bool(found) and not wrong,
        observed=wrong if found else "the table is missing",
        meaning=f"The {len(suite.columns)} agreed columns are there with their types. "
        "Mend the model or the connector that makes the table.",
        owner=suite.owner,
    )


@dataclass(frozen=True)
class _Finding:
    """How many rows break a rule and the keys of some; or why nobody knows."""

    rows: int = 0
    keys: tuple[str, ...] = ()
    failure: str | None = None


def _run(batch: Batch, suite: Suite) -> list[CheckResult]:
    rules = [*suite.rules, *_uniqueness(suite)]
    findings = _findings(batch, suite, rules)
    return [
        _row_count(batch, suite),
        *(_result(suite, rule, findings[rule.name]) for rule in rules),
    ]


def _findings(batch: Batch, suite: Suite, rules: Sequence[Rule]) -> dict[str, _Finding]:
    """Evaluate all rules at once; one that cannot be evaluated spares the others."""
    findings = _broken(batch, suite, rules)
    if len(rules) > 1 and any(finding.failure for finding in findings.values()):
        alone = [_broken(batch, suite, [rule]) for rule in rules]
        return {name: found for each in alone for name, found in each.items()}
    return findings


def _row_count(batch: Batch, suite: Suite) -> CheckResult:
    rule = Rule(
        HAS_ROWS,
        "",
        "There are rows; an empty table means that a source or a join gave none.",
    )
    needed = int(suite.must_have_rows)
    result = batch.validate(gxe.ExpectTableRowCountToBeBetween(min_value=needed))
    observed = result.result.get("observed_value")
    if observed is None:
        return _result(suite, rule, _Finding(failure=_reason(result)))
    found = _result(suite, rule, _Finding(rows=int(observed)))
    return replace(found, success=bool(result.success))


def _uniqueness(suite: Suite) -> list[Rule]:
    key = ", ".join(suite.key)
    meaning = f"({key}) occurs once; look for a join that multiplies rows."
    return [Rule(IS_UNIQUE, "", meaning)] if suite.is_unique else []


def _offending(suite: Suite, rules: Sequence[Rule]) -> Iterator[str]:
    """Give queries of (rule, sample_key), a row per row that breaks a rule."""
    rows = [rule for rule in rules if rule.name != IS_UNIQUE]
    key = ", ".join(suite.key)
    if rows:
        wrong = " OR ".join(f"({rule.wrong_rows})" for rule in rows)
        named = ", ".join(f"CASE WHEN {r.wrong_rows} THEN '{r.name}' END" for r in rows)
        yield (
            f"SELECT unnest([{named}]) AS rule, concat_ws('/', {key}) AS sample_key"
            f" FROM {{batch}} WHERE {wrong}"
        )
    if len(rows) < len(rules):
        yield (
            f"SELECT '{IS_UNIQUE}' AS rule, concat_ws('/', {key}) AS sample_key"
            f" FROM {{batch}} GROUP BY {key} HAVING count(*) > 1"
        )


def _broken(batch: Batch, suite: Suite, rules: Sequence[Rule]) -> dict[str, _Finding]:
    """Count the rows that break each rule."""
    rows = " UNION ALL ".join(_offending(suite, rules))
    query = (
        "SELECT rule, count(*) AS found,"
        f" min(sample_key, {MAX_SAMPLE_KEYS}) AS sample_keys"
        f" FROM ({rows}) WHERE rule IS NOT NULL GROUP BY rule"
    )
    expectation = gxe.UnexpectedRowsExpectation(unexpected_rows_query=query)
    # Only the complete format brings the rows.
    result = batch.validate(expectation, result_format="COMPLETE")
    if result.result.get("observed_value") is None:
        failed = _Finding(failure=_reason(result))
        return {rule.name: failed for rule in rules}
    return {rule.name: _Finding() for rule in rules} | {
        row["rule"]: _Finding(row["found"], tuple(row["sample_keys"] or ()))
        for row in result.result["details"]["unexpected_rows"]
    }


def _result(suite: Suite, rule: Rule, found: _Finding) -> CheckResult:
    return CheckResult(
        name=f"{suite.name}.{rule.name}",
        table_name=suite.table,
        # A rule that could not be evaluated proves nothing: never a mere warning.
        severity="error" if found.failure else rule.severity,
        success=not found.failure and found.rows == 0,
        observed=found.failure or {"rows": found.rows},
        meaning=rule.meaning,
        owner=suite.owner,
        sample_keys=found.keys,
    )


def _reason(result: Any) -> str:
    """Name the kind of error only: its text may quote a value."""
    kind = re.search(r"_duckdb\.(\w+)", str(result.exception_info))
    return f"could not be evaluated ({kind[1] if kind else 'unknown'})"
