"""Names and paths inside SQL.

Holds quoting. Tests: tests/orchestration/publication/test_names.py
"""

from __future__ import annotations

from pathlib import Path


def quoted(identifier: str) -> str:
    """Quote the name of a catalog, table or column."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | Path) -> str:
    """Quote a text or a path."""
    return "'" + str(value).replace("'", "''") + "'"


def relation(catalog: str, table: str) -> str:
    """Return the quoted name of `schema.table` in a catalog."""
    schema, _, name = table.partition(".")
    return f"{quoted(catalog)}.{quoted(schema)}.{quoted(name)}"
