"""Figures beside the steps are those of the files, counted another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingestion.lake import Lake, LakeFile
from orchestration import figures
from orchestration.settings import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def landed(folder: Path, load_id: str, *cursors: datetime | None) -> LakeFile:
    path = folder / f"{load_id}.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE rows (cursor_at TIMESTAMPTZ)")
        connection.executemany("INSERT INTO rows VALUES (?)", [[c] for c in cursors])
        connection.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return LakeFile(str(path), load_id)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[LakeFile]:
    day = timedelta(days=1)
    recent = str(NOW.timestamp())
    old = str((NOW - 90 * day).timestamp())
    made = [
        landed(tmp_path, old, NOW - 100 * day, NOW - 95 * day),
        landed(
            tmp_path,
            recent,
            NOW,
            NOW - timedelta(hours=11),
            NOW - day,
            NOW - 29 * day,
            NOW - 30 * day,
            NOW + 400 * day,
            None,
        ),
    ]
    monkeypatch.setattr(Lake, "committed_files", lambda *_: {"tickets": made})
    return made


def test_rows_are_counted_by_day_up_to_the_watermark(
    files: list[LakeFile], settings: Settings
) -> None:
    days = figures.rows_by_day(settings, "zendesk", {"tickets": NOW})["tickets"]
    assert len(days.counts) == 30
    assert (days.counts[0], days.counts[-2], days.counts[-1]) == (1, 1, 2)
    assert sum(days.counts) == 4
    assert days.newest == NOW
    assert days.until == NOW.date()
    assert days.rows == 9


def test_old_loads_are_counted_but_not_read(
    files: list[LakeFile], settings: Settings
) -> None:
    assert figures._recent(files, NOW) == [files[1]]


def test_a_stream_that_never_landed_is_left_out(
    files: list[LakeFile], settings: Settings
) -> None:
    assert figures.rows_by_day(settings, "zendesk", {"users": NOW}) == {}


def test_there_are_no_counts_before_staging_is_built(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("CREATE TABLE anything (a INTEGER)")
    assert figures.row_counts(settings) == {}


def test_rows_in_are_rows_out_superseded_and_quarantined_by_reason(
    settings: Settings,
) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("CREATE SCHEMA staging; CREATE SCHEMA intermediate")
        connection.execute(
            "CREATE TABLE staging.record_counts AS SELECT * FROM (VALUES"
            " ('zendesk', 'tickets', '1', 7, 4, 1, 2),"
            " ('zendesk', 'tickets', '2', 3, 3, 0, 0)) AS t(source, table_name,"
            " load_id, received, accepted, superseded, quarantined)"
        )
        connection.execute(
            "CREATE TABLE intermediate.quarantined_records AS SELECT * FROM (VALUES"
            " ('zendesk', 'tickets', 'bad_status'), ('zendesk', 'tickets', 'bad_tags'),"
            " ('typeform', 'responses.answers', 'off_scale'))"
            " AS t(source, table_name, reason)"
        )
    counts = figures.row_counts(settings)
    tickets = counts["zendesk", "tickets"]
    assert (tickets.received, tickets.accepted) == (10, 7)
    assert (tickets.superseded, tickets.quarantined) == (1, 2)
    assert tickets.reasons == {"bad_status": 1, "bad_tags": 1}
    assert counts["typeform", "responses"].reasons == {"off_scale": 1}


def release(folder: Path, value: float, months: int) -> Path:
    folder.mkdir()
    with duckdb.connect(str(folder / "cx.duckdb")) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.metrics AS SELECT 'nps' AS name, 'NPS' AS label,"
            " 'points' AS unit, 'first, second' AS modes"
        )
        connection.execute(
            "CREATE TABLE marts.metrics_periodic AS"
            f" SELECT 'nps' AS metric, 'first' AS mode, 'rolling_90d' AS period_type,"
            f" DATE '2026-01-01' AS period_start, NULL::VARCHAR AS dimension_1,"
            f" {value}::DOUBLE AS value, true AS is_final UNION ALL"
            " SELECT 'nps', 'second', 'rolling_90d', DATE '2026-01-01', NULL, -1, true"
            " UNION ALL SELECT 'nps', 'first', 'month',"
            " DATE '2024-01-01' + to_months(i::INTEGER), NULL, i, true"
            f" FROM range({months}) AS t(i)"
        )
    return folder


def test_metrics_are_compared_with_the_other_release(
    settings: Settings, tmp_path: Path
) -> None:
    now, before = release(tmp_path / "now", 20, 14), release(tmp_path / "old", 30, 3)
    (trend,) = figures.metric_trends(settings, now, before)
    assert (trend.label, trend.value, trend.before) == ("NPS", 20, 30)
    assert trend.months == tuple(range(2, 14))


def test_the_first_release_has_nothing_to_be_compared_with(
    settings: Settings, tmp_path: Path
) -> None:
    (trend,) = figures.metric_trends(settings, release(tmp_path / "now", 20, 1), None)
    assert (trend.value, trend.before) == (20, None)
