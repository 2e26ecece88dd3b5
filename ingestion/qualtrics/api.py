"""The manners that all of Qualtrics' paths share: its envelope and its lists.

Holds how a result is taken out of an answer, and how one page leads to the next. Does
not hold exports (`exports.py`) or which streams there are (`streams.py`).
Tests: tests/ingestion/qualtrics/test_qualtrics_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from ingestion.http import Answer, HttpClient
from ingestion.paging import Endpoint, Track
from ingestion.raw_json import mended

ROOT = "/API/v3"


class Enveloped(msgspec.Struct):
    """Any answer; its result is left as bytes."""

    result: msgspec.Raw


class Listed(msgspec.Struct):
    """A record of a list that we ask more about."""

    id: str


class _List(msgspec.Struct, rename="camel"):
    elements: list[msgspec.Raw]
    next_page: str | None = None


def decoded(client: HttpClient, path: str, body: bytes, kind: Any) -> Any:
    """Read JSON as a kind.

    Raises:
        BadAnswer: It is no JSON, or of another shape.
    """
    problem = ""
    for candidate in mended(body):
        try:
            return msgspec.json.decode(candidate, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            problem = str(error)
    raise client.bad_answer(path, f"not the answer it should be: {problem}")


def result_of(client: HttpClient, path: str, answer: Answer, kind: Any) -> Any:
    """Read the result of an answer as a kind.

    Raises:
        BadAnswer: It has none, or of another shape.
    """
    enveloped: Enveloped = decoded(client, path, answer.body, Enveloped)
    return decoded(client, path, bytes(enveloped.result), kind)


def listed(
    client: HttpClient, path: str, parameters: dict[str, str] | None = None
) -> Iterator[tuple[Answer, list[msgspec.Raw]]]:
    """Pages of a list; a list of something that is gone has none.

    The next page's address is the vendor's; only its query counts, so that the token
    goes to no other host.

    Raises:
        SourceError: The vendor did not give a page.
    """
    track = Track(Endpoint(client, path, "elements"))
    query = parameters or {}
    # Only as a whole it may be gone: a list that breaks off would look like deletions.
    gone: tuple[int, ...] = (HTTPStatus.NOT_FOUND,)
    while True:
        answer = client.get(path, query, also=gone)
        if answer.status == HTTPStatus.NOT_FOUND:
            return
        gone = ()
        page: _List = result_of(client, path, answer, _List)
        yield answer, page.elements
        if page.next_page is None:
            return
        query = dict(parse_qsl(urlsplit(page.next_page).query))
        track.advance(tuple(sorted(query.items())))
