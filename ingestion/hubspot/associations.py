"""Which objects of the CRM belong together.

Holds the reading of the links of all objects that a pull has brought, one record per
object with all its links. Does not hold what a kind of link means.
Tests: tests/ingestion/hubspot/test_hubspot_associations.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from ingestion.batches import Page
from ingestion.hubspot.api import NOT_FOUND, Body, Crm, Paging
from ingestion.hubspot.objects import Objects
from ingestion.instants import from_datetime
from ingestion.paging import State, Track
from ingestion.stream import Window


class _From(msgspec.Struct):
    id: str


class _Linked(msgspec.Struct, rename={"start": "from"}):
    start: _From
    to: list[msgspec.Raw]
    paging: Paging | None = None


class Associations:
    """Links from one kind of object to another."""

    def __init__(self, crm: Crm, start: Objects, path: str, batch: int) -> None:
        """Make the reader.

        Args:
            crm: The account.
            start: The objects that links start from; read before.
            path: `{from}/{to}`.
            batch: Objects per question.
        """
        self._crm = crm
        self._start = start
        self._path = f"/crm/v4/associations/{path}/batch/read"
        self._batch = batch

    def read(self, _: State) -> Iterator[Page]:
        """The links of every object of this pull, archived ones included.

        Links carry no date: the vendor's clock at the answer orders their versions.
        """
        if self._start.at is None:
            raise RuntimeError("links are read after the objects that they start from")
        yield Page([], self._start.at)
        ids = iter(self._start.pulled)
        while batch := list(islice(ids, self._batch)):
            yield self._links_of(batch)

    def read_window(self, _: Window) -> Iterator[Page]:
        """The links of the objects that this backfill has brought."""
        return self.read({})

    def _links_of(self, ids: list[str]) -> Page:
        # An object may come twice in an answer; each link of it counts once.
        linked: dict[str, dict[bytes, None]] = {each: {} for each in ids}
        track = self._crm.track(self._path)
        inputs = [{"id": each} for each in ids]
        while inputs:
            answer, body = self._crm.ask(self._path, {"inputs": inputs})
            inputs = self._take_in(linked, body, track)
        records = [_record(each, to) for each, to in linked.items()]
        stamps = [from_datetime(answer.at)] * len(records)
        return Page(records, answer.at, versions=stamps)

    def _take_in(
        self, linked: dict[str, dict[bytes, None]], body: Body, track: Track
    ) -> list[dict[str, str]]:
        """Take in an answer; returns what has further pages.

        An object that is not in the answer has no links: most often an error of the
        batch says so.
        """
        for problem in body.errors:
            if problem.category != NOT_FOUND:
                raise self._bad(f"links could not be read ({problem.category})")
        further = []
        for raw in body.results:
            found = self._read(raw)
            if found.start.id not in linked:
                raise self._bad(f"links of {found.start.id}, which nobody asked for")
            linked[found.start.id] |= dict.fromkeys(map(bytes, found.to))
            after = None if found.paging is None else found.paging.after
            if after is not None:
                track.advance((found.start.id, after))
                further.append({"id": found.start.id, "after": after})
        return further

    def _read(self, raw: msgspec.Raw) -> _Linked:
        try:
            return msgspec.json.decode(raw, type=_Linked)
        except msgspec.DecodeError as error:
            problem = str(error)
        raise self._bad(f"links that are none: {problem}")

    def _bad(self, what: str) -> Exception:
        return self._crm.client.bad_answer(self._path, what)


def _record(identifier: str, to: Iterable[bytes]) -> msgspec.Raw:
    start = msgspec.json.encode(identifier)
    links = b",".join(to)
    return msgspec.Raw(b'{"from":{"id":' + start + b'},"to":[' + links + b"]}")
