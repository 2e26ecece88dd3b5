"""What an audit found, kept under the hash of the manifest it is about.

Holds the record, its file and the question "did exactly these files pass?". Does not
run an audit. Tests: tests/orchestration/publication/test_audit_record.py
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from expectations.results import CheckResult
from orchestration.publication.durable import write_json
from orchestration.publication.errors import GateRefused
from orchestration.publication.layout import audit_path
from orchestration.publication.manifest import BUILD_AGAIN
from orchestration.settings import Settings


@dataclass(frozen=True)
class AuditOutcome:
    """What the audit of a candidate found.

    Attributes:
        release_id: The candidate.
        passed: Whether it may be published.
        manifest_sha256: The manifest that the audit wrote; None when it died before.
        previous: The release that it was compared with.
        failure: Why the audit itself failed; None when all checks were run.
        checks: Outcome of each check.
    """

    release_id: str
    passed: bool
    manifest_sha256: str | None
    previous: str | None
    failure: str | None
    checks: tuple[CheckResult, ...]

    @property
    def errors(self) -> tuple[CheckResult, ...]:
        """Return the checks that keep the candidate from being published."""
        return tuple(check for check in self.checks if check.is_blocking)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Return the checks that failed without stopping the release."""
        return tuple(
            check
            for check in self.checks
            if not check.success and check.severity == "warning"
        )

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON types."""
        checks = [check.to_json() for check in self.checks]
        return vars(self) | {"checks": checks}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AuditOutcome:
        """Read what `to_json` wrote.

        Raises:
            TypeError: A field is missing or unknown.
            KeyError: There are no checks.
        """
        checks = tuple(CheckResult.from_json(check) for check in data["checks"])
        return cls(**(data | {"checks": checks}))


def write_outcome(settings: Settings, outcome: AuditOutcome) -> None:
    """Keep an outcome in the state folder."""
    write_json(audit_path(settings, outcome.release_id), outcome.to_json())


def read_outcome(settings: Settings, release_id: str) -> AuditOutcome | None:
    """Return the last audit of a release; None if there is no readable one."""
    try:
        text = audit_path(settings, release_id).read_text(encoding="utf-8")
        return AuditOutcome.from_json(json.loads(text))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def require_passed(
    settings: Settings, release_id: str, manifest_sha256: str
) -> AuditOutcome:
    """Return the audit that passed exactly these files.

    Raises:
        GateRefused: There is none; the message says why and names the checks.
    """
    outcome = read_outcome(settings, release_id)
    if outcome is None:
        raise GateRefused(release_id, "it has not been audited.", BUILD_AGAIN)
    # Not by the verdict alone: the results that it was drawn from must bear it out.
    if not outcome.passed or outcome.errors or not outcome.checks:
        reason = outcome.failure or _told(len(outcome.errors))
        raise GateRefused(
            release_id,
            reason,
            "The last release stays. Look at the rows with these keys in the work"
            f" file, mend the source or the model, then run `cx run` again. All"
            f" results: {audit_path(settings, release_id)}",
            outcome.errors,
        )
    if outcome.manifest_sha256 != manifest_sha256:
        raise GateRefused(
            release_id,
            "its audit is of other files: it was rebuilt or changed afterwards.",
            BUILD_AGAIN,
        )
    return outcome


def _told(count: int) -> str:
    if not count:
        return "no check was run."
    return f"{count} check{'s' * (count > 1)} with severity error failed."
