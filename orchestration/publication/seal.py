"""Closing an audited candidate: its results go in, then nothing changes any more.

Holds the last write into `cx.duckdb` (`meta.checks`, `meta.releases`), the proof that
this write changed no other table, and the final manifest. Does not judge the rows.
Tests: tests/orchestration/publication/test_audit.py
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.results import CheckResult
from orchestration.publication import ledger
from orchestration.publication.fingerprints import Fingerprint, fingerprint
from orchestration.publication.layout import PUBLIC_FILE, ledger_path
from orchestration.publication.manifest import Manifest
from orchestration.publication.names import literal
from orchestration.publication.tables import (
    AUDIT_TABLES,
    attach_read_only,
    detach_closed,
    export_parquet,
    fingerprints_of,
    insert_rows,
    parquet_path,
    require_equal,
)
from orchestration.settings import Settings
from orchestration.warehouse import connect

_CREATE_CHECKS = """
CREATE OR REPLACE TABLE cx.meta.checks (
    release_id VARCHAR, check_name VARCHAR, table_name VARCHAR, severity VARCHAR,
    success BOOLEAN, observed VARCHAR, meaning VARCHAR, sample_keys VARCHAR[],
    owner VARCHAR
)"""
_CREATE_RELEASES = """
CREATE OR REPLACE TABLE cx.meta.releases (
    release_id VARCHAR, published_at TIMESTAMP, as_of TIMESTAMP, code_version VARCHAR,
    rows BIGINT
)"""


def seal(
    settings: Settings,
    directory: Path,
    manifest: Manifest,
    checks: Sequence[CheckResult],
) -> str:
    """Write the results into the files and close them; return the manifest's hash.

    Raises:
        ReleaseDamaged: Afterwards a table is not what was audited.
    """
    sealed = replace(manifest, sealed_at=ledger.now(), checks=_counts(checks))
    path = directory / PUBLIC_FILE
    path.chmod(0o644)
    with connect(None, settings) as connection:
        connection.execute(f"ATTACH {literal(path)} AS cx")
        _write_checks(connection, sealed.release_id, checks)
        _write_releases(connection, settings, sealed)
        for table in AUDIT_TABLES:
            export_parquet(connection, "cx", table, directory)
        detach_closed(connection, path, "cx", 0o444)
    added = _read_back(settings, directory, manifest.tables)
    sealed = replace(sealed, tables=manifest.tables | added)
    return sealed.with_files_of(directory).write(directory)


def _read_back(
    settings: Settings, directory: Path, audited: dict[str, Fingerprint]
) -> dict[str, Fingerprint]:
    """Compare the closed files with what was audited; return the added tables."""
    with connect(None, settings) as connection:
        attach_read_only(connection, directory / PUBLIC_FILE, "cx")
        kept = {table: audited[table] for table in audited if table not in AUDIT_TABLES}
        require_equal(kept, fingerprints_of(connection, "cx", kept), PUBLIC_FILE)
        added = fingerprints_of(connection, "cx", AUDIT_TABLES)
        expected = kept | added
        exported = {
            table: fingerprint(
                connection, f"read_parquet({literal(parquet_path(directory, table))})"
            )
            for table in expected
        }
        require_equal(expected, exported, "parquet/")
    return added


def _counts(checks: Sequence[CheckResult]) -> dict[str, int]:
    failed = [check for check in checks if not check.success]
    return {
        "total": len(checks),
        "errors": sum(check.severity == "error" for check in failed),
        "warnings": sum(check.severity == "warning" for check in failed),
    }


def _write_checks(
    connection: duckdb.DuckDBPyConnection,
    release_id: str,
    checks: Sequence[CheckResult],
) -> None:
    connection.execute(_CREATE_CHECKS)
    rows = [
        {
            "release_id": release_id,
            "check_name": check.name,
            "table_name": check.table_name,
            "severity": check.severity,
            "success": check.success,
            "observed": json.dumps(check.observed, sort_keys=True),
            "meaning": check.meaning,
            "sample_keys": list(check.sample_keys),
            "owner": check.owner,
        }
        for check in checks
    ]
    insert_rows(connection, "cx.meta.checks", rows)


def _write_releases(
    connection: duckdb.DuckDBPyConnection, settings: Settings, sealed: Manifest
) -> None:
    """Write one row per release that was ever published, and this one."""
    connection.execute(_CREATE_RELEASES)
    flips = ledger.flips(ledger.read_ledger(ledger_path(settings)))
    releases: dict[str, ledger.Entry | Manifest] = {
        flip.release_id: flip for flip in flips
    }
    releases[sealed.release_id] = sealed
    rows = [
        {
            "release_id": release.release_id,
            "published_at": _instant(release.sealed_at),
            "as_of": _instant(release.as_of),
            "code_version": release.code_version,
            "rows": release.rows,
        }
        for release in releases.values()
    ]
    insert_rows(connection, "cx.meta.releases", rows)


def _instant(text: str | None) -> datetime | None:
    """Read an instant; columns of instants are in UTC, without an offset."""
    if text is None:
        return None
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
