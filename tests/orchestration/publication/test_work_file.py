import duckdb
import pytest

from ingestion.registry import SOURCES
from orchestration.publication.errors import PublicationError
from orchestration.publication.work_file import (
    as_of,
    attach_work,
    input_loads,
    load_ids,
)


def test_views_that_dbt_made_can_be_read(settings, change):
    change(settings, 'CREATE VIEW staging.stg AS FROM "warehouse".staging.pulls')
    with duckdb.connect() as connection:
        attach_work(connection, settings)
        seen = connection.execute("FROM work.staging.stg ORDER BY ALL").fetchall()
        there = connection.execute("FROM work.staging.pulls ORDER BY ALL").fetchall()
    assert seen == there != []


def test_work_file_cannot_be_written_through_it(settings):
    with duckdb.connect() as connection:
        attach_work(connection, settings)
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("DROP TABLE work.marts.fct_tickets")


def test_loads_of_a_stream_without_a_pull_record_count_too(settings, change):
    change(settings, "UPDATE zendesk.users SET _dlt_load_id = '1709999999.9'")
    with duckdb.connect() as connection:
        attach_work(connection, settings)
        loads = load_ids(input_loads(connection))
    assert loads["zendesk"] == ["1709300000.1", "1709337600.2", "1709999999.9"]
    assert set(loads) == {*SOURCES, "files_shop"}


def test_as_of_is_told_in_utc(settings):
    with duckdb.connect() as connection:
        attach_work(connection, settings)
        assert as_of(connection) == "2024-03-01T23:59:00Z"


def test_missing_file_is_an_error_of_publication(settings):
    settings.warehouse_path.unlink()
    with duckdb.connect() as connection, pytest.raises(PublicationError):
        attach_work(connection, settings)
