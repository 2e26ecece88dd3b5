"""A run of records of one stream, in the order of the vendor's answers.

Holds its shape. Does not hold which runs there are (`streams.py`).
Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.sandbox.world.timeline import Array

Render = Callable[[Array], list[bytes]]


@dataclass(frozen=True)
class Records:
    """A run of records of one stream, in the order of the vendor's answers.

    Attributes:
        source: The vendor.
        stream: The stream.
        rows: What `render` is called with, one number per record.
        stamps: What orders versions of a record, in epoch seconds.
        moments: When each record last changed, in epoch seconds.
        render: Writes some rows as the vendor does.
        keys: Gives the ids of some rows as text.
        is_deleted: Which records say that they are deleted; None for none.
        parent_key: Key of what all the records belong to.
        tick: Microseconds that stamps and moments are counted in.
    """

    source: str
    stream: str
    rows: Array
    stamps: Array
    moments: Array
    render: Render
    keys: Callable[[Array], list[str]]
    is_deleted: Array | None = None
    parent_key: str | None = None
    tick: int = 1_000_000

    def __len__(self) -> int:
        return len(self.rows)
