"""H1 to H15: the ways around checks, each tried through Dagster and on real files.

In every test bad data is on its way out and the gate stops it; then the step that
stops it is taken out, and the same way leads the bad data to the readers.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from expectations.marts import MART_SUITES
from expectations.validation import EmptySuiteError, validate
from orchestration import run_lock
from orchestration.defs import publication as steps
from orchestration.defs import resources
from orchestration.defs.publication import CANDIDATE, RELEASE
from orchestration.defs.transformation import MANIFEST
from orchestration.publication import publish as gate
from orchestration.publication import query as reading
from orchestration.publication.audit import audit
from orchestration.publication.errors import NoRelease, PublicationError
from orchestration.publication.layout import audit_path, candidate_dir
from orchestration.publication.link import current_release, standing
from orchestration.publication.releases import rollback
from orchestration.settings import Settings
from tests.gate import report
from tests.gate.sites import (
    Site,
    definitions,
    failures,
    no_gate,
    open_site,
    quick_audit,
    refresh_job,
)

SMALL_WAREHOUSE = Path(__file__).parents[1] / "expectations" / "small_warehouse.sql"
GOOD, BAD = "r000001", "r000002"
SPOIL = "UPDATE marts.fct_tickets SET customer_key = 'nobody' WHERE ticket_id = '101'"
MEND = "UPDATE marts.fct_tickets SET customer_key = 'C1' WHERE ticket_id = '101'"
HOLDER = """
import sys
from orchestration import run_lock
from orchestration.settings import Settings
with run_lock.hold(Settings.from_environment(), command="another run"):
    print("held", flush=True)
    sys.stdin.read()
