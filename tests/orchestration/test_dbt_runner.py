"""dbt in this process, on a project of three files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import dbt_runner
from orchestration.errors import BuildFailed, BuildRefused
from orchestration.settings import DBT_PROJECT_DIR, Settings

PROJECT = """
name: tiny
version: "1.0"
profile: tiny
models: {tiny: {+materialized: table}}
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
tiny:
  target: work
  outputs:
    work:
      type: duckdb
      path: "{{ env_var('CX_WAREHOUSE_PATH') }}"
      threads: 1
"""
TESTS = """
models:
  - name: numbers
    columns:
      - name: number
        data_tests: [unique]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "numbers.yml").write_text(TESTS)
    (folder / "models" / "numbers.sql").write_text("select 1 as number")
    monkeypatch.setattr(dbt_runner, "DBT_PROJECT_DIR", folder)
    monkeypatch.setattr(dbt_runner, "MANIFEST_DIR", folder / "target")
    return folder


def build(settings: Settings, *selection: str) -> list[str]:
    told: list[str] = []
    dbt_runner.build(
        settings, selection, {}, lambda event: told.append(event["info"]["name"])
    )
    return told


def test_a_build_reports_its_nodes_and_closes_the_work_file(
    settings: Settings, project: Path
) -> None:
    told = build(settings)
    assert told.count("LogModelResult") == 1
    assert told.count("LogTestResult") == 1
    assert "CX_WAREHOUSE_PATH" not in os.environ
    # Another configuration would be refused while dbt had the file open.
    with duckdb.connect(str(settings.warehouse_path), config={"threads": 1}) as work:
        assert work.execute("SELECT number FROM main.numbers").fetchall() == [(1,)]


def test_a_model_that_fails_is_named(settings: Settings, project: Path) -> None:
    (project / "models" / "numbers.sql").write_text("select nonsense as number")
    with pytest.raises(BuildFailed, match="numbers") as failed:
        build(settings)
    assert "nonsense" in failed.value.what
    with duckdb.connect(str(settings.warehouse_path), config={"threads": 1}) as work:
        assert work.execute("SELECT 1").fetchall() == [(1,)]


def numbers(settings: Settings) -> list[tuple[int]]:
    with duckdb.connect(str(settings.warehouse_path)) as work:
        return work.execute("FROM main.numbers").fetchall()


@pytest.mark.parametrize("kind", ["table", "view"])
def test_a_model_that_fails_leaves_the_last_good_one(
    settings: Settings, project: Path, kind: str
) -> None:
    (project / "macros").mkdir()
    shutil.copy(DBT_PROJECT_DIR / "macros" / "materializations.sql", project / "macros")
    model = project / "models" / "numbers.sql"
    header = f"{{{{ config(materialized='{kind}') }}}}"
    model.write_text(f"{header} select 7 as number")
    build(settings)
    model.write_text(f"{header} select nonsense as number")
    with pytest.raises(BuildFailed, match="nonsense"):
        build(settings)
    assert numbers(settings) == [(7,)]
    # Views become tables and tables views; nothing is left beside them.
    other = {"table": "view", "view": "table"}[kind]
    model.write_text(f"{{{{ config(materialized='{other}') }}}} select 8 as number")
    build(settings)
    assert numbers(settings) == [(8,)]
    with duckdb.connect(str(settings.warehouse_path)) as work:
        assert work.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (
            int(other == "table"),
        )


def test_a_test_that_fails_is_a_refusal_not_an_error(
    settings: Settings, project: Path
) -> None:
    (project / "models" / "numbers.sql").write_text(
        "select 1 as number union all select 1"
    )
    with pytest.raises(BuildRefused, match="unique_numbers_number"):
        build(settings)


def test_a_selection_of_nothing_is_an_error(settings: Settings, project: Path) -> None:
    with pytest.raises(BuildFailed, match="selects nothing"):
        build(settings, "--select", "tag:prepare")


def test_the_manifest_is_parsed_again_only_when_a_file_changed(
    settings: Settings, project: Path
) -> None:
    first = dbt_runner.ensure_manifest(settings).stat().st_mtime_ns
    assert dbt_runner.ensure_manifest(settings).stat().st_mtime_ns == first
    (project / "models" / "more.sql").write_text("select 2 as number")
    manifest = dbt_runner.ensure_manifest(settings)
    assert manifest.stat().st_mtime_ns > first
    assert "model.tiny.more" in manifest.read_text()


def test_a_project_that_does_not_parse_is_one_screen(
    settings: Settings, project: Path
) -> None:
    (project / "models" / "numbers.sql").write_text("select {{ ref('nobody') }}")
    with pytest.raises(BuildFailed, match="nobody"):
        dbt_runner.ensure_manifest(settings)
