"""Freshness of a release, seen from a later moment than that of its build."""

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from ingestion.registry import SOURCES
from orchestration.freshness import Freshness, by_source, by_table
from orchestration.settings import Settings

LOADED = datetime(2024, 3, 2, 0, 0, tzinfo=UTC)


def test_a_table_is_overdue_when_its_next_load_should_be_here(
    published: Settings,
) -> None:

    def at(moment: datetime) -> list[Freshness]:
        found = by_table(published, moment)
        return [one for one in found if one.source in ("typeform", "zendesk")]

    in_time = at(LOADED.replace(hour=0, minute=59))
    assert {one.status for one in in_time} == {"fresh"}
    # An hour after the load, by our clock, whatever the vendor's clock says.
    assert {one.expected_by for one in in_time} == {datetime(2024, 3, 2, 1, 0)}
    late = at(LOADED.replace(hour=1, minute=1))
    assert {one.status for one in late} == {"overdue"}


def test_a_source_is_as_its_worst_table(published: Settings) -> None:
    tables = by_table(published, LOADED)
    tables = [
        replace(one, status="stale", lag_minutes=5000, quarantined=3)
        if one.table_name == "tickets"
        else one
        for one in tables
    ]
    found = {one.source: one for one in by_source(tables)}
    assert set(found) == set(SOURCES)
    zendesk = found["zendesk"]
    assert (zendesk.status, zendesk.lag_minutes) == ("stale", 5000)
    assert zendesk.quarantined == 3
    assert zendesk.rows == sum(one.rows for one in tables if one.source == "zendesk")
    assert found["typeform"].status == "fresh"


@pytest.mark.parametrize("table", ["responses", "responses.answers"])
def test_what_was_put_aside_is_counted_by_table(
    published: Settings, table: str
) -> None:
    published.quarantine_dir.mkdir()
    duckdb.sql(
        f"SELECT 'typeform' AS source, '{table}' AS table_name, 'bad' AS reason "
        "FROM range(4)"
    ).write_parquet(str(published.quarantine_dir / "quarantined_records.parquet"))
    counts = {one.table_name: one.quarantined for one in by_table(published, LOADED)}
    assert counts.pop("responses") == 4
    assert not any(counts.values())
