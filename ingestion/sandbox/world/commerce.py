"""What customers buy from the shop: subscriptions with churn and return, and orders.

Holds their draw. Who has a contract leaves it at a rate of their own, the unhappy
sooner, and some come back; who buys now and then does so at a rate of their own until
they are lost for good, which nobody is told. Does not hold deals of companies (`crm`)
nor anything that a vendor would write. Tests: tests/ingestion/sandbox/test_commerce.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import People
from ingestion.sandbox.world.timeline import (
    DAY,
    NEVER,
    Array,
    Span,
    after_price_change,
    in_outage,
)

PLANS = ("home", "team", "business")
_CENTS = np.array([1_200, 4_900, 14_900])
PRICE_RISE, CHURN_AFTER_RISE, CHURN_AFTER_OUTAGE = 1.08, 1.6, 1.5
_MONTH = 30 * DAY
_SUBSCRIBE, _BUY, _RETURN = 0.35, 0.5, 0.25
_MOST_ORDERS = 60


@dataclass(frozen=True)
class Subscriptions:
    """One row per contract, in the order of persons and then of time.

    Attributes:
        person: Who has it.
        plan: Place in `PLANS`.
        began: When it began.
        ended: When it was cancelled, NEVER while it runs.
        is_return: Whether the person had one before.
    """

    person: Array
    plan: Array
    began: Array
    ended: Array
    is_return: Array

    def __len__(self) -> int:
        return len(self.person)

    def cents(self, span: Span, when: int) -> Array:
        """Give what each costs a month at an instant, in hundredths."""
        dearer = when >= span.price_change
        return np.rint(_CENTS[self.plan] * (PRICE_RISE if dearer else 1.0))


@dataclass(frozen=True)
class Orders:
    """One row per order in the order of time; amounts in hundredths of currency."""

    person: Array
    placed: Array
    cents: Array

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Commerce:
    """What the shop sold.

    Attributes:
        subscriptions: Contracts.
        orders: One-off purchases.
        lost: By person, when the person was lost as a buyer for good, NEVER for who
            still is one or never was.
    """

    subscriptions: Subscriptions
    orders: Orders
    lost: Array


def draw_commerce(rng: np.random.Generator, span: Span, people: People) -> Commerce:
    """Draw contracts and orders of the whole span."""
    orders, lost = _draw_orders(rng, span, people)
    return Commerce(_draw_subscriptions(rng, span, people), orders, lost)


def _draw_subscriptions(
    rng: np.random.Generator, span: Span, people: People
) -> Subscriptions:
    person = np.flatnonzero(rng.random(len(people)) < _SUBSCRIBE)
    plan = rng.choice(len(PLANS), len(person), p=[0.6, 0.3, 0.1])
    # Each has a monthly churn of their own, around 4 %: beta as in Fader and Hardie's
    # shifted beta-geometric model, moved by how happy the person is.
    churn = rng.beta(1.0, 24.0, len(person))
    churn = np.clip(churn * np.exp(-0.5 * people.satisfaction[person]), 0.001, 0.6)
    began = people.signed_up[person] + rng.integers(0, 5 * DAY, len(person))
    first = _cancelled(rng, span, began, churn)
    pause = rng.integers(20 * DAY, 200 * DAY, len(person))
    back = np.where(rng.random(len(person)) < _RETURN, first + pause, NEVER)
    returns = (first < span.end) & (back < span.end)
    again = np.flatnonzero(returns)
    second = _cancelled(rng, span, back[again], churn[again])
    rows = np.concatenate([np.arange(len(person)), again])
    columns = {
        "person": person[rows],
        "plan": plan[rows],
        "began": np.concatenate([began, back[again]]),
        "ended": np.concatenate([first, second]),
        "is_return": np.arange(len(rows)) >= len(person),
    }
    order = np.lexsort((columns["began"], columns["person"]))
    order = order[columns["began"][order] < span.end]
    return Subscriptions(**{name: values[order] for name, values in columns.items()})


def _cancelled(
    rng: np.random.Generator, span: Span, began: Array, churn: Array
) -> Array:
    """Draw when contracts end: at the end of one of their months, or never."""
    ended = np.full(len(began), NEVER, dtype=np.int64)
    months = max(int((span.end - began.min()) // _MONTH), 0) if len(began) else 0
    for month in range(1, months + 1):
        due = began + month * _MONTH
        trouble = np.where(
            after_price_change(span, due, days=60), CHURN_AFTER_RISE, 1.0
        )
        hit = in_outage(span, due, tail_days=30)
        trouble = trouble * np.where(hit, CHURN_AFTER_OUTAGE, 1.0)
        leaves = rng.random(len(began)) < np.minimum(churn * trouble, 0.95)
        ended = np.where((ended == NEVER) & leaves & (due < span.end), due, ended)
    return ended


def _draw_orders(
    rng: np.random.Generator, span: Span, people: People
) -> tuple[Orders, Array]:
    """Draw purchases as Fader, Hardie and Lee's BG/NBD model has them.

    Each buyer has a rate (gamma) and, after every purchase, a chance to be lost (beta).
    """
    buyer = np.flatnonzero(rng.random(len(people)) < _BUY)
    rate = rng.gamma(0.9, 1 / 45.0, len(buyer)) + 1 / 900
    leaves = np.clip(rng.beta(0.9, 4.0, len(buyer)), 0.01, 0.95)
    value = np.exp(rng.normal(4.0, 0.6, len(buyer)))
    when = people.signed_up[buyer] + rng.integers(DAY, 20 * DAY, len(buyer))
    lost = np.full(len(people), NEVER, dtype=np.int64)
    active = np.arange(len(buyer))
    none = np.zeros(0, dtype=np.int64)
    parts = [(none, none, none)]
    for _ in range(_MOST_ORDERS):
        active = active[when[active] < span.end]
        if not len(active):
            break
        dearer = np.where(when[active] >= span.price_change, PRICE_RISE, 1.0)
        spread = np.exp(rng.normal(0.0, 0.4, len(active)))
        cents = np.rint(100 * value[active] * spread * dearer).astype(np.int64)
        parts.append((buyer[active], when[active], cents))
        is_lost = rng.random(len(active)) < leaves[active]
        lost[buyer[active[is_lost]]] = when[active[is_lost]]
        active = active[~is_lost]
        days = rng.exponential(1.0, len(active)) / rate[active]
        when[active] += 600 + (days * DAY).astype(np.int64)
    person, placed, cents = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((person, placed))
    return Orders(person[order], placed[order], cents[order]), lost
