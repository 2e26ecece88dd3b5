"""How each stream of Qualtrics is read.

Holds what is asked for, what is remembered, and the fields that matter to the envelope.
Does not hold the life of an export (`exports.py`) or what an answer means.
Tests: tests/ingestion/qualtrics/test_qualtrics_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import msgspec

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.instants import to_microseconds
from ingestion.paging import State, Watermark
from ingestion.qualtrics.api import (
    ROOT,
    Enveloped,
    Listed,
    decoded,
    listed,
)
from ingestion.qualtrics.exports import Export, TokenRefused, export, records
from ingestion.qualtrics.settings import SOURCE, QualtricsSettings
from ingestion.registry import SOURCES
from ingestion.stream import Stream, Window

# Read again where the vendor does not take our token any more.
OVERLAP = timedelta(days=1)
# How long after the sending an invitation may still be opened or answered.
OPEN_INVITATIONS = timedelta(days=45)

SURVEY_RULES = RecordRules(
    cursor=("lastModifiedDate", "lastModified"),
    version=("lastModifiedDate", "lastModified"),
)
# Their dates stand one level down: the reader takes them out.
RESPONSE_RULES = RecordRules(key=("responseId", "values._recordId"), cursor=())
DISTRIBUTION_RULES = RecordRules(
    cursor=("modifiedDate", "sendDate"), version=("modifiedDate", "sendDate")
)
_STEPS = ("responseCompletedAt", "responseStartedAt", "openedAt", "sentAt")
HISTORY_RULES = RecordRules(
    key=("contactLookupId", "contactId"),
    cursor=_STEPS,
    version=_STEPS,
    is_within_parent=True,
)


class _Dates(msgspec.Struct, rename="camel"):
    # Anything goes: a changed type must not cost us the record.
    last_modified_date: Any = None
    recorded_date: Any = None


class _Dated(msgspec.Struct):
    values: _Dates


class _Sending(msgspec.Struct, rename="camel"):
    id: str
    send_date: Any = None


def connect() -> tuple[Stream, ...]:
    """The streams of the configured brand.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = QualtricsSettings.from_configuration()
    return streams(settings, settings.client())