"""
THE_GATE = "publish verifies the audit of exactly these files"


@pytest.fixture(scope="module")
def refused_data(tmp_path_factory) -> Path:
    """A good release; then a run whose bad candidate was refused."""
    folder = tmp_path_factory.mktemp("refused")
    with pytest.MonkeyPatch.context() as patch:
        site = open_site(folder, patch)
        with duckdb.connect(str(site.settings.warehouse_path)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(SMALL_WAREHOUSE.read_text(encoding="utf-8"))
        assert site.run(CANDIDATE, RELEASE) == ""
        site.change(SPOIL)
        told = site.run(CANDIDATE, RELEASE)
        assert "relations.customers_of_fct_tickets_exist" in told
        assert not site.is_bad_out
    return folder


@pytest.fixture
def site(refused_data, tmp_path, monkeypatch) -> Site:
    """After the refusal: r000001 is published, r000002 is bad and lies there."""
    shutil.copytree(refused_data, tmp_path / "site", symlinks=True)
    return open_site(tmp_path / "site", monkeypatch)


@pytest.fixture
def closed(site, monkeypatch) -> Iterator[Callable[..., None]]:
    """Show that a way out is closed, and that it is open without the cure."""

    def show(
        hole: str,
        what: str,
        way: Callable[[], str],
        refusal: str,
        cure: str = THE_GATE,
        take_out: Callable[[pytest.MonkeyPatch], None] = no_gate,
    ) -> None:
        told = way()
        assert refusal in told
        assert not site.is_bad_out
        assert current_release(site.settings) == GOOD
        take_out(monkeypatch)
        way()
        assert site.is_bad_out, "without the cure this test would prove nothing"
        report.hole(hole, what, cure)

    yield show


def test_h1_a_publish_job_of_its_own(site, closed):
    selection = dg.AssetSelection.assets(RELEASE)
    own = dg.Definitions(
        assets=[steps.release],
        resources={"warehouse": resources.warehouse},
        jobs=[dg.define_asset_job("publish_at_six", selection)],
        schedules=[
            dg.ScheduleDefinition(
                name="six", job_name="publish_at_six", cron_schedule="0 6 * * *"
            )
        ],
    )
    job = own.resolve_job_def("publish_at_six")
    closed(
        "H1",
        "a job or schedule that only publishes",
        lambda: site.run(job=job),
        "with severity error failed",
    )


def test_h2_a_selection_without_checks(site, closed):
    no_checks = (
        dg.AssetSelection.assets(CANDIDATE, RELEASE)
        - dg.AssetSelection.all_asset_checks()
    )
    own = dg.Definitions(
        assets=[steps.candidate, steps.release],
        asset_checks=[steps.audit],
        resources={"warehouse": resources.warehouse},
        jobs=[dg.define_asset_job("unchecked", no_checks)],
    )
    job = own.resolve_job_def("unchecked")
    closed(
        "H2",
        "a job whose selection leaves the checks out",
        lambda: site.run(job=job),
        "it has not been audited",
    )


def test_h3_a_blocking_check_that_only_warns(site, closed):
    @dg.asset_check(asset=CANDIDATE, blocking=True, name="lenient")
    def lenient(
        context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Settings]
    ) -> dg.AssetCheckResult:
        outcome = quick_audit(warehouse, steps._candidate_id(context.instance))
        return dg.AssetCheckResult(
            passed=outcome.passed, severity=dg.AssetCheckSeverity.WARN
        )

    job = site.of(steps.candidate, steps.release, checks=(lenient,))
    closed(
        "H3",
        "a blocking check with severity WARN lets the next step run",
        lambda: site.run(job=job),
        "with severity error failed",
    )


def test_h4_a_check_that_raises(site, closed):
    @dg.asset_check(asset=CANDIDATE, blocking=False, name="breaking")
    def breaking() -> dg.AssetCheckResult:
        raise RuntimeError("out of memory")

    job = site.of(steps.candidate, steps.release, checks=(breaking,))
    closed(
        "H4",
        "a check that is not blocking raises, and the next step runs",
        lambda: site.run(job=job),
        "it has not been audited",
    )


def test_h5_eager_automation(site, closed):
    eager = dg.AutomationCondition.eager()
    (published,) = dg.map_asset_specs(
        lambda spec: spec.replace_attributes(automation_condition=eager),
        [steps.release],
    )
    own = dg.Definitions(
        assets=[steps.candidate, published],
        asset_checks=[steps.audit],
        resources={"warehouse": resources.warehouse},
    )

    def let_automation_run() -> str:
        before = dg.evaluate_automation_conditions(own, site.instance)
        assert "severity error" in site.run(CANDIDATE)
        after = dg.evaluate_automation_conditions(
            own, site.instance, cursor=before.cursor
        )
        assert after.get_num_requested(RELEASE) == 1
        return site.run(RELEASE)

    closed(
        "H5",
        "eager automation asks for the release though the check failed",
        let_automation_run,
        "with severity error failed",
    )


def test_h6_re_execution_from_failure(site, closed, monkeypatch):
    def crash(*_: Any) -> None:
        raise OSError("the machine went down")

    site.change(MEND)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "publish", crash)
        first = refresh_job().execute_in_process(
            instance=site.instance,
            asset_selection=[CANDIDATE, RELEASE],
            raise_on_error=False,
        )
    assert "the machine went down" in failures(first)
    site.change(SPOIL)
    assert "severity error" in site.run(CANDIDATE, RELEASE)

    def again_from_failure() -> str:
        with dg.execute_job(
            dg.reconstructable(refresh_job),
            instance=site.instance,
            reexecution_options=dg.ReexecutionOptions.from_failure(
                first.run_id, site.instance
            ),
        ) as result:
            ran = {event.step_key for event in result.all_events if event.step_key}
            assert len(ran) == 1, "only the publish step runs again"
            return failures(result)

    closed(
        "H6",
        "re-execution from failure publishes what another run built since",
        again_from_failure,
        "with severity error failed",
    )


def test_h7_publishing_on_an_ancestor(site, closed):
    mart = dg.AssetKey(["marts", "fct_tickets"])

    @dg.asset(deps=[mart])
    def early_release(
        context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
    ) -> None:
        gate.publish(warehouse, steps._candidate_id(context.instance))

    job = site.of(early_release)
    closed(
        "H7",
        "a publish step that waits for a mart, not for the check",
        lambda: site.run(job=job),
        "with severity error failed",
    )


def test_h8_a_check_of_another_file(site, closed):
    bad = candidate_dir(site.settings, BAD) / "cx.duckdb"
    aside = site.settings.data_dir / "bad.duckdb"
    shutil.copyfile(bad, aside)
    site.change(MEND)
    assert site.run(CANDIDATE) == ""
    audited = candidate_dir(site.settings, steps._candidate_id(site.instance))
    (audited / "cx.duckdb").chmod(0o644)
    shutil.copyfile(aside, audited / "cx.duckdb")
    closed(
        "H8",
        "the audit reads one file, another one is published",
        lambda: site.run(RELEASE),
        "cx.duckdb was changed",
        "the manifest lists the hash of every file, and publish hashes them again",
    )


def test_h8_a_candidate_that_is_not_the_work_file_fails_its_audit(site):
    site.change(MEND)
    path = candidate_dir(site.settings, BAD) / "cx.duckdb"
    assert "was changed" not in site.run(CANDIDATE)
    path = candidate_dir(site.settings, steps._candidate_id(site.instance))
    path = path / "cx.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(SPOIL)
    assert "cx.duckdb was changed" in str(quick_audit(site.settings, "r000003").failure)


def test_h9_nothing_to_find_fault_with(site):
    site.change("DELETE FROM marts.fct_survey_responses")
    site.change("DROP TABLE marts.dim_groups")
    suites = [s for s in MART_SUITES if s.table.endswith(("responses", "dim_groups"))]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{site.settings.warehouse_path}' AS cx (READ_ONLY)")
        connection.execute("ATTACH ':memory:' AS work; CREATE SCHEMA work.intermediate")
        connection.execute(
            "CREATE TABLE work.intermediate.as_of AS FROM cx.intermediate.as_of"
        )
        failed = {c.name for c in validate(connection, suites) if not c.success}
        lenient = [replace(suite, must_have_rows=False) for suite in suites]
        passed = {c.name for c in validate(connection, lenient) if not c.success}
        with pytest.raises(EmptySuiteError):
            validate(connection, [replace(suites[0], rules=())])
    missing = "marts_dim_groups.columns_are_there"
    assert failed == {"marts_fct_survey_responses.has_rows", missing}
    # Without that rule an empty table has no bad row, and passes.
    assert passed == {missing}
    outcome = audit(site.settings, BAD, lambda *_: [])
    assert not outcome.passed, "an audit without checks is no pass"
    report.hole(
        "H9",
        "no rows, no table or no rules: nothing bad is found",
        "has_rows and columns_are_there; empty suites and audits fail",
    )


def test_h10_a_stale_candidate(site, monkeypatch):
    site.change(MEND)
    assert site.run(CANDIDATE) == ""
    stale = steps._candidate_id(site.instance)
    kept = site.settings.data_dir / "kept"
    shutil.copytree(candidate_dir(site.settings, stale), kept)
    site.change("UPDATE marts.fct_tickets SET priority = 'urgent'")
    assert site.run(CANDIDATE, RELEASE) == ""
    newest = current_release(site.settings)
    shutil.move(kept, candidate_dir(site.settings, stale))
    # Nothing was built since: the step finds the last good audit of an old candidate.
    monkeypatch.setattr(steps, "_candidate_id", lambda _: stale)
    assert f"not newer than the current release {newest}" in site.run(RELEASE)
    assert current_release(site.settings) == newest
    monkeypatch.setattr(gate, "_require_newer", lambda *_: None)
    assert site.run(RELEASE) == ""
    assert current_release(site.settings) == stale
    report.hole(
        "H10",
        "a run that built nothing publishes an old candidate again",
        "publish takes only what is newer, and was compared with the current one",
    )


def test_h10_a_candidate_that_was_published_is_left_alone(site):
    site.change(MEND)
    assert site.run(CANDIDATE, RELEASE) == ""
    ledger = (site.settings.state_dir / "releases.jsonl").read_text()
    assert site.run(RELEASE) == ""
    assert (site.settings.state_dir / "releases.jsonl").read_text() == ledger


def test_h11_two_runs_on_one_work_file(site, monkeypatch):
    site.change(MEND)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        told = site.run(CANDIDATE, RELEASE)
        assert "another run" in told
        assert current_release(site.settings) == GOOD
        monkeypatch.setattr(run_lock, "hold", lambda *_, **__: nullcontext())
        assert site.run(CANDIDATE, RELEASE) == ""
        assert current_release(site.settings) != GOOD
        other.communicate()
    report.hole(
        "H11",
        "two runs overlap on the work file",
        "one lock of the data folder for every way to start a run",
    )


def hiding(manifest: dict[str, Any]) -> list[str]:
    """Tests of dbt that would let rows through, by the name of what hides them."""
    found = []
    for node in manifest["nodes"].values():
        config = node["config"]
        if node["resource_type"] == "test" and (
            config["severity"].lower() != "error"
            or config["where"]
            or config["limit"]
            or config["store_failures"]
            or (config["warn_if"], config["error_if"]) != ("!= 0", "!= 0")
            or not config["enabled"]
        ):
            found.append(node["name"])
    return found


def test_h12_tests_that_hide_rows(site):
    assert hiding(MANIFEST) == []
    name, node = next(
        (n, x) for n, x in MANIFEST["nodes"].items() if x["resource_type"] == "test"
    )
    for change in (
        {"severity": "warn"},
        {"where": "1 = 2"},
        {"limit": 1},
        {"store_failures": True},
        {"error_if": "> 100"},
    ):
        lenient = {**node, "config": {**node["config"], **change}}
        assert hiding({"nodes": {name: lenient}}) == [node["name"]]
    # Whatever dbt let through, the gate counts again in the files themselves.
    site.change(
        "INSERT INTO marts.fct_interactions SELECT * REPLACE ('I2' AS"
        " interaction_key) FROM marts.fct_interactions"
    )
    assert "relations.touches_occur_once" in site.run(CANDIDATE, RELEASE)
    assert current_release(site.settings) == GOOD
    report.hole(
        "H12",
        "a test of dbt only warns, or where, limit and store_failures hide rows",
        "no test of the project may; the gate's checks do not rely on dbt",
    )


def test_h13_materialising_the_release_by_hand(site, closed):
    everything = definitions().resolve_implicit_global_asset_job_def()
    closed(
        "H13",
        "the release is materialised by its button in the UI",
        lambda: site.run(RELEASE, job=everything),
        "with severity error failed",
    )


def test_h14_a_candidate_rebuilt_after_its_audit(site, closed):
    site.change(MEND)
    assert site.run(CANDIDATE) == ""
    passed = steps._candidate_id(site.instance)
    record = audit_path(site.settings, passed)
    kept = record.read_bytes()
    record.unlink()
    shutil.rmtree(candidate_dir(site.settings, passed))
    site.change(SPOIL)
    assert "severity error" in site.run(CANDIDATE)
    assert steps._candidate_id(site.instance) == passed
    record.write_bytes(kept)
    closed(
        "H14",
        "a candidate is rebuilt under the name of one that passed",
        lambda: site.run(RELEASE),
        "its audit is of other files",
        "the audit is kept under the hash of the manifest",
    )


def test_h15_a_link_set_by_hand(site, monkeypatch):
    forged = site.settings.releases_dir / "r000009"
    shutil.copytree(candidate_dir(site.settings, BAD), forged)
    site.settings.published_link.unlink()
    site.settings.published_link.symlink_to("releases/r000009")
    assert site.is_bad_out, "that is what a reader of the link would get"
    with pytest.raises(NoRelease, match="never passed the gate"):
        reading.run_query(site.settings, "SELECT 1")
    assert "which the ledger does not know" in str(standing(site.settings).problem)
    with pytest.raises(PublicationError):
        gate.publish(site.settings, BAD)
    ledger = (site.settings.state_dir / "releases.jsonl").read_text()
    assert "r000009" not in ledger, "nothing endorses it"
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_require_gate", lambda *_: None)
        assert reading.run_query(site.settings, "SELECT 1").release_id == "r000009"
    record = json.loads(audit_path(site.settings, GOOD).read_text())
    assert record["passed"]
    rollback(site.settings, GOOD)
    assert not site.is_bad_out
    assert standing(site.settings).problem is None
    report.hole(
        "H15",
        "somebody sets the link by hand",
        "status says so, queries refuse what has no audit, rollback sets it right",
    )
