"""How answers of the newer satisfaction survey are read.

Holds the one stream `survey_responses`. An account asks with it or with the older
ratings, which are a stream of their own; one that does not have it answers "not found".
A record dates only its answers, so that the reader works its version out of them; who
answered may think again for four weeks, and the list filters by the first answer only.
Tests: tests/ingestion/zendesk/test_survey_responses.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.batches import Page
from ingestion.http import HttpClient
from ingestion.instants import from_datetime, to_microseconds
from ingestion.paging import Endpoint, State, Watermark, list_by_cursor
from ingestion.stream import Reader, Window, WindowReader
from ingestion.zendesk.settings import ZendeskSettings

PATH = "/api/v2/guide/survey_responses"
EDITABLE = timedelta(days=28)
# Those who may read exports may read surveys: a refusal says that there are none.
_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)


class _Answer(msgspec.Struct):
    created_at: Any = None
    updated_at: Any = None


class _Response(msgspec.Struct):
    answers: list[_Answer] = []


def readers(
    settings: ZendeskSettings, client: HttpClient
) -> tuple[Reader, WindowReader]:
    """The readers of the stream: what is new since a pull, and a window."""
    endpoint = Endpoint(client, PATH, "survey_responses")

    def pages(since: datetime, until: datetime | None) -> Iterator[Page]:
        parameters = {"filter[created_at_start]": _milliseconds(since)}
        if until is not None:
            parameters["filter[created_at_end]"] = _milliseconds(until)
        first = client.get(PATH, {"page[size]": 1, **parameters}, also=_NOT_THERE)
        if first.status in _NOT_THERE:
            yield Page([], first.at)
            return
        size = settings.list_page_size
        for page in list_by_cursor(endpoint, parameters, page_size=size):
            now = from_datetime(page.at)
            page.versions = [_version(record, now) for record in page.records]
            yield page

    def read(state: State) -> Iterator[Page]:
        watermark = Watermark(state, "updated_at")
        for page in pages(watermark.since(EDITABLE) or settings.start, None):
            yield page
            watermark.rise(page)

    def read_window(window: Window) -> Iterator[Page]:
        return pages(window.start, window.end)

    return read, read_window


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def _version(record: msgspec.Raw, now: int) -> int:
    """Give the last instant of any answer; the vendor's clock where there is none."""
    try:
        answers = msgspec.json.decode(record, type=_Response).answers
    except msgspec.DecodeError:
        return now
    told = (answer.updated_at or answer.created_at for answer in answers)
    instants = [at for at in map(to_microseconds, told) if at is not None]
    return max(instants, default=now)