def streams(settings: QualtricsSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one brand, in the order in which they are pulled."""
    brand = _Brand(settings, client)
    spec = SOURCES[SOURCE].stream
    return (
        Stream(spec("surveys"), SURVEY_RULES, brand.surveys),
        Stream(
            spec("responses"),
            RESPONSE_RULES,
            brand.responses,
            read_window=brand.responses_within,
        ),
        Stream(spec("distributions"), DISTRIBUTION_RULES, brand.distributions),
        Stream(
            spec("distribution_history"),
            HISTORY_RULES,
            brand.history,
            read_window=brand.history_within,
        ),
    )


class _Brand:
    """The surveys of one brand, their responses and their distributions."""

    def __init__(self, settings: QualtricsSettings, client: HttpClient) -> None:
        self._patience = timedelta(minutes=settings.export_minutes)
        self._client = client

    def surveys(self, _: State) -> Iterator[Page]:
        """Each survey, whole. One that goes away while we read is left out."""
        at, ids = self._survey_ids()
        yield Page([], at)
        for survey in ids:
            path = f"{ROOT}/surveys/{survey}"
            answer = self._client.get(path, also=(HTTPStatus.NOT_FOUND,))
            if answer.status == HTTPStatus.OK:
                definition = decoded(self._client, path, answer.body, Enveloped).result
                yield Page([definition], answer.at)

    def responses(self, state: State) -> Iterator[Page]:
        """New and edited responses of each survey; every survey has its own token."""
        at, ids = self._survey_ids()
        yield Page([], at)
        for survey in ids:
            known = state.setdefault("surveys", {}).setdefault(survey, {})
            watermark = Watermark(known, "modified_at")
            made = self._changes(survey, known.get("continuation_token"), watermark)
            if made is None:
                continue
            for page in self._pages(made, survey):
                yield page
                watermark.rise(page)
            known["continuation_token"] = made.token

    def responses_within(self, window: Window) -> Iterator[Page]:
        """Responses that changed within a window; no token is read or moved."""
        at, ids = self._survey_ids()
        yield Page([], at)
        bounds = {"startDate": _text(window.start), "endDate": _text(window.end)}
        for survey in ids:
            made = self._export(survey, bounds)
            if made is not None:
                yield from self._pages(made, survey)

    def distributions(self, _: State) -> Iterator[Page]:
        """Every distribution: their counts go on after their last change."""
        at, ids = self._survey_ids()
        yield Page([], at)
        for survey in ids:
            yield from self._distributions_of(survey)

    def history(self, state: State) -> Iterator[Page]:
        """Invitations of new distributions, and again those that may yet be answered.

        One that was sent earlier is settled. Every survey has its own watermark: one
        that this account sees for the first time is read from its start.
        """
        at, ids = self._survey_ids()
        yield Page([], at)
        watermarks = state.setdefault("sent_at", {})
        for survey in ids:
            since = Watermark(watermarks, survey).since(OPEN_INVITATIONS)
            newest = None
            for sent, pages in self._histories(survey, since, None):
                yield from pages
                if sent <= at:
                    newest = max(newest or sent, sent)
            if newest is not None:
                watermarks[survey] = newest.isoformat()

    def history_within(self, window: Window) -> Iterator[Page]:
        """Invitations sent within a window; no watermark is read or moved."""
        at, ids = self._survey_ids()
        yield Page([], at)
        for survey in ids:
            for _, pages in self._histories(survey, window.start, window.end):
                yield from pages

    def _histories(
        self, survey: str, since: datetime | None, until: datetime | None
    ) -> Iterator[tuple[datetime, Iterator[Page]]]:
        """When each distribution of a stretch of time was sent, and its invitations."""
        for page in self._distributions_of(survey):
            for raw in page.records:
                one: _Sending = decoded(
                    self._client, f"{ROOT}/distributions", bytes(raw), _Sending
                )
                sent = _moment(one.send_date)
                # One without a date is not sent yet.
                if sent is None or (since is not None and sent < since):
                    continue
                if until is None or sent < until:
                    yield sent, self._history_of(one.id)

    def _history_of(self, distribution: str) -> Iterator[Page]:
        path = f"{ROOT}/distributions/{distribution}/history"
        for answer, items in listed(self._client, path):
            yield Page(items, answer.at, parent_key=distribution)

    def _distributions_of(self, survey: str) -> Iterator[Page]:
        path, query = f"{ROOT}/distributions", {"surveyId": survey}
        for answer, items in listed(self._client, path, query):
            yield Page(items, answer.at, parent_key=survey)

    def _changes(
        self, survey: str, token: str | None, watermark: Watermark
    ) -> Export | None:
        """What changed since the token, or since the watermark where it is refused."""
        if token is not None:
            try:
                return self._export(survey, {"continuationToken": token})
            except TokenRefused:
                pass  # older than seven days: the dates lead on
        since = watermark.since(OVERLAP)
        bounds = {} if since is None else {"startDate": _text(since)}
        return self._export(survey, {"allowContinuation": True, **bounds})

    def _export(self, survey: str, wishes: dict[str, Any]) -> Export | None:
        always = {"format": "ndjson", "sortByLastModifiedDate": True}
        return export(self._client, survey, {**always, **wishes}, self._patience)

    def _pages(self, made: Export, survey: str) -> Iterator[Page]:
        for some in records(self._client, made):
            versions = [_version(raw) for raw in some]
            yield Page(some, made.at, parent_key=survey, versions=versions)

    def _survey_ids(self) -> tuple[datetime, tuple[str, ...]]:
        path = f"{ROOT}/surveys"
        at: datetime | None = None
        ids: dict[str, None] = {}
        for answer, items in listed(self._client, path):
            at = at or answer.at
            for item in items:
                ids[decoded(self._client, path, bytes(item), Listed).id] = None
        if at is None:
            raise self._client.bad_answer(path, "the list of surveys is not there")
        return at, tuple(ids)


def _version(raw: msgspec.Raw) -> int | None:
    """When a response last changed; None where it cannot be read."""
    try:
        dates = msgspec.json.decode(raw, type=_Dated).values
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    changed = to_microseconds(dates.last_modified_date)
    return to_microseconds(dates.recorded_date) if changed is None else changed


def _moment(value: object) -> datetime | None:
    microseconds = to_microseconds(value)
    if microseconds is None:
        return None
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
