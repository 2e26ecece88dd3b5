"""Rejected records are on disk with their reason, and counted."""

import stat

import pyarrow.parquet as pq

from orchestration.quarantine import FILE_NAME, export
from orchestration.warehouse import connect


def _reject(settings, *rows: tuple[str, str]) -> None:
    with connect(settings.warehouse_path, settings) as connection:
        connection.execute(
            "CREATE SCHEMA IF NOT EXISTS intermediate;"
            "CREATE OR REPLACE TABLE intermediate.quarantined_records ("
            "source VARCHAR, table_name VARCHAR, key VARCHAR, load_id VARCHAR,"
            "reason VARCHAR, payload VARCHAR)"
        )
        for key, reason in rows:
            connection.execute(
                "INSERT INTO intermediate.quarantined_records "
                "VALUES ('zendesk', 'tickets', ?, '1.0', ?, '{}')",
                [key, reason],
            )


def test_rejected_records_are_written_and_counted_by_reason(settings):
    _reject(settings, ("2", "bad_tags"), ("1", "bad_tags"), ("3", "invalid_json"))
    assert export(settings) == {
        ("zendesk", "tickets", "bad_tags"): 2,
        ("zendesk", "tickets", "invalid_json"): 1,
    }
    path = settings.quarantine_dir / FILE_NAME
    assert pq.read_table(path)["key"].to_pylist() == ["1", "2", "3"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_export_replaces_the_last_one(settings):
    _reject(settings, ("1", "bad_tags"))
    export(settings)
    _reject(settings)
    assert export(settings) == {}
    assert pq.read_table(settings.quarantine_dir / FILE_NAME).num_rows == 0
    assert [path.name for path in settings.quarantine_dir.iterdir()] == [FILE_NAME]
