"""The review site: the company's profile and the reviews of it, public and private.

Holds the public names only. Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from ingestion.sandbox.trustpilot.routes import trustpilot_routes

__all__ = ["trustpilot_routes"]
