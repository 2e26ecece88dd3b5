"""Rejected records on disk, with their reason.

Holds the export of `intermediate.quarantined_records` to `data/quarantine`. Does not
hold why a record is rejected (dbt, staging).
Tests: tests/orchestration/test_quarantine.py
"""

from __future__ import annotations

from orchestration.settings import Settings
from orchestration.warehouse import connect

FILE_NAME = "quarantined_records.parquet"
_DAY = 86_400
# The id of a load says when it began.
_LAST_LOAD = "SELECT max(load_id::DOUBLE) FROM staging.record_counts"


def export(settings: Settings) -> dict[tuple[str, str, str], int]:
    """Write the records that staging rejected; the file is replaced as a whole.

    Those of loads that are older than `keep_quarantine_days` are left out, counted
    from the last load: the lake keeps them, and staging goes on counting them. Returns
    the number of records by source, table and reason, left out ones included. The
    records hold personal data: only the owner may read the file.
    """
    settings.quarantine_dir.mkdir(parents=True, exist_ok=True)
    target = settings.quarantine_dir / FILE_NAME
    unfinished = target.with_suffix(".unfinished")
    age = settings.keep_quarantine_days * _DAY
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        connection.execute(
            "COPY (SELECT * FROM intermediate.quarantined_records WHERE"
            f" load_id::DOUBLE >= ({_LAST_LOAD}) - {age}"
            " ORDER BY source, table_name, load_id, key) "
            f"TO '{str(unfinished).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
        )
        counts = connection.execute(
            "SELECT source, table_name, reason, count(*) "
            "FROM intermediate.quarantined_records GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    unfinished.chmod(0o600)
    unfinished.replace(target)
    return {(source, table, reason): n for source, table, reason, n in counts}
