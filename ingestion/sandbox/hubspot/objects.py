"""Objects one by one, in lists and in batches.

Holds which objects an answer has. Does not hold search (`search.py`) nor JSON
(`records.py`). Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, link, number
from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.hubspot.associations import batch_fields
from ingestion.sandbox.hubspot.bodies import inputs_of, names_in, read_body
from ingestion.sandbox.hubspot.ids import SINGULAR, kind_of, object_ids, object_row
from ingestion.sandbox.hubspot.records import View, render_objects
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.hubspot.values import values_of
from ingestion.sandbox.world.timeline import Array

_DEFAULT_LIMIT, _MAX_LIMIT, _MAX_WITH_HISTORY = 10, 100, 50


def kind_in(request: Request) -> str:
    """Give the kind of object that a path names.

    Raises:
        VendorError: 400, there are no such objects.
    """
    name = request.path_params["kind"]
    kind = kind_of(name)
    if kind is None:
        raise errors.unknown_kind(name)
    return kind


def list_objects(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer a list in the order of ids, of live objects or of archived ones."""
    kind, view = kind_in(request), _view(request)
    rows = _shelved(request, snapshot, kind)
    size = _size(request, _MAX_WITH_HISTORY if view.history else _MAX_LIMIT)
    low = 0
    after = request.query_params.get("after")
    if after:
        place = number(after)
        if place is None:
            raise errors.invalid(f"after is not valid: {after}")
        low = int(np.searchsorted(object_ids(kind, rows), place, "left"))
    page = rows[low : low + size]
    fields: dict[str, Any] = {}
    if low + size < len(rows):
        # The first id that the next page may hold.
        following = str(int(object_ids(kind, page[-1:])[0]) + 1)
        pointer = {"after": following, "link": link(request, {"after": following})}
        fields["paging"] = {"next": pointer}
    records = render_objects(snapshot, kind, page, view)
    return json_response(fields, {"results": records})


def one_object(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer with one object."""
    kind = kind_in(request)
    row = object_row(kind, number(request.path_params["id"]) or 0)
    if not np.isin(row, _shelved(request, snapshot, kind)):
        raise errors.not_found()
    record = render_objects(snapshot, kind, np.array([row]), _view(request))[0]
    return Response(record, media_type="application/json; charset=utf-8")


def batch_read(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer with up to 100 objects; 207 when some are not there."""
    kind, asked = kind_in(request), read_body(body)
    view = View(
        names_in(asked.get("properties"), "properties"),
        names_in(asked.get("propertiesWithHistory"), "propertiesWithHistory"),
    )
    inputs = inputs_of(asked, _MAX_WITH_HISTORY if view.history else _MAX_LIMIT)
    named = [str(each["id"]) for each in inputs]
    shelved = _shelved(request, snapshot, kind)
    found = _found(snapshot, kind, shelved, named, asked.get("idProperty"))
    rows = [row for row in dict.fromkeys(found) if row >= 0]
    missing = [name for name, row in zip(named, found, strict=True) if row < 0]
    problems = [_missing(kind, missing)] if missing else []
    records = render_objects(snapshot, kind, np.array(rows, dtype=np.int64), view)
    answer = json_response(batch_fields(snapshot, problems), {"results": records})
    answer.status_code = 207 if missing else 200
    return answer


def _found(
    snapshot: Snapshot, kind: str, shelved: Array, named: list[str], by: object
) -> list[int]:
    """Give the row of each name, -1 for those that are not there."""
    if by:
        values = values_of(snapshot, kind, shelved)
        rows = zip(values, shelved.tolist(), strict=True)
        known = {str(each.get(str(by))).lower(): row for each, row in rows}
        return [known.get(name.lower(), -1) for name in named]
    there = set(shelved.tolist())
    rows_named = [object_row(kind, number(name) or 0) for name in named]
    return [row if row in there else -1 for row in rows_named]


def _missing(kind: str, names: list[str]) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {SINGULAR[kind].upper()} objects, they may be "
        "deleted or not exist. Check that ids are valid.",
        "context": {"ids": names},
    }


def _shelved(request: Request, snapshot: Snapshot, kind: str) -> Array:
    shelf = snapshot.shelf(kind)
    is_archived = request.query_params.get("archived", "false").lower() == "true"
    return shelf.archived if is_archived else shelf.live


def _size(request: Request, most: int) -> int:
    asked = number(request.query_params.get("limit"))
    if asked is None:
        return _DEFAULT_LIMIT
    if not 1 <= asked <= most:
        raise errors.invalid(f"limit must be between 1 and {most}")
    return asked


def _view(request: Request) -> View:
    others = []
    for name in _names(request, "associations"):
        kind = kind_of(name)
        if kind is not None:
            others.append(kind)
    return View(
        _names(request, "properties"),
        _names(request, "propertiesWithHistory"),
        tuple(others),
    )


def _names(request: Request, parameter: str) -> tuple[str, ...]:
    """Read names, joined by commas or in parameters of the same name."""
    texts = request.query_params.getlist(parameter)
    return tuple(name for text in texts for name in text.split(",") if name)
