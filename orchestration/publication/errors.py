"""What can go wrong with a release, each in one screen: what, where, what to do.

Holds the exceptions of the package. Does not hold exit codes: the CLI maps them.
Tests: the module that raises each.
"""

from __future__ import annotations

from collections.abc import Sequence

from expectations.results import CheckResult

SHOWN_CHECKS = 12


class PublicationError(Exception):
    """A release could not be built, audited, published, found or read."""

    def __init__(self, what: str, what_to_do: str) -> None:
        self.what = what
        self.what_to_do = what_to_do
        super().__init__(f"{what}\n{what_to_do}")


class PublicationBusy(PublicationError):
    """Another process publishes or rolls back right now."""


class ReleaseUnknown(PublicationError):
    """There is no release or candidate of that name."""


class ReleaseDamaged(PublicationError):
    """Files are missing, changed or foreign; the message names them."""


class NoRelease(PublicationError):
    """Nothing has been published yet."""


class QueryFailed(PublicationError):
    """The SQL of a reader could not be run."""


class GateRefused(PublicationError):
    """The candidate may not be published; the last release stays.

    Attributes:
        release_id: The candidate.
        checks: The checks with severity error that failed; empty when the
            audit itself is missing, dead or of other files.
    """

    def __init__(
        self,
        release_id: str,
        reason: str,
        what_to_do: str,
        checks: Sequence[CheckResult] = (),
    ) -> None:
        self.release_id = release_id
        self.checks = tuple(checks)
        lines = [f"Release {release_id} was refused at the gate: {reason}"]
        lines += [check.sentence() for check in self.checks[:SHOWN_CHECKS]]
        if len(self.checks) > SHOWN_CHECKS:
            lines.append(f"... and {len(self.checks) - SHOWN_CHECKS} more")
        super().__init__("\n".join(lines), what_to_do)
