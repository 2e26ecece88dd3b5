"""A warehouse over several runs; each test goes on from the last one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

PUBLISHED = (
    "marts.customer_360",
    "marts.customer_identities",
    "marts.dim_agents",
    "marts.dim_date",
    "marts.dim_groups",
    "marts.dim_surveys",
    "marts.fct_interactions",
    "marts.fct_survey_responses",
    "marts.fct_tickets",
    "marts.metrics_periodic",
    "meta.checks",
    "meta.metrics",
    "meta.releases",
    "meta.sources",
)


@pytest.fixture(autouse=True)
def clock_put_back(vendors):
    """Leave the vendors' clock as it was for tests of other modules."""
    before = vendors.clock.instant
    yield
    vendors.clock.set(before)


def _rows(run: dict) -> int:
    return sum(s["rows"] for s in run["stages"] if s["stage"].startswith("extract"))


def _marts(warehouse) -> dict[str, dict]:
    tables = warehouse.manifest()["tables"]
    return {name: parts for name, parts in tables.items() if name.startswith("marts.")}


def test_every_table_of_the_first_release_has_rows(warehouse):
    counts = {
        name: warehouse.rows(f"SELECT count(*) FROM {name}")[0][0] for name in PUBLISHED
    }
    assert not [name for name, count in counts.items() if not count], counts


def test_second_run_changes_nothing(warehouse):
    before = _marts(warehouse)
    # Nothing in a release follows the machine's time zone either.
    warehouse.cx("run", TZ="America/New_York")
    assert _marts(warehouse) == before
    assert warehouse.manifest()["release_id"] == "r000002"


def test_lost_file_stops_at_the_gate_and_the_last_release_stays(warehouse, vendors):
    vendors.clock.advance(days=1)
    before = warehouse.manifest()
    files = sorted((warehouse.data_dir / "lake/zendesk/satisfaction_ratings").iterdir())
    hidden = warehouse.data_dir / "lost.parquet"
    files[0].rename(hidden)
    try:
        refused = warehouse.cx("run", "--source", "zendesk", expect=4)
    finally:
        hidden.rename(files[0])
    assert warehouse.manifest() == before
    assert warehouse.rows("SELECT count(*) > 0 FROM marts.fct_tickets") == [(True,)]
    failed = [c["name"] for c in refused["checks"] if c["severity"] == "error"]
    assert failed, "the refusal names its checks"


def test_next_run_takes_only_the_new_and_equals_a_full_load(
    warehouse, another_warehouse, vendors
):
    """The file is back, and a day has passed since the run that was refused."""
    vendors.clock.advance(days=2)
    first = _marts(warehouse)
    before = warehouse.manifest()["release_id"]
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(each.cx, "run") for each in (another_warehouse, warehouse)]
        everything, incremental = [each.result() for each in both]
    assert incremental["release_id"] > before
    assert _marts(warehouse) == _marts(another_warehouse)
    assert _marts(warehouse)["marts.fct_tickets"] != first["marts.fct_tickets"]
    assert 0 < _rows(incremental) < _rows(everything) / 5


def test_release_can_be_rolled_back_and_forward(warehouse):
    newest = warehouse.manifest()["release_id"]
    warehouse.cx("rollback", "r000001")
    assert warehouse.manifest()["release_id"] == "r000001"
    assert warehouse.cx("status")["release_id"] == "r000001"
    warehouse.cx("rollback", newest)
    assert warehouse.manifest()["release_id"] == newest
