"""The values of the properties of deals at an instant.

Holds what each property says. Does not hold the stages that they were in
(`histories.py`) nor the records around them (`records.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from ingestion.sandbox.hubspot.histories import deal_changes
from ingestion.sandbox.hubspot.ids import DEALS, fractions
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.companies import CURRENCIES
from ingestion.sandbox.world.timeline import DAY, Array

_EXPECTED = 45 * DAY


def deal_values(snapshot: Snapshot, rows: Array) -> list[dict[str, str | None]]:
    """Give the properties of deals, but for those that all objects have."""
    deals = snapshot.crm.deals
    expected = deals.created[rows] * 1000 + _EXPECTED * 1000
    planned = iso_with_milliseconds(expected - fractions(DEALS, rows))
    edited = (deals.edited[rows] <= snapshot.clock).tolist()
    written = []
    for visits, plan, amount, currency, is_new, name in zip(
        deal_changes(snapshot, rows),
        planned,
        _amounts(deals.cents[rows].tolist(), edited),
        deals.currency[rows].tolist(),
        deals.is_new[rows].tolist(),
        _names(snapshot, rows),
        strict=True,
    ):
        last = visits[-1]
        stage = pipe.STAGES[last.stage]
        is_closed = stage.outcome != pipe.OPEN
        values: dict[str, str | None] = {
            "dealname": name,
            "amount": amount,
            "deal_currency_code": CURRENCIES[currency],
            "dealstage": stage.id,
            "pipeline": pipe.PIPELINES[stage.pipeline].id,
            "closedate": last.entered if is_closed else plan,
            "hs_is_closed": _bool(is_closed),
            "hs_is_closed_won": _bool(stage.outcome == pipe.WON),
            "hs_forecast_probability": stage.probability,
            "dealtype": "newbusiness" if is_new else "existingbusiness",
        }
        for visit in visits:
            identifier = pipe.STAGES[visit.stage].id
            values[f"hs_date_entered_{identifier}"] = visit.entered
            values[f"hs_v2_date_entered_{identifier}"] = visit.entered
        written.append(values)
    return written


def _amounts(cents: list[int], lowered: list[bool]) -> list[str | None]:
    """Write amounts; whole ones without decimals, as the vendor keeps numbers."""
    texts: list[str | None] = []
    for full, is_lowered in zip(cents, lowered, strict=True):
        whole, rest = divmod(full * 9 // 10 if is_lowered else full, 100)
        text = f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
        texts.append(None if full < 0 else text)
    return texts


def _names(snapshot: Snapshot, rows: Array) -> list[str]:
    deals, directory = snapshot.crm.deals, snapshot.world.crm_directory
    texts = []
    for company, buyer, is_new in zip(
        deals.company[rows].tolist(),
        deals.buyer[rows].tolist(),
        deals.is_new[rows].tolist(),
        strict=True,
    ):
        if company >= 0:
            who = directory.company(company)
        else:
            who = " ".join(directory.contact_names(buyer))
        what = "New plan" if is_new else "Extension"
        texts.append(f"{who} - {what}")
    return texts


def _bool(value: bool) -> str:
    return "true" if value else "false"
