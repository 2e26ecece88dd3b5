"""The one link that readers follow.

Holds reading, judging and flipping it. Does not decide where it should point.
Tests: tests/orchestration/publication/test_link.py
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.publication import ledger
from orchestration.publication.durable import file_lock, sync
from orchestration.publication.errors import PublicationBusy, PublicationError
from orchestration.publication.layout import (
    ledger_path,
    lock_path,
    release_dir,
    releases_on_disk,
)
from orchestration.settings import Settings


@dataclass(frozen=True)
class Standing:
    """Where the link points and whether that is what the ledger says.

    Attributes:
        release_id: The release that readers get; None when there is none.
        problem: What is wrong with the link, with what to do; None when nothing is.
    """

    release_id: str | None
    problem: str | None


@contextmanager
def publisher_lock(settings: Settings) -> Iterator[None]:
    """Keep every other publisher out.

    Raises:
        PublicationBusy: Another one has been in for too long.
    """
    with ExitStack() as held:
        try:
            held.enter_context(
                file_lock(lock_path(settings), settings.lock_wait_seconds)
            )
        except BlockingIOError:
            raise PublicationBusy(
                "Another process is publishing or rolling back right now.",
                "Wait a moment and try again; `cx releases` shows the outcome.",
            ) from None
        yield


def current_release(settings: Settings) -> str | None:
    """Return the release that readers get; None if the link points to none."""
    link = settings.published_link
    if not link.is_symlink():
        return None
    target = Path(os.path.normpath(link.parent / link.readlink()))
    is_release = target.name in releases_on_disk(settings)
    return target.name if is_release and target == _target(settings, target) else None


def require_flippable(settings: Settings) -> None:
    """Check that a link can be put in its place, before anything is moved.

    Raises:
        PublicationError: Something that is no link is there.
    """
    link = settings.published_link
    if link.exists() and not link.is_symlink():
        raise PublicationError(
            f"{link} is not a link, so it cannot be flipped.",
            "Move it away; the next publication makes the link anew.",
        )


def flip(settings: Settings, release_id: str) -> None:
    """Point the link to a release, at one stroke.

    Raises:
        PublicationError: Something that is no link is in its place.
    """
    require_flippable(settings)
    link = settings.published_link
    temporary = temporary_link(settings)
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(
        os.path.relpath(release_dir(settings, release_id), link.parent)
    )
    temporary.replace(link)
    sync(link.parent)


def temporary_link(settings: Settings) -> Path:
    """Return the name under which a new link is made before it takes the place."""
    return settings.published_link.with_name(".published.new")


def standing(settings: Settings) -> Standing:
    """Compare the link with the ledger, for `cx status`."""
    link = settings.published_link
    current = current_release(settings)
    moves = ledger.flips(ledger.read_ledger(ledger_path(settings)))
    last = moves[-1].release_id if moves else None
    if current is None:
        if not link.is_symlink() and not link.exists() and last is None:
            return Standing(None, None)
        where = f"to {link.readlink()}" if link.is_symlink() else "nowhere"
        problem = f"{link} points {where}, which is no release."
        return Standing(None, f"{problem} {_cure(last)}")
    if current not in {entry.release_id for entry in moves}:
        problem = f"{link} points to {current}, which the ledger does not know."
    elif current != last:
        problem = f"{link} points to {current}, but the ledger says {last}."
    else:
        return Standing(current, None)
    return Standing(current, f"{problem} {_cure(last)}")


def _cure(last: str | None) -> str:
    if last is None:
        return "Run `cx run` to publish a release."
    return f"Run `cx rollback {last}` to point it back."


def _target(settings: Settings, target: Path) -> Path:
    return Path(os.path.normpath(release_dir(settings, target.name)))
