"""What all the helpdesk's clocks did, as one log by time in little memory.

Holds the shape of the log and its making out of blocks of tickets. A large world has
tens of millions of entries: columns are as narrow as their values, and the log is
sorted span by span, on disk. Does not hold the clocks (`clocks.py`).
Tests: tests/ingestion/sandbox/test_metric_log.py
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from ingestion.sandbox.world.timeline import NEVER, Array

Block = dict[str, Array]

COLUMNS = {
    "since": np.int32,
    "ticket": np.int32,
    "metric": np.int8,
    "instance": np.int16,
    "kind": np.int8,
    "name": np.int8,
    "seconds": np.int32,
    "open_seconds": np.int32,
    "is_business": np.bool_,
    "void_after": np.int32,
}
# What orders entries of one instant, the weightiest last.
_TIES = ("kind", "instance", "metric", "ticket", "since")
_SPANS = 24


@dataclass(frozen=True)
class MetricEvents:
    """What happened to clocks, ascending by instant; row i is the i-th event.

    Attributes:
        begin: The epoch second that `since` counts from.
        since: Seconds from `begin`.
        ticket: Row of the ticket.
        metric: Place in `clocks.METRICS`.
        instance: From 1: which run of this clock on this ticket.
        kind: Place in `clocks.KINDS`.
        name: Of an applied target, its place in `targets.TARGET_NAMES`.
        seconds: Of an applied target, how long it is; of a status, calendar time.
        open_seconds: Of a status, time of the schedule.
        is_business: Whether an applied target counts open hours.
        void_after: Of a breach, seconds until its target was replaced by one not
            broken; -1 for never.
    """

    begin: int
    since: Array
    ticket: Array
    metric: Array
    instance: Array
    kind: Array
    name: Array
    seconds: Array
    open_seconds: Array
    is_business: Array
    void_after: Array

    def __len__(self) -> int:
        return len(self.ticket)

    def when(self, rows: Array | slice) -> Array:
        """Give instants as epoch seconds."""
        return self.begin + self.since[rows].astype(np.int64)

    def void_since(self, rows: Array) -> Array:
        """Give when breaches became void, NEVER for those that stand."""
        after = self.void_after[rows]
        return np.where(after >= 0, self.when(rows) + after, NEVER)

    def known(self, clock: int) -> int:
        """Count the events up to the clock."""
        return int(np.searchsorted(self.since, clock - self.begin, side="right"))


def block_of(parts: list[Block], begin: int, end: int) -> Block:
    """Join what happened on some tickets up to `end`, narrow and by time.

    Args:
        parts: Columns as `MetricEvents` has them, but with `when` for `since` and
            `void_since` for `void_after`.
        begin: The epoch second that `since` counts from.
        end: The last epoch second.
    """
    parts = [_narrow(part, begin, part["when"] <= end) for part in parts]
    block = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    order = np.lexsort([block[name] for name in _TIES])
    return {name: values[order] for name, values in block.items()}


def _narrow(part: Block, begin: int, kept: Array) -> Block:
    when, void = part["when"][kept], part["void_since"][kept]
    told = {name: part[name][kept] for name in COLUMNS if name in part}
    told["since"] = when - begin
    told["void_after"] = np.where(void < NEVER, void - when, -1)
    return {name: told[name].astype(kind) for name, kind in COLUMNS.items()}


def join(blocks: Iterable[Block], begin: int, end: int) -> MetricEvents:
    """Merge blocks, given in the order of their tickets, into one log by time.

    Both go through files without a name, so that neither is held in memory: the
    columns of the log are mapped, and read where they are looked at.

    Args:
        blocks: As `block_of` makes them.
        begin: The epoch second that `since` counts from.
        end: The last epoch second of any entry.
    """
    edges = np.linspace(0, end - begin + 1, _SPANS + 1).astype(np.int64)
    with ExitStack() as stack:
        spools = {name: stack.enter_context(TemporaryFile()) for name in COLUMNS}
        cuts: list[Array] = []
        written = 0
        for block in blocks:
            for name, spool in spools.items():
                spool.write(block[name].data)
            cuts.append(written + np.searchsorted(block["since"], edges))
            written += len(block["since"])
        columns = {name: stack.enter_context(TemporaryFile()) for name in COLUMNS}
        for span in range(_SPANS):
            pieces = [(int(cut[span]), int(cut[span + 1])) for cut in cuts]
            # Stable: within an instant the entries stay in the order of tickets.
            order = np.argsort(_read(spools, "since", pieces), kind="stable")
            for name, column in columns.items():
                column.write(_read(spools, name, pieces)[order].data)
        # A mapping outlives the closing of its file.
        mapped = {name: _mapped(name, file) for name, file in columns.items()}
    return MetricEvents(begin=begin, **mapped)


def _read(
    spools: Mapping[str, IO[bytes]], name: str, pieces: list[tuple[int, int]]
) -> Array:
    size = np.dtype(COLUMNS[name]).itemsize
    spool = spools[name]
    spool.flush()
    read = [
        os.pread(spool.fileno(), (high - low) * size, low * size)
        for low, high in pieces
    ]
    return np.frombuffer(b"".join(read), dtype=COLUMNS[name])


def _mapped(name: str, file: IO[bytes]) -> Array:
    file.flush()
    if not os.fstat(file.fileno()).st_size:
        return np.zeros(0, dtype=COLUMNS[name])
    return np.memmap(file, dtype=COLUMNS[name], mode="r")
