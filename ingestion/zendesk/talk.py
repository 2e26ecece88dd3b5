"""How the telephone of a Zendesk account is read: calls, their legs, the lines.

Holds paths and the fields that matter to the envelope. Account and credentials are
those of Zendesk Support: it is one account. Does not hold what a second on hold means
(the models know that). Tests: tests/ingestion/zendesk/test_zendesk_talk.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.paging import Endpoint, State, export_by_time, list_by_page, up_to
from ingestion.registry import SOURCES
from ingestion.stream import Reader, Stream, Window, WindowReader
from ingestion.zendesk.settings import ZendeskSettings

SOURCE = "zendesk_talk"
_VOICE = "/api/v2/channels/voice"
_PAGE_SIZE = 1000
# A call is filed when its parties have hung up, and changes until it is wrapped up.
_LATE_ROWS = timedelta(minutes=5)
# A line says when it was opened and nothing of changes.
_LINE_RULES = RecordRules(cursor=("created_at",), version=("created_at",))


def connect() -> tuple[Stream, ...]:
    """The streams of the configured account.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = ZendeskSettings.from_configuration()
    return streams(settings, settings.client(SOURCE))


def streams(settings: ZendeskSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one account, in the order in which they are pulled."""
    spec = SOURCES[SOURCE].stream
    telephone = _Telephone(settings, client)
    return (
        *(
            Stream(
                spec(name),
                RecordRules(),
                telephone.reader(name),
                read_window=telephone.window_reader(name),
            )
            for name in ("calls", "legs")
        ),
        Stream(spec("phone_numbers"), _LINE_RULES, telephone.lines),
    )


class _Telephone:
    """The telephone of one account."""

    def __init__(self, settings: ZendeskSettings, client: HttpClient) -> None:
        self._start = settings.start
        self._client = client
        self._list_size = settings.list_page_size

    def reader(self, name: str) -> Reader:
        """The reader of what has changed."""

        def read(state: State) -> Iterator[Page]:
            return self._changed(name, state, self._start)

        return read

    def window_reader(self, name: str) -> WindowReader:
        """The reader of a stretch of time."""

        def read(window: Window) -> Iterator[Page]:
            return up_to(self._changed(name, {}, window.start), window.end)

        return read

    def lines(self, _: State) -> Iterator[Page]:
        """The company's numbers."""
        endpoint = Endpoint(self._client, f"{_VOICE}/phone_numbers", "phone_numbers")
        return list_by_page(endpoint, page_size=self._list_size)

    def _changed(self, name: str, state: State, start: datetime) -> Iterator[Page]:
        return export_by_time(
            Endpoint(
                self._client,
                f"{_VOICE}/stats/incremental/{name}",
                name,
                size_name="limit",
            ),
            state,
            start=start,
            overlap=_LATE_ROWS,
            page_size=_PAGE_SIZE,
        )
