"""Properties in parts: an account may have more of them than one URL takes.

Holds how names are cut into parts, and the joining of what the parts bring by id. Does
not hold which objects are asked for (`objects.py`).
Tests: tests/ingestion/hubspot/test_property_parts.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import msgspec

from ingestion.hubspot.api import Crm
from ingestion.hubspot.settings import HubspotSettings

_Record = dict[str, msgspec.Raw]


class _Object(msgspec.Struct):
    id: str
    properties: _Record


def cut(names: list[str], characters: int) -> list[list[str]]:
    """Cut names into runs that take up to so many characters of a URL; at least one."""
    runs: list[list[str]] = [[]]
    used = 0
    for name in names:
        length = len(quote(name + ",", safe=""))
        if runs[-1] and used + length > characters:
            runs.append([])
            used = 0
        runs[-1].append(name)
        used += length
    return runs


class PropertyParts:
    """The properties of one kind of object.

    Attributes:
        at: The vendor's clock when it told their names.
        first: Names that the page itself is asked for.
    """

    def __init__(
        self,
        crm: Crm,
        path: str,
        names: list[str],
        at: datetime,
        settings: HubspotSettings,
    ) -> None:
        self.at = at
        self.first, *self._others = cut(names, settings.property_characters)
        self._crm = crm
        self._path = path
        self._batch = settings.list_page_size

    def complete(
        self, records: list[msgspec.Raw], ids: list[str | None], *, archived: bool
    ) -> list[msgspec.Raw]:
        """Add the properties of the other parts to the records of a page.

        With one part the records stay as the vendor sent them. A record that is gone
        before its last part was read is left out: it comes among the archived ones.
        """
        if not self._others or not records:
            return records
        suffix = "?archived=true" if archived else ""
        path = f"{self._path}/batch/read{suffix}"
        known = [each for each in ids if each is not None]
        parts = [dict(self._part(path, known, names)) for names in self._others]
        whole = []
        for raw, identifier in zip(records, ids, strict=True):
            own = [part[identifier] for part in parts if identifier in part]
            if identifier is None:
                whole.append(raw)
            elif len(own) == len(parts):
                whole.append(_joined(raw, own))
        return whole

    def _part(
        self, path: str, ids: list[str], names: list[str]
    ) -> Iterator[tuple[str | None, _Record]]:
        asked = {"properties": names}
        for raw in self._crm.batch(path, ids, self._batch, asked):
            found = self._read(path, raw)
            yield found.id, found.properties

    def _read(self, path: str, raw: msgspec.Raw) -> _Object:
        try:
            return msgspec.json.decode(raw, type=_Object)
        except msgspec.DecodeError as error:
            problem = str(error)
        raise self._crm.client.bad_answer(path, f"no object: {problem}")


def _joined(raw: msgspec.Raw, parts: list[_Record]) -> msgspec.Raw:
    record = msgspec.json.decode(raw, type=_Record)
    properties = msgspec.json.decode(record["properties"], type=_Record)
    for part in parts:
        # What comes with every part stays as the first one had it: its dates belong to
        # the version that the record goes by.
        properties = {**part, **properties}
    record["properties"] = msgspec.Raw(msgspec.json.encode(properties))
    return msgspec.Raw(msgspec.json.encode(record))
