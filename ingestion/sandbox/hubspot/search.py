"""Search: filters, order, pages up to the cap, and an index that lags behind.

Holds what a search body means. Does not hold the operators (`filters.py`).
Tests: tests/ingestion/sandbox/test_hubspot_search.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, number
from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.hubspot.bodies import names_in, read_body
from ingestion.sandbox.hubspot.filters import Columns, matching
from ingestion.sandbox.hubspot.ids import COMPANIES, CONTACTS, DEALS
from ingestion.sandbox.hubspot.properties import CREATED
from ingestion.sandbox.hubspot.records import View, render_objects
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.world.timeline import Array

# Seconds until the index has heard of a change.
LAG_SECONDS = 40
_DEFAULT_LIMIT, _MAX_LIMIT = 10, 200
_KNOWN = {"filterGroups", "sorts", "properties", "limit", "after", "query"}
_SEARCHABLE = {
    CONTACTS: ("firstname", "lastname", "email", "phone", "company"),
    COMPANIES: ("name", "domain"),
    DEALS: ("dealname",),
}


def search(snapshot: Snapshot, kind: str, body: bytes, cap: int) -> Response:
    """Answer a search.

    Args:
        snapshot: What the index knows.
        kind: What is searched for.
        body: The request as sent.
        cap: How many results can be paged through.

    Raises:
        VendorError: 400, the body is not as it must be, or pages beyond the cap.
    """
    asked = read_body(body)
    if unknown := sorted(set(asked) - _KNOWN):
        raise errors.invalid(f"Invalid input JSON: unknown field {unknown[0]}")
    low, size = _place(asked, cap)
    columns = _columns(snapshot, kind)
    found = matching(columns, asked.get("filterGroups", []))
    found &= _mentions(columns, kind, asked.get("query"))
    rows = _sorted(columns, found, asked.get("sorts"), CREATED[kind])
    high = min(low + size, len(rows), cap)
    view = View(names_in(asked.get("properties"), "properties"))
    fields: dict[str, Any] = {"total": len(rows)}
    if high < len(rows):
        fields["paging"] = {"next": {"after": str(high)}}
    records = render_objects(snapshot, kind, rows[low:high], view)
    return json_response(fields, {"results": records})


def _columns(snapshot: Snapshot, kind: str) -> Columns:
    """Give the columns of a kind, made once per snapshot and not once per page."""
    kept: dict[str, Columns] = snapshot.__dict__.setdefault("search_columns", {})
    if kind not in kept:
        kept[kind] = Columns(snapshot, kind)
    return kept[kind]


def _place(asked: dict[str, Any], cap: int) -> tuple[int, int]:
    """Give where the page starts and how long it may be."""
    size = number(str(asked.get("limit", _DEFAULT_LIMIT)))
    if size is None or not 0 <= size <= _MAX_LIMIT:
        raise errors.invalid(f"limit must be at most {_MAX_LIMIT}")
    after = number(str(asked.get("after") or 0))
    if after is None or after < 0:
        raise errors.invalid("after must be a whole number")
    if after >= cap:
        raise errors.invalid(
            f"There was a problem with the request: paging beyond {cap} results is "
            "not possible"
        )
    return after, size


def _mentions(columns: Columns, kind: str, query: object) -> Array:
    if not query:
        return np.ones(len(columns.rows), dtype=bool)
    found = np.zeros(len(columns.rows), dtype=bool)
    for name in _SEARCHABLE.get(kind, ()):
        texts = columns.column(name).tolist()
        found |= np.array([str(query).lower() in text for text in texts], dtype=bool)
    return found


def _sorted(columns: Columns, found: Array, sorts: object, created: str) -> Array:
    """Give the rows in the order that is asked for, oldest first when none is."""
    rule = _rule(sorts, created)
    keys = columns.column(rule["propertyName"])[found]
    if keys.dtype == object:
        keys = np.unique(keys.astype(str), return_inverse=True)[1]
    is_descending = rule["direction"] == "DESCENDING"
    order = np.argsort(-keys if is_descending else keys, kind="stable")
    rows: Array = columns.rows[found][order]
    return rows


def _rule(sorts: object, created: str) -> dict[str, str]:
    rule = {"propertyName": created, "direction": "ASCENDING"}
    if not sorts:
        return rule
    if not isinstance(sorts, list) or len(sorts) > 1 or not isinstance(sorts[0], dict):
        raise errors.invalid("Search requests take one sort rule")
    rule |= sorts[0]
    if set(rule) != {"propertyName", "direction"}:
        raise errors.invalid("Invalid input JSON: unknown field in a sort rule")
    if rule["direction"] not in ("ASCENDING", "DESCENDING"):
        raise errors.invalid("Invalid input JSON: unknown direction")
    return rule
