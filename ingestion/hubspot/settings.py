"""What the HubSpot connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/hubspot/test_hubspot_streams.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.http import HttpClient

SOURCE = "hubspot"
_BASE_URL = "https://api.hubapi.com"


@dataclass(frozen=True)
class HubspotSettings:
    """One account.

    Attributes:
        authorization: Value of the Authorization header.
        base_url: The API's host.
        list_page_size: Objects per page of a list, and per batch (100 at most).
        search_page_size: Objects per page of a search (200 at most).
        association_batch_size: Objects per question for associations (1000 at most).
        property_characters: Length that the names of properties may take in one URL;
            longer lists are asked for in parts.
    """

    authorization: Secret
    base_url: str = _BASE_URL
    list_page_size: int = 100
    search_page_size: int = 200
    association_batch_size: int = 1000
    property_characters: int = 15_000

    @classmethod
    def from_configuration(cls) -> HubspotSettings:
        """Read `SOURCES__HUBSPOT__*`.

        Raises:
            MissingCredentials: There is no token.
            SourceError: A setting cannot be used.
        """
        configuration = SourceConfiguration(SOURCE)
        token = configuration.secret("access_token")
        if token is None:
            raise configuration.missing("access_token")
        sizes = (
            "list_page_size",
            "search_page_size",
            "association_batch_size",
            "property_characters",
        )
        return cls(
            authorization=Secret(f"Bearer {token.reveal()}"),
            base_url=configuration.text("base_url") or _BASE_URL,
            **{name: configuration.number(name, getattr(cls, name)) for name in sizes},
        )

    def client(self) -> HttpClient:
        """A client for this account."""
        return HttpClient(
            SOURCE,
            self.base_url,
            self.authorization,
            "SOURCES__HUBSPOT__ACCESS_TOKEN and the scopes of its app",
        )
