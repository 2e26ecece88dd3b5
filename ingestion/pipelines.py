"""Pulling one source into the lake: one dlt load package, all or nothing.

Holds the only use of dlt's pipeline, and the rules that make a pull safe to repeat.
Does not hold what a vendor offers (its package) or how rows are made (stream.py).
Tests: tests/ingestion/test_pipelines.py, test_crashes.py
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlt

# DuckDB imports it when it reads files, in a thread; dlt in another one would meet it
# half imported.
import pandas  # noqa: F401
import pyarrow as pa
from dlt.common.libs.pyarrow import py_arrow_to_table_schema_columns
from dlt.common.pipeline import LoadInfo
from dlt.extract import DltResource, DltSource

from ingestion import files, hubspot, qualtrics, trustpilot, typeform, zendesk
from ingestion.errors import NothingToBackfill, SourceError
from ingestion.failures import in_our_words
from ingestion.lake import Lake
from ingestion.registry import get_source, is_file_source
from ingestion.stream import Progress, Stream, StreamReport, Window, tables

CONNECTORS: dict[str, Callable[[], tuple[Stream, ...]]] = {
    "zendesk": zendesk.connect,
    "zendesk_talk": zendesk.connect_talk,
    "typeform": typeform.connect,
    "hubspot": hubspot.connect,
    "trustpilot": trustpilot.connect,
    "qualtrics": qualtrics.connect,
}
Pullable = Stream | files.FileStream

# What a pull relies on, whatever folder it is started from.
_DLT_SETTINGS = {
    # dlt's trace would write what it resolved to disk.
    "enable_runtime_trace": False,
    "normalize.parquet_normalizer.add_dlt_load_id": True,
    # One stream after the other: batches of one stream in memory, not of all.
    "extract.next_item_mode": "fifo",
    "load.delete_completed_jobs": True,
}
_CONFIGURING = threading.Lock()


@dataclass(frozen=True)
class PullReport:
    """What one pull brought."""

    source: str
    load_id: str
    streams: dict[str, StreamReport]
    seconds: float


def pull(  # noqa: PLR0913  (three places and three choices)
    source: str,
    *,
    lake_url: str,
    pipelines_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
    window: Window | None = None,
    files_dir: Path | None = None,
) -> PullReport:
    """Pull what is new in a source into the lake, as one load.

    A backfill (`window`) reads a stretch of time again, of the streams that can be read
    by date, and leaves all cursors where they are: the next pull goes on as if there
    had been none.

    Two sources may be pulled at once, in two threads. One source must not be pulled
    twice at once: the caller holds the lock.

    Args:
        source: Name of the source.
        lake_url: Folder or bucket of the lake.
        pipelines_dir: Where dlt works; the source's folder in it is scratch.
        on_progress: Told about every page.
        window: The stretch of time to read again; None for what is new.
        files_dir: Where the folders of file sources are.

    Raises:
        SourceError: The pull failed; the lake is as it was.
    """
    started = time.monotonic()
    streams = _streams(source, files_dir, pipelines_dir)
    if window is not None:
        streams = _readable_by_date(source, streams)
    reports: dict[str, StreamReport] = {}
    extraction = _source(source, streams, reports, on_progress or _nobody, window)
    info = _load(source, extraction, lake_url, pipelines_dir)
    return PullReport(source, info.loads_ids[0], reports, time.monotonic() - started)


def _streams(
    source: str, files_dir: Path | None, pipelines_dir: Path
) -> tuple[Pullable, ...]:
    if files_dir is not None and is_file_source(source):
        return files.connect(source, files_dir, pipelines_dir / source / "files")
    get_source(source)
    return CONNECTORS[source]()


def _readable_by_date(
    source: str, streams: tuple[Pullable, ...]
) -> tuple[Pullable, ...]:
    readable = tuple(stream for stream in streams if stream.is_readable_by_date)
    if not readable:
        raise NothingToBackfill(
            source,
            "none of its streams can be read by date",
            "its connector",
            "Run a pull: it brings all that this source gives.",
        )
    return readable


def _load(
    source: str, extraction: DltSource, lake_url: str, pipelines_dir: Path
) -> LoadInfo:
    """Run one pull through dlt, from a clean folder and a clean state."""
    failure: SourceError | None = None
    scratch = pipelines_dir / source
    try:
        # Cursors come from the lake alone: what a killed pull left here is no truth.
        shutil.rmtree(scratch, ignore_errors=True)
        Lake(lake_url).purge_uncommitted_state(source)
        info = _pipeline(source, lake_url, pipelines_dir).run(
            extraction, loader_file_format="parquet"
        )
        info.raise_on_failed_jobs()
    except Exception as error:
        failure = in_our_words(error, source, lake_url, pipelines_dir)
        if failure is None:
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if failure is not None:
        # Raised out here, so that it brings no chain of inner errors along.
        raise failure
    return info


def _pipeline(source: str, lake_url: str, pipelines_dir: Path) -> dlt.Pipeline:
    _configure_dlt()
    pipelines_dir.mkdir(parents=True, exist_ok=True)
    return dlt.pipeline(
        source,
        pipelines_dir=str(pipelines_dir),
        destination=dlt.destinations.filesystem(bucket_url=lake_url),
        dataset_name=source,
    )


def _configure_dlt() -> None:
    """Give dlt our settings, once: two threads in its configuration break it."""
    with _CONFIGURING:
        for key, value in _DLT_SETTINGS.items():
            if dlt.config.get(key) != value:
                dlt.config[key] = value


def _source(
    name: str,
    streams: tuple[Pullable, ...],
    reports: dict[str, StreamReport],
    on_progress: Callable[[Progress], None],
    window: Window | None,
) -> DltSource:
    @dlt.source(name=name)
    def extraction() -> Iterator[DltResource]:
        for stream in streams:
            yield from _resources(name, stream, reports, on_progress, window)

    return extraction()


def _resources(
    source: str,
    stream: Pullable,
    reports: dict[str, StreamReport],
    on_progress: Callable[[Progress], None],
    window: Window | None,
) -> Iterator[DltResource]:
    name = stream.spec.name

    def on_page(pages: int, rows: int, share: float | None = None) -> None:
        on_progress(Progress(source, name, pages, rows, share))

    def on_end(report: StreamReport) -> None:
        reports[name] = report

    if isinstance(stream, files.FileStream):
        yield from _resources_of_files(stream, on_page, on_end)
        return

    def rows() -> Iterator[Any]:
        state = dlt.current.resource_state(name)
        for table, batch in tables(stream, state, on_page, on_end, window):
            yield dlt.mark.with_table_name(batch, table)

    yield dlt.resource(rows, name=name, write_disposition="append")


def _resources_of_files(
    stream: files.FileStream,
    on_page: Callable[[int, int], None],
    on_end: Callable[[StreamReport], None],
) -> Iterator[DltResource]:
    """The rows of a file stream, which are files, and then what it tells about them.

    dlt takes a file over as it is only where the columns of its table are declared, in
    their order; what is declared of a resource holds for all of its tables.
    """
    name = stream.spec.name
    told: list[tuple[str, Iterator[pa.Table]]] = []

    def rows() -> Iterator[Any]:
        state = dlt.current.resource_state(name)
        for file in stream.files(state, told, on_page, on_end):
            yield dlt.mark.with_file_import(str(file.path), "parquet", file.rows, {})

    def about() -> Iterator[Any]:
        for table, batches in told:
            for batch in batches:
                yield dlt.mark.with_table_name(batch, table)

    yield dlt.resource(
        rows,
        name=name,
        table_name=stream.table,
        columns=py_arrow_to_table_schema_columns(stream.schema),
        write_disposition="append",
    )
    yield dlt.resource(about, name=f"about_{name}", write_disposition="append")


def _nobody(_: Progress) -> None:
    pass
