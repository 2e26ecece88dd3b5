"""Contracts end, some come back, and prices drive people away."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.world import NEVER, World
from ingestion.sandbox.world.timeline import DAY


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=8, customers=20_000)


def test_a_person_has_one_contract_at_a_time(world):
    contracts = world.commerce.subscriptions
    assert (contracts.ended > contracts.began).all()
    same = contracts.person[1:] == contracts.person[:-1]
    assert same.any()
    assert (contracts.began[1:][same] > contracts.ended[:-1][same]).all()
    assert (contracts.is_return[1:] == same).all()


def test_unhappy_customers_leave_sooner(world):
    contracts = world.commerce.subscriptions
    mood = world.people.satisfaction[contracts.person]
    left = contracts.ended < NEVER
    assert mood[left].mean() < mood[~left].mean() - 0.2


def test_more_leave_after_prices_went_up(world):
    contracts, rise = world.commerce.subscriptions, world.span.price_change

    def churn(begin: int, end: int) -> float:
        months = np.clip(
            np.minimum(contracts.ended, end) - np.maximum(contracts.began, begin),
            0,
            None,
        ).sum() / (30 * DAY)
        left = (contracts.ended >= begin) & (contracts.ended < end)
        return float(left.sum() / months)

    before = churn(rise - 60 * DAY, rise)
    # The outage does not reach back to the first weeks after the rise.
    assert churn(rise, rise + 40 * DAY) > 1.25 * before
    assert contracts.cents(world.span, rise)[0] == np.rint(
        1.08 * contracts.cents(world.span, rise - 1)[0]
    )


def test_who_is_lost_never_buys_again(world):
    orders, lost = world.commerce.orders, world.commerce.lost
    assert (np.diff(orders.placed) >= 0).all()
    assert (orders.placed <= lost[orders.person]).all()
    assert (orders.cents > 0).all()
    gone = lost < world.span.now
    assert 0.1 < gone.mean() < 0.5


def test_orders_and_contracts_are_the_same_again(world):
    again = World.generate(seed=8, customers=20_000).commerce
    assert (again.orders.cents == world.commerce.orders.cents).all()
    assert (again.subscriptions.ended == world.commerce.subscriptions.ended).all()
