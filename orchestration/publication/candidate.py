"""Building a candidate: fresh files out of the private work file.

Holds the copy of schemas `marts` and `meta` into `cx.duckdb` and `parquet/`, and of
`pii` into `cx_pii.duckdb`, with a manifest of fingerprints taken from the *source* of
the copy. Does not judge the candidate (`audit`) nor show it to anybody (`publish`).
Tests: tests/orchestration/publication/test_candidate.py
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration import stages
from orchestration.publication import ledger
from orchestration.publication.durable import sync
from orchestration.publication.errors import PublicationError
from orchestration.publication.layout import (
    CANDIDATE_PREFIX,
    PARQUET_DIR,
    PERSONAL_FILE,
    PUBLIC_FILE,
    candidate_dir,
    ledger_path,
    number_of,
    numbers_on_disk,
    release_id_of,
)
from orchestration.publication.link import current_release, publisher_lock
from orchestration.publication.manifest import Manifest
from orchestration.publication.recovery import recover
from orchestration.publication.tables import (
    PERSONAL_SCHEMAS,
    PUBLIC_SCHEMAS,
    attach_new,
    attach_read_only,
    copy_tables,
    detach_closed,
    export_parquet,
    fingerprints_of,
    insert_rows,
    require_equal,
    tables_of,
)
from orchestration.publication.work_file import (
    WORK,
    InputLoad,
    as_of,
    attach_work,
    input_loads,
    load_ids,
)
from orchestration.settings import Settings
from orchestration.warehouse import connect

INPUT_LOADS = "meta.input_loads"


@dataclass(frozen=True)
class Candidate:
    """A release in the making.

    Attributes:
        release_id: The number it will have when published.
        path: Its folder.
    """

    release_id: str
    path: Path


def build_candidate(settings: Settings, *, code_version: str) -> Candidate:
    """Copy the work file into a fresh candidate folder.

    The caller holds the run lock: candidates found here belong to dead runs.

    Args:
        settings: Where the files lie.
        code_version: Version of the project, for the manifest.

    Raises:
        PublicationError: The work file is missing or has nothing to publish.
    """
    if not settings.warehouse_path.exists():
        raise PublicationError(
            f"There is no work file {settings.warehouse_path}.",
            "Run `cx run`: it pulls the sources and builds it.",
        )
    with publisher_lock(settings):
        recover(settings)
    release_id = next_release_id(settings)
    _remove_dead_candidates(settings)
    directory = candidate_dir(settings, release_id)
    (directory / PARQUET_DIR).mkdir(parents=True)
    stages.reached("candidate_started")
    with connect(None, settings) as connection:
        connection.execute("SET preserve_insertion_order = false")
        attach_work(connection, settings)
        manifest = _write_files(connection, settings, directory, code_version)
    manifest.with_files_of(directory).write(directory)
    sync(directory / PARQUET_DIR)
    sync(directory)
    stages.reached("candidate_built")
    return Candidate(release_id, directory)


def next_release_id(settings: Settings) -> str:
    """Return the id one above the highest that was ever used."""
    entries = ledger.read_ledger(ledger_path(settings))
    used = {number_of(entry.release_id) for entry in entries}
    return release_id_of(max(used | numbers_on_disk(settings), default=0) + 1)


def _remove_dead_candidates(settings: Settings) -> None:
    for path in settings.releases_dir.glob(f"{CANDIDATE_PREFIX}*"):
        shutil.rmtree(path)


def _write_files(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    directory: Path,
    code_version: str,
) -> Manifest:
    tables = tables_of(connection, WORK, PUBLIC_SCHEMAS)
    if not any(name.startswith("marts.") for name in tables):
        raise PublicationError(
            f"{settings.warehouse_path} has no tables in schema marts.",
            "Run `cx run` and look at the dbt step.",
        )
    loads = input_loads(connection)
    fingerprints = fingerprints_of(connection, WORK, tables)
    path = directory / PUBLIC_FILE
    attach_new(connection, path, "cx")
    copy_tables(connection, WORK, "cx", tables)
    _write_input_loads(connection, loads)
    fingerprints |= fingerprints_of(connection, "cx", [INPUT_LOADS])
    for table in fingerprints:
        export_parquet(connection, "cx", table, directory)
    detach_closed(connection, path, "cx", 0o444)
    _write_personal_file(connection, directory / PERSONAL_FILE)
    return Manifest(
        release_id=directory.name.removeprefix(CANDIDATE_PREFIX),
        created_at=ledger.now(),
        sealed_at=None,
        as_of=as_of(connection),
        code_version=code_version,
        duckdb_version=duckdb.__version__,
        previous=current_release(settings),
        input_loads=load_ids(loads),
        tables=fingerprints,
        files={},
        checks={},
    )


def _write_personal_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy personal tables and read them back.

    That is done here, not in the audit: fingerprints in the manifest would let a
    reader try out values.
    """
    tables = tables_of(connection, WORK, PERSONAL_SCHEMAS)
    attach_new(connection, path, "cx_pii")
    copy_tables(connection, WORK, "cx_pii", tables)
    detach_closed(connection, path, "cx_pii", 0o400)
    attach_read_only(connection, path, "cx_pii")
    audited = fingerprints_of(connection, WORK, tables)
    require_equal(audited, fingerprints_of(connection, "cx_pii", tables), PERSONAL_FILE)


def _write_input_loads(
    connection: duckdb.DuckDBPyConnection, loads: Sequence[InputLoad]
) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS cx.meta")
    connection.execute(
        f"CREATE TABLE cx.{INPUT_LOADS} (source VARCHAR, table_name VARCHAR,"
        " load_id VARCHAR, rows BIGINT, digest VARCHAR)"
    )
    insert_rows(connection, f"cx.{INPUT_LOADS}", [asdict(load) for load in loads])
