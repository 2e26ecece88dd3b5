"""The filters of a search: which objects meet them.

Holds the operators over columns of values. Does not hold paging or sorting
(`search.py`). Tests: tests/ingestion/sandbox/test_hubspot_search.py
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ingestion.sandbox.hubspot import errors
from ingestion.sandbox.hubspot.ids import object_ids
from ingestion.sandbox.hubspot.properties import CREATED, MODIFIED, PROPERTIES
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.hubspot.values import values_of
from ingestion.sandbox.world.timeline import Array

_MAX_GROUPS, _MAX_FILTERS, _MAX_ALL = 5, 6, 18
_NUMERIC = ("number", "datetime", "date")
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "EQ": lambda values, given: values == given,
    "NEQ": lambda values, given: values != given,
    "LT": lambda values, given: values < given,
    "LTE": lambda values, given: values <= given,
    "GT": lambda values, given: values > given,
    "GTE": lambda values, given: values >= given,
}
_FIELDS = {"propertyName", "operator", "value", "highValue", "values"}


class Columns:
    """Values of one kind's live objects, one array per property that is asked for."""

    def __init__(self, snapshot: Snapshot, kind: str) -> None:
        self._snapshot = snapshot
        self._kind = kind
        self.rows = snapshot.shelf(kind).live
        self._made: dict[str, Array] = {}
        self._values: list[dict[str, str | None]] | None = None

    def is_numeric(self, name: str) -> bool:
        """Tell whether a property is compared as a number; times are too."""
        return PROPERTIES[self._kind][name].type in _NUMERIC

    def column(self, name: str) -> Array:
        """Give a property of all objects: numbers (NaN for none) or lower-case text.

        Raises:
            VendorError: 400, there is no such property.
        """
        if name not in PROPERTIES[self._kind]:
            message = f"There was a problem with the request: no property {name}"
            raise errors.invalid(message)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Array:
        shelf = self._snapshot.shelf(self._kind)
        if name == "hs_object_id":
            return object_ids(self._kind, self.rows)
        if name == MODIFIED[self._kind]:
            return shelf.updated[self.rows]
        if name == CREATED[self._kind]:
            return shelf.created[self.rows]
        texts = [values.get(name) for values in self._all_values()]
        if self.is_numeric(name):
            return np.array([_figure(text) for text in texts], dtype=float)
        return np.array([(text or "").lower() for text in texts], dtype=object)

    def _all_values(self) -> list[dict[str, str | None]]:
        if self._values is None:
            self._values = values_of(self._snapshot, self._kind, self.rows)
        return self._values


def matching(columns: Columns, groups: object) -> Array:
    """Tell which objects meet one of the groups; all do when there is none.

    Raises:
        VendorError: 400, the groups cannot be read or are too many.
    """
    if not isinstance(groups, list):
        raise errors.invalid("Invalid input JSON: filterGroups must be a list")
    filters = [_filters(group) for group in groups]
    if len(groups) > _MAX_GROUPS or sum(map(len, filters)) > _MAX_ALL:
        raise errors.invalid("Search requests have too many filter groups or filters")
    if not groups:
        return np.ones(len(columns.rows), dtype=bool)
    found = np.zeros(len(columns.rows), dtype=bool)
    for group in filters:
        met = np.ones(len(columns.rows), dtype=bool)
        for each in group:
            met &= _meets(columns, each)
        found |= met
    return found


def _filters(group: object) -> list[dict[str, Any]]:
    filters = group.get("filters") if isinstance(group, dict) else None
    if not isinstance(filters, list) or set(group) - {"filters"}:  # type: ignore[call-overload]
        raise errors.invalid("Invalid input JSON: a filter group holds filters")
    if len(filters) > _MAX_FILTERS:
        raise errors.invalid(f"A filter group has at most {_MAX_FILTERS} filters")
    for each in filters:
        if not isinstance(each, dict) or set(each) - _FIELDS:
            raise errors.invalid("Invalid input JSON: unknown field in a filter")
    return filters


def _meets(columns: Columns, each: dict[str, Any]) -> Array:
    name, operator = str(each.get("propertyName")), str(each.get("operator"))
    values = columns.column(name)
    is_numeric = columns.is_numeric(name)
    has_value = ~np.isnan(values.astype(float)) if is_numeric else values != ""
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return has_value if operator == "HAS_PROPERTY" else ~has_value
    if operator in ("IN", "NOT_IN"):
        given = each.get("values")
        if not isinstance(given, list):
            raise errors.invalid(f"operator {operator} requires values")
        read = [_read(value, is_numeric=is_numeric) for value in given]
        is_in = np.isin(values, np.array(read, dtype=values.dtype))
        return (is_in if operator == "IN" else ~is_in) & has_value
    low = _read(each.get("value"), is_numeric=is_numeric)
    if operator == "BETWEEN":
        high = _read(each.get("highValue"), is_numeric=is_numeric)
        return np.asarray((values >= low) & (values <= high) & has_value, dtype=bool)
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        contains = _with_token(values, str(low))
        return contains if operator == "CONTAINS_TOKEN" else ~contains & has_value
    if operator not in _COMPARE:
        raise errors.invalid(f"Invalid input JSON: no enum constant {operator}")
    return np.asarray(_COMPARE[operator](values, low) & has_value, dtype=bool)


def _with_token(values: Array, token: str) -> Array:
    """Tell which texts hold a word; `*` stands for any run of characters."""
    pattern = re.compile(re.escape(token).replace(r"\*", r"\S*"))
    words = re.compile(r"[^\W_]+")
    return np.array(
        [
            any(pattern.fullmatch(word) for word in (text, *words.findall(text)))
            for text in map(str, values.tolist())
        ],
        dtype=bool,
    )


def _read(value: object, *, is_numeric: bool) -> Any:
    if value is None:
        raise errors.invalid("operator requires a value")
    text = str(value)
    if not is_numeric:
        return text.lower()
    figure = _figure(text)
    if np.isnan(figure):
        raise errors.invalid(f"{text} is not a valid number or time")
    # Instants and ids are compared as whole numbers, exactly.
    return int(figure) if figure == int(figure) else figure


def _figure(text: str | None) -> float:
    """Read a number, or an instant as milliseconds; NaN for neither."""
    if not text:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return round(zoned.timestamp() * 1000)
