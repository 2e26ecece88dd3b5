"""Qualtrics as the sandbox plays it: surveys, exports of responses, distributions.

Holds the public names only. Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from ingestion.sandbox.qualtrics.routes import qualtrics_routes

__all__ = ["qualtrics_routes"]
