"""HubSpot CRM as the sandbox plays it: records, search, associations and routes.

Holds the public names only. Tests: tests/ingestion/sandbox/test_hubspot_*.py
"""

from ingestion.sandbox.hubspot.routes import hubspot_routes

__all__ = ["hubspot_routes"]
