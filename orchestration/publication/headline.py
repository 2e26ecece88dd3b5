"""Headline figures of the published release, for the terminal.

Holds which row of `marts.metrics_periodic` speaks for a metric: its default mode, the
last 90 days, no dimension. Computes nothing and formats nothing.
Tests: tests/orchestration/publication/test_headline.py
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orchestration.publication.query import reader
from orchestration.settings import Settings

_COLUMNS = (
    "metrics.name, metrics.label, metrics.unit, figures.mode, figures.period_type,"
    " figures.period_start, figures.value, figures.n, figures.ci_low, figures.ci_high,"
    " figures.p50, figures.p90, figures.n_open, figures.is_low_n"
)
_HEADLINES = f"""
SELECT {_COLUMNS}
FROM meta.metrics AS metrics
JOIN marts.metrics_periodic AS figures
    ON figures.metric = metrics.name
    -- the first mode named is the default one
    AND figures.mode = trim(split_part(metrics.modes, ',', 1))
WHERE figures.dimension_1 IS NULL AND figures.period_type = ?
QUALIFY row_number() OVER (
    PARTITION BY metrics.name ORDER BY figures.period_start DESC
) = 1
ORDER BY metrics.rowid
"""


@dataclass(frozen=True)
class Headline:
    """One metric in one line.

    Attributes:
        metric: Name in `meta.metrics`.
        label: Name for people.
        unit: Unit of value, interval and percentiles.
        mode: Which definition of the metric.
        period_type: `month` or `rolling_90d`.
        period_start: First day of the period.
        value: The figure; NULL when nothing could be counted.
        n: Cases behind it.
        ci_low: Lower end of the 95 % interval, where it estimates.
        ci_high: Upper end.
        p50: Median, for durations.
        p90: 90th percentile, for durations.
        n_open: Cases still running.
        is_low_n: Whether n is too small to rely on.
    """

    metric: str
    label: str
    unit: str
    mode: str
    period_type: str
    period_start: date
    value: float | None
    n: int
    ci_low: float | None
    ci_high: float | None
    p50: float | None
    p90: float | None
    n_open: int | None
    is_low_n: bool


def headlines(settings: Settings, period_type: str = "rolling_90d") -> list[Headline]:
    """Return the latest figure of each metric, in the order of `meta.metrics`.

    Args:
        settings: Where the release lies.
        period_type: `rolling_90d`, or `month` for the latest month.

    Raises:
        NoRelease: Nothing is published.
    """
    with reader(settings) as (_, connection):
        rows = connection.execute(_HEADLINES, [period_type]).fetchall()
    return [Headline(*row) for row in rows]
