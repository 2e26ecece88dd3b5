"""The history of properties: what they said before, as far as the CRM remembers.

Holds the stages that deals and contacts have been in, and the form in which history is
told. Does not hold what a property says now (`values.py`, `deal_values.py`).
Tests: tests/ingestion/sandbox/test_hubspot_histories.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ingestion.sandbox.hubspot.ids import CONTACTS, DEALS, fractions
from ingestion.sandbox.hubspot.properties import CREATED, PROPERTIES
from ingestion.sandbox.hubspot.property_lists import LIFECYCLE
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.timeline import Array

# How many changes of a property are kept, the newest ones.
_KEPT, _KEPT_OF_CONTACTS = 20, 45
_USER = 4101
_BY_HAND = "CRM_UI"
_CAUSES = (_BY_HAND, "FORM", "IMPORT", "AUTOMATION_PLATFORM")

Histories = list[dict[str, list[dict[str, Any]]]]


class Change(NamedTuple):
    """A stage that a record came to, when as the vendor writes it, and what did it."""

    stage: int
    entered: str
    cause: str = _BY_HAND


def deal_changes(snapshot: Snapshot, rows: Array) -> list[list[Change]]:
    """Give the stages that deals have been in, oldest first."""
    deals = snapshot.crm.deals
    until = np.minimum(snapshot.clock, deals.archived[rows])
    index, places = _known(deals.visits.offset, deals.visits.when, rows, until)
    before = fractions(DEALS, rows)[places]
    entered = iso_with_milliseconds(deals.visits.when[index] * 1000 - before)
    found: list[list[Change]] = [[] for _ in rows]
    stages = deals.visits.stage[index].tolist()
    for place, stage, text in zip(places.tolist(), stages, entered, strict=True):
        found[place].append(Change(stage, text))
    return found


def contact_changes(snapshot: Snapshot, rows: Array) -> list[list[Change]]:
    """Give the lifecycle stages that contacts have been in, oldest first."""
    lives = snapshot.crm.lifecycles
    until = np.full(len(rows), snapshot.clock)
    index, places = _known(lives.offset, lives.when, rows, until)
    before = fractions(CONTACTS, rows)[places]
    entered = iso_with_milliseconds(lives.when[index] * 1000 - before)
    found: list[list[Change]] = [[] for _ in rows]
    for place, stage, text, cause in zip(
        places.tolist(),
        lives.stage[index].tolist(),
        entered,
        lives.cause[index].tolist(),
        strict=True,
    ):
        found[place].append(Change(stage, text, _CAUSES[cause]))
    return found


def _known(
    offset: Array, when: Array, rows: Array, until: Array
) -> tuple[Array, Array]:
    """Give the changes that rows know of by then, and the place of each one's row."""
    start, counts = offset[rows], np.diff(offset)[rows]
    places = np.repeat(np.arange(len(rows)), counts)
    # The runs from each row's first change to its last one, joined.
    index = np.arange(len(places)) + (start - np.cumsum(counts) + counts)[places]
    known = when[index] <= until[places]
    return index[known], places[known]


class _Past(NamedTuple):
    """A property that has a past."""

    name: str
    changes: Callable[[Snapshot, Array], list[list[Change]]]
    values: tuple[str, ...]


_PASTS = {
    DEALS: _Past("dealstage", deal_changes, tuple(each.id for each in pipe.STAGES)),
    CONTACTS: _Past("lifecyclestage", contact_changes, LIFECYCLE),
}


def histories_of(
    snapshot: Snapshot,
    kind: str,
    rows: Array,
    asked: tuple[str, ...],
    every: list[dict[str, str | None]],
) -> Histories:
    """Write the history of properties, newest first; only stages have a past.

    Args:
        snapshot: What is known.
        kind: The kind of the objects.
        rows: The objects.
        asked: The properties; unknown ones are left out.
        every: What all their properties say now.
    """
    names = [name for name in asked if name in PROPERTIES[kind]]
    histories: Histories = [
        {
            name: [_version(value, str(values[CREATED[kind]]))] if value else []
            for name in names
            for value in [values.get(name)]
        }
        for values in every
    ]
    past = _PASTS.get(kind)
    if past is not None and past.name in names:
        kept = _KEPT_OF_CONTACTS if kind == CONTACTS else _KEPT
        for own, changes in zip(histories, past.changes(snapshot, rows), strict=True):
            own[past.name] = [
                _version(past.values[each.stage], each.entered, each.cause)
                for each in changes[: -kept - 1 : -1]
            ]
    return histories


def _version(value: str, timestamp: str, cause: str = _BY_HAND) -> dict[str, Any]:
    version = {"value": value, "timestamp": timestamp, "sourceType": cause}
    if cause != _BY_HAND:
        return version
    return {**version, "sourceId": f"userId:{_USER}", "updatedByUserId": _USER}
