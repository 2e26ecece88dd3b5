"""File sources as the registry knows vendors: streams, and what is expected of each.

Holds what a mapping says of its source as a whole. Does not hold its streams'
reading (streams.py).
Tests: tests/ingestion/files/test_file_sources.py
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ingestion.files.canonical import ENTITIES
from ingestion.files.folders import mapping_paths
from ingestion.files.mapping import BadMapping, Mapping, read_mapping
from ingestion.registry import SourceSpec, StreamSpec

# A source whose exports were made once is never too old.
NEVER = timedelta(days=36_500)


def file_sources(files_dir: Path) -> dict[str, SourceSpec]:
    """The sources whose mappings lie below a folder, by name.

    One whose mapping cannot be used is there without streams: its pull says what is
    wrong, and the others go on.
    """
    return {
        source: _spec(source, path) for source, path in mapping_paths(files_dir).items()
    }


def _spec(source: str, path: Path) -> SourceSpec:
    try:
        mapping = read_mapping(source, path)
    except BadMapping:
        return SourceSpec(source, (), is_required=False)
    interval = mapping.interval
    return SourceSpec(
        source,
        stream_specs(mapping),
        is_required=interval is not None,
        max_staleness=NEVER if interval is None else 2 * interval,
        owner=mapping.owner,
    )


def stream_specs(mapping: Mapping) -> tuple[StreamSpec, ...]:
    """One stream per entity of a mapping."""
    return tuple(
        StreamSpec(name, said.mode, ENTITIES[name].description)
        for name, said in mapping.entities.items()
    )
