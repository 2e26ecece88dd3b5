"""The CRM's streams as a first pull reads them.

Holds the order of records per stream at an instant. Does not hold HTTP (`routes.py`)
nor JSON. Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

import numpy as np
import orjson

from ingestion.sandbox.hubspot.associations import links_of
from ingestion.sandbox.hubspot.ids import KINDS, object_ids, owner_id
from ingestion.sandbox.hubspot.records import everything, render_objects
from ingestion.sandbox.hubspot.settings import (
    owner_updated,
    owners_order,
    pipeline_records,
    pipelines_made,
    render_owners,
)
from ingestion.sandbox.hubspot.snapshot import ENDS, Snapshot
from ingestion.sandbox.record_runs import Records
from ingestion.sandbox.world.crm.pipelines import PIPELINES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World

_MILLISECOND = 1000


def crm_streams(world: World, clock: int) -> list[Records]:
    """List the streams of the CRM, as known at the clock."""
    snapshot = Snapshot(world, clock)
    return [
        *(_objects(snapshot, kind) for kind in KINDS),
        _owners(snapshot),
        _pipelines(snapshot),
        *(_links(snapshot, start, end) for start, end in ENDS),
    ]


def _rows(snapshot: Snapshot, kind: str) -> Array:
    """Give live objects, then archived ones: a first pull reads both lists."""
    shelf = snapshot.shelf(kind)
    return np.concatenate([shelf.live, shelf.archived])


def _objects(snapshot: Snapshot, kind: str) -> Records:
    shelf, rows = snapshot.shelf(kind), _rows(snapshot, kind)
    is_deleted = shelf.gone[rows] > 0
    stamps = np.where(is_deleted, shelf.gone[rows], shelf.updated[rows])
    return Records(
        "hubspot",
        kind,
        rows,
        stamps,
        stamps,
        lambda some: render_objects(snapshot, kind, some, everything(kind)),
        lambda some: _keys(kind, some),
        is_deleted,
        tick=_MILLISECOND,
    )


def _keys(kind: str, rows: Array) -> list[str]:
    return [str(number) for number in object_ids(kind, rows).tolist()]


def _owners(snapshot: Snapshot) -> Records:
    here, left = (owners_order(snapshot, archived=each) for each in (False, True))
    rows = np.concatenate([here, left])
    stamps = owner_updated(snapshot, rows)
    return Records(
        "hubspot",
        "owners",
        rows,
        stamps,
        stamps,
        lambda some: render_owners(snapshot, some),
        lambda some: [str(owner_id(row)) for row in some.tolist()],
        np.isin(rows, left),
    )


def _pipelines(snapshot: Snapshot) -> Records:
    written = pipeline_records(snapshot)
    made = np.full(len(written), pipelines_made(snapshot))
    return Records(
        "hubspot",
        "pipelines",
        np.arange(len(written)),
        made,
        made,
        lambda some: [written[row] for row in some.tolist()],
        lambda some: [PIPELINES[row].id for row in some.tolist()],
    )


def _links(snapshot: Snapshot, start: str, end: str) -> Records:
    """Take the links of every object; the moment of reading is all that dates them."""
    rows = _rows(snapshot, start)
    read_at = np.full(len(rows), snapshot.clock)

    def render(some: Array) -> list[bytes]:
        identifiers = _keys(start, some)
        return [
            b'{"from":{"id":' + orjson.dumps(identifier) + b'},"to":'
            + orjson.dumps(links_of(snapshot, start, end, row)) + b"}"
            for identifier, row in zip(identifiers, some.tolist(), strict=True)
        ]  # fmt: skip

    return Records(
        "hubspot",
        ENDS[start, end],
        rows,
        read_at,
        read_at,
        render,
        lambda some: _keys(start, some),
    )
