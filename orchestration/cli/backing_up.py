"""`cx backup`, `cx restore` and `cx compact`.

Holds how they are shown. Does not hold what they do (`orchestration.backup`,
`ingestion.compaction`).
Tests: tests/orchestration/backup/
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from ingestion import compaction
from orchestration import run_lock
from orchestration.backup import archive
from orchestration.backup import restore as restoring
from orchestration.backup.archive import Contents
from orchestration.cli.reading import console, print_json, table_of
from orchestration.data_folder import working_on
from orchestration.settings import Settings

_MIB = 1024 * 1024


def backup(path: Path, *, as_json: bool) -> None:
    """Write a backup and say what is in it."""
    settings = Settings.from_environment()
    target = path.resolve()
    with working_on(settings, command=f"cx backup {path}"), _bar() as bar:
        contents = archive.write(settings, target, bar.told)
    _tell(contents, target, "backed up", "", as_json=as_json)


def restore(path: Path, *, is_replacing: bool, as_json: bool) -> None:
    """Restore a backup and say what is there now."""
    settings = Settings.from_environment()
    with run_lock.hold(settings, command=f"cx restore {path}"), _bar() as bar:
        contents = restoring.restore(
            settings, path, is_replacing=is_replacing, on_file=bar.told
        )
    _tell(
        contents,
        settings.data_dir,
        "restored",
        "`cx run` goes on from there; `cx run --no-pull` builds and asks nobody.",
        as_json=as_json,
    )


def compact(*, as_json: bool) -> None:
    """Join small files of the lake and say which."""
    settings = Settings.from_environment()
    with working_on(settings, command="cx compact"):
        joined = compaction.compact(settings.lake_url)
    if as_json:
        print_json([asdict(one) for one in joined])
    elif joined:
        console().print(table_of([asdict(one) for one in joined]))
    else:
        console().print(
            f"Nothing to join: no table has {compaction.MIN_FILES} small files."
        )


class _bar:  # noqa: N801 - used as a function
    """A bar for people; nothing where nobody looks."""

    def __init__(self) -> None:
        screen = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        )
        self._task = self._progress.add_task("", total=1.0)

    def __enter__(self) -> _bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def told(self, name: str, share: float) -> None:
        """Show a file and the share of the bytes that is done."""
        self._progress.update(self._task, description=name[:50], completed=share)


def _tell(
    contents: Contents, place: Path, done: str, next_step: str, *, as_json: bool
) -> None:
    if as_json:
        print_json(
            {
                "path": str(place),
                "made_at": contents.made_at,
                "release_id": contents.release_id,
                "files": len(contents.files),
                "bytes": contents.size,
            }
        )
        return
    output = console()
    output.print(
        f"{len(contents.files):,} files, {contents.size / _MIB:,.1f} MiB, release "
        f"{contents.release_id or 'none'}: {done}, {place}",
        highlight=False,
    )
    if next_step:
        output.print(next_step, highlight=False)
