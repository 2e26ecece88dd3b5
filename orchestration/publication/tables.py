"""Tables on their way into the files of a release.

Holds listing, copying, exporting and closing. Does not choose the folder nor judge
the rows. Tests: tests/orchestration/publication/test_candidate.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.publication.durable import sync
from orchestration.publication.errors import PublicationError, ReleaseDamaged
from orchestration.publication.fingerprints import Fingerprint, fingerprint
from orchestration.publication.layout import PARQUET_DIR
from orchestration.publication.names import literal, quoted, relation

# From this version on a foreign .wal beside the file is refused, not replayed.
STORAGE_VERSION = "v1.4.0"
PUBLIC_SCHEMAS = ("marts", "meta")
PERSONAL_SCHEMAS = ("pii",)
# Written by the audit, into the files that it has judged.
AUDIT_TABLES = ("meta.checks", "meta.releases")


def tables_of(
    connection: duckdb.DuckDBPyConnection, catalog: str, schemas: tuple[str, ...]
) -> list[str]:
    """Return `schema.table` of all tables and views of some schemas, sorted."""
    rows = connection.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables"
        " WHERE table_catalog = ? AND list_contains(?, table_schema) ORDER BY ALL",
        [catalog, list(schemas)],
    ).fetchall()
    return [name for (name,) in rows if name not in AUDIT_TABLES]


def fingerprints_of(
    connection: duckdb.DuckDBPyConnection, catalog: str, tables: Iterable[str]
) -> dict[str, Fingerprint]:
    """Return the fingerprint of each table of a catalog."""
    return {
        table: fingerprint(connection, relation(catalog, table)) for table in tables
    }


def require_equal(
    audited: dict[str, Fingerprint], found: dict[str, Fingerprint], where: str
) -> None:
    """Check that tables are what they were.

    Raises:
        ReleaseDamaged: One is not; the message names it and its rows.
    """
    changed = [
        f"{table} ({audited[table].rows} rows before, {found[table].rows} now)"
        for table in audited
        if audited[table] != found[table]
    ]
    if changed:
        raise ReleaseDamaged(
            f"{where} does not hold what was audited: {', '.join(changed)}.",
            "Nothing was published. Run `cx run` again.",
        )


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Append rows, of equal columns, in one statement.

    `executemany` runs a statement per row: two milliseconds each.
    """
    if rows:
        connection.register("_rows", pa.Table.from_pylist(rows))
        connection.execute(f"INSERT INTO {table} BY NAME FROM _rows")
        connection.unregister("_rows")


def copy_tables(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    tables: Iterable[str],
) -> None:
    """Copy rows and descriptions of tables from one catalog to another."""
    for table in tables:
        schema = quoted(table.partition(".")[0])
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(target)}.{schema}")
        connection.execute(
            f"CREATE TABLE {relation(target, table)} AS FROM {relation(source, table)}"
        )
        _copy_descriptions(connection, source, target, table)


def export_parquet(
    connection: duckdb.DuckDBPyConnection, catalog: str, table: str, directory: Path
) -> None:
    """Write a table to `parquet/<table>.parquet` of a release folder."""
    path = parquet_path(directory, table)
    path.unlink(missing_ok=True)
    connection.execute(
        f"COPY (FROM {relation(catalog, table)}) TO {literal(path)}"
        " (FORMAT parquet, COMPRESSION zstd)"
    )
    path.chmod(0o444)
    sync(path)


def parquet_path(directory: Path, table: str) -> Path:
    """Return the Parquet file of `schema.table`."""
    return directory / PARQUET_DIR / f"{table.partition('.')[2]}.parquet"


def attach_read_only(
    connection: duckdb.DuckDBPyConnection, path: Path, catalog: str
) -> None:
    """Open a closed file of a release.

    Raises:
        PublicationError: It is missing or not a whole database.
    """
    try:
        connection.execute(f"ATTACH {literal(path)} AS {quoted(catalog)} (READ_ONLY)")
    except duckdb.Error as error:
        raise PublicationError(
            f"{path} cannot be opened: {str(error).splitlines()[0]}",
            "If it is a candidate, run `cx run` again; if it is the published release,"
            " `cx rollback` to another one first.",
        ) from error


def attach_new(connection: duckdb.DuckDBPyConnection, path: Path, catalog: str) -> None:
    """Create a database file in a storage version that refuses a foreign log."""
    connection.execute(
        f"ATTACH {literal(path)} AS {quoted(catalog)}"
        f" (STORAGE_VERSION {literal(STORAGE_VERSION)})"
    )


def detach_closed(
    connection: duckdb.DuckDBPyConnection, path: Path, catalog: str, mode: int
) -> None:
    """Checkpoint and close a file; make it durable and read-only.

    Raises:
        PublicationError: DuckDB left a write-ahead log: the file is not whole.
    """
    connection.execute(f"CHECKPOINT {quoted(catalog)}")
    connection.execute(f"DETACH {quoted(catalog)}")
    if path.with_name(path.name + ".wal").exists():
        raise PublicationError(
            f"{path} still has a write-ahead log.",
            "Nothing was published. Run `cx run` again.",
        )
    path.chmod(mode)
    sync(path)


def _copy_descriptions(
    connection: duckdb.DuckDBPyConnection, source: str, target: str, table: str
) -> None:
    schema, _, name = table.partition(".")
    rows = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL"
        " AND database_name = ? AND schema_name = ? AND table_name = ?"
        " UNION ALL SELECT NULL, comment FROM duckdb_tables() WHERE comment IS NOT NULL"
        " AND database_name = ? AND schema_name = ? AND table_name = ?",
        [source, schema, name] * 2,
    ).fetchall()
    copied = relation(target, table)
    for column, comment in rows:
        what = f"COLUMN {copied}.{quoted(column)}" if column else f"TABLE {copied}"
        connection.execute(f"COMMENT ON {what} IS {literal(comment)}")
