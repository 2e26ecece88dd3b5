"""Numbers that the CRM gives to rows of the world, and the way back.

Holds arithmetic only. Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from ingestion.sandbox.world.timeline import Array

CONTACTS, COMPANIES, DEALS, FEEDBACK, CALLS, MEETINGS, EMAILS, NOTES = KINDS = (
    "contacts",
    "companies",
    "deals",
    "feedback_submissions",
    "calls",
    "meetings",
    "emails",
    "notes",
)
PORTAL = 8_421_907
# First id and step; the ids of contacts and deals soon get a digit more, so that they
# sort differently as text.
_SERIES = {
    CONTACTS: (951, 50),
    COMPANIES: (9_876_543_201, 13),
    DEALS: (99_951, 7),
    FEEDBACK: (410_000_201, 11),
    CALLS: (30_100_000_007, 9),
    MEETINGS: (30_200_000_011, 9),
    EMAILS: (30_300_000_013, 7),
    NOTES: (30_400_000_017, 7),
}
_OWNERS, _OWNER_STEP = 70_001_001, 17
SINGULAR = {
    CONTACTS: "contact",
    COMPANIES: "company",
    DEALS: "deal",
    FEEDBACK: "feedback_submission",
    CALLS: "call",
    MEETINGS: "meeting",
    EMAILS: "email",
    NOTES: "note",
}
_TYPE_IDS = ("0-1", "0-2", "0-3", "0-19", "0-48", "0-47", "0-49", "0-46")
_ALIASES = {
    **{kind: kind for kind in KINDS},
    **{name: kind for kind, name in SINGULAR.items()},
    **dict(zip(_TYPE_IDS, KINDS, strict=True)),
}


def kind_of(name: str) -> str | None:
    """Give the kind of object that a path names, None for one that is not served."""
    return _ALIASES.get(name.lower())


def object_ids(kind: str, rows: Array) -> Array:
    """Give the ids of rows."""
    first, step = _SERIES[kind]
    return first + step * rows


def object_id(kind: str, row: int) -> int:
    """Give the id of a row."""
    first, step = _SERIES[kind]
    return first + step * row


def object_row(kind: str, identifier: int) -> int:
    """Give the row of an id, -1 for one that was never given out."""
    first, step = _SERIES[kind]
    row, rest = divmod(identifier - first, step)
    return -1 if rest or row < 0 else row


def owner_id(row: int) -> int:
    """Give the id of an owner."""
    return _OWNERS + _OWNER_STEP * row


def fractions(kind: str, rows: Array) -> Array:
    """Give the milliseconds by which the vendor's instants lie before the world's."""
    scattered: Array = object_ids(kind, rows) * 617 % 1000
    return scattered
