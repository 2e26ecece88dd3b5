"""Whether a source answers to what is configured, found out with one cheap request.

Holds the request that a diagnosis makes. Does not hold a pull: nothing is landed and no
state is read or kept. Tests: tests/ingestion/test_reachability.py
"""

from __future__ import annotations

from datetime import datetime

from ingestion.http import in_a_hurry
from ingestion.pipelines import CONNECTORS
from ingestion.registry import get_source


def require_configured(source: str) -> None:
    """Check that a source has all settings that it needs; asks nobody.

    Raises:
        SourceError: A setting is missing or cannot be used.
    """
    get_source(source)
    CONNECTORS[source]()


def reach(source: str, *, seconds: float = 5.0) -> datetime:
    """Ask for the first page of the source's smallest stream; the vendor's clock.

    Args:
        source: Name of the source.
        seconds: How long an answer may take; nothing is tried twice.

    Raises:
        SourceError: It is not configured, does not answer, or refuses.
    """
    get_source(source)
    with in_a_hurry(seconds):
        streams = CONNECTORS[source]()
        # What is read whole each time is small: groups, forms, profiles.
        snapshots = [stream for stream in streams if stream.spec.mode == "snapshot"]
        return next((snapshots or streams)[0].read({})).at
