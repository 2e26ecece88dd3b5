"""A data folder and Dagster on it, as somebody has who goes around the checks.

Holds how steps are run and what readers then get. Does not hold the ways around.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from expectations.metric_totals import METRIC_TOTALS
from expectations.relations import RELATIONS
from expectations.sql_checks import run_sql_checks
from orchestration import dagster_home
from orchestration.definitions import defs
from orchestration.defs import publication as steps
from orchestration.defs import resources
from orchestration.defs.automation import REFRESH
from orchestration.publication import publish as gate
from orchestration.publication.audit import audit
from orchestration.publication.durable import sha256_of
from orchestration.publication.manifest import read_manifest
from orchestration.settings import Settings


@dataclass
class Site:
    """A data folder and the Dagster instance that runs on it."""

    settings: Settings
    instance: dg.DagsterInstance

    def change(self, statement: str) -> None:
        """Run SQL on the work file."""
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            connection.execute(statement)

    def run(self, *keys: dg.AssetKey, job: dg.JobDefinition | None = None) -> str:
        """Run steps as a user does; returns why they failed, or nothing."""
        chosen = job or refresh_job()
        result = chosen.execute_in_process(
            instance=self.instance,
            asset_selection=list(keys) or None,
            raise_on_error=False,
        )
        return failures(result)

    def of(self, *assets: Any, checks: tuple[Any, ...] = ()) -> dg.JobDefinition:
        """The job of somebody who builds one of their own from our steps."""
        own = dg.Definitions(
            assets=assets,
            asset_checks=checks,
            resources={"warehouse": resources.warehouse},
            executor=dg.in_process_executor,
        )
        return own.resolve_implicit_global_asset_job_def()

    @property
    def is_bad_out(self) -> bool:
        """Whether readers get the bad row."""
        path = self.settings.published_link.resolve() / "cx.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(
                "SELECT count(*) FROM marts.fct_tickets WHERE customer_key = 'nobody'"
            ).fetchone()
        return found != (0,)


@functools.cache
def definitions() -> dg.Definitions:
    """What Dagster loads, once for all tests."""
    return defs()


def refresh_job() -> dg.JobDefinition:
    """The job that a schedule starts."""
    return definitions().resolve_job_def(REFRESH)


def failures(result: dg.ExecuteInProcessResult) -> str:
    """What stopped the steps, causes included."""
    told = []
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None:
            told.append(error.message)
            error = error.cause
    assert bool(told) is not result.success
    return "\n".join(told)


def quick_audit(settings: Settings, release_id: str) -> Any:
    """The audit in this process, with real checks but without Great Expectations."""
    checks = (*RELATIONS, *METRIC_TOTALS)
    return audit(settings, release_id, lambda c, _: run_sql_checks(c, checks))


def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish what lies there, as a publish step without a gate would."""

    def admit(_: Settings, __: str, directory: Path) -> tuple[Any, str]:
        return read_manifest(directory), sha256_of(directory / "manifest.json")

    monkeypatch.setattr(gate, "_admit", admit)


def open_site(folder: Path, patch: pytest.MonkeyPatch) -> Site:
    data_dir = folder / "data"
    data_dir.mkdir(exist_ok=True)
    patch.setenv("CX_DATA_DIR", str(data_dir))
    patch.setenv("CX_LAKE_URL", str(data_dir / "lake"))
    patch.setenv("CX_LOCK_WAIT_SECONDS", "0.2")
    patch.setattr(steps, "run_audit", quick_audit)
    settings = Settings.from_environment()
    # A copied folder's instance file names the folder that it was copied from.
    (settings.dagster_home / dagster_home.INSTANCE_FILE).unlink(missing_ok=True)
    home = dagster_home.prepare(settings)
    return Site(settings, dg.DagsterInstance.from_config(str(home)))
