"""The company that the sandbox plays: a seeded simulation, held in columns.

Holds the public names only. Does not hold anything of a vendor's wire format: the
renderers of `ingestion.sandbox.zendesk` and `ingestion.sandbox.typeform` do.
Tests: tests/ingestion/sandbox/test_world.py
"""

from ingestion.sandbox.world.timeline import DEFAULT_NOW, NEVER, Span
from ingestion.sandbox.world.world import World

__all__ = ["DEFAULT_NOW", "NEVER", "Span", "World"]
