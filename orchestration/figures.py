"""Figures that steps show beside their work: rows by day, rows in and out, metrics.

Holds the queries. They read what a step has just made, and show; nothing is decided by
them. Does not hold how they look (`charts`).
Tests: tests/orchestration/test_figures.py
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from ingestion.files.canonical import ENTITIES
from ingestion.files.landed import landed_sql
from ingestion.lake import Lake, LakeFile
from ingestion.registry import is_file_source
from orchestration.catalogue import parquet_sql
from orchestration.publication.layout import PUBLIC_FILE
from orchestration.publication.tables import attach_read_only
from orchestration.settings import Settings
from orchestration.warehouse import connect

SHOWN_DAYS = 30
SHOWN_MONTHS = 12


@dataclass(frozen=True)
class DailyRows:
    """Rows of one stream by the day on which their record last changed.

    Attributes:
        rows: Rows of the whole table, every version that ever landed.
        until: The last day.
        counts: One number per day, `SHOWN_DAYS` of them, oldest first.
        newest: The newest record, if any is dated and not in the future.
    """

    rows: int
    until: date
    counts: tuple[int, ...]
    newest: datetime | None


def rows_by_day(
    settings: Settings, source: str, until: dict[str, datetime]
) -> dict[str, DailyRows]:
    """Count the last days of streams; `until` is how far each one has been read."""
    files = Lake(settings.lake_url).committed_files(source)
    known = {stream: files[stream] for stream in until if files.get(stream)}
    with connect(None, settings) as connection:
        return {
            stream: _days(connection, source, stream, known[stream], instant)
            for stream, instant in until.items()
            if stream in known
        }


def _recent(files: Sequence[LakeFile], until: datetime) -> list[LakeFile]:
    """Leave out loads that are older than the days shown: nothing in them is newer."""
    earliest = (until - timedelta(days=SHOWN_DAYS + 1)).timestamp()
    recent = [file for file in files if float(file.load_id) >= earliest]
    return recent or [files[-1]]


def _relation(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    stream: str,
    files: Sequence[LakeFile],
) -> str:
    if is_file_source(source):
        return f"({landed_sql(connection, ENTITIES[stream], {source: files})})"
    return parquet_sql(files)


def _days(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    stream: str,
    files: Sequence[LakeFile],
    until: datetime,
) -> DailyRows:
    first = until.date() - timedelta(days=SHOWN_DAYS - 1)
    # Answered from the files' footers: no row is read.
    ((total,),) = connection.execute(
        "SELECT count(*) FROM read_parquet(?)", [[file.path for file in files]]
    ).fetchall()
    rows = connection.execute(
        "SELECT cursor_at::DATE, count(*), max(cursor_at)"
        f" FROM {_relation(connection, source, stream, _recent(files, until))}"
        " WHERE cursor_at BETWEEN ?::DATE::TIMESTAMPTZ AND ? GROUP BY 1",
        [first, until],
    ).fetchall()
    found = {day: count for day, count, _ in rows}
    days = [first + timedelta(days=number) for number in range(SHOWN_DAYS)]
    return DailyRows(
        rows=int(total),
        until=until.date(),
        counts=tuple(found.get(day, 0) for day in days),
        newest=max((newest for *_, newest in rows), default=None),
    )


@dataclass
class RowCounts:
    """What became of the received rows of one stream."""

    received: int = 0
    accepted: int = 0
    superseded: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def row_counts(settings: Settings) -> dict[tuple[str, str], RowCounts]:
    """Count rows in and out of staging, by source and table; empty before a build."""
    counts: dict[tuple[str, str], RowCounts] = defaultdict(RowCounts)
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        made = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE (schema_name, table_name) IN"
            " (('staging', 'record_counts'), ('intermediate', 'quarantined_records'))"
        ).fetchall()
        if made != [(2,)]:
            return {}
        totals = connection.execute(
            "SELECT source, table_name, sum(received), sum(accepted), sum(superseded),"
            " sum(quarantined) FROM staging.record_counts GROUP BY ALL"
        ).fetchall()
        reasons = connection.execute(
            "SELECT source, table_name, reason, count(*)"
            " FROM intermediate.quarantined_records GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    for source, table, *numbers in totals:
        received, accepted, superseded, quarantined = map(int, numbers)
        counts[source, table] = RowCounts(received, accepted, superseded, quarantined)
    for source, table, reason, number in reasons:
        # A part of a record (`responses.answers`) counts with its table.
        counts[source, table.partition(".")[0]].reasons[reason] = int(number)
    return dict(counts)


@dataclass(frozen=True)
class Trend:
    """One metric over its last finished months, and against the last release.

    Attributes:
        label: Its name for people.
        unit: Its unit.
        value: The last 90 days.
        before: The same in the last release; None when it had none.
        months: Finished months, oldest first.
    """

    label: str
    unit: str
    value: float | None
    before: float | None
    months: tuple[float | None, ...]


_MONTHS = f"""
SELECT metric, list(value ORDER BY period_start) AS months
FROM (
    SELECT metric, period_start, value
    FROM cx.marts.metrics_periodic
    INNER JOIN chosen USING (metric, mode)
    WHERE period_type = 'month' AND dimension_1 IS NULL AND is_final
    QUALIFY row_number() OVER (
        PARTITION BY metric ORDER BY period_start DESC
    ) <= {SHOWN_MONTHS}
)
GROUP BY metric
"""


def metric_trends(
    settings: Settings, directory: Path, previous: Path | None
) -> list[Trend]:
    """Compare the metrics of a release or candidate with those of another one."""
    with connect(None, settings) as connection:
        attach_read_only(connection, directory / PUBLIC_FILE, "cx")
        connection.execute(
            "CREATE TEMP VIEW chosen AS SELECT name AS metric, label, unit,"
            " trim(split_part(modes, ',', 1)) AS mode, rowid AS position"
            " FROM cx.meta.metrics"
        )
        before = {}
        if previous is not None:
            attach_read_only(connection, previous / PUBLIC_FILE, "previous")
            before = _latest(connection, "previous")
        now = _latest(connection, "cx")
        months = dict(connection.execute(_MONTHS).fetchall())
        chosen = connection.execute(
            "SELECT metric, label, unit FROM chosen ORDER BY position"
        ).fetchall()
    return [
        Trend(
            label=label,
            unit=unit,
            value=now.get(metric),
            before=before.get(metric),
            months=tuple(months.get(metric, ())),
        )
        for metric, label, unit in chosen
    ]


def _latest(
    connection: duckdb.DuckDBPyConnection, catalog: str
) -> dict[str, float | None]:
    rows = connection.execute(
        f"SELECT metric, value FROM {catalog}.marts.metrics_periodic"
        " INNER JOIN chosen USING (metric, mode)"
        " WHERE period_type = 'rolling_90d' AND dimension_1 IS NULL"
        " QUALIFY row_number() OVER ("
        "PARTITION BY metric ORDER BY period_start DESC) = 1"
    ).fetchall()
    return dict(rows)
