"""How the set-up of a Zendesk account is read: hours, holidays, SLA policies, fields.

Holds the readers of small lists that are taken whole each time. Does not hold what
grows with tickets (`streams.py`) or what a target means (the models know that).
Tests: tests/ingestion/zendesk/test_zendesk_account.py
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import msgspec

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.instants import from_datetime
from ingestion.paging import Endpoint, State, list_by_cursor, list_by_page
from ingestion.stream import Reader
from ingestion.zendesk.settings import ZendeskSettings

_SCHEDULES = "/api/v2/business_hours/schedules"

ACCOUNT_RULES = {
    "groups": RecordRules(
        flags=("deleted",), is_deleted=lambda fields: fields.deleted is True
    ),
    "brands": RecordRules(
        flags=("is_deleted",), is_deleted=lambda fields: fields.is_deleted is True
    ),
    "ticket_fields": RecordRules(),
    "sla_policies": RecordRules(),
    "schedules": RecordRules(),
    # A holiday does not say when it was entered: the answer dates it.
    "holidays": RecordRules(cursor=(), version=()),
}


class _Schedule(msgspec.Struct):
    id: int


class Account:
    """The set-up of one account."""

    def __init__(self, settings: ZendeskSettings, client: HttpClient) -> None:
        self._page_size = settings.list_page_size
        self._client = client

    def readers(self) -> dict[str, Reader]:
        """The reader of each stream."""
        return {
            "groups": self._list("groups"),
            "brands": self._list("brands"),
            "ticket_fields": self._list("ticket_fields"),
            "sla_policies": self._policies,
            "schedules": self._schedules,
            "holidays": self._holidays,
        }

    def _list(self, name: str) -> Reader:
        endpoint = Endpoint(self._client, f"/api/v2/{name}", name)

        def read(_: State) -> Iterator[Page]:
            return list_by_cursor(endpoint, {}, page_size=self._page_size)

        return read

    def _policies(self, _: State) -> Iterator[Page]:
        endpoint = Endpoint(self._client, "/api/v2/slas/policies", "sla_policies")
        return list_by_page(endpoint, page_size=self._page_size)

    def _schedules(self, _: State) -> Iterator[Page]:
        """All schedules: this list has no pages."""
        answer, body = self._schedule_endpoint.page({})
        yield Page(body.items, answer.at)

    def _holidays(self, _: State) -> Iterator[Page]:
        """The holidays of each schedule. One that goes away meanwhile is left out."""
        answer, body = self._schedule_endpoint.page({})
        yield Page([], answer.at)
        for item in body.items:
            number = self._schedule_id(item)
            path = f"{_SCHEDULES}/{number}/holidays"
            answer = self._client.get(path, also=(HTTPStatus.NOT_FOUND,))
            if answer.status == HTTPStatus.NOT_FOUND:
                continue
            records = Endpoint(self._client, path, "holidays").body(answer).items
            stamps = [from_datetime(answer.at)] * len(records)
            yield Page(records, answer.at, parent_key=str(number), versions=stamps)

    @property
    def _schedule_endpoint(self) -> Endpoint:
        return Endpoint(self._client, _SCHEDULES, "schedules")

    def _schedule_id(self, item: msgspec.Raw) -> int:
        try:
            return msgspec.json.decode(item, type=_Schedule).id
        except msgspec.DecodeError as error:
            problem = str(error)
        raise self._client.bad_answer(_SCHEDULES, f"a schedule without id: {problem}")
