"""Which numbers the helpdesk gives to its records.

Holds the arithmetic from rows of the world to ids. Does not hold records.
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any

# The account that record URLs name: a record is the same byte for byte wherever the
# sandbox listens, while links for paging follow the request.
ACCOUNT_URL = "https://cx-sandbox.zendesk.com/api/v2"

_USER, _USER_STEP = 21_000_000_001_001, 37
_ORGANIZATION, _ORGANIZATION_STEP = 22_000_000_000_411, 29
_GROUP, _GROUP_STEP = 22_700_000_000_107, 11
_RATING, _RATING_STEP = 23_000_000_000_019, 13
_AUDIT, _AUDIT_STEP = 30_000_000_000_016, 16
_METRIC = 24_000_000_000_000
_METRIC_EVENT = 31_000_000_000_001
_SCHEDULE, _HOLIDAY = 20_500_000_000_401, 20_500_000_001_001
_POLICY = 20_500_000_000_501
_CALL, _CALL_STEP = 25_000_000_000_017, 19
_LEG, _LINE = 26_000_000_000_003, 20_500_000_000_601

BRAND = 20_500_000_000_003
TICKET_FORM = 20_500_000_000_111
FIELD_SUBJECT = 20_500_000_000_191
FIELD_PRODUCT = 20_500_000_000_201
FIELD_ORDER = 20_500_000_000_202
SYSTEM = -1


def user_id(row: Any) -> Any:
    """Give the id of a row of users, or of a whole column."""
    return _USER + _USER_STEP * row


def organization_id(row: Any) -> Any:
    """Give the id of a row of organizations."""
    return _ORGANIZATION + _ORGANIZATION_STEP * row


def group_id(row: Any) -> Any:
    """Give the id of a row of groups."""
    return _GROUP + _GROUP_STEP * row


def rating_id(row: Any) -> Any:
    """Give the id of a row of ratings."""
    return _RATING + _RATING_STEP * row


def audit_id(rank: Any) -> Any:
    """Give the id of an audit; its child events have the 15 ids after it."""
    return _AUDIT + _AUDIT_STEP * rank


def ticket_id(row: Any) -> Any:
    """Give the id of a row of tickets."""
    return row + 1


def metric_id(row: Any) -> Any:
    """Give the id of the metric set of a row of tickets."""
    return _METRIC + 7 * row


def custom_status_id(status: int) -> int:
    """Give the id of the built-in custom status that stands for a status."""
    return 20_500_000_000_301 + status


def metric_event_id(row: Any) -> Any:
    """Give the id of a row of metric events."""
    return _METRIC_EVENT + 3 * row


def schedule_id(row: int) -> int:
    """Give the id of a schedule."""
    return _SCHEDULE + 2 * row


def holiday_id(schedule: int, year: int, place: int) -> int:
    """Give the id of a schedule's holiday in a year of the story."""
    return _HOLIDAY + 1000 * schedule + 20 * year + place


def policy_id(row: int) -> int:
    """Give the id of an SLA policy."""
    return _POLICY + 3 * row


def call_id(row: Any) -> Any:
    """Give the id of a row of calls."""
    return _CALL + _CALL_STEP * row


def leg_id(row: Any) -> Any:
    """Give the id of a row of legs."""
    return _LEG + 3 * row


def line_id(row: int) -> int:
    """Give the id of one of the company's telephone numbers."""
    return _LINE + row
