"""A work file with customer records, as the first build leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.identity import IdentityReport, resolve
from orchestration.settings import Settings
from orchestration.warehouse import connect

_COLUMNS = (
    "source",
    "source_id",
    "email_normalised",
    "is_shared_mailbox",
    "first_seen_at",
)
Record = tuple[str, str, str | None, bool, str]


@dataclass
class People:
    """Resolves given records and reads back who is who."""

    settings: Settings

    def resolve(self, *records: Record) -> IdentityReport:
        """Records are (source, source id, address, is shared, first seen)."""
        with connect(self.settings.warehouse_path, self.settings) as connection:
            connection.execute(
                "CREATE SCHEMA IF NOT EXISTS intermediate;"
                "CREATE OR REPLACE TABLE intermediate.customer_records ("
                "source VARCHAR, source_id VARCHAR, email_normalised VARCHAR,"
                "is_shared_mailbox BOOLEAN, first_seen_at TIMESTAMP)"
            )
            rows = [
                dict(zip(_COLUMNS, [*fields, datetime.fromisoformat(day)], strict=True))
                for *fields, day in records
            ]
            given = pa.Table.from_pylist(rows)
            connection.register("given", given)
            connection.execute(
                "INSERT INTO intermediate.customer_records BY NAME FROM given"
            )
        return resolve(self.settings)

    def keys(self) -> dict[str, str]:
        """Source id to customer key."""
        path = self.settings.warehouse_path
        with connect(path, self.settings, read_only=True) as connection:
            rows = connection.execute(
                "SELECT source_id, customer_key FROM identity.customer_keys"
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
