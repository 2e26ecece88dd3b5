"""What a folder would bring, said before anything is loaded.

Holds the trial run over all files of a mapping. Does not hold how it is shown.
Tests: tests/ingestion/files/test_checking.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.files.canonical import ENTITIES
from ingestion.files.folders import Folder, matching
from ingestion.files.mapping import FILE_NAME, Mapping, read_mapping
from ingestion.files.taking import BadRow, Terms, take

SHOWN_ROWS = 5


@dataclass(frozen=True)
class CheckedFile:
    """What would become of one file.

    Attributes:
        entity: What its rows are.
        name: Its path below the folder.
        rows: Rows that would be taken.
        bad_rows: Rows that would not.
        reasons: Those by reason.
        examples: The first of them.
    """

    entity: str
    name: str
    rows: int
    bad_rows: int
    reasons: dict[str, int]
    examples: tuple[BadRow, ...]


@dataclass(frozen=True)
class CheckReport:
    """What would become of a folder.

    Attributes:
        files: Every file that an entity's pattern names, once for each.
        unnamed: Files that no pattern names.
        without_files: Entities whose pattern names no file.
    """

    files: tuple[CheckedFile, ...]
    unnamed: tuple[str, ...]
    without_files: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether everything would be taken."""
        return not (
            self.unnamed
            or self.without_files
            or any(file.bad_rows for file in self.files)
        )


def check(
    path: Path, on_file: Callable[[CheckedFile], None] | None = None
) -> CheckReport:
    """Try every file of a folder, or of a mapping, and load nothing.

    Args:
        path: The folder, or its mapping.
        on_file: Told of each file.

    Raises:
        BadMapping: The mapping cannot be used.
    """
    mapping_path = path / FILE_NAME if path.is_dir() else path
    mapping = read_mapping("files", mapping_path)
    folder = Folder(mapping_path, mapping)
    dropped = folder.files()
    checked: list[CheckedFile] = []
    with tempfile.TemporaryDirectory(prefix="cx-files-") as scratch:
        for entity, said in mapping.entities.items():
            for file in matching(dropped, said.files):
                with folder.local(file, Path(scratch) / "copies") as local:
                    one = _checked(entity, file.name, mapping, local, Path(scratch))
                checked.append(one)
                if on_file is not None:
                    on_file(one)
    named = {file.name for file in checked}
    with_files = {file.entity for file in checked}
    return CheckReport(
        tuple(checked),
        tuple(file.name for file in dropped if file.name not in named),
        tuple(name for name in mapping.entities if name not in with_files),
    )


def _checked(
    entity: str, name: str, mapping: Mapping, local: Path, scratch: Path
) -> CheckedFile:
    terms = Terms(ENTITIES[entity], mapping.entities[entity])
    taken = take(local, name, terms, scratch / "trial")
    first = next(taken.rejects(), [])[:SHOWN_ROWS]
    return CheckedFile(
        entity, name, taken.rows, taken.bad_rows, taken.reasons, tuple(first)
    )
