"""The shape of the project: who knows whom, and what the graph holds.

After a change of the graph that is meant: `CX_UPDATE_SNAPSHOT=1 pytest
tests/test_architecture.py`, and the new snapshot shows in review.
"""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration.definitions import defs
from orchestration.settings import PROJECT_ROOT

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
PACKAGES = ("ingestion", "expectations", "orchestration")
DAGSTER = {"dagster", "dagster_dbt", "dagster_shared"}
# What a package may not import, by the folder it stands in; the longest folder wins.
FORBIDDEN = {
    "ingestion": DAGSTER | {"orchestration", "expectations", "dbt"},
    "expectations": DAGSTER | {"orchestration", "ingestion", "dbt", "dlt"},
    "orchestration": DAGSTER,
    "orchestration/defs": set(),
    "orchestration/definitions.py": set(),
}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((PROJECT_ROOT / package).rglob("*.py")):
            yield path.relative_to(PROJECT_ROOT)


def imported(path: Path) -> set[str]:
    """Top-level packages that a module imports, at any depth of its code."""
    names = set()
    for node in ast.walk(ast.parse((PROJECT_ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", list(modules()), ids=str)
def test_a_module_imports_only_what_its_folder_may_know(path: Path) -> None:
    folder = max((f for f in FORBIDDEN if path.is_relative_to(f)), key=len)
    assert imported(path) & FORBIDDEN[folder] == set()


def test_the_code_location_has_one_name_everywhere() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["tool"]["dg"]
    workspace = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())
    (location,) = workspace["load_from"]
    assert location["python_module"] == {
        "module_name": f"{project['project']['root_module']}.definitions",
        "location_name": project["project"]["code_location_name"],
    }


def test_the_entry_point_only_loads_the_defs_folder() -> None:
    lines = (PROJECT_ROOT / "orchestration" / "definitions.py").read_text().splitlines()
    assert len(lines) <= 15


def test_the_definitions_load_and_every_job_runs_in_one_process() -> None:
    loaded = defs()
    dg.Definitions.validate_loadable(loaded)
    for job in loaded.resolve_all_job_defs():
        if not job.name.startswith("__"):
            assert job.executor_def.name == "in_process"


def test_the_graph_is_as_in_the_snapshot() -> None:
    drawn = "\n".join(_graph()) + "\n"
    if os.environ.get("CX_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(drawn)
    assert drawn.splitlines() == SNAPSHOT.read_text().splitlines()


def _graph() -> Iterator[str]:
    loaded = defs()
    graph = loaded.resolve_asset_graph()
    for key in sorted(graph.get_all_asset_keys()):
        yield f"asset {key.to_user_string()}"
    for check in sorted(graph.asset_check_keys):
        yield f"check {check.asset_key.to_user_string()}: {check.name}"
    for job in sorted(loaded.resolve_all_job_defs(), key=lambda job: job.name):
        if not job.name.startswith("__"):
            yield f"job {job.name}"
    for schedule in sorted(loaded.schedules or [], key=lambda one: one.name):
        assert isinstance(schedule, dg.ScheduleDefinition)
        status = schedule.default_status.value
        yield f"schedule {schedule.name} {schedule.cron_schedule} {status}"
    for sensor in sorted(loaded.sensors or [], key=lambda one: one.name):
        yield f"sensor {sensor.name} {sensor.default_status.value}"
