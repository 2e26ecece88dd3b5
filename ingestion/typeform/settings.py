"""What the Typeform connector can be told.

Holds the settings and how they are read. Does not hold paths or fields.
Tests: tests/ingestion/test_configuration.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.http import HttpClient
from ingestion.pacing import Rate, pacer_of

SOURCE = "typeform"
_BASE_URL = "https://api.typeform.com"
_RATES = (Rate(2, 1),)


@dataclass(frozen=True)
class TypeformSettings:
    """One account.

    Attributes:
        authorization: Value of the Authorization header.
        base_url: The API's host; accounts in the EU have their own.
        page_size: Responses per page (1000 at most).
        response_types: Which responses to read, of started, partial and completed.
        rate_factor: How many times the documented requests this account may send;
            1 for most.
    """

    authorization: Secret
    base_url: str = _BASE_URL
    page_size: int = 1000
    response_types: str = "completed,partial"
    rate_factor: float = 1.0

    @classmethod
    def from_configuration(cls) -> TypeformSettings:
        """Read `SOURCES__TYPEFORM__*`.

        Raises:
            MissingCredentials: There is no token.
            SourceError: A setting cannot be used.
        """
        configuration = SourceConfiguration(SOURCE)
        token = configuration.secret("token")
        if token is None:
            raise configuration.missing("token")
        return cls(
            authorization=Secret(f"Bearer {token.reveal()}"),
            base_url=configuration.text("base_url") or _BASE_URL,
            page_size=configuration.number("page_size", 1000),
            response_types=configuration.text("response_types") or cls.response_types,
            rate_factor=configuration.factor("rate_factor"),
        )

    def client(self) -> HttpClient:
        """A client for this account."""
        return HttpClient(
            SOURCE,
            self.base_url,
            self.authorization,
            "SOURCES__TYPEFORM__TOKEN",
            pacer=pacer_of(self.base_url, _RATES, self.rate_factor),
        )
