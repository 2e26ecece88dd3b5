"""Who is who: the customer behind each source record.

Holds the step between the two builds of the warehouse. `resolve` is its only entry.
Tests: tests/orchestration/identity/
"""

from orchestration.identity.resolution import IdentityReport, resolve

__all__ = ["IdentityReport", "resolve"]
