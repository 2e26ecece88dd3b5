"""SQL of readers against the published release, and nothing else.

Holds a connection that can read the release and no other file, and cannot be opened
up again from SQL. Does not format rows.
Tests: tests/orchestration/publication/test_query.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.audit_record import require_passed
from orchestration.publication.durable import sha256_of
from orchestration.publication.errors import GateRefused, NoRelease, QueryFailed
from orchestration.publication.layout import MANIFEST_FILE, PUBLIC_FILE, release_dir
from orchestration.publication.link import current_release, standing
from orchestration.publication.tables import attach_read_only
from orchestration.settings import Settings
from orchestration.warehouse import connect

_SHOWN_LINES = 12
_HINT = (
    'Tables are in the schemas marts and meta: `cx query "SELECT schema_name,'
    ' table_name, comment FROM duckdb_tables()"` lists them, `cx query "DESCRIBE'
    ' marts.fct_tickets"` shows columns. Only the published release can be read.'
)


@dataclass(frozen=True)
class QueryResult:
    """Rows of a query and the release that they come from."""

    release_id: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def run_query(settings: Settings, sql: str, *, limit: int | None = None) -> QueryResult:
    """Run SQL of a reader against the published release.

    Args:
        settings: Where the release lies.
        sql: One or more statements; the rows of the last one are returned.
        limit: How many rows to fetch at most; None fetches all.

    Raises:
        NoRelease: Nothing is published.
        QueryFailed: The SQL is wrong, or reaches for another file.
    """
    with reader(settings) as (release_id, connection):
        try:
            if not connection.extract_statements(sql):
                raise QueryFailed("There is no SQL statement.", _HINT)
            result = connection.execute(sql)
            columns = tuple(column[0] for column in result.description or ())
            rows = result.fetchall() if limit is None else result.fetchmany(limit)
        except (duckdb.Error, ValueError) as error:
            lines = str(error).strip().splitlines()
            raise QueryFailed("\n".join(lines[:_SHOWN_LINES]), _HINT) from error
    return QueryResult(release_id, columns, rows)


def _require_gate(settings: Settings, release_id: str) -> None:
    """Check that what the link points to went through the gate, whoever set the link.

    Raises:
        NoRelease: No passing audit of this very manifest is on record.
    """
    try:
        manifest = release_dir(settings, release_id) / MANIFEST_FILE
        require_passed(settings, release_id, sha256_of(manifest))
    except (OSError, GateRefused) as error:
        problem = standing(settings).problem
        raise NoRelease(
            f"{settings.published_link} points to {release_id}, which never passed the"
            f" gate. {problem or ''}".strip(),
            "Somebody set the link by hand: `cx releases` lists the releases,"
            " `cx rollback` points it to one of them.",
        ) from error


@contextmanager
def reader(settings: Settings) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Open the published release for reading, shut off from all other files.

    Raises:
        NoRelease: Nothing is published, or the link is broken.
    """
    release_id = current_release(settings)
    if release_id is None:
        raise NoRelease(
            standing(settings).problem or "No release has been published yet.",
            "Run `cx run` (or `make demo`) first.",
        )
    _require_gate(settings, release_id)
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    # A temporary folder of its own: what other processes spill stays out of reach.
    with tempfile.TemporaryDirectory(dir=settings.temp_dir, prefix="query_") as spill:
        own = replace(settings, data_dir=Path(spill))
        with connect(None, own) as connection:
            # By its own path, not through the link: a flip cannot come in between.
            path = release_dir(settings, release_id) / PUBLIC_FILE
            attach_read_only(connection, path, "cx")
            connection.execute("USE cx")
            connection.execute("SET python_enable_replacements = false")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield release_id, connection
