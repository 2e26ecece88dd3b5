"""One folder of files and its mapping, taken the way that a pull takes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from ingestion.files.canonical import ENTITIES
from ingestion.files.mapping import EntityMapping
from ingestion.files.taking import BadRow, Terms, take

ORDERS = {
    "files": "*",
    "columns": {
        "order_id": "Order",
        "customer_id": "Customer",
        "ordered_at": "Date",
        "amount": "Amount",
    },
}


@dataclass
class Outcome:
    """What became of one file: rows by name of column, and bad rows."""

    rows: list[dict[str, Any]]
    bad: list[BadRow]
    reasons: dict[str, int] = field(default_factory=dict)


Taker = Callable[..., Outcome]


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    """Take content under a name; `said` adds to, or replaces, the mapping of orders."""

    def run(
        content: bytes | str | Path,
        name: str = "orders.csv",
        entity: str = "orders",
        **said: Any,
    ) -> Outcome:
        path = tmp_path / "dropped"
        if isinstance(content, Path):
            path = content
        else:
            raw = content.encode() if isinstance(content, str) else content
            path.write_bytes(raw)
        mapping = msgspec.convert({**ORDERS, **said}, EntityMapping)
        outcome = take(path, name, Terms(ENTITIES[entity], mapping), tmp_path / "out")
        bad = [row for batch in outcome.rejects() for row in batch]
        rows: list[dict[str, Any]] = []
        if outcome.path is not None:
            table = duckdb.sql(f"FROM '{outcome.path}'").to_arrow_table()
            rows = table.to_pylist()
        assert len(rows) == outcome.rows
        assert len(bad) == outcome.bad_rows == sum(outcome.reasons.values())
        assert not any(row["reason"] for row in rows)
        return Outcome(rows, bad, outcome.reasons)

    return run
