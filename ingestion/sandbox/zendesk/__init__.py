"""Zendesk Support as the sandbox plays it: records, paging, errors and routes.

Holds the public names only. Tests: tests/ingestion/sandbox/test_zendesk_*.py
"""

from ingestion.sandbox.zendesk.routes import zendesk_routes

__all__ = ["zendesk_routes"]
