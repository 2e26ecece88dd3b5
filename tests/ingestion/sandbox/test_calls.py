"""Calls that add up, and look like those of a real line."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.world import World
from ingestion.sandbox.world.calls import (
    COMPLETED,
    IN_QUEUE,
    IN_VOICEMAIL,
    NOT_CONNECTED,
)
from ingestion.sandbox.world.legs import AGENT, CUSTOMER
from ingestion.sandbox.world.tickets import VOICE


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=3, customers=3000)


def test_the_same_seed_rings_the_same_numbers(world: World) -> None:
    again = World.generate(seed=3, customers=3000)
    for name in ("created", "person", "status", "talk", "ticket"):
        assert np.array_equal(getattr(world.calls, name), getattr(again.calls, name))
    assert np.array_equal(world.legs.wrap_up, again.legs.wrap_up)


def test_agents_legs_add_up_to_the_call(world: World) -> None:
    calls, legs = world.calls, world.legs
    agents = legs.kind == AGENT
    for name in ("talk", "hold", "wrap_up"):
        total = np.zeros(len(calls), dtype=np.int64)
        np.add.at(total, legs.call[agents], getattr(legs, name)[agents])
        assert np.array_equal(total, getattr(calls, name)), name
    customers = legs.call[legs.kind == CUSTOMER]
    assert np.array_equal(customers, np.arange(len(calls)))
    passed = legs.handed_to >= 0
    assert passed.sum() > 50
    assert np.array_equal(
        legs.agent[np.flatnonzero(passed) + 1], legs.handed_to[passed]
    )


def test_who_gave_up_was_not_spoken_to(world: World) -> None:
    calls = world.calls
    silent = np.isin(calls.status, (IN_QUEUE, IN_VOICEMAIL, NOT_CONNECTED))
    assert not calls.talk[silent].any()
    assert not calls.ticket[silent].max() >= 0
    assert not calls.wait[~calls.is_inbound].any()
    assert not calls.talk[calls.is_after_hours].any()
    assert (calls.talk[(calls.status == COMPLETED) & ~calls.is_after_hours] > 0).all()


def test_waits_and_abandonment_are_those_of_a_real_line(world: World) -> None:
    calls = world.calls
    open_calls = calls.is_inbound & ~calls.is_after_hours
    abandoned = (calls.status[open_calls] == IN_QUEUE).mean()
    assert 0.04 < abandoned < 0.16
    assert 35 < np.median(calls.wait[open_calls]) < 60
    assert 200 < np.median(calls.talk[calls.talk > 0]) < 280
    assert 0.05 < calls.is_after_hours[calls.is_inbound].mean() < 0.15


def test_every_ticket_by_telephone_has_its_call(world: World) -> None:
    calls, tickets = world.calls, world.tickets
    by_phone = np.flatnonzero(tickets.channel == VOICE)
    assert set(by_phone) <= set(calls.ticket.tolist())
    about = calls.ticket >= 0
    assert np.array_equal(calls.user[about], tickets.requester[calls.ticket[about]])
