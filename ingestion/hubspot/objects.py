"""Objects of the CRM: all of them first, later what has changed.

Holds which objects a pull asks for and how it pages through them. Does not hold what
their properties mean (the models know that) nor links between them (`associations.py`).

The first pull reads lists. Later ones search by the time of the last change, in a
window whose end lies some minutes before the vendor's now, because the index of the
search lags. Pages go by id (`hs_object_id` above the last one seen), never by offset:
an offset ends at 10,000 results, and skips a record when one before it leaves the
window. Lists tell the history of properties too, searches do not: what they find is
read again, whole, so that a record and its history are of one moment.
Tests: tests/ingestion/hubspot/test_hubspot_streams.py, test_against_sandbox.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ingestion.batches import Page
from ingestion.http import Answer
from ingestion.hubspot.api import Body, Crm
from ingestion.hubspot.object_fields import id_of, is_archived_after
from ingestion.hubspot.property_parts import PropertyParts
from ingestion.hubspot.settings import HubspotSettings
from ingestion.instants import from_datetime
from ingestion.paging import LATE_ROWS, State
from ingestion.stream import Window

# The index of the search hears of a change "after a few moments".
SEARCH_LAG = timedelta(minutes=5)
_MODIFIED = {"contacts": "lastmodifieddate"}
# Properties whose past we want, and how many objects come with it at most at once.
_HISTORY = {"contacts": ("lifecyclestage",), "deals": ("dealstage",)}
_WITH_HISTORY = 50


class Objects:
    """Objects of one kind.

    Attributes:
        pulled: Ids that the last pull brought, each once.
        at: The vendor's clock when that pull began.
    """

    def __init__(self, crm: Crm, settings: HubspotSettings, kind: str) -> None:
        self._crm = crm
        self._settings = settings
        self._kind = kind
        self._history = list(_HISTORY.get(kind, ()))
        most = _WITH_HISTORY if self._history else settings.list_page_size
        self._size = min(settings.list_page_size, most)
        self._path = f"/crm/v3/objects/{kind}"
        self.pulled: dict[str, None] = {}
        self.at: datetime | None = None

    def read(self, state: State) -> Iterator[Page]:
        """Everything the first time, then what has changed since the last window."""
        parts = self._start()
        yield Page([], parts.at)
        end = parts.at - SEARCH_LAG
        reached = state.get("window_end")
        since = None if reached is None else datetime.fromisoformat(reached) - LATE_ROWS
        if since is None:
            yield from self._listed(parts)
        else:
            yield from self._changed(parts, since, end)
        # Where nothing was found, all of it is asked again: a vendor in trouble looks
        # empty too.
        is_done = bool(self.pulled)
        yield from self._archived(parts, since)
        if is_done and (reached is None or datetime.fromisoformat(reached) < end):
            state["window_end"] = end.isoformat()

    def read_window(self, window: Window) -> Iterator[Page]:
        """What was changed last within a window."""
        parts = self._start()
        yield Page([], parts.at)
        yield from self._changed(
            parts, window.start, min(window.end, parts.at - SEARCH_LAG)
        )

    def _start(self) -> PropertyParts:
        self.pulled = {}
        answer, names = self._crm.property_names(self._kind)
        self.at = answer.at
        settings = self._settings
        return PropertyParts(self._crm, self._path, names, answer.at, settings)

    def _listed(self, parts: PropertyParts) -> Iterator[Page]:
        for answer, body in self._crm.pages(self._path, self._parameters(parts)):
            yield self._page(parts, answer, body.results)

    def _archived(self, parts: PropertyParts, since: datetime | None) -> Iterator[Page]:
        """Archived objects, which no search finds; the list of them takes no dates."""
        parameters = {**self._parameters(parts), "archived": "true"}
        for answer, body in self._crm.pages(self._path, parameters):
            records = body.results
            if since is not None:
                records = [raw for raw in records if is_archived_after(raw, since)]
            yield self._page(parts, answer, records, archived=True)

    def _parameters(self, parts: PropertyParts) -> dict[str, Any]:
        asked = {"limit": self._size, "properties": ",".join(parts.first)}
        if self._history:
            asked["propertiesWithHistory"] = ",".join(self._history)
        return asked

    def _changed(
        self, parts: PropertyParts, start: datetime, end: datetime
    ) -> Iterator[Page]:
        path, last = f"{self._path}/search", 0
        while start < end:
            question = self._question(parts, (start, end), last)
            answer, body = self._crm.ask(path, question)
            found = body.results
            if self._history:
                found = self._whole(parts, found)
            yield self._page(parts, answer, found)
            if body.after is None:
                return
            last = self._last_id(path, body, last)

    def _whole(
        self, parts: PropertyParts, found: list[msgspec.Raw]
    ) -> list[msgspec.Raw]:
        """Read what a search has found with its history.

        What was archived since is left out: it comes among the archived objects.
        """
        asked = {"properties": parts.first, "propertiesWithHistory": self._history}
        ids = [id_of(raw) for raw in found]
        known = [each for each in ids if each is not None]
        path = f"{self._path}/batch/read"
        records = list(self._crm.batch(path, known, self._size, asked))
        # Whatever has no id is put aside when rows are made.
        nameless = zip(found, ids, strict=True)
        return records + [raw for raw, each in nameless if each is None]

    def _question(
        self, parts: PropertyParts, window: tuple[datetime, datetime], last: int
    ) -> dict[str, Any]:
        modified = _MODIFIED.get(self._kind, "hs_lastmodifieddate")
        start, end = (str(from_datetime(instant) // 1000) for instant in window)
        conditions = (
            (modified, "GTE", start),
            (modified, "LT", end),
            ("hs_object_id", "GT", str(last)),
        )
        filters = [
            {"propertyName": name, "operator": operator, "value": value}
            for name, operator, value in conditions
        ]
        return {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": ["hs_object_id"] if self._history else parts.first,
            "limit": self._settings.search_page_size,
        }

    def _last_id(self, path: str, body: Body, before: int) -> int:
        """The id to go on after. Pages that are out of order would skip objects."""
        ids = [int(each) for each in map(id_of, body.results) if each is not None]
        if not ids or ids != sorted(ids) or ids[0] <= before:
            raise self._crm.client.bad_answer(
                path, f"a page that does not go on in the order of ids after {before}"
            )
        return ids[-1]

    def _page(
        self,
        parts: PropertyParts,
        answer: Answer,
        records: list[msgspec.Raw],
        *,
        archived: bool = False,
    ) -> Page:
        ids = [id_of(raw) for raw in records]
        known = [each for each in ids if each is not None]
        # Whatever was left out below: its links are worth a look.
        self.pulled.update(dict.fromkeys(known))
        return Page(parts.complete(records, ids, archived=archived), answer.at)
