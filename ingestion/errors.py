"""What can go wrong with a source, said so that it fits on one screen.

Holds the exceptions that `ingestion` raises on purpose. Does not hold any secret:
a message names the variable that carries a credential, never its value.
Tests: tests/ingestion/test_errors.py
"""

from __future__ import annotations

import textwrap

_MAX_PART = 400


class SourceError(Exception):
    """A source could not be pulled: what happened, where, and what to do about it."""

    def __init__(self, source: str, what: str, where: str, what_to_do: str) -> None:
        # All four go to `args`: the exception survives pickling between processes.
        super().__init__(source, what, where, what_to_do)
        self.source = source
        self.what = what
        self.where = where
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        what, where, what_to_do = (
            textwrap.shorten(part, _MAX_PART, placeholder=" ...")
            for part in (self.what, self.where, self.what_to_do)
        )
        return (
            f"{self.source}: {what}\n  where:      {where}\n  what to do: {what_to_do}"
        )


class UnknownSource(SourceError):
    """No source goes by this name."""


class MissingCredentials(SourceError):
    """A setting that the source needs is neither in the environment nor in a file."""


class AuthFailed(SourceError):
    """The vendor refused the credentials (401) or their rights (403)."""


class VendorUnavailable(SourceError):
    """The vendor could not be reached, or answered with server errors to the end."""


class RateLimited(SourceError):
    """The vendor still said 429 after all waits."""


class BadAnswer(SourceError):
    """The vendor answered with something that its API does not promise."""


class NothingToBackfill(SourceError):
    """No stream of the source can be read by date."""


class StorageUnusable(SourceError):
    """A folder of ours has no room left, or may not be written to."""
