"""How the telephone of a Zendesk account is read: calls, their legs, the lines.

Holds paths and the fields that matter to the envelope. Account and credentials are
those of Zendesk Support: it is one account. Does not hold what a second on hold means
(the models know that). Tests: tests/ingestion/zendesk/test_zendesk_talk.py
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.paging import Endpoint, State, list_by_page
from ingestion.registry import SOURCES
from ingestion.stream import Stream
from ingestion.zendesk.settings import ZendeskSettings
from ingestion.zendesk.streams import by_time

SOURCE = "zendesk_talk"
_VOICE = "/api/v2/channels/voice"
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
    lines = Endpoint(client, f"{_VOICE}/phone_numbers", "phone_numbers")

    def read_lines(_: State) -> Iterator[Page]:
        return list_by_page(lines, page_size=settings.list_page_size)

    changing = []
    for name in ("calls", "legs"):
        path = f"{_VOICE}/stats/incremental/{name}"
        endpoint = Endpoint(client, path, name, size_name="limit")
        read, read_window = by_time(settings, endpoint)
        changing.append(
            Stream(spec(name), RecordRules(), read, read_window=read_window)
        )
    return (*changing, Stream(spec("phone_numbers"), _LINE_RULES, read_lines))
