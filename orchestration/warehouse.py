"""Connections to DuckDB files, all with the same limits and time zone.

Holds how a file is opened. Does not hold what is in it.
Tests: tests/orchestration/test_warehouse.py
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.settings import Settings

IN_MEMORY = ":memory:"


def connect(
    path: Path | None, settings: Settings, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open `path`, or a database in memory when it is None.

    Raises:
        duckdb.IOException: The file is missing (read-only) or locked.
    """
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        IN_MEMORY if path is None else str(path),
        read_only=read_only,
        config={
            "memory_limit": settings.memory_limit,
            "temp_directory": str(settings.temp_dir),
            "threads": settings.threads,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection
