"""File sources: exports that a team drops in a folder or bucket, with a mapping.

Holds no vendor: what a file's columns mean is said by `mapping.yaml` beside it.
Tests: tests/ingestion/files/
"""

from ingestion.files.folders import mapping_paths
from ingestion.files.mapping import BadMapping
from ingestion.files.sources import file_sources
from ingestion.files.streams import FileStream, connect

__all__ = [
    "BadMapping",
    "FileStream",
    "connect",
    "file_sources",
    "mapping_paths",
]
