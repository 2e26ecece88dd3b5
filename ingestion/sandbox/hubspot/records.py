"""Objects of the CRM as it writes them.

Holds the JSON of contacts, companies and deals around their properties. Does not hold
the values (`values.py`) nor the links between objects (`associations.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from ingestion.sandbox.hubspot.associations import associations_of
from ingestion.sandbox.hubspot.deal_values import visits_of
from ingestion.sandbox.hubspot.ids import DEALS, object_id
from ingestion.sandbox.hubspot.properties import PROPERTIES, chosen
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.hubspot.values import Values, values_of
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.timeline import Array


@dataclass(frozen=True)
class View:
    """What an answer is to show of each object.

    Attributes:
        properties: Names that were asked for.
        history: Names whose history was asked for.
        associations: Kinds of objects whose links were asked for.
    """

    properties: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()


def everything(kind: str) -> View:
    """Give the view with all properties."""
    return View(tuple(PROPERTIES[kind]))


def render_objects(
    snapshot: Snapshot, kind: str, rows: Array, view: View
) -> list[bytes]:
    """Write objects as known at the snapshot's instant."""
    if not len(rows):
        return []
    shelf, every = snapshot.shelf(kind), values_of(snapshot, kind, rows)
    names = chosen(kind, list(view.properties))
    created = iso_with_milliseconds(shelf.created[rows])
    updated = iso_with_milliseconds(shelf.updated[rows])
    gone = iso_with_milliseconds(shelf.gone[rows].clip(min=0))
    histories = _histories(snapshot, kind, rows, view, every)
    records = []
    for place, row in enumerate(rows.tolist()):
        values = every[place]
        record: dict[str, Any] = {
            "id": str(object_id(kind, row)),
            "properties": {name: values.get(name) for name in names},
        }
        if view.history:
            record["propertiesWithHistory"] = histories[place]
        is_archived = bool(shelf.gone[row] > 0)
        record["createdAt"] = created[place]
        record["updatedAt"] = updated[place]
        record["archived"] = is_archived
        if is_archived:
            record["archivedAt"] = gone[place]
        linked = associations_of(snapshot, kind, row, view.associations)
        if linked:
            record["associations"] = linked
        records.append(orjson.dumps(record))
    return records


def _histories(
    snapshot: Snapshot, kind: str, rows: Array, view: View, every: list[Values]
) -> list[dict[str, list[dict[str, str]]]]:
    """Write the history of properties, newest first; only stages have a past."""
    names = [name for name in view.history if name in PROPERTIES[kind]]
    if not names:
        return [{} for _ in every]
    histories = []
    visits = visits_of(snapshot, rows) if kind == DEALS else [[] for _ in every]
    for values, stages in zip(every, visits, strict=True):
        own = {
            name: [_version(value, str(values["createdate"]))] if value else []
            for name in names
            for value in [values.get(name)]
        }
        if "dealstage" in own:
            own["dealstage"] = [
                _version(pipe.STAGES[visit.stage].id, visit.entered)
                for visit in reversed(stages)
            ]
        histories.append(own)
    return histories


def _version(value: str, timestamp: str) -> dict[str, str]:
    return {
        "value": value,
        "timestamp": timestamp,
        "sourceType": "CRM_UI",
        "sourceId": "userId:4101",
    }
