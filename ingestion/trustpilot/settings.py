"""What the Trustpilot connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/trustpilot/test_trustpilot_streams.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.errors import SourceError
from ingestion.http import HttpClient
from ingestion.pacing import Rate, pacer_of
from ingestion.trustpilot.access import ApplicationAuth

SOURCE = "trustpilot"
MAX_PAGE_SIZE = 100
_BASE_URL = "https://api.trustpilot.com"
_RATES = (Rate(833, 300), Rate(10_000, 3600))


@dataclass(frozen=True)
class TrustpilotSettings:
    """One application and the companies whose reviews it reads.

    Attributes:
        business_units: Domains of the companies.
        api_key: Key of the application.
        api_secret: Its secret; without one only public data is read.
        base_url: The API's host.
        page_size: Reviews per page (100 at most).
        rate_factor: How many times the documented requests this account may send;
            1 for most.
    """

    business_units: tuple[str, ...]
    api_key: Secret
    api_secret: Secret | None = None
    base_url: str = _BASE_URL
    page_size: int = MAX_PAGE_SIZE
    rate_factor: float = 1.0

    @classmethod
    def from_configuration(cls) -> TrustpilotSettings:
        """Read `SOURCES__TRUSTPILOT__*`.

        Raises:
            MissingCredentials: There is no key, or no business unit.
            SourceError: A setting cannot be used.
        """
        configuration = SourceConfiguration(SOURCE)
        units = (configuration.text("business_unit") or "").split(",")
        domains = tuple(dict.fromkeys(unit.strip() for unit in units if unit.strip()))
        api_key = configuration.secret("api_key")
        absent = [
            name
            for name, value in (("business_unit", domains), ("api_key", api_key))
            if not value
        ]
        if api_key is None or absent:
            raise configuration.missing(*absent)
        return cls(
            business_units=domains,
            api_key=api_key,
            api_secret=configuration.secret("api_secret"),
            base_url=configuration.text("base_url") or _BASE_URL,
            page_size=_page_size(configuration),
            rate_factor=configuration.factor("rate_factor"),
        )

    @property
    def is_private(self) -> bool:
        """Whether the company's own, fuller view of its reviews is read."""
        return self.api_secret is not None

    def client(self) -> HttpClient:
        """A client for this application."""
        names = "SOURCES__TRUSTPILOT__API_KEY"
        if self.is_private:
            names += " and SOURCES__TRUSTPILOT__API_SECRET"
        auth = ApplicationAuth(SOURCE, self.base_url, self.api_key, self.api_secret)
        pacer = pacer_of(self.base_url, _RATES, self.rate_factor)
        return HttpClient(SOURCE, self.base_url, auth, names, pacer=pacer)


def _page_size(configuration: SourceConfiguration) -> int:
    size = configuration.number("page_size", MAX_PAGE_SIZE)
    if size > MAX_PAGE_SIZE:
        raise SourceError(
            SOURCE,
            f"page_size must be {MAX_PAGE_SIZE} at most",
            configuration.variable("page_size"),
            "Correct it, or remove it to use the default.",
        )
    return size
