"""Instants as the vendors write them, whole columns at a time.

Holds the conversion of epoch seconds to text. Does not hold the clock.
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.world.timeline import NEVER, Array


def iso(when: Array) -> list[str]:
    """Write each instant as `2026-01-31T12:00:00Z`."""
    texts: list[str] = np.datetime_as_string(
        when.astype("datetime64[s]"), timezone="UTC"
    ).tolist()
    return texts


def iso_or_none(when: Array) -> list[str | None]:
    """Write each instant; NEVER and negative ones become None."""
    known = (when < NEVER) & (when >= 0)
    texts = iso(np.where(known, when, 0))
    return [t if k else None for t, k in zip(texts, known.tolist(), strict=True)]
