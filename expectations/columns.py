"""Types of published columns, for suites.

Holds groups of DuckDB types that a reader may take for one another, as patterns. Does
not hold any table. Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

TEXT = "VARCHAR"
INSTANT = "TIMESTAMP"
COUNT = "TINYINT|SMALLINT|INTEGER|BIGINT"
NUMBER = f"{COUNT}|DOUBLE|FLOAT|DECIMAL.*"
FLAG = "BOOLEAN"


def columns_of(kind: str, *names: str) -> dict[str, str]:
    """Several columns of one type."""
    return dict.fromkeys(names, kind)
