"""Finding, in what dlt raised, the error that a person can act on.

Holds the search through a chain of exceptions. Does not hold the errors themselves.
Tests: tests/ingestion/test_failures.py
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.errors import SourceError, StorageUnusable

# What the system says, what that means, what to do.
_DISK_FULL = ("no space left on the disk", "Make room and run again.")
_NO_RIGHTS = ("this folder may not be written to", "Correct its rights and run again.")
_STORAGE = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EACCES: _NO_RIGHTS,
    errno.EPERM: _NO_RIGHTS,
    errno.EROFS: _NO_RIGHTS,
}


def in_our_words(
    error: BaseException, source: str, lake_url: str, pipelines_dir: Path
) -> SourceError | None:
    """The `SourceError` behind an exception, without its chain; None for a bug of ours.

    Args:
        error: What was raised.
        source: Name of the source.
        lake_url: Where the load step writes.
        pipelines_dir: Where all steps before it write.
    """
    chain = list(_chain(error))
    for inner in chain:
        if isinstance(inner, SourceError):
            # A new object: the old one drags along frames and inner errors.
            return type(inner)(*inner.args)
    found = next(filter(None, map(_system_error, chain)), None) or next(
        filter(None, map(_reported_error, chain)), None
    )
    if found is None:
        return None
    code, file = found
    what, what_to_do = _STORAGE[code]
    folder = lake_url if _was_loading(chain) else str(pipelines_dir)
    return StorageUnusable(
        source,
        what,
        file or folder,
        f"{what_to_do} Nothing of this pull was kept; what was in the lake before is "
        "whole.",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _system_error(error: BaseException) -> tuple[int, str | None] | None:
    if isinstance(error, OSError) and error.errno in _STORAGE:
        # Of a copy that fails, the second name is the one that was written to.
        return error.errno, error.filename2 or error.filename
    return None


def _reported_error(error: BaseException) -> tuple[int, None] | None:
    """The load step of dlt hands on the text of a failed job, not its exception."""
    text = str(error)
    return next(((code, None) for code in _STORAGE if f"[Errno {code}]" in text), None)


def _was_loading(chain: list[BaseException]) -> bool:
    return any(
        isinstance(inner, PipelineStepFailed) and inner.step == "load"
        for inner in chain
    )
