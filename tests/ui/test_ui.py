"""What a person on call sees: in Debian's Chromium, on the UI that `make ui` starts.

Tests build on each other in order, as a shift does: the first click, a second run, a
planted corruption, its evidence. `CX_UI_PICTURES=folder` keeps the pictures.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

_SPEC = importlib.util.spec_from_file_location(
    "chromium_browser", Path(__file__).with_name("browser.py")
)
assert _SPEC is not None and _SPEC.loader is not None
browsers = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = browsers
_SPEC.loader.exec_module(browsers)


# The graph's lines are drawn after its boxes.
LINES = "document.querySelectorAll('svg path[d^=M]').length"


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if browsers.CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with browsers.browser() as opened:
        yield opened


def test_the_first_click_on_materialize_all_publishes_a_release(
    ui: Any, page: Any, pictures: Path
) -> None:
    page.open(f"{ui.url}/asset-groups", width=1700, height=950)
    page.wait_for("Materialize all", "lake", "prepared", "identity", "marts", "release")
    page.click("Materialize all")
    (run,) = ui.finished(1)
    assert run["status"] == "SUCCESS"
    assert (ui.data_dir / "published" / "cx.duckdb").exists()
    page.open(f"{ui.url}/asset-groups", width=1700, height=950)
    page.wait_for("lake", "release")
    page.wait_until(f"{LINES} > 15")
    page.picture(pictures / "asset_graph.png")


def test_the_second_run_succeeds_too_and_its_page_shows_every_step(
    ui: Any, page: Any, pictures: Path
) -> None:
    run_id = ui.launch("refresh")
    runs = ui.finished(2)
    assert runs[0] == {"runId": run_id, "status": "SUCCESS", "jobName": "refresh"}
    page.open(f"{ui.url}/runs/{run_id}")
    page.wait_for("Success", "lake", "prepare", "marts", "audit", "r000002")
    page.picture(pictures / "finished_run.png")


def fingerprint(ui: Any) -> tuple[str, str]:
    text = (ui.data_dir / "published" / "manifest.json").read_text()
    manifest = json.loads(text)
    return manifest["release_fingerprint"], manifest["as_of"]


def test_a_backfill_launched_twice_changes_nothing_published(ui: Any) -> None:
    before = fingerprint(ui)
    days = {"source": "zendesk", "first_day": "2026-05-01", "last_day": "2026-06-15"}
    for count in (3, 4):
        ui.launch("backfill", {"ops": {"read_again": {"config": days}}})
        assert ui.finished(count)[0]["status"] == "SUCCESS"
    ui.launch("build")
    assert ui.finished(5)[0]["status"] == "SUCCESS"
    assert (ui.data_dir / "published").resolve().name == "r000003"
    assert fingerprint(ui) == before


def test_a_table_of_the_lake_tells_rows_watermark_lag_and_rows_by_day(
    ui: Any, page: Any, pictures: Path
) -> None:
    page.open(f"{ui.url}/assets/zendesk/tickets", height=1300)
    page.wait_for(
        *("rows_in", "watermark", "lag_minutes", "load_id", "rows_by_day"),
        *("30 days to", "support-operations"),
        "Fails if more than 26 hours since last materialization",
    )
    page.picture(pictures / "lake_table.png")


def test_a_release_compares_its_metrics_with_the_last_one(
    ui: Any, page: Any, pictures: Path
) -> None:
    page.open(f"{ui.url}/assets/release/published", height=1600)
    page.wait_for(
        *("metrics", "12 months", "last release", "First reply time"),
        "r000002",  # the previous one
    )
    page.picture(pictures / "release.png")


def test_a_blocked_release_names_check_numbers_keys_and_the_next_step(
    ui: Any, page: Any, pictures: Path, receiver: Any
) -> None:
    # A file of the lake is lost: rows that a pull brought are no longer there.
    lost = sorted((ui.data_dir / "lake" / "zendesk" / "tickets").glob("*.parquet"))[0]
    lost.unlink()
    run_id = ui.launch("build")
    runs = ui.finished(6)
    assert runs[0] == {"runId": run_id, "status": "FAILURE", "jobName": "build"}
    current = (ui.data_dir / "published").resolve().name
    assert current == "r000003"
    page.open(f"{ui.url}/runs/{run_id}")
    page.wait_for(
        *("Failure", "was refused at the gate", "What to do:", "reconciliation"),
        seconds=120,
    )
    page.picture(pictures / "blocked_release.png")
    told = receiver.wait_for(run_id)
    assert told["event"] == "gate_refused"
    assert told["url"] == f"{ui.url}/runs/{run_id}"
    checks = [finding["check"] for finding in told["findings"]]
    assert "reconciliation.pulled_rows_have_landed" in checks
    assert [document["run_id"] for document in receiver.documents] == [run_id]


def test_the_evidence_of_the_check_says_what_was_found_and_what_to_do(
    ui: Any, page: Any, pictures: Path
) -> None:
    page.open(f"{ui.url}/assets/release/candidate?view=checks", height=1300)
    page.wait_for(
        *("audit", "did not pass", "stops the release", "next_step", "not passed"),
        *("blocking", "Readers keep the last"),
    )
    page.picture(pictures / "check_evidence.png")


def test_a_backfill_opens_ready_to_launch(ui: Any, page: Any, pictures: Path) -> None:
    page.open(f"{ui.url}/locations/cx_warehouse/jobs/backfill/playground")
    page.wait_for("read_again", "first_day", "last_day", "Launch Run")
    page.picture(pictures / "backfill.png")


def test_schedules_and_sensors_say_what_they_are_for(
    ui: Any, page: Any, pictures: Path
) -> None:
    page.open(f"{ui.url}/automation")
    page.wait_for("pull_zendesk_schedule", "refresh_schedule", "tell_gate_refused")
    page.picture(pictures / "automation.png")
