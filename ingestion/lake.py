"""The lake as its readers see it: which loads count, and which files hold their rows.

Holds the only reading of dlt's bookkeeping (`_dlt_loads`, `_dlt_pipeline_state`) and
the clean-up of what a killed pull left there. Does not hold what is written
(pipelines.py, compaction.py).
Tests: tests/ingestion/test_lake.py
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import fsspec

_LOADS, _STATE, _SCHEMAS = "_dlt_loads", "_dlt_pipeline_state", "_dlt_version"
_COMPACTIONS = "_compactions"
# What the file id of a joined file begins with.
COMPACTED = "compacted-"


@dataclass(frozen=True, order=True)
class LakeFile:
    """One data file of a committed load; `path` can be given to DuckDB as it is."""

    path: str
    load_id: str


@dataclass(frozen=True)
class Compaction:
    """The record of files that were joined; it decides which of them count.

    Attributes:
        file: The joined file, below the source's folder.
        replaces: Those that count no more.
        loads: The loads that its rows are of.
        rows: Rows in it.
    """

    file: str
    replaces: tuple[str, ...]
    loads: tuple[str, ...]
    rows: int


class Lake:
    """A folder or bucket of envelopes."""

    def __init__(self, lake_url: str) -> None:
        self._fs, root = file_system(lake_url)
        self._root = root.rstrip("/")

    def sources(self) -> list[str]:
        """The sources that have been pulled at least once, or tried to be."""
        return sorted(_name(path) for path in self._children("") if self._is_dir(path))

    def committed_loads(self, source: str) -> dict[str, datetime]:
        """Load id to the time of its commit, oldest first.

        A load counts once its row in `_dlt_loads` is there, whole, with status 0.
        """
        loads = {}
        for path, row in self._documents(source, _LOADS).items():
            if row is not None and row.get("status") == 0:
                inserted_at = datetime.fromisoformat(row["inserted_at"])
                loads[_load_id(path)] = inserted_at
        return dict(sorted(loads.items()))

    def committed_files(self, source: str) -> dict[str, list[LakeFile]]:
        """Table to the files of committed loads; nothing else in there counts.

        A table may have several folders, `<table>__<what tells them apart>`: in each,
        all files have the same columns. A joined file counts with its record, and then
        those that it replaces do not.
        """
        committed = self.committed_loads(source)
        records = self.compactions(source).values()
        joined = {record.file for record in records}
        replaced = {name for record in records for name in record.replaces}
        files: dict[str, list[LakeFile]] = defaultdict(list)
        for folder in self._children(source):
            name = _name(folder)
            if name.startswith("_") or not self._is_dir(folder):
                continue
            table = name.partition("__")[0]
            for path in self._children(f"{source}/{name}"):
                load_id = _name(path).rsplit(".", 2)[0]
                file = f"{name}/{_name(path)}"
                is_whole = path.endswith(".parquet") and load_id in committed
                is_whole = is_whole and not _is_joined(file)
                if file not in replaced and (file in joined or is_whole):
                    files[table].append(LakeFile(self._address(path), load_id))
        return {table: sorted(paths) for table, paths in sorted(files.items())}

    def compactions(self, source: str) -> dict[str, Compaction]:
        """Path to content of the records of joined files; torn ones are none."""
        return {
            path: Compaction(
                row["file"], tuple(row["replaces"]), tuple(row["loads"]), row["rows"]
            )
            for path, row in self._records(source).items()
            if row is not None
        }

    def broken_compactions(self, source: str) -> list[str]:
        """Paths of records that a kill cut off."""
        return [path for path, row in self._records(source).items() if row is None]

    def _records(self, source: str) -> dict[str, dict[str, Any] | None]:
        return {
            f"{source}/{_COMPACTIONS}/{_name(path)}": _parsed(self._fs.cat_file(path))
            for path in self._children(f"{source}/{_COMPACTIONS}")
            if path.endswith(".json")
        }

    def compaction_path(self, digest: str) -> str:
        """Where the record of a joined file is, below its source."""
        return f"{_COMPACTIONS}/{digest}.json"

    def compacted_files(self, source: str) -> list[str]:
        """Joined files below a source, whether they count or not."""
        return [
            f"{_name(folder)}/{_name(path)}"
            for folder in self._children(source)
            if not _name(folder).startswith("_") and self._is_dir(folder)
            for path in self._children(f"{source}/{_name(folder)}")
            if _is_joined(path)
        ]

    def relative(self, source: str, address: str) -> str:
        """The path below its source of a file that `committed_files` told."""
        return "/".join(address.rsplit("/", 2)[1:])

    def size(self, source: str, path: str) -> int:
        """Bytes of a file below a source."""
        return int(self._fs.size(f"{self._root}/{source}/{path}"))

    def open(self, path: str, mode: str) -> Any:
        """A file of the lake, as a context manager; writing makes its folder."""
        full = f"{self._root}/{path}"
        if "w" in mode:
            self._fs.makedirs(full.rpartition("/")[0], exist_ok=True)
        return self._fs.open(full, mode)

    def exists(self, path: str) -> bool:
        """Whether a file is there."""
        return bool(self._fs.exists(f"{self._root}/{path}"))

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        if self.exists(path):
            self._fs.rm_file(f"{self._root}/{path}")

    def taken_back(self, source: str) -> list[str]:
        """Loads in joined files that are not committed any more: somebody undid them.

        Their rows are in there still, and do not count.
        """
        records = self.compactions(source).values()
        held = {load for record in records for load in record.loads}
        return sorted(held - {*self.committed_loads(source)})

    def uncommitted_loads(self, source: str) -> dict[str, int]:
        """Load id to the number of its data files, of loads that never count.

        A pull that was killed leaves them; one that is at work has them for a while.
        """
        committed = self.committed_loads(source)
        found: dict[str, int] = defaultdict(int)
        for folder in self._children(source):
            if not _name(folder).startswith("_") and self._is_dir(folder):
                for path in self._children(f"{source}/{_name(folder)}"):
                    load_id = _name(path).rsplit(".", 2)[0]
                    is_data = path.endswith(".parquet") and not _is_joined(path)
                    if is_data and load_id not in committed:
                        found[load_id] += 1
        return dict(sorted(found.items()))

    def purge_uncommitted_state(self, source: str) -> list[str]:
        """Remove what a killed pull left in dlt's bookkeeping; says what it removed.

        dlt writes its cursors before the row that commits the load. Killed in between,
        it would go on from cursors whose rows do not count: those rows would be lost.
        A file that was cut off while being written would stop dlt for good.
        """
        committed = self.committed_loads(source)
        doomed = [
            path
            for path in self._children(f"{source}/{_STATE}")
            if _is_stored_by_load(path) and _load_id(path) not in committed
        ]
        for table in (_LOADS, _SCHEMAS):
            documents = self._documents(source, table)
            doomed += [path for path, document in documents.items() if document is None]
        init = f"{self._root}/{source}/init"
        if self._fs.exists(init) and _parsed(self._fs.cat_file(init)) is None:
            doomed.append(init)
        for path in doomed:
            self._fs.rm_file(path)
        return sorted(_name(path) for path in doomed)

    def _documents(self, source: str, table: str) -> dict[str, dict[str, Any] | None]:
        """Path to content of the one-row files of dlt; None for one that is cut off."""
        paths = [
            path
            for path in self._children(f"{source}/{table}")
            if _is_stored_by_load(path)
        ]
        return {path: _parsed(self._fs.cat_file(path)) for path in paths}

    def _children(self, folder: str) -> list[str]:
        path = f"{self._root}/{folder}".rstrip("/")
        self._fs.invalidate_cache(path)
        try:
            return sorted(self._fs.ls(path, detail=False))
        except FileNotFoundError:
            return []

    def _is_dir(self, path: str) -> bool:
        return bool(self._fs.isdir(path))

    def _address(self, path: str) -> str:
        if "file" in self._fs.protocol:
            return path
        return str(self._fs.unstrip_protocol(path))


def file_system(lake_url: str) -> tuple[Any, str]:
    """The file system of a folder or bucket, and the path in it."""
    if "://" not in lake_url or lake_url.startswith("file:"):
        return fsspec.core.url_to_fs(lake_url)
    # A bucket's credentials are those that dlt writes with. Only then is dlt needed.
    from dlt.common.configuration import resolve_configuration  # noqa: PLC0415
    from dlt.common.storages import (  # noqa: PLC0415
        FilesystemConfiguration,
        fsspec_from_config,
    )

    configuration = resolve_configuration(
        FilesystemConfiguration(bucket_url=lake_url),
        sections=("destination", "filesystem"),
    )
    return fsspec_from_config(configuration)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _is_joined(path: str) -> bool:
    return f".{COMPACTED}" in _name(path)


def _is_stored_by_load(path: str) -> bool:
    return path.endswith(".jsonl") and "__" in _name(path)


def _load_id(path: str) -> str:
    """From `<name>__<load id>.jsonl` or `<name>__<load id>__<hash>.jsonl`."""
    return _name(path).removesuffix(".jsonl").split("__")[1]


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
