"""Rejected records are on disk with their reason, and counted."""

import stat
from dataclasses import replace

import pyarrow.parquet as pq

from orchestration.quarantine import FILE_NAME, export
from orchestration.warehouse import connect

LAST = "1700000000.5"


def _reject(settings, *rows: tuple[str, ...]) -> None:
    with connect(settings.warehouse_path, settings) as connection:
        connection.execute(
            "CREATE SCHEMA IF NOT EXISTS intermediate;"
            "CREATE OR REPLACE TABLE intermediate.quarantined_records ("
            "source VARCHAR, table_name VARCHAR, key VARCHAR, load_id VARCHAR,"
            "reason VARCHAR, payload VARCHAR);"
            "CREATE SCHEMA IF NOT EXISTS staging;"
            "CREATE OR REPLACE TABLE staging.record_counts AS"
            f" SELECT '{LAST}' AS load_id"
        )
        for key, reason, *load in rows:
            connection.execute(
                "INSERT INTO intermediate.quarantined_records "
                "VALUES ('zendesk', 'tickets', ?, ?, ?, '{}')",
                [key, load[0] if load else LAST, reason],
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


def test_records_of_old_loads_leave_the_file_but_are_counted(settings):
    day = 86_400
    young, old = str(1_700_000_000 - 6 * day), str(1_700_000_000 - 8 * day)
    _reject(settings, ("1", "bad_tags", young), ("2", "bad_tags", old))
    counts = export(replace(settings, keep_quarantine_days=7))
    assert counts == {("zendesk", "tickets", "bad_tags"): 2}
    kept = pq.read_table(settings.quarantine_dir / FILE_NAME)["key"].to_pylist()
    assert kept == ["1"]
