"""What an entity and its columns are.

Holds the kinds of values. Does not hold the entities themselves (canonical.py), how a
text becomes a value (conversions.py), nor which column of a file it comes from
(mapping.py).
Tests: tests/ingestion/files/test_canonical.py
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value of a column is."""

    ID = "id"
    TEXT = "text"
    CODE = "code"
    LIST = "list of texts"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"


DUCKDB_TYPES = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.LIST: "VARCHAR[]",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL(18, 6)",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INSTANT: "TIMESTAMP",
    Kind.DATE: "DATE",
}


@dataclass(frozen=True)
class Column:
    """One column of an entity.

    Attributes:
        name: As the warehouse calls it.
        kind: What its values are.
        is_required: Rows without it are rejected, files without it too.
        description: What it means, with its unit.
        values: The only codes that it may hold; empty for any.
        example: What a template shows.
    """

    name: str
    kind: Kind
    is_required: bool
    description: str
    values: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Entity:
    """One kind of record.

    Attributes:
        name: Its table.
        description: What one row is.
        columns: What it may have.
        key: Columns that together name a record; those that a file lacks count as
            empty, but the required ones must be there.
        cursor: Columns that date a row's last change; the first that it has counts.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    cursor: tuple[str, ...]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that no row may lack."""
        return tuple(column.name for column in self.columns if column.is_required)
