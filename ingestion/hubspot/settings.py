"""What the HubSpot connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/hubspot/test_hubspot_streams.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.errors import SourceError
from ingestion.http import HttpClient
from ingestion.pacing import Rate, pacer_of

SOURCE = "hubspot"
_BASE_URL = "https://api.hubapi.com"
# Of a private app; searches have a limit of their own.
_RATES = (Rate(190, 10), Rate(5, 1, "/search$"))
# What the CRM does without: each has a scope of its own.
OPTIONAL = ("feedback_submissions", "calls", "meetings", "emails", "notes")


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
        left_out: Kinds of objects that are not read, links from them included; for
            an app that lacks their scopes.
        rate_factor: How many times the documented requests this account may send;
            1 for most.
    """

    authorization: Secret
    base_url: str = _BASE_URL
    list_page_size: int = 100
    search_page_size: int = 200
    association_batch_size: int = 1000
    property_characters: int = 15_000
    left_out: frozenset[str] = frozenset()
    rate_factor: float = 1.0

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
            left_out=_left_out(configuration),
            rate_factor=configuration.factor("rate_factor"),
            **{name: configuration.number(name, getattr(cls, name)) for name in sizes},
        )

    def client(self) -> HttpClient:
        """A client for this account."""
        return HttpClient(
            SOURCE,
            self.base_url,
            self.authorization,
            "SOURCES__HUBSPOT__ACCESS_TOKEN and the scopes of its app (or name what it "
            "may not read in SOURCES__HUBSPOT__LEAVE_OUT)",
            pacer=pacer_of(self.base_url, _RATES, self.rate_factor),
        )


def _left_out(configuration: SourceConfiguration) -> frozenset[str]:
    text = configuration.text("leave_out") or ""
    names = frozenset(part.strip() for part in text.split(",") if part.strip())
    unknown = names - set(OPTIONAL)
    if unknown:
        raise SourceError(
            SOURCE,
            f"{', '.join(sorted(unknown))} cannot be left out",
            configuration.variable("leave_out"),
            f"Use some of: {', '.join(OPTIONAL)}.",
        )
    return names
