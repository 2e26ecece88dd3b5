"""How each stream of Trustpilot is read.

Holds paths, paging and the fields that matter to the envelope. Does not hold what is
known of the reviews between two pulls (`window.py`) or what a review means.
Tests: tests/ingestion/trustpilot/test_trustpilot_streams.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.batches import Page, RecordRules
from ingestion.errors import SourceError
from ingestion.http import Answer, HttpClient
from ingestion.instants import from_datetime
from ingestion.paging import Endpoint, State, Track
from ingestion.raw_json import mended
from ingestion.registry import SOURCES
from ingestion.stream import Stream, Window
from ingestion.trustpilot.settings import SOURCE, TrustpilotSettings
from ingestion.trustpilot.window import TrailingWindow, is_before

FIND = "/v1/business-units/find"

UNIT_RULES = RecordRules(cursor=())
REVIEW_RULES = RecordRules(cursor=("createdAt",))


class _Listed(msgspec.Struct):
    id: str


class _TokenPage(msgspec.Struct, rename="camel"):
    reviews: list[msgspec.Raw]
    next_page_token: str | None = None


@dataclass(frozen=True)
class _Unit:
    """A company as the vendor has it; `at` is the vendor's clock."""

    id: str
    record: msgspec.Raw
    at: datetime


def connect() -> tuple[Stream, ...]:
    """The streams of the configured application.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = TrustpilotSettings.from_configuration()
    return streams(settings, settings.client())


def streams(settings: TrustpilotSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one application, in the order in which they are pulled."""
    site = _Site(settings, client)
    spec = SOURCES[SOURCE].stream
    return (
        Stream(spec("business_units"), UNIT_RULES, site.business_units),
        Stream(
            spec("reviews"), REVIEW_RULES, site.reviews, read_window=site.reviews_within
        ),
    )


class _Site:
    """The configured companies and their reviews."""

    def __init__(self, settings: TrustpilotSettings, client: HttpClient) -> None:
        self._settings = settings
        self._client = client

    def business_units(self, _: State) -> Iterator[Page]:
        """Each profile, dated by the answer: it carries no date itself."""
        for domain in self._settings.business_units:
            unit = self._find(domain)
            yield Page([unit.record], unit.at, versions=[from_datetime(unit.at)])

    def reviews(self, state: State) -> Iterator[Page]:
        """New reviews, and those of the trailing window again."""
        for domain in self._settings.business_units:
            unit = self._find(domain)
            window = TrailingWindow(
                state.setdefault("units", {}).setdefault(unit.id, {})
            )
            yield Page([], unit.at)
            yield from self._reviews_of(unit.id, window)

    def reviews_within(self, window: Window) -> Iterator[Page]:
        """Reviews written within a window, whatever was read before."""
        start, end = window.start, window.end
        bounds = {"startDateTime": _text(start), "endDateTime": _text(end)}
        for domain in self._settings.business_units:
            unit = self._find(domain)
            seen = TrailingWindow({})
            yield Page([], unit.at)
            # The public list cannot be bounded: it is read down to the start.
            for answer, items in self._by_number(
                unit.id,
                lambda item: is_before(item, start),
                bounds if self._settings.is_private else {},
            ):
                inside = [
                    item
                    for item in items
                    if is_before(item, end) and not is_before(item, start)
                ]
                yield from seen.pages(inside, answer.at, parent_key=unit.id)

    def _reviews_of(self, unit: str, window: TrailingWindow) -> Iterator[Page]:
        if window.is_first and not self._settings.is_private:
            answers = self._by_token(unit)
        else:
            answers = self._by_number(unit, window.begins_after)
        for answer, items in answers:
            yield from window.pages(items, answer.at, parent_key=unit)
        if window.missing:
            # A review that goes away while we page shifts the others: one may slip
            # through between two pages. Only what is missing twice is gone.
            for answer, items in self._by_number(unit, window.begins_after):
                unseen = window.unseen(items)
                yield from window.pages(unseen, answer.at, parent_key=unit)
        yield from window.close(parent_key=unit)

    def _by_number(
        self,
        unit: str,
        is_enough: Callable[[msgspec.Raw], bool],
        bounds: dict[str, str] | None = None,
    ) -> Iterator[tuple[Answer, list[msgspec.Raw]]]:
        """Newest first, until the last of a page is enough or the list is at its end.

        A page past the end is empty; a page that is merely short proves nothing.
        """
        prefix = "/v1/private/" if self._settings.is_private else "/v1/"
        endpoint = Endpoint(
            self._client, f"{prefix}business-units/{unit}/reviews", "reviews"
        )
        parameters = {
            "perPage": self._settings.page_size,
            "orderBy": "createdat.desc",
            **(bounds or {}),
        }
        track, number = Track(endpoint), 1
        while True:
            answer = self._client.get(endpoint.path, {**parameters, "page": number})
            body = endpoint.body(answer)
            items = body.items
            if not items and body.has_next_link:
                raise endpoint.empty_page()
            yield answer, items
            if not items or is_enough(items[-1]):
                return
            track.advance(bytes(items[-1]))
            number += 1

    def _by_token(self, unit: str) -> Iterator[tuple[Answer, list[msgspec.Raw]]]:
        """All of history; tokens do not shift as numbered pages do."""
        path = f"/v1/business-units/{unit}/all-reviews"
        track = Track(Endpoint(self._client, path, "reviews"))
        position: dict[str, Any] = {}
        while True:
            answer = self._client.get(
                path, {"perPage": self._settings.page_size, **position}
            )
            page = self._decoded(path, answer.body, _TokenPage)
            yield answer, page.reviews
            if page.next_page_token is None:
                return
            position = {"pageToken": track.advance(page.next_page_token)}

    def _find(self, domain: str) -> _Unit:
        answer = self._client.get(FIND, {"name": domain}, also=(HTTPStatus.NOT_FOUND,))
        if answer.status == HTTPStatus.NOT_FOUND:
            raise SourceError(
                SOURCE,
                f"there is no business unit called {domain}",
                self._client.base_url + FIND,
                "Correct SOURCES__TRUSTPILOT__BUSINESS_UNIT: the domains as in the "
                "addresses of the profiles, separated by commas.",
            )
        record = self._decoded(FIND, answer.body, msgspec.Raw)
        identifier = self._decoded(FIND, bytes(record), _Listed).id
        return _Unit(identifier, record, answer.at)

    def _decoded(self, path: str, body: bytes, kind: Any) -> Any:
        problem = ""
        for candidate in mended(body):
            try:
                return msgspec.json.decode(candidate, type=kind)
            except (msgspec.DecodeError, RecursionError) as error:
                problem = str(error)
        raise self._client.bad_answer(path, f"not the answer it should be: {problem}")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
