"""What the Qualtrics connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/qualtrics/test_qualtrics_streams.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.http import HeaderAuth, HttpClient
from ingestion.pacing import Rate, pacer_of

SOURCE = "qualtrics"
# Of a brand; exports are started, asked about and fetched at rates of their own.
_RATES = (
    Rate(3000, 60),
    Rate(100, 60, "/export-responses$"),
    Rate(1000, 60, "/export-responses/[^/]+$"),
    Rate(100, 60, "/export-responses/[^/]+/file$"),
)


@dataclass(frozen=True)
class QualtricsSettings:
    """One brand.

    Attributes:
        api_token: Token of a user who may export.
        base_url: The API's host, `https://{datacenter}.qualtrics.com`.
        export_minutes: How long one export of responses may take.
        rate_factor: How many times the documented requests this account may send;
            1 for most.
    """

    api_token: Secret
    base_url: str
    export_minutes: int = 60
    rate_factor: float = 1.0

    @classmethod
    def from_configuration(cls) -> QualtricsSettings:
        """Read `SOURCES__QUALTRICS__*`.

        Raises:
            MissingCredentials: There is no token, or neither data centre nor base URL.
            SourceError: A setting cannot be used.
        """
        configuration = SourceConfiguration(SOURCE)
        token = configuration.secret("api_token")
        base_url = configuration.text("base_url")
        datacenter = configuration.text("datacenter")
        if base_url is None and datacenter is not None:
            base_url = f"https://{datacenter}.qualtrics.com"
        if token is None or base_url is None:
            absent = [
                name
                for name, value in (("datacenter", base_url), ("api_token", token))
                if value is None
            ]
            raise configuration.missing(*absent)
        return cls(
            api_token=token,
            base_url=base_url,
            export_minutes=configuration.number("export_minutes", cls.export_minutes),
            rate_factor=configuration.factor("rate_factor"),
        )

    def client(self) -> HttpClient:
        """A client for this brand."""
        auth = HeaderAuth(self.api_token, "X-API-TOKEN")
        return HttpClient(
            SOURCE,
            self.base_url,
            auth,
            "SOURCES__QUALTRICS__API_TOKEN",
            pacer=pacer_of(self.base_url, _RATES, self.rate_factor),
        )
