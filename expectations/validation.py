"""Running suites with Great Expectations.

Holds the only GX context of the project: ephemeral, without progress bars or analytics,
computing inside DuckDB. Row rules become `UnexpectedRowsExpectation`s that select keys
only: GX's column expectations would report the offending values, which may be
personal. Importing this module takes GX's ten seconds.
Does not know any table. Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.duckdb_datasource import DuckDBDatasource, engine_arguments
from expectations.results import MAX_SAMPLE_KEYS, CheckResult, Severity
from expectations.rules import Suite

HAS_COLUMNS = "columns_are_there"
HAS_ROWS = "has_rows"
IS_UNIQUE = "key_is_unique"


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
    shapes = [_check_shape(connection, suite) for suite in suites]
    usable = [
        suite for suite, shape in zip(suites, shapes, strict=True) if shape.success
    ]
    for suite in usable:
        # GX reads the columns of unqualified names only.
        connection.execute(
            f'CREATE OR REPLACE VIEW "{suite.name}" AS'
            f" FROM {suite.catalog}.{suite.table}"
        )
    with _data_source(connection) as source:
        return shapes + [result for suite in usable for result in _run(source, suite)]


@contextmanager
def _data_source(connection: duckdb.DuckDBPyConnection) -> Iterator[DuckDBDatasource]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    added: DuckDBDatasource = context.data_sources.add_duckdb(
        "duckdb",
        connection_string="duckdb:///:memory:",
        kwargs=engine_arguments(connection),
    )
    try:
        yield added
    finally:
        added.release()


def _check_shape(connection: duckdb.DuckDBPyConnection, suite: Suite) -> CheckResult:
    """Compare columns and types; GX cannot read types through this dialect."""
    schema, _, table = suite.table.partition(".")
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [suite.catalog, schema, table],
    ).fetchall()
    found = {str(name): str(kind) for name, kind in rows}
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


def _run(source: DuckDBDatasource, suite: Suite) -> list[CheckResult]:
    expectations = [_has_rows(suite), *_rules(suite)]
    asset = source.add_table_asset(suite.name, table_name=suite.name)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    outcome = batch.validate(
        gx.ExpectationSuite(name=suite.name, expectations=expectations),
        result_format="COMPLETE",
    )
    # GX returns them in an order of its own.
    results: dict[str, Any] = {
        _meta_of(found)["name"]: found for found in outcome.results
    }
    order = [str((expectation.meta or {})["name"]) for expectation in expectations]
    return [_result(suite, results[name]) for name in order]


def _has_rows(suite: Suite) -> gxe.Expectation:
    meaning = "There are rows; an empty table means that a source or a join gave none."
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=int(suite.must_have_rows), meta=_meta(HAS_ROWS, meaning, "error")
    )


def _rules(suite: Suite) -> list[gxe.Expectation]:
    key = ", ".join(suite.key)
    selected = f"SELECT concat_ws('/', {key}) AS sample_key FROM {{batch}}"
    expectations: list[gxe.Expectation] = [
        gxe.UnexpectedRowsExpectation(
            unexpected_rows_query=f"{selected} WHERE {rule.wrong_rows}",
            meta=_meta(rule.name, rule.meaning, rule.severity),
        )
        for rule in suite.rules
    ]
    if suite.is_unique:
        meaning = f"({key}) occurs once; look for a join that multiplies rows."
        unique = gxe.UnexpectedRowsExpectation(
            unexpected_rows_query=f"{selected} GROUP BY {key} HAVING count(*) > 1",
            meta=_meta(IS_UNIQUE, meaning, "error"),
        )
        expectations.append(unique)
    return expectations


def _meta(name: str, meaning: str, severity: Severity) -> dict[str, str]:
    return {"name": name, "meaning": meaning, "severity": severity}


def _meta_of(result: Any) -> dict[str, Any]:
    found: dict[str, Any] = result.expectation_config.meta
    return found


def _result(suite: Suite, result: Any) -> CheckResult:
    meta = _meta_of(result)
    rows = result.result.get("details", {}).get("unexpected_rows", [])
    keys = [str(row["sample_key"]) for row in rows[:MAX_SAMPLE_KEYS]]
    observed = result.result.get("observed_value")
    is_evaluated = observed is not None
    return CheckResult(
        name=f"{suite.name}.{meta['name']}",
        table_name=suite.table,
        # A rule that could not be evaluated proves nothing: never a mere warning.
        severity=meta["severity"] if is_evaluated else "error",
        success=bool(result.success) and is_evaluated,
        observed={"rows": int(observed)} if is_evaluated else _reason(result),
        meaning=meta["meaning"],
        owner=suite.owner,
        sample_keys=tuple(keys),
    )


def _reason(result: Any) -> str:
    """Name the kind of error only: its text may quote a value."""
    kind = re.search(r"_duckdb\.(\w+)", str(result.exception_info))
    return f"could not be evaluated ({kind[1] if kind else 'unknown'})"
