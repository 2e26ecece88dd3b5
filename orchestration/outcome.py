"""How a run ended, without a word of Dagster.

Holds the record that the Dagster side fills and the CLI shows.
Tests: tests/orchestration/cli/test_summary.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FailedCheck:
    """A check that did not pass.

    Attributes:
        name: Table and check.
        severity: `error` or `warning`.
        told: What it found, in a few words.
    """

    name: str
    severity: str
    told: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        is_success: Whether every step succeeded.
        release_id: What was published, if anything.
        failed_sources: Sources whose pull failed.
        checks: Checks that did not pass.
        quarantined: Rejected records by table.
        error: The first failure that no step reported by itself.
    """

    is_success: bool
    release_id: str | None = None
    failed_sources: tuple[str, ...] = ()
    checks: tuple[FailedCheck, ...] = ()
    quarantined: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True)
class Pulling:
    """What a run brings before it builds.

    Attributes:
        sources: Those to pull; empty for all that are used.
        days: First and last day to read again of them, instead of what is new.
        is_pulling: Whether anything is pulled at all.
    """

    sources: tuple[str, ...] = ()
    days: tuple[str, str] | None = None
    is_pulling: bool = True
