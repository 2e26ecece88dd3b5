"""What facts have in common, for suites and checks.

Holds columns, rules and one query. Does not hold any table.
Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from expectations.columns import FLAG, TEXT, columns_of
from expectations.rules import present

FACT = {
    **columns_of(TEXT, "source", "source_id", "source_url"),
    **columns_of(FLAG, "is_deleted", "is_merged", "is_test"),
}
FACT_RULES = present("source", "source_id", "is_deleted", "is_merged", "is_test")


def counts_differ(table: str, key: str, column: str, counted: str) -> str:
    """Query the keys whose stored figure is not the counted one; nothing counts as 0.

    Args:
        table: Table of `marts` that stores the figure.
        key: Its key.
        column: The stored figure.
        counted: Query of two columns, key and figure.
    """
    return f"""
        SELECT stored.{key}, {column}, coalesce(figure, 0)
        FROM cx.marts.{table} AS stored
        LEFT JOIN ({counted}) AS counted ({key}, figure) ON stored.{key} = counted.{key}
        WHERE {column} <> coalesce(figure, 0)
    """
