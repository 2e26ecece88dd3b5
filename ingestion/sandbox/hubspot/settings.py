"""What changes seldom in the CRM: owners, pipelines and definitions of properties.

Holds their JSON and lists. Does not hold objects (`records.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, link, number
from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.hubspot.ids import owner_id
from ingestion.sandbox.hubspot.objects import kind_in
from ingestion.sandbox.hubspot.properties import PROPERTIES, definition
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.timeline import Array

_DEFAULT_OWNERS, _MAX_OWNERS = 100, 500


def owners_order(snapshot: Snapshot, *, archived: bool) -> Array:
    """Give the rows of the owners who are there, or of those who have left."""
    owners = snapshot.crm.owners
    known = owners.created <= snapshot.clock
    left = owners.archived <= snapshot.clock
    return np.flatnonzero(known & (left if archived else ~left))


def owner_updated(snapshot: Snapshot, rows: Array) -> Array:
    """Give the last change of owners in epoch seconds."""
    owners = snapshot.crm.owners
    left = owners.archived[rows]
    return np.where(left <= snapshot.clock, left, owners.created[rows])


def render_owners(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write owners; the last one of all is a queue, which is nobody's address."""
    owners, directory = snapshot.crm.owners, snapshot.world.crm_directory
    created = iso_with_milliseconds(owners.created[rows] * 1000)
    updated = iso_with_milliseconds(owner_updated(snapshot, rows) * 1000)
    records = []
    for row, made, changed in zip(rows.tolist(), created, updated, strict=True):
        first, last, address = directory.owner(row)
        is_queue = row == len(owners) - 1
        record: dict[str, Any] = {
            "id": str(owner_id(row)),
            "email": None if is_queue else address,
            "type": "QUEUE" if is_queue else "PERSON",
            "firstName": "Inbound" if is_queue else first,
            "lastName": "Queue" if is_queue else last,
            "createdAt": made,
            "updatedAt": changed,
            "archived": bool(owners.archived[row] <= snapshot.clock),
        }
        if not is_queue:
            record["userId"] = 4100 + row
            team = {"id": str(300 + row % 2), "name": f"Sales {1 + row % 2}"}
            record["teams"] = [{**team, "primary": True}]
        records.append(orjson.dumps(record))
    return records


def list_owners(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer the list of owners."""
    query = request.query_params
    is_archived = query.get("archived", "false").lower() == "true"
    rows = owners_order(snapshot, archived=is_archived)
    size = number(query.get("limit"))
    size = _DEFAULT_OWNERS if size is None else size
    if not 1 <= size <= _MAX_OWNERS:
        raise errors.invalid(f"limit must be between 1 and {_MAX_OWNERS}")
    low = number(query.get("after")) or 0
    fields: dict[str, Any] = {}
    if low + size < len(rows):
        following = str(low + size)
        pointer = {"after": following, "link": link(request, {"after": following})}
        fields["paging"] = {"next": pointer}
    records = render_owners(snapshot, rows[low : low + size])
    return json_response(fields, {"results": records})


def pipeline_records(snapshot: Snapshot) -> list[bytes]:
    """Write the pipelines of deals, which never change."""
    made = pipelines_made(snapshot)
    date = iso_with_milliseconds(np.array([made * 1000]))[0]
    dates = {"createdAt": date, "updatedAt": date, "archived": False}
    return [
        orjson.dumps(
            {
                "label": pipeline.label,
                "displayOrder": order,
                "id": pipeline.id,
                "stages": _stages(order, dates),
                **dates,
            }
        )
        for order, pipeline in enumerate(pipe.PIPELINES)
    ]


def pipelines_made(snapshot: Snapshot) -> int:
    """Give when the pipelines were set up."""
    return snapshot.world.span.start


def _stages(pipeline: int, dates: dict[str, Any]) -> list[dict[str, Any]]:
    own = [stage for stage in pipe.STAGES if stage.pipeline == pipeline]
    return [
        {
            "label": stage.label,
            "displayOrder": order,
            "metadata": {
                "isClosed": "false" if stage.outcome == pipe.OPEN else "true",
                "probability": stage.probability,
            },
            "id": stage.id,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            **dates,
        }
        for order, stage in enumerate(own)
    ]


def list_pipelines(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer the pipelines of deals; other objects have none here."""
    records = pipeline_records(snapshot) if kind_in(request) == "deals" else []
    return json_response({}, {"results": records})


def list_properties(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer the definitions of an object's properties."""
    kind = kind_in(request)
    found = [definition(kind, each) for each in PROPERTIES[kind].values()]
    return json_response({"results": found})


def list_schemas(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer the account's own kinds of objects: there are none."""
    return json_response({"results": []})
