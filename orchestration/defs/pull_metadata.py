"""What a pull tells about each table: rows, watermark, lag, load, rows by day.

Holds how a pull's report becomes Dagster's metadata. Does not pull (`lake`).
Tests: tests/orchestration/defs/test_lake.py
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from ingestion.errors import SourceError
from ingestion.pipelines import PullReport
from ingestion.registry import SourceSpec, is_file_source
from ingestion.stream import StreamReport
from orchestration import charts
from orchestration.figures import DailyRows, rows_by_day
from orchestration.settings import Settings

_LOG_TABLES = {
    "pulls": "One row per stream and load: windows, pages, rows.",
    "rejects": "Records that could not be parsed at all, as bytes.",
}
_LOGS_OF_FILES = {
    "pulls": "One row per entity and load: files, rows.",
    "rejects": "Rows and files that could not be taken: file, line, reason, text.",
    "taken_files": "One row per file that was taken: name, hash, rows, bad rows.",
}


def log_tables(source: str) -> dict[str, str]:
    """Return the tables beside a source's streams, with what each tells."""
    return _LOGS_OF_FILES if is_file_source(source) else _LOG_TABLES


@dataclass(frozen=True)
class Pulled:
    """How the pull of one source ended: a report, or the error that stopped it."""

    source: str
    report: PullReport | None
    error: SourceError | None
    last_load: str | None


def metadata_of(
    settings: Settings, outcome: Pulled, source: SourceSpec
) -> dict[str, dict[str, Any]]:
    """Return what is told about each table of the source, by table."""
    report = outcome.report
    tables = [*(stream.name for stream in source.streams), *log_tables(source.name)]
    if report is None:
        told = {
            "state": "last good load kept, the pull failed",
            "load_id": outcome.last_load or "none",
            "error": str(outcome.error),
        }
        return {table: dict(told) for table in tables}
    ends = {name: stream.window_to for name, stream in report.streams.items()}
    days = rows_by_day(settings, outcome.source, ends)
    common: dict[str, Any] = {
        "state": "pulled",
        "load_id": report.load_id,
        "seconds": round(report.seconds, 2),
    }
    special = _of_logs(report.streams)
    return {
        table: common
        | special.get(table, {})
        | _of_stream(report.streams.get(table), days.get(table))
        for table in tables
    }


def _of_stream(stream: StreamReport | None, days: DailyRows | None) -> dict[str, Any]:
    if stream is None:
        return {}
    told: dict[str, Any] = {
        "rows_in": stream.rows,
        "rows_landed": stream.rows - stream.rejected,
        "rows_rejected": stream.rejected,
        "pages": stream.pages,
        "window_from": _instant(stream.window_from),
        "watermark": _instant(stream.window_to),
        # By the vendor's clock: the sandbox's stands still, and ours may be wrong.
        "lag_minutes": _minutes(stream.source_now - stream.window_to),
    }
    if days is not None:
        told["dagster/row_count"] = days.rows
    if days is not None and days.newest is not None:
        told["newest_record"] = _instant(days.newest)
        told["quiet_minutes"] = _minutes(stream.source_now - days.newest)
        told["rows_by_day"] = dg.MetadataValue.md(_chart(days))
    return told


def _chart(days: DailyRows) -> str:
    return (
        f"`{charts.sparkline(days.counts)}`\n\n"
        f"{len(days.counts)} days to {days.until}, by the day of the last change; "
        f"today {days.counts[-1]:,}, at most {max(days.counts):,}"
    )


def _of_logs(streams: Mapping[str, StreamReport]) -> dict[str, dict[str, Any]]:
    records = [
        dg.TableRecord(
            {
                "stream": name,
                "rows": stream.rows,
                "rejected": stream.rejected,
                "pages": stream.pages,
                "from": _written(stream.window_from),
                "to": _written(stream.window_to),
            }
        )
        for name, stream in streams.items()
    ]
    rejected = {
        name: stream.rejected for name, stream in streams.items() if stream.rejected
    }
    return {
        "pulls": {
            "dagster/row_count": len(records),
            "streams": dg.MetadataValue.table(records) if records else "none",
            "rows_of_all_streams": sum(stream.rows for stream in streams.values()),
        },
        "rejects": {
            "dagster/row_count": sum(rejected.values()),
            "rejected_by_stream": dg.MetadataValue.json(rejected),
        },
    }


def _minutes(span: timedelta) -> float:
    return round(span.total_seconds() / 60, 1)


def _instant(instant: datetime | None) -> dg.MetadataValue:
    if instant is None:
        return dg.MetadataValue.text("the beginning")
    return dg.MetadataValue.timestamp(instant)


def _written(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}" if instant else "the beginning"
