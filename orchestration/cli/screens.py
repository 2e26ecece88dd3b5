"""Errors as one screen: what, where, what to do; and their exit codes.

Holds the way from any exception to what a person reads. Does not hold the exceptions.
Tests: tests/orchestration/cli/test_screens.py
"""

from __future__ import annotations

import errno
import json
import sys
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.errors import SourceError, UnknownSource
from orchestration.errors import BuildRefused, RunError, WrongUsage
from orchestration.publication.errors import GateRefused, PublicationError
from orchestration.settings import SettingError, Settings

OK, ERROR, USAGE, STALE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
_RUN_AGAIN = (
    "Run again: what is half-written is repaired by the next run, and the published "
    "release is untouched."
)
_FULL = ("no space left on device", "disk full", "out of disk")


@dataclass(frozen=True)
class Screen:
    """What a person reads when something stopped a command."""

    what: str
    where: str
    what_to_do: str
    exit_code: int

    def text(self) -> str:
        """Return the screen for a terminal."""
        lines = [f"Error: {self.what}"]
        if self.where:
            lines.append(f"  where:      {self.where}")
        lines.append(f"  what to do: {self.what_to_do}")
        return "\n".join(lines)


def show(error: BaseException, *, as_json: bool, log: Path | None = None) -> int:
    """Print the screen of an error; return its exit code."""
    screen = screen_of(error, log)
    if as_json:
        sys.stdout.write(json.dumps({"error": asdict(screen)}, indent=1) + "\n")
    else:
        sys.stderr.write(screen.text() + "\n")
    return screen.exit_code


def screen_of(error: BaseException, log: Path | None = None) -> Screen:
    """Turn an error, or what caused it, into a screen."""
    for cause in _chain(error):
        known = _known(cause)
        if known is not None:
            return known
    return _unknown(error, log)


def is_interrupt(error: BaseException | None) -> bool:
    """Whether the run was interrupted, by whatever name."""
    return error is not None and not isinstance(error, Exception)


def _known(error: BaseException) -> Screen | None:
    if is_interrupt(error):
        return Screen("Interrupted.", "", _RUN_AGAIN, INTERRUPTED)
    if _is_full(error):
        return Screen(
            "The disk is full.",
            str(error).splitlines()[0],
            f"Free some space. {_RUN_AGAIN}",
            ERROR,
        )
    if isinstance(error, PublicationError):
        code = REFUSED if isinstance(error, GateRefused) else ERROR
        return Screen(error.what, "", error.what_to_do, code)
    if isinstance(error, SettingError):
        return Screen(str(error), "The environment", "Correct the variable.", ERROR)
    if isinstance(error, RunError | SourceError):
        return Screen(error.what, error.where, error.what_to_do, _code_of(error))
    return None


def _code_of(error: Exception) -> int:
    if isinstance(error, UnknownSource | WrongUsage):
        return USAGE
    return REFUSED if isinstance(error, BuildRefused) else ERROR


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    text = str(error).lower()
    return any(sign in text for sign in _FULL)


def _unknown(error: BaseException, log: Path | None) -> Screen:
    lines = [line for line in str(error).splitlines() if line.strip()]
    path = log if log is not None else _crash_log(error)
    return Screen(
        f"{type(error).__name__}: {' '.join(lines[:3])}",
        f"log {path}",
        "Look at the end of that log; if the cause is not in your hands, report it "
        "with the log.",
        ERROR,
    )


def _crash_log(error: BaseException) -> Path:
    path = Settings.from_environment().data_dir / "logs" / "cx.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return path


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
