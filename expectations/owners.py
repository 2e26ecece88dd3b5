"""Who is asked when a check fails.

Holds the team behind each source and each part of the warehouse. Names are those that
Dagster shows as owners. Does not hold any rule.
Tests: tests/expectations/test_owners.py
"""

from __future__ import annotations

# Whoever runs the warehouse answers for all that has no owner of its own.
DATA = "team:data"
SERVICE = "team:service"
FEEDBACK = "team:feedback"

# A source belongs to the team whose administrators can mend it at the vendor.
_SOURCES = {
    "zendesk": "team:support-operations",
    "zendesk_talk": "team:support-operations",
    "typeform": "team:customer-insight",
    "hubspot": "team:revenue-operations",
    "trustpilot": "team:customer-insight",
    "qualtrics": "team:customer-insight",
}


def owner_of(source: str) -> str:
    """Return the team behind a source."""
    return _SOURCES.get(source, DATA)
