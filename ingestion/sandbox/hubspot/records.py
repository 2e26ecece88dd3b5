"""Objects of the CRM as it writes them.

Holds the JSON of every kind of object around its properties. Does not hold the values
(`values.py`), the links between objects (`associations.py`) nor history
(`histories.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from ingestion.sandbox.hubspot.associations import associations_of
from ingestion.sandbox.hubspot.histories import histories_of
from ingestion.sandbox.hubspot.ids import CONTACTS, DEALS, object_id
from ingestion.sandbox.hubspot.properties import PROPERTIES, chosen
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.hubspot.values import values_of
from ingestion.sandbox.instants import iso_with_milliseconds
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


# The history that the connector asks for.
_HISTORY = {CONTACTS: ("lifecyclestage",), DEALS: ("dealstage",)}


def everything(kind: str) -> View:
    """Give the view with all properties, and the history that the connector wants."""
    return View(tuple(PROPERTIES[kind]), _HISTORY.get(kind, ()))


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
    histories = histories_of(snapshot, kind, rows, view.history, every)
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
