"""One ticket and one deal, from the page of the API to the published row.

The hops are those of the picture in README.md: page, lake, view, base, staging,
intermediate, mart, release.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import duckdb
import httpx
import pytest

MAX_HOPS = 8


@dataclass(frozen=True)
class Way:
    """Where a record is at each hop; `{}` stands for its id."""

    source: str
    table: str
    page: str
    item: str
    mart: str
    intermediate: str
    id_column: str
    told: tuple[str, str]  # a fact as the vendor says it, and our column of it


TICKET = Way(
    *("zendesk", "tickets", "/api/v2/incremental/tickets/cursor.json?start_time=0"),
    *("tickets", "fct_tickets", "int_tickets", "ticket_id"),
    ("status", "status"),
)
DEAL = Way(
    *("hubspot", "deals", "/crm/v3/objects/deals?limit=5&properties=dealstage"),
    *("results", "fct_deals", "int_deals", "deal_id"),
    ("dealstage", "stage_id"),
)


def authorization(way: Way, environment: dict[str, str]) -> dict[str, str]:
    if way.source == "hubspot":
        return {
            "Authorization": f"Bearer {environment['SOURCES__HUBSPOT__ACCESS_TOKEN']}"
        }
    email = environment["SOURCES__ZENDESK__EMAIL"]
    token = environment["SOURCES__ZENDESK__API_TOKEN"]
    pair = base64.b64encode(f"{email}/token:{token}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def fact(way: Way, record: dict[str, Any]) -> str:
    return record.get("properties", record)[way.told[0]]


@pytest.mark.parametrize("way", [TICKET, DEAL], ids=["ticket", "deal"])
def test_a_record_is_found_at_every_hop(way, warehouse, vendors):
    url = vendors.base_url + way.page
    headers = authorization(way, vendors.environment)
    record = httpx.get(url, headers=headers).raise_for_status().json()[way.item][0]
    identifier, value = str(record["id"]), fact(way, record)
    hops = [f"page {way.page}"]

    files = sorted((warehouse.data_dir / "lake" / way.source / way.table).glob("*"))
    with duckdb.connect() as lake:
        found = lake.execute(
            "SELECT payload, _dlt_load_id FROM read_parquet(?) WHERE key = ?",
            [[str(file) for file in files], identifier],
        ).fetchall()
    assert len(found) == 1
    payload, load_id = found[0]
    assert fact(way, json.loads(payload)) == value
    hops.append("lake file")

    stored = str(warehouse.data_dir / "warehouse.duckdb")
    staged = f"{way.source}__{way.table}"
    with duckdb.connect(stored, read_only=True) as work:

        def one(sql: str) -> tuple[Any, ...]:
            rows = work.execute(sql, [identifier]).fetchall()
            assert len(rows) == 1, sql
            hops.append(sql)
            return rows[0]

        view = f"SELECT payload, _dlt_load_id FROM {way.source}.{way.table}"
        assert one(f"{view} WHERE key = ?") == (payload, load_id)
        base = f"SELECT _load_id, _disposition FROM staging.base_{staged}"
        assert one(f"{base} WHERE _key = ?") == (load_id, "accepted")
        for relation in (f"staging.stg_{staged}", f"intermediate.{way.intermediate}"):
            row = f"SELECT count(*) FROM {relation} WHERE {way.id_column} = ?"
            assert one(row) == (1,)
        mart = (
            f"SELECT * EXCLUDE (source_url) FROM marts.{way.mart} WHERE source_id = ?"
        )
        made = one(mart)

    hops.append("release")
    published = (warehouse.data_dir / "published").resolve() / "cx.duckdb"
    with duckdb.connect(str(published), read_only=True) as release:
        assert release.execute(mart, [identifier]).fetchall() == [made]
        told = f"SELECT {way.told[1]} FROM marts.{way.mart} WHERE source_id = ?"
        assert release.execute(told, [identifier]).fetchall() == [(value,)]
        loads = release.execute(
            "SELECT DISTINCT source FROM meta.input_loads WHERE load_id = ?", [load_id]
        ).fetchall()
    assert loads == [(way.source,)]
    assert len(hops) <= MAX_HOPS
