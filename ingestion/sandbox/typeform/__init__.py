"""Typeform as the sandbox plays it: forms, responses, paging and errors.

Holds the public names only. Tests: tests/ingestion/sandbox/test_typeform.py
"""

from ingestion.sandbox.typeform.routes import typeform_routes

__all__ = ["typeform_routes"]
