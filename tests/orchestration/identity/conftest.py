"""A work file with customer records, as the first build leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from orchestration.identity import IdentityReport, resolve
from orchestration.settings import Settings
from orchestration.warehouse import connect

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS intermediate;
CREATE OR REPLACE TABLE intermediate.customer_records (
    source VARCHAR, source_id VARCHAR, merged_into_id VARCHAR, is_person BOOLEAN,
    first_seen_at TIMESTAMP
);
CREATE OR REPLACE TABLE intermediate.customer_addresses (
    source VARCHAR, source_id VARCHAR, email_normalised VARCHAR,
    is_shared_mailbox BOOLEAN
)
"""
_PEOPLE = ("zendesk", "hubspot")
# Source, source id, addresses (joined by spaces), are they shared, first seen, and the
# id of the record that it was merged into, where there is one.
Record = tuple[Any, ...]


def _record(source, source_id, _, __, day, merged_into_id=None) -> dict:
    return {
        "source": source,
        "source_id": source_id,
        "merged_into_id": merged_into_id,
        "is_person": source in _PEOPLE,
        "first_seen_at": datetime.fromisoformat(day),
    }


def _addresses(source, source_id, addresses, is_shared, *_) -> list[dict]:
    return [
        {
            "source": source,
            "source_id": source_id,
            "email_normalised": address,
            "is_shared_mailbox": is_shared,
        }
        for address in (addresses or "").split()
    ]


@dataclass
class People:
    """Resolves given records and reads back who is who."""

    settings: Settings

    def resolve(self, *records: Record) -> IdentityReport:
        with connect(self.settings.warehouse_path, self.settings) as connection:
            connection.execute(_SCHEMA)
            rows = {
                "customer_records": [_record(*record) for record in records],
                "customer_addresses": [
                    address for record in records for address in _addresses(*record)
                ],
            }
            for table, given in rows.items():
                if given:
                    connection.register("given", pa.Table.from_pylist(given))
                    connection.execute(
                        f"INSERT INTO intermediate.{table} BY NAME FROM given"
                    )
        return resolve(self.settings)

    def rules(self) -> dict[str, str]:
        """Source id to the rule behind its key."""
        return self._column("rule")

    def keys(self) -> dict[str, str]:
        """Source id to customer key."""
        return self._column("customer_key")

    def _column(self, name: str) -> dict[str, str]:
        path = self.settings.warehouse_path
        with connect(path, self.settings, read_only=True) as connection:
            rows = connection.execute(
                f"SELECT source_id, {name} FROM identity.customer_keys"
            ).fetchall()
        return dict(rows)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(Settings(data_dir=tmp_path, lake_url=str(tmp_path / "lake")))


@pytest.fixture
def another_people(tmp_path: Path) -> Callable[[], People]:
    def make() -> People:
        folder = tmp_path / "another"
        folder.mkdir()
        return People(Settings(data_dir=folder, lake_url=str(folder / "lake")))

    return make
