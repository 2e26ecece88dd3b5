"""Links between objects as the CRM writes them.

Holds the v4 bodies (batch read, of one object) and the older form inside objects.
Does not hold which links there are (`snapshot.py`).
Tests: tests/ingestion/sandbox/test_hubspot_associations.py
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, link, number
from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.hubspot.bodies import inputs_of, read_body
from ingestion.sandbox.hubspot.ids import SINGULAR, kind_of, object_id, object_row
from ingestion.sandbox.hubspot.snapshot import TYPES, Snapshot

_MAX_INPUTS = 1000
_MAX_OF_ONE = 500


def ends_of(request: Request) -> tuple[str, str]:
    """Give the kinds of objects that a path names.

    Raises:
        VendorError: 400, it names others.
    """
    found = []
    for name in (request.path_params["kind"], request.path_params["other"]):
        kind = kind_of(name)
        if kind is None:
            raise errors.unknown_kind(name)
        found.append(kind)
    return found[0], found[1]


def links_of(
    snapshot: Snapshot, start: str, end: str, row: int
) -> list[dict[str, Any]]:
    """Write the links of one object; none of an object that is archived."""
    neighbours = snapshot.neighbours(start, end)
    if neighbours is None:
        return []
    primary, plain = TYPES[start, end]
    return [
        {
            "toObjectId": object_id(end, other),
            "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": number_, "label": label}
                for number_, label in ((primary, "Primary"), (plain, None))
                if number_ is not None and (label is None or is_primary)
            ],
        }
        for other, is_primary in neighbours.of(row)
    ]


def batch_read(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer with the links of up to 1000 objects; 207 when some have none."""
    start, end = ends_of(request)
    asked = inputs_of(read_body(body), _MAX_INPUTS)
    results, problems = [], []
    for each in asked:
        identifier = str(each["id"])
        row = object_row(start, number(identifier) or 0)
        found = links_of(snapshot, start, end, row) if row >= 0 else []
        after = number(each.get("after"))
        if after is not None:
            found = [link_ for link_ in found if link_["toObjectId"] > after]
        if not found:
            problems.append(_nothing(start, end, identifier))
            continue
        result: dict[str, Any] = {"from": {"id": identifier}}
        result["to"] = found[:_MAX_OF_ONE]
        if len(found) > _MAX_OF_ONE:
            last = found[_MAX_OF_ONE - 1]["toObjectId"]
            result["paging"] = {"next": {"after": str(last)}}
        results.append(orjson.dumps(result))
    fields = batch_fields(snapshot, problems)
    answer = json_response(fields, {"results": results})
    answer.status_code = 207 if problems else 200
    return answer


def batch_fields(snapshot: Snapshot, problems: list[dict[str, Any]]) -> dict[str, Any]:
    """Give what goes around the results of any batch."""
    now = datetime.fromtimestamp(snapshot.clock, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    fields: dict[str, Any] = {
        "status": "COMPLETE",
        "startedAt": now,
        "completedAt": now,
    }
    if problems:
        fields |= {"numErrors": len(problems), "errors": problems}
    return fields


def _nothing(start: str, end: str, identifier: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {SINGULAR[end]} is associated with {SINGULAR[start]} "
        f"{identifier}.",
        "context": {
            "fromObjectId": [identifier],
            "fromObjectType": [SINGULAR[start]],
            "toObjectType": [SINGULAR[end]],
        },
    }


def of_one(request: Request, body: bytes, snapshot: Snapshot) -> Response:
    """Answer with the links of one object."""
    start, end = ends_of(request)
    row = object_row(start, number(request.path_params["id"]) or 0)
    if row < 0 or not snapshot.shelf(start).is_live(row):
        raise errors.not_found()
    found = links_of(snapshot, start, end, row)
    after = number(request.query_params.get("after"))
    if after is not None:
        found = [each for each in found if each["toObjectId"] > after]
    asked = number(request.query_params.get("limit"))
    size = _MAX_OF_ONE if asked is None else min(max(asked, 1), _MAX_OF_ONE)
    fields: dict[str, Any] = {"results": found[:size]}
    if len(found) > size:
        last = str(found[size - 1]["toObjectId"])
        following = {"after": last, "link": link(request, {"after": last})}
        fields["paging"] = {"next": following}
    return json_response(fields)


def associations_of(
    snapshot: Snapshot, kind: str, row: int, others: tuple[str, ...]
) -> dict[str, Any]:
    """Write the links that go into an object itself, by kind of the other end."""
    written: dict[str, Any] = {}
    for other in others:
        neighbours = snapshot.neighbours(kind, other)
        found = neighbours.of(row) if neighbours is not None else []
        name = f"{SINGULAR[kind]}_to_{SINGULAR[other]}"
        has_primary = TYPES.get((kind, other), (None, 0))[0] is not None
        results = []
        for end, is_primary in found:
            identifier = str(object_id(other, end))
            if is_primary:
                results.append({"id": identifier, "type": name})
            suffix = "_unlabeled" if has_primary else ""
            results.append({"id": identifier, "type": name + suffix})
        if results:
            written[other] = {"results": results}
    return written
