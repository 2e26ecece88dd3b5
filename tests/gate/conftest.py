"""The good warehouse that tests of the gate harm, and the tables they print."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from expectations.checks import run_checks
from expectations.relations import RELATIONS
from expectations.sql_checks import run_sql_checks
from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.world import DEFAULT_NOW, World
from orchestration.publication.audit import audit
from orchestration.publication.publish import publish
from tests.gate import report
from tests.gate.lakes import DAYS_BETWEEN, make_incremental
from tests.gate.planting import Base
from tests.gate.warehouses import (
    Project,
    build,
    candidate_of,
    compile_project,
    failing_tests,
    settings_of,
)

# In the last load of this one there is enough of every stream to be harmed.
CUSTOMERS, SEED = 800, 13


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Project:
    return compile_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def base(project, tmp_path_factory) -> Base:
    """A release, and four weeks later a candidate that passes every check."""
    data_dir = tmp_path_factory.mktemp("base") / "data"
    data_dir.mkdir()
    settings = settings_of(data_dir)
    world = World.generate(seed=SEED, customers=CUSTOMERS)
    write_lake(world, settings.lake_url)
    build(project, settings)
    first = candidate_of(settings)
    audit(settings, first.release_id, lambda c, _: run_sql_checks(c, RELATIONS))
    publish(settings, first.release_id)
    later = DEFAULT_NOW + timedelta(days=DAYS_BETWEEN)
    write_lake(world, settings.lake_url, now=later)
    make_incremental(Path(settings.lake_url))
    build(project, settings)
    assert failing_tests(project, settings) == []
    second = candidate_of(settings)
    outcome = audit(
        settings, second.release_id, lambda c, _: run_checks(c, has_previous=True)
    )
    assert outcome.failure is None
    assert [c.sentence() for c in outcome.checks if not c.success] == []
    return Base(project, data_dir)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the gate held back."""
    told = list(report.lines())
    if told:
        terminalreporter.section("the gate")
        for line in told:
            terminalreporter.write_line(line)
