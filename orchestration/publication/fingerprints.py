"""Fingerprints: the same rows give the same figures, in any order.

Holds the fingerprint of a table and the digest of many. A fingerprint does not depend
on row order, thread count or time zone, and leaves out load ids and times of
publication, which differ between two runs over the same data. Does not decide
what is compared with what. Tests: tests/orchestration/publication/test_fingerprints.py
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from orchestration.publication.names import quoted

# What a run writes about itself, not about the customers.
_RUN_COLUMN = re.compile(
    r"_dlt_.*|(.*_)?load_id|release_id|published_at|extracted_at|(last_)?loaded_at"
)


@dataclass(frozen=True)
class Fingerprint:
    """What identifies the content of a table.

    Attributes:
        rows: Number of rows.
        digest: Names and types of the columns, sum and xor of the row hashes.
    """

    rows: int
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON types."""
        return asdict(self)


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> Fingerprint:
    """Return the fingerprint of a table or of `read_parquet('...')`."""
    described = connection.execute(f"DESCRIBE FROM {relation}").fetchall()
    columns = sorted(
        (str(name), str(kind))
        for name, kind, *_ in described
        if not _RUN_COLUMN.fullmatch(str(name))
    )
    names = ", ".join(quoted(name) for name, _ in columns)
    row = connection.execute(
        f"SELECT count(*), sum(hash({names})::HUGEINT), bit_xor(hash({names}))"
        f" FROM {relation}"
    ).fetchone()
    digest = hashlib.sha256(repr((columns, row)).encode()).hexdigest()
    return Fingerprint(rows=row[0] if row else 0, digest=digest)


def combined(fingerprints: Mapping[str, Fingerprint]) -> str:
    """Return one digest over the fingerprints of several tables."""
    lines = [f"{name} {fingerprints[name].digest}" for name in sorted(fingerprints)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
