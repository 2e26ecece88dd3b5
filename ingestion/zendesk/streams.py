"""How each stream of Zendesk Support is read.

Holds paths, parameters and the fields that matter to the envelope. Does not hold the
paging styles (ingestion/paging.py) or what a ticket means (the models know that).
Tests: tests/ingestion/zendesk/test_zendesk_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.paging import (
    LATE_ROWS,
    Endpoint,
    State,
    Watermark,
    export_by_cursor,
    export_by_time,
    list_by_cursor,
    up_to,
)
from ingestion.registry import SOURCES
from ingestion.stream import Reader, Stream, Window, WindowReader
from ingestion.zendesk import survey_responses
from ingestion.zendesk.account import ACCOUNT_RULES, Account
from ingestion.zendesk.settings import SOURCE, ZendeskSettings

EXPORTS = (
    "tickets",
    "users",
    "organizations",
    "ticket_events",
    "ticket_metric_events",
)
# They leave out what changed in the last minute.
WITHHELD = timedelta(seconds=60)
LATE_RATINGS = timedelta(days=1)

RULES = {
    # generated_timestamp moves on every change, updated_at only with a ticket event.
    "tickets": RecordRules(
        version=("generated_timestamp", "updated_at"),
        flags=("status",),
        is_deleted=lambda fields: fields.status == "deleted",
    ),
    "users": RecordRules(
        version=("generated_timestamp", "updated_at"),
        flags=("active",),
        is_deleted=lambda fields: fields.active is False,
    ),
    "organizations": RecordRules(
        flags=("deleted_at",), is_deleted=lambda fields: fields.deleted_at is not None
    ),
    "ticket_events": RecordRules(
        cursor=("created_at", "timestamp"), version=("created_at", "timestamp")
    ),
    "ticket_metric_events": RecordRules(cursor=("time",), version=("time",)),
    "satisfaction_ratings": RecordRules(),
    "survey_responses": RecordRules(cursor=()),
    **ACCOUNT_RULES,
}


def connect() -> tuple[Stream, ...]:
    """The streams of the configured account.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = ZendeskSettings.from_configuration()
    return streams(settings, settings.client())


def streams(settings: ZendeskSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one account, in the order in which they are pulled."""
    readers: dict[str, tuple[Reader, WindowReader | None]] = {
        "tickets": _by_cursor(
            settings,
            Endpoint(
                client,
                "/api/v2/incremental/tickets/cursor",
                "tickets",
                {
                    "include": "metric_sets,users,groups,organizations",
                    # The default leaves out what AI agents handle.
                    "support_type_scope": "all",
                },
            ),
        ),
        "users": _by_cursor(
            settings,
            Endpoint(client, "/api/v2/incremental/users/cursor", "users"),
        ),
        "organizations": by_time(
            settings,
            Endpoint(client, "/api/v2/incremental/organizations", "organizations"),
        ),
        "ticket_events": by_time(
            settings,
            Endpoint(
                client,
                "/api/v2/incremental/ticket_events",
                "ticket_events",
                {"include": "comment_events", "support_type_scope": "all"},
            ),
        ),
        "ticket_metric_events": by_time(
            settings,
            Endpoint(
                client,
                "/api/v2/incremental/ticket_metric_events",
                "ticket_metric_events",
            ),
        ),
        "satisfaction_ratings": _ratings(
            settings,
            Endpoint(client, "/api/v2/satisfaction_ratings", "satisfaction_ratings"),
        ),
    }
    readers["survey_responses"] = survey_responses.readers(settings, client)
    account = Account(settings, client).readers()
    readers |= {name: (read, None) for name, read in account.items()}
    return tuple(
        Stream(
            spec,
            RULES[spec.name],
            readers[spec.name][0],
            WITHHELD if spec.name in EXPORTS else timedelta(0),
            readers[spec.name][1],
        )
        for spec in SOURCES[SOURCE].streams
    )


def _by_cursor(
    settings: ZendeskSettings, endpoint: Endpoint
) -> tuple[Reader, WindowReader]:
    size = settings.export_page_size

    def read(state: State) -> Iterator[Page]:
        return export_by_cursor(endpoint, state, start=settings.start, page_size=size)

    def read_window(window: Window) -> Iterator[Page]:
        pages = export_by_cursor(endpoint, {}, start=window.start, page_size=size)
        return up_to(pages, window.end)

    return read, read_window


def by_time(
    settings: ZendeskSettings, endpoint: Endpoint
) -> tuple[Reader, WindowReader]:
    """The readers of an incremental export by time: what has changed, and a window."""
    size = settings.export_page_size

    def read(state: State) -> Iterator[Page]:
        return export_by_time(
            endpoint, state, start=settings.start, overlap=LATE_ROWS, page_size=size
        )

    def read_window(window: Window) -> Iterator[Page]:
        pages = export_by_time(
            endpoint, {}, start=window.start, overlap=LATE_ROWS, page_size=size
        )
        return up_to(pages, window.end)

    return read, read_window


def _ratings(
    settings: ZendeskSettings, endpoint: Endpoint
) -> tuple[Reader, WindowReader]:
    size = settings.list_page_size

    def read(state: State) -> Iterator[Page]:
        watermark = Watermark(state, "updated_at")
        since = watermark.since(LATE_RATINGS) or settings.start
        parameters: dict[str, Any] = {"start_time": int(since.timestamp())}
        for page in list_by_cursor(endpoint, parameters, page_size=size):
            yield page
            watermark.rise(page)

    def read_window(window: Window) -> Iterator[Page]:
        parameters = {
            "start_time": int(window.start.timestamp()),
            "end_time": int(window.end.timestamp()),
        }
        return list_by_cursor(endpoint, parameters, page_size=size)

    return read, read_window
