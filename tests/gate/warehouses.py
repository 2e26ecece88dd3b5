"""Small warehouses from the sandbox, built by dbt's own SQL without dbt.

Holds the replay: dbt compiles the project once, and its statements are run on one lake
after the other, all of them or those that some tables need. Which checks are read
against what is as in the audit. Does not hold corruptions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections
from dbt.cli.main import dbtRunner

from expectations.comparison import COMPARISON
from expectations.constancy import CONSTANCY
from expectations.drift import DRIFT
from expectations.landed import LANDED_SUITES
from expectations.marts import MART_SUITES
from expectations.metric_totals import METRIC_TOTALS
from expectations.published_files import PUBLISHED_FILES
from expectations.reconciliation import RECONCILIATION
from expectations.relations import RELATIONS
from expectations.results import CheckResult
from expectations.reviews import REVIEW_CHECKS
from expectations.sales import SALES_CHECKS
from expectations.sql_checks import SqlCheck, run_sql_checks
from expectations.validation import validate
from expectations.versions import VERSIONS
from expectations.volume import VOLUME
from orchestration import identity
from orchestration.catalogue import register_lake
from orchestration.publication.candidate import Candidate, build_candidate
from orchestration.publication.tables import attach_read_only
from orchestration.publication.work_file import attach_work, input_loads
from orchestration.settings import DBT_PROJECT_DIR, Settings
from orchestration.warehouse import connect

SQL_CHECKS: tuple[SqlCheck, ...] = (
    *RECONCILIATION,
    *VERSIONS,
    *VOLUME,
    *RELATIONS,
    *SALES_CHECKS,
    *REVIEW_CHECKS,
    *METRIC_TOTALS,
    *DRIFT,
    *PUBLISHED_FILES,
    *COMPARISON,
    *CONSTANCY,
)
SUITES = {suite.name: suite for suite in (*LANDED_SUITES, *MART_SUITES)}
_TABLE = re.compile(r"\b(?:work|cx)\.([a-z]+\.[a-z0-9_]+)")
IDENTITY = "identity.customer_keys"
# What the identity step reads, whatever else is made.
IDENTITY_INPUTS = ("intermediate.customer_records", "intermediate.customer_addresses")


def settings_of(data_dir: Path) -> Settings:
    """Settings of a warehouse with its lake in its data folder."""
    return Settings(data_dir=data_dir, lake_url=str(data_dir / "lake"), keep_days=0)


@dataclass(frozen=True)
class Statement:
    """One model as SQL."""

    table: str
    kind: str
    sql: str
    parents: tuple[str, ...]
    is_prepared: bool


@dataclass(frozen=True)
class Project:
    """The dbt project as statements in the order of their needs.

    Attributes:
        models: What makes tables and views.
        tests: Name to a query that must return nothing.
        seeds: A database with the seeds.
    """

    models: tuple[Statement, ...]
    tests: dict[str, str]
    seeds: Path

    @cached_property
    def by_table(self) -> dict[str, Statement]:
        return {model.table: model for model in self.models}

    def needed_for(self, tables: Iterable[str]) -> set[str]:
        """The tables and all that they are made of."""
        found: set[str] = set()
        waiting = list(tables)
        while waiting:
            table = waiting.pop()
            if table not in found:
                found.add(table)
                model = self.by_table.get(table)
                waiting += model.parents if model else ()
        return found


def compile_project(folder: Path) -> Project:
    """Let dbt compile the project and load its seeds, once."""
    seeds = folder / "warehouse.duckdb"
    given = {
        "CX_WAREHOUSE_PATH": str(seeds),
        "CX_MEMORY_LIMIT": "1GB",
        "CX_THREADS": "1",
        "CX_TEMP_DIR": str(folder / "temp"),
    }
    flags = [
        *("--project-dir", str(DBT_PROJECT_DIR)),
        *("--profiles-dir", str(DBT_PROJECT_DIR)),
        *("--target-path", str(folder / "target")),
        *("--log-path", str(folder / "logs")),
    ]
    before = dict(os.environ)
    os.environ.update(given)
    try:
        assert dbtRunner().invoke(["--quiet", "seed", *flags]).success
        compiled = dbtRunner().invoke(["--quiet", "compile", *flags])
        assert compiled.success
    finally:
        cleanup_connections()
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)
    return _project([result.node for result in compiled.result.results], seeds)


def _project(nodes: Sequence[Any], seeds: Path) -> Project:
    kinds = {str(node.resource_type): node for node in nodes}
    assert {"model", "test", "seed"} <= set(kinds), sorted(kinds)
    models = {n.unique_id: n for n in nodes if n.resource_type == "model"}
    tables = {key: f"{n.schema}.{n.alias}" for key, n in models.items()}
    ordered: dict[str, Statement] = {}

    def add(unique_id: str) -> None:
        if unique_id in ordered or unique_id not in models:
            return
        node = models[unique_id]
        parents = sorted(node.depends_on_nodes)
        for parent in parents:
            add(parent)
        uses_keys = any(
            parent.startswith("source.cx_warehouse.identity") for parent in parents
        )
        ordered[unique_id] = Statement(
            tables[unique_id],
            "VIEW" if node.config.materialized == "view" else "TABLE",
            node.compiled_code,
            tuple(tables[p] for p in parents if p in tables)
            + ((IDENTITY,) if uses_keys else ()),
            "prepare" in node.tags,
        )

    for unique_id in sorted(models):
        add(unique_id)
    tests = {n.name: n.compiled_code for n in nodes if n.resource_type == "test"}
    return Project(tuple(ordered.values()), tests, seeds)


def build(project: Project, settings: Settings, tables: Collection[str] = ()) -> None:
    """Make the work file of a lake: all of it, or what some tables need."""
    wanted = project.needed_for(tables or project.by_table)
    register_lake(settings)
    with connect(settings.warehouse_path, settings) as connection:
        connection.execute(f"ATTACH '{project.seeds}' AS seeds (READ_ONLY)")
        connection.execute("CREATE SCHEMA seeds")
        rows = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'seeds'"
        ).fetchall()
        for (name,) in rows:
            connection.execute(
                f"CREATE TABLE warehouse.seeds.{name} AS FROM seeds.seeds.{name}"
            )
        connection.execute("DETACH seeds")
    _run(project, settings, wanted, is_prepared=True)
    if IDENTITY in wanted:
        need = project.needed_for(IDENTITY_INPUTS) - wanted
        _run(project, settings, need, is_prepared=True)
        identity.resolve(settings)
    _run(project, settings, wanted, is_prepared=False)


def _run(
    project: Project, settings: Settings, wanted: set[str], *, is_prepared: bool
) -> None:
    with connect(settings.warehouse_path, settings) as connection:
        for model in project.models:
            if model.table in wanted and model.is_prepared is is_prepared:
                schema = model.table.partition(".")[0]
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                connection.execute(
                    f"CREATE {model.kind} warehouse.{model.table} AS {model.sql}"
                )


def failing_tests(project: Project, settings: Settings) -> list[str]:
    """The tests of dbt that find something."""
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        return [
            name
            for name, sql in project.tests.items()
            if connection.execute(f"SELECT count(*) FROM ({sql})").fetchone() != (0,)
        ]


def tables_of(names: Iterable[str]) -> set[str]:
    """The tables of the warehouse that some checks read."""
    found: set[str] = set()
    for name in names:
        suite = SUITES.get(name.partition(".")[0])
        if suite is not None:
            found.add(suite.table)
            text = " ".join(rule.wrong_rows for rule in suite.rules)
        else:
            text = next(c.offences for c in SQL_CHECKS if c.name == name)
        found |= set(_TABLE.findall(text))
    return found


def evaluate(
    settings: Settings, names: Collection[str], public_file: Path | None, previous: Path
) -> dict[str, CheckResult]:
    """Run the named checks as the audit does.

    Args:
        settings: Where the work file is.
        names: The checks; a suite with one of them is run as a whole.
        public_file: The candidate's file; the work file stands for it when None.
        previous: File of the release before.
    """
    suites = [
        SUITES[name] for name in {n.partition(".")[0] for n in names} & set(SUITES)
    ]
    with connect(None, settings) as connection:
        attach_work(connection, settings)
        attach_read_only(connection, public_file or settings.warehouse_path, "cx")
        attach_read_only(connection, previous, "previous")
        results = run_sql_checks(connection, [c for c in SQL_CHECKS if c.name in names])
        if suites:
            results += validate(connection, suites)
    return {result.name: result for result in results}


def note_input_loads(settings: Settings) -> None:
    """Write `meta.input_loads` as a candidate has it, into the work file."""
    with connect(None, settings) as connection:
        attach_work(connection, settings)
        loads = input_loads(connection)
    with connect(settings.warehouse_path, settings) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
        connection.execute(
            "CREATE OR REPLACE TABLE meta.input_loads (source VARCHAR,"
            " table_name VARCHAR, load_id VARCHAR, rows BIGINT, digest VARCHAR)"
        )
        connection.executemany(
            "INSERT INTO meta.input_loads VALUES (?, ?, ?, ?, ?)",
            [(x.source, x.table_name, x.load_id, x.rows, x.digest) for x in loads],
        )


def candidate_of(settings: Settings) -> Candidate:
    """A candidate of the work file."""
    return build_candidate(settings, code_version="1")
