"""Planting a corruption in a copy of a good warehouse, and asking who noticed.

Holds the kinds of corruptions and how each is planted: in files of the lake, in landed
rows, in tables, in files of releases. What the named checks read is built again from
there, and nothing else. Does not hold the corruptions (`corruptions`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import LakeDamaged
from orchestration.publication.audit import audit
from orchestration.publication.errors import PublicationError
from orchestration.publication.layout import candidate_dir
from orchestration.settings import Settings
from tests.gate import files
from tests.gate.lakes import FIRST_LOAD, SECOND_LOAD
from tests.gate.warehouses import (
    Project,
    build,
    evaluate,
    note_input_loads,
    settings_of,
    tables_of,
)


@dataclass(frozen=True)
class Lake:
    """Harm done to the files of the lake."""

    harm: Callable[[Path], None]


@dataclass(frozen=True)
class Rows:
    """Other rows in the last load of a table, which the pull's log agrees with.

    Attributes:
        table: `source.table`.
        select: SQL over `landed` (the last load) and `before` (the first one).
    """

    table: str
    select: str


@dataclass(frozen=True)
class Tables:
    """A statement on the work file (`work`) or the candidate (`cx`)."""

    statement: str


@dataclass(frozen=True)
class Files:
    """Harm done to a candidate or a release, and what somebody does next."""

    harm: Callable[[Settings], None]
    then: Callable[[Settings], None] = files.publish_candidate


@dataclass(frozen=True)
class Corruption:
    """One kind of bad data.

    Attributes:
        name: Short name, unique in the corpus.
        does: What is wrong.
        planted: How it is planted.
        caught_by: The checks that must name it, or `Refusal: part of its text`.
        severity: What those checks do: stop the release, or warn with it.
    """

    name: str
    does: str
    planted: Lake | Rows | Tables | Files
    caught_by: tuple[str, ...]
    severity: str = "error"


@dataclass(frozen=True)
class Base:
    """A good warehouse: release r000001, and a passed candidate r000002."""

    project: Project
    data_dir: Path

    @property
    def previous(self) -> Path:
        return self.data_dir / "releases" / files.RELEASE / "cx.duckdb"


def noticed_by(corruption: Corruption, base: Base, folder: Path) -> list[str]:
    """Plant a corruption; return which of the named checks speak up."""
    planted = corruption.planted
    if isinstance(planted, Tables):
        return _in_tables(planted, corruption, base, folder)
    if isinstance(planted, Files):
        return _in_files(planted, corruption, base, folder)
    lake = folder / "lake"
    shutil.copytree(base.data_dir / "lake", lake)
    if isinstance(planted, Lake):
        planted.harm(lake)
    else:
        replace_rows(planted, lake)
    return _in_lake(corruption, base, folder)


def replace_rows(planted: Rows, lake: Path) -> None:
    path, *others = files.data_files(lake, planted.table, SECOND_LOAD)
    schema = pq.read_schema(path)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, load_id in (("landed", SECOND_LOAD), ("before", FIRST_LOAD)):
            paths = [str(p) for p in files.data_files(lake, planted.table, load_id)]
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({paths})")
        changed = connection.sql(planted.select).to_arrow_table()
    for other in others:
        other.unlink()
    fields = [
        pa.field(
            field.name, pa.string() if field.name == "_dlt_load_id" else field.type
        )
        for field in schema
    ]
    pq.write_table(changed.select(schema.names).cast(pa.schema(fields)), path)
    source, _, stream = planted.table.partition(".")
    if stream != "pulls":
        _note_rows(files.data_file(lake, f"{source}.pulls"), stream, changed.num_rows)


def _note_rows(path: Path, stream: str, rows: int) -> None:
    table = pq.read_table(path)
    told = table.to_pylist()
    for row in told:
        if row["stream"] == stream:
            row["rows"] = rows
    pq.write_table(pa.Table.from_pylist(told, schema=table.schema), path)


def _in_lake(corruption: Corruption, base: Base, folder: Path) -> list[str]:
    settings = settings_of(folder)
    tables = (
        tables_of(corruption.caught_by) if "." in corruption.caught_by[0] else set()
    )
    try:
        build(base.project, settings, tables or {"staging.pulls"})
    except LakeDamaged as refusal:
        assert SECOND_LOAD in str(refusal) or FIRST_LOAD in str(refusal)
        return ["LakeDamaged"]
    if "meta.input_loads" in tables:
        note_input_loads(settings)
    results = evaluate(settings, corruption.caught_by, None, base.previous)
    return _failed(corruption, results)


def _in_tables(
    planted: Tables, corruption: Corruption, base: Base, folder: Path
) -> list[str]:
    settings = settings_of(folder)
    public = folder / "cx.duckdb"
    shutil.copyfile(base.data_dir / "warehouse.duckdb", settings.warehouse_path)
    original = candidate_dir(settings_of(base.data_dir), files.CANDIDATE) / public.name
    shutil.copyfile(original, public)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{settings.warehouse_path}' AS work")
        connection.execute(f"ATTACH '{public}' AS cx")
        connection.execute(planted.statement)
    results = evaluate(settings, corruption.caught_by, public, base.previous)
    return _failed(corruption, results)


def _failed(corruption: Corruption, results: dict) -> list[str]:
    failed = [results[name] for name in corruption.caught_by if name in results]
    failed = [result for result in failed if not result.success]
    for result in failed:
        assert "could not be evaluated" not in str(result.observed), result.sentence()
        assert result.severity == corruption.severity, result.sentence()
        assert result.owner.startswith("team:")
    return [result.name for result in failed]


def _in_files(
    planted: Files, corruption: Corruption, base: Base, folder: Path
) -> list[str]:
    shutil.copytree(
        base.data_dir,
        folder,
        symlinks=True,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("lake", "temp", "dbt"),
    )
    settings = settings_of(folder)
    planted.harm(settings)
    if planted.harm is files.wrong_fingerprint:
        audit(settings, files.CANDIDATE, lambda *_: [])
    (expected,) = corruption.caught_by
    kind, _, text = expected.partition(": ")
    try:
        planted.then(settings)
    except (PublicationError, files.Standing) as refusal:
        told = " ".join(str(refusal).split())
        assert type(refusal).__name__ == kind, told
        return [expected] if text in told else []
    return []
