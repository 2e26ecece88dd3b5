"""`python -m ingestion <source>`: pull one source without an orchestrator.

Holds a smoke run for the people who work on a connector. Does not hold the project's
command line. The lake goes to CX_DATA_DIR (`data/`).
Tests: tests/ingestion/test_main.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ingestion.errors import SourceError
from ingestion.registry import SOURCES


def main(arguments: list[str]) -> int:
    """Pull the named source; the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(f"usage: python -m ingestion {{{','.join(SOURCES)}}}\n")
        return 2
    data_dir = Path(os.environ.get("CX_DATA_DIR", "data")).resolve()
    from ingestion.pipelines import pull  # noqa: PLC0415  (dlt takes seconds to import)

    try:
        report = pull(
            arguments[0],
            lake_url=os.environ.get("CX_LAKE_URL", str(data_dir / "lake")),
            pipelines_dir=data_dir / "dlt",
        )
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, stream in report.streams.items():
        sys.stdout.write(
            f"{name:24}{stream.rows:>9} rows {stream.pages:>5} pages "
            f"{stream.rejected:>4} rejected  up to {stream.window_to.isoformat()}\n"
        )
    sys.stdout.write(f"load {report.load_id} in {report.seconds:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
