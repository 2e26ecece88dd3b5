"""The end of a run: exit code, figures, what failed, one JSON document."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.cli import reading, screens, summary
from orchestration.cli.summary import Report, Watch
from orchestration.errors import BuildFailed
from orchestration.outcome import FailedCheck, Outcome
from orchestration.progress import State, Update
from orchestration.publication.errors import GateRefused
from orchestration.settings import Settings

HEADLINE = {
    "label": "First reply time",
    "mode": "calendar",
    "unit": "minutes",
    "value": 200.4,
    "ci_low": None,
    "ci_high": None,
    "p90": 2114.0,
    "n": 82,
    "is_low_n": False,
}
PUBLISHED = Outcome(
    is_success=True,
    release_id="r000007",
    checks=(FailedCheck("marts.fct_tickets: unique", "warning", "3 rows"),),
    quarantined={"zendesk.tickets": 2, "typeform.responses": 1},
)


def report(watch: Watch, stale: tuple[str, ...] = ()) -> Report:
    screen = summary._screen(watch, Path("run.log"))
    return Report(
        run_id="run-1",
        exit_code=summary._exit_code(watch, screen, stale),
        log=Path("run.log"),
        watch=watch,
        screen=screen,
        headline=[HEADLINE] if screen is None else [],
        stale=stale,
    )


def printed(shown: Report) -> str:
    file = io.StringIO()
    summary.print_report(shown, Console(file=file, width=120))
    return file.getvalue()


def test_a_published_run_is_exit_0_with_figures_checks_and_quarantine() -> None:
    shown = report(Watch(outcome=PUBLISHED))
    text = printed(shown)
    assert shown.exit_code == screens.OK
    assert "r000007" in text
    assert "3 h 20" in text
    assert "35 h 14" in text
    assert "marts.fct_tickets: unique" in text
    assert "Quarantined records: 3" in text
    assert "run.log" in text


@pytest.mark.parametrize(
    ("failed", "stale"), [(("typeform",), ()), ((), ("typeform.forms is stale",))]
)
def test_a_source_that_failed_or_is_stale_makes_exit_3(
    failed: tuple[str, ...], stale: tuple[str, ...]
) -> None:
    outcome = Outcome(is_success=True, release_id="r000008", failed_sources=failed)
    assert report(Watch(outcome=outcome), stale).exit_code == screens.STALE


def test_a_refused_gate_is_exit_4_and_shows_its_screen() -> None:
    watch = Watch(outcome=Outcome(is_success=False))
    refused = GateRefused("r000009", "1 check failed.", "Mend the source.")
    watch.told(Update("audit", State.FAILED, error=refused))
    shown = report(watch)
    assert shown.exit_code == screens.REFUSED
    assert "Mend the source." in printed(shown)
    assert "Published" not in printed(shown)


def test_the_first_error_is_the_one_that_is_shown() -> None:
    watch = Watch(outcome=Outcome(is_success=False))
    watch.told(Update("marts", State.FAILED, error=BuildFailed("a", "b", "c")))
    watch.told(Update("audit", State.FAILED, error=RuntimeError("later")))
    shown = report(watch)
    assert (shown.exit_code, shown.screen and shown.screen.what) == (1, "a")


def test_a_failure_that_no_stage_reported_is_still_an_error() -> None:
    watch = Watch(outcome=Outcome(is_success=False, error="Step lake failed: x"))
    shown = report(watch)
    assert shown.exit_code == screens.ERROR
    assert "Step lake failed: x" in printed(shown)


def test_the_json_document_holds_all_that_the_text_tells() -> None:
    watch = Watch(outcome=PUBLISHED)
    watch.told(Update("marts", State.DONE, rows=5, seconds=1.234))
    document = json.loads(report(watch).to_json())
    assert document["release_id"] == "r000007"
    assert document["stages"] == [
        {"stage": "marts", "state": "done", "rows": 5, "seconds": 1.23, "note": ""}
    ]
    assert document["headline"][0]["n"] == 82
    assert document["quarantined"] == {"zendesk.tickets": 2, "typeform.responses": 1}
    assert document["error"] is None


def test_a_run_that_published_nothing_reads_no_release(settings: Settings) -> None:
    watch = Watch(error=BuildFailed("a", "b", "c"))
    shown = Report.of(settings, "run-1", Path("run.log"), watch)
    assert (shown.headline, shown.stale) == ([], ())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "share", ""),
        (0.489, "share", "48.9 %"),
        (5.9, "minutes", "5.9 min"),
        (59.9, "minutes", "1 h 00"),
        (1282.0, "minutes", "21 h 22"),
        (94.0, "tickets", "94"),
        (-27.561, "points", "-27.56"),
    ],
)
def test_a_figure_is_written_as_people_read_its_unit(
    value: float | None, unit: str, text: str
) -> None:
    assert summary.figure(value, unit) == text


def test_numbers_stand_to_the_right() -> None:
    table = reading.table_of([{"name": "a", "rows": 1}, {"name": "b", "rows": None}])
    assert [column.justify for column in table.columns] == ["left", "right"]
