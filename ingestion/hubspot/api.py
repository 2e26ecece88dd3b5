"""Questions to HubSpot's CRM, and reading what it answers.

Holds paging and the shape of answers, with their records left as bytes. Does not hold
which objects a stream asks for (`objects.py`, `associations.py`).
Tests: tests/ingestion/hubspot/test_hubspot_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.http import Answer, HttpClient
from ingestion.paging import Endpoint, Track
from ingestion.raw_json import mended

NOT_FOUND = "OBJECT_NOT_FOUND"


class _Next(msgspec.Struct):
    after: str


class Paging(msgspec.Struct):
    """Where to go on, if anywhere."""

    next: _Next | None = None

    @property
    def after(self) -> str | None:
        """Where the next page starts, None when there is none."""
        return None if self.next is None else self.next.after


class Problem(msgspec.Struct, rename="camel"):
    """One thing that a batch could not do."""

    category: str = ""
    sub_category: str = ""


class Body(msgspec.Struct):
    """What any answer may hold; a batch may be answered in part."""

    results: list[msgspec.Raw]
    paging: Paging | None = None
    errors: list[Problem] = []

    @property
    def after(self) -> str | None:
        """Where the next page starts, None for the last one."""
        return None if self.paging is None else self.paging.after


class _Named(msgspec.Struct):
    name: str


class Crm:
    """The CRM of one account."""

    def __init__(self, client: HttpClient) -> None:
        self.client = client

    def pages(
        self, path: str, parameters: dict[str, Any]
    ) -> Iterator[tuple[Answer, Body]]:
        """All pages of a list. An empty one need not be the last."""
        track = self.track(path)
        position: dict[str, Any] = {}
        while True:
            answer = self.client.get(path, {**parameters, **position})
            body = self._body(path, answer)
            yield answer, body
            if body.after is None:
                return
            position = {"after": track.advance(body.after)}

    def ask(self, path: str, content: dict[str, Any]) -> tuple[Answer, Body]:
        """The answer to a search or a batch, in part (207) or whole."""
        answer = self.client.post_json(path, content, also=(HTTPStatus.MULTI_STATUS,))
        return answer, self._body(path, answer)

    def batch(
        self, path: str, ids: list[str], size: int, asked: dict[str, Any]
    ) -> Iterator[msgspec.Raw]:
        """The objects of some ids, so many per question; those not there are left out.

        Raises:
            BadAnswer: Some could not be read although they are there.
        """
        for low in range(0, len(ids), size):
            inputs = [{"id": each} for each in ids[low : low + size]]
            _, body = self.ask(path, {"inputs": inputs, **asked})
            for problem in body.errors:
                if problem.category != NOT_FOUND:
                    what = f"objects could not be read ({problem.category})"
                    raise self.client.bad_answer(path, what)
            yield from body.results

    def property_names(self, kind: str) -> tuple[Answer, list[str]]:
        """The names of all properties that a kind of object has now."""
        path = f"/crm/v3/properties/{kind}"
        answer = self.client.get(path)
        results = self._body(path, answer).results
        try:
            return answer, [
                msgspec.json.decode(each, type=_Named).name for each in results
            ]
        except msgspec.DecodeError as error:
            problem = str(error)
        raise self.client.bad_answer(path, f"a property without its name: {problem}")

    def track(self, path: str) -> Track:
        """Watches that paging through a path does not go in circles."""
        return Track(Endpoint(self.client, path, "results"))

    def _body(self, path: str, answer: Answer) -> Body:
        for candidate in mended(answer.body):
            try:
                return msgspec.json.decode(candidate, type=Body)
            except (msgspec.DecodeError, RecursionError) as error:
                problem = str(error)
        raise self.client.bad_answer(path, f"not the page it should be: {problem}")
