"""The unit tests of the dbt project hold, on a warehouse without any data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration import dbt_runner
from orchestration.catalogue import register_lake
from orchestration.identity import resolve
from orchestration.settings import DBT_PROJECT_DIR, Settings

Dbt = Callable[..., Any]


@pytest.fixture(scope="module")
def dbt(tmp_path_factory) -> Iterator[Dbt]:
    """Run dbt on a warehouse whose lake is empty."""
    folder = tmp_path_factory.mktemp("empty")
    settings = Settings(data_dir=folder, lake_url=str(folder / "lake"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CX_WAREHOUSE_PATH", str(settings.warehouse_path))
        patch.setenv("CX_TEMP_DIR", str(settings.temp_dir))
        register_lake(settings)
        dbt_runner.ensure_manifest(settings)

        def run(*arguments: str) -> Any:
            runner = dbtRunner(manifest=dbt_runner.parsed_project())
            outcome = runner.invoke([*arguments, *_folders(settings.dbt_dir)])
            DuckDBConnectionManager.close_all_connections()
            return outcome

        assert run("seed").success
        assert run("run", "--select", "tag:prepare").success
        resolve(settings)
        assert run("run", "--select", "tag:marts", "--exclude", "tag:prepare").success
        yield run


def _folders(dbt_dir: Path) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT_DIR)),
        *("--profiles-dir", str(DBT_PROJECT_DIR)),
        *("--target-path", str(dbt_dir / "target")),
        *("--log-path", str(dbt_dir / "logs")),
    ]


def test_unit_tests_of_models_pass(dbt):
    outcome = dbt("test", "--select", "test_type:unit")
    failed = [r.node.name for r in outcome.result if r.status != "pass"]
    assert not failed
    assert len(outcome.result) >= 36


def test_formulas_give_published_values(dbt):
    outcome = dbt("test", "--select", "assert_intervals_equal_published_values")
    assert [result.status for result in outcome.result] == ["pass"]


def test_warehouse_without_data_is_not_ready_for_a_release(dbt):
    outcome = dbt("test", "--select", "as_of")
    assert [result.status for result in outcome.result] == ["fail"]


def test_statement_after_one_that_spilled_still_runs(settings, tmp_path, monkeypatch):
    # Regression: naming the folder for spilling with every statement failed once it
    # had been used.
    monkeypatch.setenv("CX_WAREHOUSE_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("CX_TEMP_DIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("CX_MEMORY_LIMIT", "60MB")
    sorting = (
        "select max(place) from (select row_number() over (order by hash(range)) "
        "as place from range(4000000))"
    )
    dbt_runner.ensure_manifest(settings)
    outcomes = [
        dbtRunner(manifest=dbt_runner.parsed_project()).invoke(
            ["show", "--inline", sorting, *_folders(tmp_path)]
        )
        for _ in range(2)
    ]
    DuckDBConnectionManager.close_all_connections()
    assert [outcome.success for outcome in outcomes] == [True, True]
