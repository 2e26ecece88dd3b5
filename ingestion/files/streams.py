"""A file source as streams: one per entity of its mapping.

Holds which files are new, and what a pull brings of each. Does not hold how one file is
taken (taking.py).
Tests: tests/ingestion/files/test_file_streams.py
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ingestion.envelope import PULLS, REJECTS, TAKEN_FILES, without_load_id
from ingestion.files.canonical import ENTITIES
from ingestion.files.conversions import columns_of
from ingestion.files.entities import Entity
from ingestion.files.folders import (
    DroppedFile,
    Folder,
    content_hash,
    mapping_paths,
    matching,
)
from ingestion.files.mapping import EntityMapping, Mapping, read_mapping
from ingestion.files.sources import stream_specs
from ingestion.files.taking import Taken, Terms, reject_body, take
from ingestion.paging import State
from ingestion.registry import StreamSpec
from ingestion.stream import StreamReport

Told = list[tuple[str, Iterator[pa.Table]]]
# Room for the lines of one file in a sequence number.
LINES_PER_FILE = 2**40


@dataclass(frozen=True)
class ParquetFile:
    """Rows in a file, which the lake takes over as it is."""

    path: Path
    rows: int


@dataclass(frozen=True)
class FileStream:
    """The files of one entity.

    Attributes:
        spec: Name and mode.
        entity: What its rows are.
        said: How its files are read.
        folder: Where they lie.
        known_to: All that happened until then is in them, where the mapping says so.
        scratch: Where files are taken apart.
    """

    spec: StreamSpec
    entity: Entity
    said: EntityMapping
    folder: Folder
    known_to: datetime | None
    scratch: Path

    is_readable_by_date = False

    @property
    def schema(self) -> pa.Schema:
        """The columns of its files in the lake."""
        return pa.schema(columns_of(self.entity, self.said))

    @property
    def table(self) -> str:
        """Its folder in the lake: all files in there have the same columns."""
        names = ",".join(self.schema.names)
        digest = hashlib.sha256(names.encode()).hexdigest()[:8]
        # A letter first: dlt puts an underscore before a digit.
        return f"{self.entity.name}__c{digest}"

    def dropped(self) -> list[DroppedFile]:
        """The files of the entity that lie there, the oldest first."""
        return matching(self.folder.files(), self.said.files)

    def files(
        self,
        state: State,
        told: Told,
        on_page: Callable[[int, int], None],
        on_end: Callable[[StreamReport], None],
    ) -> Iterator[ParquetFile]:
        """The good rows of each file that no earlier pull took.

        Args:
            state: What the last pull left; is changed.
            told: Gets, by table of the lake, what else is to be said: bad rows, the
                files, the pull. To be read after the last file.
            on_page: Told files and rows so far.
            on_end: Told the totals.
        """
        now = datetime.now(UTC)
        dropped = self.folder.files()
        new, hashes = self._new_files(matching(dropped, self.said.files), state)
        rows = rejected = 0
        for number, file in enumerate(new):
            scratch = self.scratch / self.entity.name / str(number)
            terms = Terms(self.entity, self.said, number)
            with self.folder.local(file, self.scratch / "copies") as path:
                taken = take(path, file.name, terms, scratch)
            if taken.path is not None:
                yield ParquetFile(taken.path, taken.rows)
                # The load package holds it by now, under a name of its own.
                taken.path.unlink()
            told.append(("rejects", self._rejects(taken, file, number, now)))
            about = self._about(taken, file, hashes[file.name], number)
            told.append(("taken_files", iter([about])))
            rows += taken.rows + taken.bad_rows
            rejected += taken.bad_rows
            on_page(number + 1, rows)
        moments = [file.modified_at for file in dropped] or [now]
        begin = state.get("window_to")
        end = self.known_to or max(moments)
        report = StreamReport(
            len(new),
            rows,
            rejected,
            datetime.fromisoformat(begin) if begin else None,
            end,
            now,
        )
        state["window_to"] = end.isoformat()
        on_end(report)
        told.append(("pulls", iter([self._pull_row(report, is_all=bool(new))])))

    def _new_files(
        self, files: list[DroppedFile], state: State
    ) -> tuple[list[DroppedFile], dict[str, str]]:
        """The files to take, and the content hash of each; the state knows them then.

        Of snapshots, one new file brings all of them along: together they are all there
        is.
        """
        fingerprint = self.said.fingerprint()
        if state.get("mapping") != fingerprint:
            state.update(mapping=fingerprint, taken=[], files={})
        taken, known = set(state["taken"]), state["files"]
        hashes: dict[str, str] = {}
        new = []
        for file in files:
            stamp = [file.size, file.modified_at.isoformat()]
            before = known.get(file.name)
            if before is None or before[:2] != stamp:
                with self.folder.local(file, self.scratch / "copies") as path:
                    before = [*stamp, content_hash(path)]
                known[file.name] = before
            hashes[file.name] = before[2]
            if before[2] not in taken:
                taken.add(before[2])
                new.append(file)
        state["taken"] = sorted(taken)
        is_snapshot = self.said.mode == "snapshot"
        return (files if is_snapshot and new else new), hashes

    def _about(
        self, taken: Taken, file: DroppedFile, digest: str, number: int
    ) -> pa.Table:
        row = {
            "stream": self.spec.name,
            "file_number": number,
            "name": file.name,
            "sha256": digest,
            "bytes": file.size,
            "modified_at": file.modified_at,
            "rows": taken.rows,
            "rejected": taken.bad_rows,
        }
        return pa.Table.from_pylist([row], schema=without_load_id(TAKEN_FILES))

    def _rejects(
        self, taken: Taken, file: DroppedFile, number: int, now: datetime
    ) -> Iterator[pa.Table]:
        for batch in taken.rejects():
            rows = [
                {
                    "stream": self.spec.name,
                    "seq": number * LINES_PER_FILE + (row.line or 0),
                    "reason": row.reason,
                    "body": reject_body(file.name, row),
                    "extracted_at": now,
                }
                for row in batch
            ]
            yield pa.Table.from_pylist(rows, schema=without_load_id(REJECTS))

    def _pull_row(self, report: StreamReport, *, is_all: bool) -> pa.Table:
        # A pull that took nothing says nothing about what is gone.
        mode = self.spec.mode if is_all else "incremental"
        row = {
            "stream": self.spec.name,
            "mode": mode,
            "window_from": report.window_from,
            "window_to": report.window_to,
            "source_now": report.source_now,
            "pages": report.pages,
            "rows": report.rows,
            "rejected": report.rejected,
            "is_complete": True,
        }
        return pa.Table.from_pylist([row], schema=without_load_id(PULLS))


def connect(source: str, files_dir: Path, scratch: Path) -> tuple[FileStream, ...]:
    """The streams of a file source.

    Raises:
        BadMapping: Its mapping is gone or cannot be used.
    """
    path = mapping_paths(files_dir).get(source, files_dir / source)
    mapping = read_mapping(source, path)
    return streams_of(mapping, path, scratch)


def streams_of(mapping: Mapping, path: Path, scratch: Path) -> tuple[FileStream, ...]:
    """The streams of a mapping that is read."""
    folder = Folder(path, mapping)
    return tuple(
        FileStream(
            spec,
            ENTITIES[spec.name],
            mapping.entities[spec.name],
            folder,
            mapping.known_to,
            scratch,
        )
        for spec in stream_specs(mapping)
    )
