"""`cx status`: the release, the last run, the sources, and what to type next."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from expectations.results import CheckResult
from ingestion.registry import SOURCES
from orchestration.cli import standing
from orchestration.last_run import LastRun
from orchestration.settings import Settings


def shown(settings: Settings) -> str:
    file = io.StringIO()
    standing._print(standing._read(settings), Console(file=file, width=100))
    return file.getvalue()


def test_one_screen_tells_release_run_and_sources(published: Settings) -> None:
    text = shown(published)
    lines = text.splitlines()
    assert len(lines) <= 24
    assert max(len(line.rstrip()) for line in lines) <= 100
    assert "r000001, published" in text
    assert re.search(r"\(\d+ min ago\)", text)
    assert "1 not passed" in text
    assert "marts_fct_tickets.status_is_known: found" in text
    assert "T101, T102" in text
    assert "-> status is known; map it in staging. Ask team:data." in text
    (zendesk,) = [line for line in lines if line.startswith("zendesk ")]
    assert zendesk.split()[1:4] == ["overdue", "2024-03-02", "00:00"]
    assert zendesk.split()[4:8] == ["2024-03-02", "01:00", "1", "min"]
    assert lines[-1] == "next: cx run --source typeform --source zendesk"


def test_a_blocked_run_names_check_numbers_keys_and_next_step(
    published: Settings,
) -> None:
    found = standing._read(published)
    check = json.loads((published.state_dir / "audits" / "r000001.json").read_text())
    blocked = standing.last_run(published) or LastRun(
        "run-1",
        "refused at the gate",
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 2, tzinfo=UTC),
        "/data/logs/run-1.log",
    )
    from_audit = CheckResult.from_json(
        check["checks"][0] | {"severity": "error", "observed": {"rows": 7}}
    )
    file = io.StringIO()
    standing._print(
        replace(found, run=replace(blocked, blocked_by=(from_audit,))),
        Console(file=file, width=100),
    )
    text = file.getvalue()
    assert "refused at the gate, ended 2026-03-01 12:02 UTC" in text
    assert "/data/logs/run-1.log" in text
    assert "{'rows': 7}; e.g. T101, T102" in text
    assert text.splitlines()[-1] == "next: cx doctor"


def test_the_next_command_follows_from_how_things_stand(
    published: Settings, lock_holder: Callable[..., Any]
) -> None:
    found = standing._read(published)
    fresh = [replace(one, status="fresh") for one in found.tables]
    assert replace(found, tables=fresh).next_command.startswith("cx query")
    stale = [
        replace(one, status="stale" if one.source == "typeform" else "fresh")
        for one in found.tables
    ]
    assert replace(found, tables=stale).next_command == "cx run --source typeform"
    published.published_link.unlink()
    assert standing._read(published).next_command == "cx doctor"
    lock_holder(published)
    assert standing._read(published).next_command.startswith("cx status")


def test_nothing_published_says_what_to_type(settings: Settings) -> None:
    text = shown(settings)
    assert "Nothing is published yet." in text
    assert text.splitlines()[-1] == "next: cx run"


def test_the_json_document_holds_all_that_the_screen_shows(
    published: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CX_DATA_DIR", str(published.data_dir))
    standing.status(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["release_id"] == "r000001"
    assert document["checks_not_passed"][0]["sample_keys"] == ["T101", "T102"]
    assert {one["source"] for one in document["sources"]} == set(SOURCES)
    assert document["next"] == "cx run --source typeform --source zendesk"
    assert document["last_run"] is None


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0.5, "30 min"), (1.99, "119 min"), (5, "5 h"), (47.9, "47 h"), (72, "3 days")],
)
def test_an_age_is_written_as_people_say_it(hours: float, text: str) -> None:
    assert standing.age(timedelta(hours=hours)) == text
