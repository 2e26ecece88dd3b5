"""What the Zendesk connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/test_configuration.py
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.http import HttpClient
from ingestion.pacing import Rate, pacer_of

SOURCE = "zendesk"
# Of an Enterprise account; others may do less, and are told so by the vendor. Exports
# have a limit of their own on every plan.
_RATES = (Rate(700, 60), Rate(10, 60, "/incremental/"))
# Zendesk opened in 2007: nothing is older.
_BEGINNING = datetime(2007, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ZendeskSettings:
    """One account.

    Attributes:
        base_url: `https://<subdomain>.zendesk.com`, or what stands in for it.
        authorization: Value of the Authorization header.
        start: Where the first pull starts.
        export_page_size: Records per page of an incremental export (1000 at most).
        list_page_size: Records per page of a list (100 at most).
        rate_factor: How many times the documented requests this account may send;
            1 for most.
    """

    base_url: str
    authorization: Secret
    start: datetime = _BEGINNING
    export_page_size: int = 1000
    list_page_size: int = 100
    rate_factor: float = 1.0

    @classmethod
    def from_configuration(cls) -> ZendeskSettings:
        """Read `SOURCES__ZENDESK__*`.

        Raises:
            MissingCredentials: The account or its credentials are not configured.
            SourceError: A setting cannot be used.
        """
        configuration = SourceConfiguration(SOURCE)
        return cls(
            base_url=_base_url(configuration),
            authorization=_authorization(configuration),
            start=configuration.instant("start_date", _BEGINNING),
            export_page_size=configuration.number("export_page_size", 1000),
            list_page_size=configuration.number("list_page_size", 100),
            rate_factor=configuration.factor("rate_factor"),
        )

    def client(self, source: str = SOURCE) -> HttpClient:
        """A client for this account, whose errors speak of a source."""
        return HttpClient(
            source,
            self.base_url,
            self.authorization,
            "SOURCES__ZENDESK__EMAIL and SOURCES__ZENDESK__API_TOKEN "
            "(or SOURCES__ZENDESK__OAUTH_TOKEN)",
            pacer=pacer_of(self.base_url, _RATES, self.rate_factor),
        )


def _base_url(configuration: SourceConfiguration) -> str:
    base_url = configuration.text("base_url")
    if base_url:
        return base_url
    subdomain = configuration.text("subdomain")
    if subdomain:
        return f"https://{subdomain}.zendesk.com"
    raise configuration.missing(
        "subdomain", alternative=f" (or {configuration.variable('base_url')})"
    )


def _authorization(configuration: SourceConfiguration) -> Secret:
    oauth_token = configuration.secret("oauth_token")
    if oauth_token:
        return Secret(f"Bearer {oauth_token.reveal()}")
    email = configuration.secret("email")
    api_token = configuration.secret("api_token")
    if not (email and api_token):
        absent = [
            name
            for name, value in (("email", email), ("api_token", api_token))
            if value is None
        ]
        raise configuration.missing(
            *absent, alternative=f" (or {configuration.variable('oauth_token')})"
        )
    pair = f"{email.reveal()}/token:{api_token.reveal()}"
    return Secret("Basic " + base64.b64encode(pair.encode()).decode())
