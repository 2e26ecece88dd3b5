"""What makes a whole file unusable.

Holds the one exception for it. Does not hold what makes a single row unusable: that is
a reason in the row itself.
Tests: tests/ingestion/files/test_taking.py
"""

from __future__ import annotations


class BadFile(Exception):
    """A file of which no row can be taken.

    Attributes:
        reason: A word for it, as in quarantine.
        detail: What exactly is wrong, for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"
