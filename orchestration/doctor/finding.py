"""What one probe found.

Holds the record and the guard around probes: one that breaks is a finding, too. Does
not hold any probe. Tests: tests/orchestration/doctor/test_finding.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How serious it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What one probe found.

    Attributes:
        probe: What was looked at, in a word or two.
        state: Whether it is well, worth a look, or in the way of a run or a reader.
        seen: What was seen; never a secret.
        next_step: What to do; empty when all is well.
    """

    probe: str
    state: State
    seen: str
    next_step: str = ""


def ok(probe: str, seen: str) -> Finding:
    """Say that all is well."""
    return Finding(probe, State.OK, seen)


def warn(probe: str, seen: str, next_step: str) -> Finding:
    """Say that it is worth a look."""
    return Finding(probe, State.WARN, seen, next_step)


def fail(probe: str, seen: str, next_step: str) -> Finding:
    """Say that it is in the way."""
    return Finding(probe, State.FAIL, seen, next_step)


def guarded(probe: str, look: Callable[[], Finding]) -> Finding:
    """Look; a probe that breaks is a failure that names itself."""
    try:
        return look()
    except Exception as error:  # what else is wrong must be shown nevertheless
        first = (str(error).splitlines() or [""])[0]
        return fail(
            probe,
            f"could not be looked at: {type(error).__name__}: {first}",
            "Look at what the message names; if it means nothing to you, report it.",
        )


def listed(names: list[str], most: int = 3) -> str:
    """Name the first few, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def counted(count: int, noun: str) -> str:
    """Write a number of things; the noun takes an s in the plural."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
