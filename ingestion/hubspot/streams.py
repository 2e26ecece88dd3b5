"""How each stream of HubSpot is read.

Holds paths, parameters and the fields that matter to the envelope. Does not hold how
objects and links are paged through (`objects.py`, `associations.py`).
Tests: tests/ingestion/hubspot/test_hubspot_streams.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ingestion.batches import Page, RecordRules
from ingestion.http import HttpClient
from ingestion.hubspot.api import Crm
from ingestion.hubspot.associations import Associations
from ingestion.hubspot.objects import SEARCH_LAG, Objects
from ingestion.hubspot.settings import OPTIONAL, SOURCE, HubspotSettings
from ingestion.paging import State
from ingestion.registry import SOURCES
from ingestion.stream import Reader, Stream

# Being archived is the last change of an object, and is dated on its own.
OBJECT_RULES = RecordRules(
    cursor=("archivedAt", "updatedAt"),
    version=("archivedAt", "updatedAt"),
    flags=("archived",),
    is_deleted=lambda fields: fields.archived is True,
)
SETTING_RULES = RecordRules(
    cursor=("updatedAt",),
    version=("updatedAt",),
    flags=("archived",),
    is_deleted=lambda fields: fields.archived is True,
)
LINK_RULES = RecordRules(key=("from.id",), cursor=(), version=())
_OBJECTS = ("contacts", "companies", "deals", *OPTIONAL)
_LINKS = {
    "contact_companies": ("contacts", "companies"),
    "deal_contacts": ("deals", "contacts"),
    "deal_companies": ("deals", "companies"),
    "feedback_submission_contacts": ("feedback_submissions", "contacts"),
    "call_contacts": ("calls", "contacts"),
    "meeting_contacts": ("meetings", "contacts"),
    "email_contacts": ("emails", "contacts"),
    "note_contacts": ("notes", "contacts"),
}


def connect() -> tuple[Stream, ...]:
    """The streams of the configured account.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    settings = HubspotSettings.from_configuration()
    return streams(settings, settings.client())


def streams(settings: HubspotSettings, client: HttpClient) -> tuple[Stream, ...]:
    """The streams of one account, in the order in which they are pulled."""
    crm, spec = Crm(client), SOURCES[SOURCE].stream
    read_kinds = [kind for kind in _OBJECTS if kind not in settings.left_out]
    kinds = {kind: Objects(crm, settings, kind) for kind in read_kinds}
    lists = {"owners": _owners(crm, settings), "pipelines": _pipelines(crm)}
    associations = {
        name: Associations(
            crm, kinds[start], f"{start}/{end}", settings.association_batch_size
        )
        for name, (start, end) in _LINKS.items()
        if start in kinds
    }
    return (
        *(
            Stream(
                spec(kind), OBJECT_RULES, objects.read, SEARCH_LAG, objects.read_window
            )
            for kind, objects in kinds.items()
        ),
        *(
            Stream(spec(name), SETTING_RULES, read, timedelta(0))
            for name, read in lists.items()
        ),
        *(
            Stream(spec(name), LINK_RULES, links.read, SEARCH_LAG, links.read_window)
            for name, links in associations.items()
        ),
    )


def _owners(crm: Crm, settings: HubspotSettings) -> Reader:
    def read(_: State) -> Iterator[Page]:
        for archived in ("false", "true"):
            parameters = {"limit": settings.list_page_size, "archived": archived}
            for answer, body in crm.pages("/crm/v3/owners", parameters):
                yield Page(body.results, answer.at)

    return read


def _pipelines(crm: Crm) -> Reader:
    def read(_: State) -> Iterator[Page]:
        for answer, body in crm.pages("/crm/v3/pipelines/deals", {}):
            yield Page(body.results, answer.at)

    return read
