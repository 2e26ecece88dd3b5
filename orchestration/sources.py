"""Every source of this warehouse: the vendors, and the folders of files.

Holds the one place where both are looked up. Does not hold what a source offers
(`ingestion`), nor which ones a company uses (`settings`).
Tests: tests/orchestration/test_sources.py
"""

from __future__ import annotations

from pathlib import Path

from ingestion.errors import UnknownSource
from ingestion.registry import FILES, SOURCES, SourceSpec, is_file_source


def known_sources(files_dir: Path) -> dict[str, SourceSpec]:
    """All sources by name: vendors first, then those whose mapping lies in a folder."""
    if not files_dir.is_dir():
        return dict(SOURCES)
    # Takes half a second, and not everybody has files.
    from ingestion.files import file_sources  # noqa: PLC0415

    return {**SOURCES, **file_sources(files_dir)}


def named_sources(name: str, files_dir: Path) -> list[str]:
    """The sources that a name stands for: itself, or for `files` every one of files.

    Raises:
        UnknownSource: There is none; the message lists those that there are.
    """
    known = known_sources(files_dir)
    found = [source for source in known if is_of(source, name)]
    if not found:
        raise UnknownSource(
            name,
            "no such source",
            f"the registry of vendors, and the folders of {files_dir}",
            f"Use one of: {', '.join(sorted({*known, FILES}))}. A folder of files is a "
            "source once it holds a `mapping.yaml`.",
        )
    return found


def is_of(source: str, name: str) -> bool:
    """Whether a name stands for a source: `files` does for every one of files."""
    return source == name or (name == FILES and is_file_source(source))
