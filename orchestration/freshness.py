"""How fresh the published release is, per table and per source.

Holds what `meta.sources` says, seen from now: a table is overdue when its next load
should be here and is not. Does not hold the promises themselves (seed `sources`).
Tests: tests/orchestration/test_freshness.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from orchestration.publication.query import run_query
from orchestration.quarantine import FILE_NAME
from orchestration.settings import Settings
from orchestration.warehouse import connect

# `expected_by` goes by the vendor's clock, the time of a load by ours. All tables of a
# source are loaded together, but one without news has no row of the last load.
_TABLES = """
WITH loaded AS (
    SELECT *, max(last_loaded_at) OVER (PARTITION BY source) AS loaded_at
    FROM meta.sources
)
SELECT
    source, table_name, status, rows, lag_minutes, last_cursor_at,
    loaded_at AS last_loaded_at,
    loaded_at + (expected_by - complete_to) AS expected_by
FROM loaded
ORDER BY source, table_name
"""
OVERDUE = "overdue"
# From the best to the worst.
_ORDER = ("not_used", "fresh", OVERDUE, "late", "stale", "never_loaded")


@dataclass(frozen=True)
class Freshness:
    """One table, or all tables of a source together.

    Attributes:
        source: Name of the source.
        table_name: The table; None for the source as a whole.
        status: As the build judged it, or `overdue`.
        rows: Records in use.
        quarantined: Records that the last build put aside.
        lag_minutes: How far its data was behind the source's clock at the build.
        last_cursor_at: Latest change of a record.
        last_loaded_at: When the last load began.
        expected_by: When the next one should be here.
    """

    source: str
    table_name: str | None
    status: str
    rows: int
    quarantined: int
    lag_minutes: int | None
    last_cursor_at: datetime | None
    last_loaded_at: datetime | None
    expected_by: datetime | None


def by_table(settings: Settings, now: datetime | None = None) -> list[Freshness]:
    """Return one entry per table of the published release.

    Raises:
        NoRelease: Nothing is published.
    """
    counts = quarantined(settings)
    moment = (now or datetime.now(UTC)).replace(tzinfo=None)
    result = run_query(settings, _TABLES)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return [_of_row(row, counts, moment) for row in rows]


def _of_row(
    row: Mapping[str, Any], counts: Mapping[tuple[str, str], int], now: datetime
) -> Freshness:
    is_overdue = row["expected_by"] is not None and row["expected_by"] < now
    status = OVERDUE if is_overdue and row["status"] == "fresh" else row["status"]
    source, table = row["source"], row["table_name"]
    # Parts of a table (`responses.answers`) are put aside under a name of their own.
    put_aside = sum(
        count
        for (of, name), count in counts.items()
        if of == source and name.partition(".")[0] == table
    )
    return Freshness(**{**row, "status": status, "quarantined": put_aside})


def by_source(tables: Iterable[Freshness]) -> list[Freshness]:
    """Return one entry per source: its worst status, its longest lag."""
    grouped = groupby(tables, key=lambda table: table.source)
    return [_joined(source, list(group)) for source, group in grouped]


def _joined(source: str, tables: list[Freshness]) -> Freshness:
    return Freshness(
        source=source,
        table_name=None,
        status=max((one.status for one in tables), key=_ORDER.index),
        rows=sum(one.rows for one in tables),
        quarantined=sum(one.quarantined for one in tables),
        lag_minutes=_largest(one.lag_minutes for one in tables),
        last_cursor_at=_largest(one.last_cursor_at for one in tables),
        last_loaded_at=_largest(one.last_loaded_at for one in tables),
        expected_by=_largest(one.expected_by for one in tables),
    )


def _largest(values: Iterable[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def quarantined(settings: Settings) -> dict[tuple[str, str], int]:
    """Return how many records the last build put aside, by source and table."""
    path = settings.quarantine_dir / FILE_NAME
    if not path.is_file():
        return {}
    with connect(None, settings) as connection:
        rows = connection.execute(
            "SELECT source, table_name, count(*) FROM read_parquet(?) GROUP BY ALL",
            [str(path)],
        ).fetchall()
    return {(source, table): count for source, table, count in rows}
