"""A backfill reads a stretch of time again and leaves every cursor where it is."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion import pipelines
from ingestion.batches import Page, RecordRules
from ingestion.errors import NothingToBackfill
from ingestion.lake import Lake
from ingestion.registry import StreamSpec
from ingestion.sandbox.server import running_sandbox
from ingestion.stream import Stream, Window

STREAMS = (
    *("tickets", "users", "organizations", "ticket_events", "ticket_metric_events"),
    "satisfaction_ratings",
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEBRUARY = Window(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))


def ticket(number: int, instant: str) -> dict[str, Any]:
    changed = datetime.fromisoformat(instant)
    return {
        "id": number,
        "status": "open",
        "updated_at": instant,
        "generated_timestamp": int(changed.timestamp()),
    }


def dated(number: int, instant: str) -> dict[str, Any]:
    return {"id": number} | dict.fromkeys(("created_at", "updated_at", "time"), instant)


DAYS = [f"2026-{month:02}-{day:02}T08:00:00Z" for month in (1, 2) for day in (5, 15)]


@pytest.fixture
def filled(zendesk, workplace):
    """A lake that was pulled once; January and February have two days each."""
    for number, instant in enumerate(DAYS, start=1):
        zendesk.rows["tickets"].append(ticket(number, instant))
        zendesk.rows["users"].append(ticket(number, instant) | {"active": True})
        for stream in STREAMS[2:]:
            zendesk.rows[stream].append(dated(number, instant))
    workplace.pull("zendesk")
    return workplace


def backfill(workplace, source: str, window: Window):
    return pipelines.pull(
        source,
        lake_url=workplace.lake_url,
        pipelines_dir=workplace.pipelines_dir,
        window=window,
    )


def lose_all_rows(workplace, source: str, stream: str) -> None:
    for file in Lake(workplace.lake_url).committed_files(source)[stream]:
        Path(file.path).unlink()


def test_rows_that_were_lost_come_back(filled):
    before = {stream: filled.latest("zendesk", stream) for stream in STREAMS}
    for stream in STREAMS:
        lose_all_rows(filled, "zendesk", stream)
    filled.pull("zendesk")  # what is behind the cursor is not asked for again
    assert not any("3" in filled.latest("zendesk", stream) for stream in STREAMS)
    backfill(filled, "zendesk", FEBRUARY)
    for stream in STREAMS:
        back = filled.latest("zendesk", stream)
        assert {"3", "4"} <= set(back)
        assert all(back[key] == before[stream][key] for key in back)


def test_a_backfill_moves_no_cursor(filled, zendesk):
    zendesk.now += timedelta(hours=2)
    zendesk.requests.clear()
    filled.pull("zendesk")
    without = [(path, query) for path, query, _ in zendesk.requests]
    states = stored_states(filled)
    for _ in range(2):
        backfill(filled, "zendesk", FEBRUARY)
    assert stored_states(filled) == states
    zendesk.rows["tickets"].append(ticket(9, "2026-03-01T11:30:00Z"))
    zendesk.now += timedelta(hours=1)
    zendesk.requests.clear()
    filled.pull("zendesk")
    assert [(path, query) for path, query, _ in zendesk.requests] == without
    assert "9" in filled.latest("zendesk", "tickets")


def stored_states(workplace) -> list[str]:
    folder = Path(workplace.lake_url) / "zendesk" / "_dlt_pipeline_state"
    return sorted(path.name for path in folder.glob("*.jsonl"))


def test_only_streams_with_dates_are_read_and_the_log_says_backfill(filled):
    report = backfill(filled, "zendesk", FEBRUARY)
    assert set(report.streams) == {*STREAMS, "survey_responses"}
    columns = "mode, window_from, window_to, _dlt_load_id"
    rows = filled.rows("zendesk", "pulls", columns)
    told = {row[:3] for row in rows if row[3] == report.load_id}
    assert told == {("backfill", FEBRUARY.start, FEBRUARY.end)}


def test_reading_stops_at_the_end_of_the_window(filled, zendesk, monkeypatch):
    monkeypatch.setenv("SOURCES__ZENDESK__EXPORT_PAGE_SIZE", "2")
    january = Window(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC)
    )
    report = backfill(filled, "zendesk", january)
    # The first page that reaches the end is kept whole; none follows it.
    assert report.streams["tickets"].rows == 2
    assert report.streams["satisfaction_ratings"].pages == 1


def test_a_window_that_is_not_over_reaches_only_to_now(filled):
    report = backfill(
        filled, "zendesk", Window(FEBRUARY.start, NOW + timedelta(days=9))
    )
    assert report.streams["tickets"].window_to == NOW - timedelta(seconds=60)


def test_the_first_pull_after_a_backfill_of_an_empty_lake_reads_everything(
    zendesk, workplace
):
    zendesk.rows["tickets"] = [
        ticket(number, day) for number, day in enumerate(DAYS, start=1)
    ]
    backfill(workplace, "zendesk", FEBRUARY)
    assert set(workplace.latest("zendesk", "tickets")) == {"3", "4"}
    workplace.pull("zendesk")
    assert set(workplace.latest("zendesk", "tickets")) == {"1", "2", "3", "4"}


def test_responses_of_a_stretch_come_back_without_moving_a_watermark(
    typeform, workplace
):
    days = ["2026-01-05T08:00:00", "2026-02-05T08:00:00", "2026-02-28T08:00:00"]
    typeform.add_form(
        "f1", [{"token": f"t{day[5:10]}", "submitted_at": f"{day}Z"} for day in days]
    )
    workplace.pull("typeform")
    typeform.requests.clear()
    workplace.pull("typeform")
    without = typeform.queries("/forms/f1/responses")
    before = workplace.latest("typeform", "responses")
    shutil.rmtree(Path(workplace.lake_url) / "typeform" / "responses")
    report = backfill(workplace, "typeform", FEBRUARY)
    assert set(report.streams) == {"responses"}
    back = workplace.latest("typeform", "responses")
    assert {"t02-05", "t02-28"} <= set(back)
    assert all(back[key] == before[key] for key in back)
    typeform.requests.clear()
    workplace.pull("typeform")
    assert typeform.queries("/forms/f1/responses") == without


def test_a_source_without_dates_says_that_it_cannot(workplace, monkeypatch):
    stream = Stream(
        StreamSpec("groups", "snapshot", "A group."),
        RecordRules(),
        lambda _: iter([Page([], NOW)]),
    )
    monkeypatch.setitem(pipelines.CONNECTORS, "zendesk", lambda: (stream,))
    with pytest.raises(NothingToBackfill, match="by date"):
        backfill(workplace, "zendesk", FEBRUARY)


@pytest.mark.parametrize(
    "window", [(NOW, NOW), (NOW, NOW - timedelta(1)), (NOW.replace(tzinfo=None), NOW)]
)
def test_a_window_has_an_extent_and_a_time_zone(window):
    with pytest.raises(ValueError, match=r"window|between"):
        Window(*window)


def test_what_the_lake_holds_twice_is_byte_for_byte_the_same(filled):
    backfill(filled, "zendesk", FEBRUARY)
    rows = filled.rows("zendesk", "tickets", "key, version, payload, op, cursor_at")
    assert len(rows) == len(DAYS) + 2
    assert len(set(rows)) == len(DAYS)
    assert all(json.loads(payload) for _, _, payload, _, _ in rows)


def test_crm_and_reviews_can_be_read_again_by_date(workplace, monkeypatch):
    streams = {
        "hubspot": ("contacts", "companies", "deals", "deal_contacts"),
        "trustpilot": ("reviews",),
        "zendesk_talk": ("calls", "legs"),
        "qualtrics": ("responses", "distribution_history"),
    }
    with running_sandbox(customers=60, seed=2) as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        now = sandbox.clock.instant
        ever = Window(now - timedelta(days=2000), now)
        for source, names in streams.items():
            workplace.pull(source)
            before = {name: living(workplace, source, name) for name in names}
            for name in names:
                lose_all_rows(workplace, source, name)
            backfill(workplace, source, ever)
            for name in names:
                back = living(workplace, source, name)
                assert back
                assert back == {key: before[name][key] for key in back}
                is_whole = name not in ("contacts", "deals", "deal_contacts")
                assert not is_whole or back.keys() == before[name].keys()


def living(workplace, source: str, stream: str) -> dict[str, Any]:
    """Records that are not archived: no search by date finds those."""
    latest = workplace.latest(source, stream)
    return {key: row for key, row in latest.items() if not row.get("archived")}
