"""How each stream of Typeform is read.

Holds paths, paging and the fields that matter to the envelope. Does not hold what a
question or an answer means (the models know that).
Tests: tests/ingestion/typeform/test_typeform_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.paging import LATE_ROWS, Endpoint, State, Track, Watermark
from ingestion.raw_json import mended
from ingestion.registry import SOURCES
from ingestion.stream import Stream, Window
from ingestion.typeform.settings import SOURCE, TypeformSettings

_FORMS_PER_PAGE = 200

FORM_RULES = RecordRules(cursor=("last_updated_at",), version=("last_updated_at",))
# A partial response was never submitted: then the landing dates it.
RESPONSE_RULES = RecordRules(
    key=("response_id", "token"),
    cursor=("submitted_at", "landed_at"),
    version=("submitted_at", "landed_at"),
)


class _Listed(msgspec.Struct):
    id: str


class _Sent(msgspec.Struct):
    token: str


def connect() -> tuple[Stream, ...]:
    """The streams of the configured account.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = TypeformSettings.from_configuration()
    return streams(settings, settings.client())


def streams(settings: TypeformSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one account, in the order in which they are pulled."""
    account = _Account(settings, client)
    spec = SOURCES[SOURCE].stream
    return (
        Stream(spec("forms"), FORM_RULES, account.forms),
        Stream(
            spec("responses"),
            RESPONSE_RULES,
            account.responses,
            read_window=account.responses_within,
        ),
    )


class _Account:
    """The forms of one account and their responses."""

    def __init__(self, settings: TypeformSettings, client: HttpClient) -> None:
        self._settings = settings
        self._client = client

    def forms(self, _: State) -> Iterator[Page]:
        """Each form, whole. One that goes away while we read is left out."""
        listing = self._listing()
        yield Page([], listing.at, is_short=listing.is_short)
        for form in listing.ids:
            path = f"/forms/{form}"
            answer = self._client.get(path, also=(HTTPStatus.NOT_FOUND,))
            if answer.status == HTTPStatus.OK:
                yield Page([self._form(path, answer.body)], answer.at)

    def responses(self, state: State) -> Iterator[Page]:
        """New responses of each form; every form has its own watermark.

        A form that this account sees for the first time is thus read from its start.
        """
        listing = self._listing()
        yield Page([], listing.at, is_short=listing.is_short)
        watermarks = state.setdefault("submitted_at", {})
        for form in listing.ids:
            watermark = Watermark(watermarks, form)
            parameters = self._parameters(watermark.since(LATE_ROWS))
            for page in self._responses_of(form, parameters):
                yield page
                watermark.rise(page)

    def responses_within(self, window: Window) -> Iterator[Page]:
        """Responses of a stretch of time; no watermark is read or moved."""
        listing = self._listing()
        yield Page([], listing.at, is_short=listing.is_short)
        for form in listing.ids:
            yield from self._responses_of(
                form, self._parameters(window.start, window.end)
            )

    def _responses_of(self, form: str, parameters: dict[str, Any]) -> Iterator[Page]:
        """Newest first: what comes in meanwhile shifts no page and comes next time."""
        endpoint = Endpoint(self._client, f"/forms/{form}/responses", "items")
        track = Track(endpoint)
        position: dict[str, str] = {}
        due: int | None = None
        while True:
            answer = self._client.get(
                endpoint.path, {**parameters, **position}, also=(HTTPStatus.NOT_FOUND,)
            )
            if answer.status == HTTPStatus.NOT_FOUND:
                return
            body = endpoint.body(answer)
            yield Page(body.items, answer.at, parent_key=form)
            due = (body.total_items if due is None else due) - len(body.items)
            if body.page_count <= 1:
                return
            if not body.items:
                if due > 0:
                    raise endpoint.empty_page()
                return
            position = {"before": track.advance(_token(endpoint, body.items[-1]))}

    def _parameters(
        self, since: datetime | None, until: datetime | None = None
    ) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "page_size": self._settings.page_size,
            "response_type": self._settings.response_types,
        }
        for name, instant in (("since", since), ("until", until)):
            if instant is not None:
                in_utc = instant.astimezone(UTC)
                parameters[name] = in_utc.strftime("%Y-%m-%dT%H:%M:%S")
        return parameters

    def _listing(self) -> _Listing:
        endpoint = Endpoint(self._client, "/forms", "items")
        ids: dict[str, None] = {}
        number, at = 1, None
        while True:
            answer = self._client.get(
                endpoint.path, {"page": number, "page_size": _FORMS_PER_PAGE}
            )
            body = endpoint.body(answer)
            at = at or answer.at
            ids.update((_form_id(endpoint, item), None) for item in body.items)
            if number >= body.page_count:
                return _Listing(tuple(ids), at, len(ids) < body.total_items)
            if not body.items:
                raise endpoint.empty_page()
            number += 1

    def _form(self, path: str, body: bytes) -> msgspec.Raw:
        for candidate in mended(body):
            try:
                return msgspec.json.decode(candidate, type=msgspec.Raw)
            except (msgspec.DecodeError, RecursionError):
                continue
        raise self._client.bad_answer(path, "the form is no JSON")


class _Listing(msgspec.Struct):
    ids: tuple[str, ...]
    at: datetime
    is_short: bool


def _form_id(endpoint: Endpoint, item: msgspec.Raw) -> str:
    return _field(endpoint, item, _Listed).id


def _token(endpoint: Endpoint, item: msgspec.Raw) -> str:
    return _field(endpoint, item, _Sent).token


def _field(endpoint: Endpoint, item: msgspec.Raw, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(item, type=kind)
    except msgspec.DecodeError as error:
        problem = str(error)
    raise endpoint.client.bad_answer(
        endpoint.path, f"an item without its id: {problem}"
    )
