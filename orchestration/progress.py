"""What a run reports while it goes: stages with rows, seconds and errors.

Holds the channel between the steps of a run and whoever watches in the same process.
Does not hold how it looks (`orchestration.cli.display`).
Tests: tests/orchestration/test_progress.py
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a stage stands."""

    RUNNING = "running"
    DONE = "done"
    WARNED = "warned"
    FAILED = "failed"


@dataclass(frozen=True)
class Update:
    """One report about a stage.

    Attributes:
        stage: Its name, for instance `extract zendesk`.
        state: Where it stands.
        rows: Rows that went through it so far.
        seconds: Time since it began.
        note: A few words for the reader.
        error: What stopped it.
    """

    stage: str
    state: State
    rows: int | None = None
    seconds: float = 0.0
    note: str = ""
    error: BaseException | None = None


_TOO_SHORT_TO_TELL = 30


def time_left(began: float, share: float | None) -> str:
    """How long the rest may take, in words; nothing where that cannot be told.

    Args:
        began: `time.monotonic()` at the start.
        share: What part of the work is done.
    """
    if not share or share >= 1:
        return ""
    seconds = (time.monotonic() - began) * (1 - share) / share
    if seconds < _TOO_SHORT_TO_TELL:
        return ""
    minutes = math.ceil(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f", about {f'{hours} h {minutes:02}' if hours else f'{minutes} min'} left"


Listener = Callable[[Update], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send every update of this process, from any thread, to `listener`."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class Stage:
    """A stage that runs; its step says how far it is."""

    def __init__(self, name: str) -> None:
        self._update = Update(name, State.RUNNING)
        self._began = time.monotonic()

    def say(self, *, rows: int | None = None, note: str | None = None) -> None:
        """Report rows and a note; what is not given stays as it was."""
        changes: dict[str, object] = {"rows": rows, "note": note}
        given = {name: value for name, value in changes.items() if value is not None}
        self._send(replace(self._update, **given))  # type: ignore[arg-type]

    def warn(self, note: str) -> None:
        """End the stage with a warning instead of `done`."""
        self._update = replace(self._update, state=State.WARNED, note=note)

    def end(self, error: BaseException | None = None) -> None:
        """Report the end of the stage."""
        state = self._update.state
        if error is not None:
            state = State.FAILED
        elif state is State.RUNNING:
            state = State.DONE
        self._send(replace(self._update, state=state, error=error))

    def _send(self, update: Update) -> None:
        if self._update.error is not None:
            return  # a thread that is still at work after the end
        self._update = replace(update, seconds=time.monotonic() - self._began)
        for listener in list(_listeners):
            listener(self._update)


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Report the begin and the end of a stage, and the error that stops it."""
    current = Stage(name)
    current.say()
    try:
        yield current
    except BaseException as error:
        current.end(error)
        raise
    current.end()
