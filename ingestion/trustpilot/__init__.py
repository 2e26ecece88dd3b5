"""Trustpilot: business units and the reviews of them.

Data flow (each endpoint to the table of that name in the lake):

    /v1/business-units/find                    -> business_units   (one per domain)
    /v1/private/business-units/{id}/reviews    -> reviews   (parent_key: the unit)

Without an API secret the public lists stand in for the private one: then no review
carries an address or a reference. Alone: `python -m ingestion trustpilot`.
Tests: tests/ingestion/trustpilot/
"""

from ingestion.trustpilot.settings import TrustpilotSettings
from ingestion.trustpilot.streams import connect

__all__ = ["TrustpilotSettings", "connect"]
