"""The log of the clocks does not depend on how tickets were cut into blocks."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.world import World
from ingestion.sandbox.world import world as whole
from ingestion.sandbox.world.metric_log import COLUMNS, MetricEvents, block_of, join


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=9, customers=150)


@pytest.fixture(scope="module")
def log(world) -> MetricEvents:
    return world.metric_events


@pytest.mark.parametrize("size", [1, 7, 64])
def test_blocks_of_any_size_give_the_same_log(size, monkeypatch):
    small = World.generate(seed=9, customers=40).metric_events
    monkeypatch.setattr(whole, "_TICKETS_AT_ONCE", size)
    again = World.generate(seed=9, customers=40).metric_events
    assert len(small) > 64
    for name in COLUMNS:
        assert np.array_equal(getattr(again, name), getattr(small, name)), name


def test_entries_ascend_by_instant_and_then_by_ticket_and_clock(log):
    order = np.lexsort([log.kind, log.instance, log.metric, log.ticket, log.since])
    assert np.array_equal(order, np.arange(len(log)))


def test_every_ticket_that_lives_has_entries_within_the_story(world, log):
    assert set(log.ticket.tolist()) <= set(range(len(world.tickets)))
    assert len(np.unique(log.ticket)) > 0.9 * len(world.tickets)
    instants = log.when(slice(None))
    assert instants[0] >= world.span.start
    assert instants[-1] <= world.span.end
    assert log.known(world.span.end) == len(log)
    assert log.known(int(instants[0]) - 1) == 0


def test_a_void_breach_became_void_after_it_happened(log):
    rows = np.arange(len(log))
    void = log.void_since(rows)
    told = log.void_after >= 0
    assert (void[told] >= log.when(rows)[told]).all()
    assert (log.kind[told] == 5).all()


def test_a_world_that_was_never_opened_has_an_empty_log():
    empty = {name: np.zeros(0, dtype=np.int64) for name in COLUMNS}
    empty |= {"when": empty["since"], "void_since": empty["since"]}
    assert len(join([block_of([empty], 0, 10)], 0, 10)) == 0
