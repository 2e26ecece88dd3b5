"""The visits of all deals to stages: step by step, each step one array operation.

Holds the draw. Does not hold which stages there are (`pipelines.py`) nor the deals.
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.timeline import (
    DAY,
    HOUR,
    NEVER,
    Array,
    Span,
    after_price_change,
    in_outage,
    office_time,
)

_MAX_STEPS = 16
_REOPENED_IN = np.array([1, 8])


@dataclass(frozen=True)
class Visits:
    """When deals entered stages, by deal and time; `offset` finds a deal's own."""

    deal: Array
    when: Array
    stage: Array
    offset: Array

    def __len__(self) -> int:
        return len(self.deal)


def draw_visits(
    rng: np.random.Generator, span: Span, created: Array, pipeline: Array, appeal: Array
) -> Visits:
    """Draw the way of every deal up to the end of the horizon.

    Args:
        rng: Source of the draw.
        span: The story's span.
        created: When each deal was made, in the first stage of its pipeline.
        pipeline: Its pipeline.
        appeal: How much the buyer likes the company; may be infinite.
    """
    stage, when = pipe.FIRST[pipeline].copy(), created.copy()
    active = np.arange(len(created))
    parts = [(active, when.copy(), stage.copy())]
    for _ in range(_MAX_STEPS):
        following = _follow(rng, span, pipeline, appeal, (active, stage, when))
        days = np.exp(rng.normal(2.8, 0.8, len(active)))
        days = np.where(pipe.OUTCOME[stage[active]] == pipe.OPEN, days, days + 20)
        later = when[active] + (days * DAY).astype(np.int64) + HOUR
        later = office_time(rng, later)
        moves = (following >= 0) & (later <= span.end)
        active, following, later = active[moves], following[moves], later[moves]
        if not len(active):
            break
        stage[active], when[active] = following, later
        parts.append((active, later, following))
    return _assemble(parts, len(created))


def _follow(
    rng: np.random.Generator,
    span: Span,
    pipeline: Array,
    appeal: Array,
    state: tuple[Array, Array, Array],
) -> Array:
    """Choose the next stage of each active deal, -1 for those that stay."""
    active, stages, whens = state
    stage, draw = stages[active], rng.random(len(active))
    is_sale = pipeline[active] == pipe.SALES
    trouble = 1.0 + 0.8 * in_outage(span, whens[active], tail_days=30)
    dearer = after_price_change(span, whens[active], days=90) & ~is_sale
    trouble = trouble * np.where(dearer, 1.6, 1.0)
    # Who has the product already mostly keeps it.
    trouble = trouble * np.where(is_sale, 1.0, 0.5)
    lost = np.minimum(0.17 * np.exp(-0.5 * appeal[active]) * trouble, 0.9)
    step = np.where(is_sale & (draw > 0.9) & (stage < 4), 2, 1)
    back = is_sale & (stage > 0) & (draw > lost) & (draw < lost + 0.05)
    step = np.where(back, -1, step)
    moved = np.where(draw < lost, pipe.LOST_IN[stage], stage + step)
    is_lost = pipe.OUTCOME[stage] == pipe.LOST
    reopened = np.where(is_lost & (draw > 0.95), _REOPENED_IN[pipeline[active]], -1)
    # A sale that could not be fulfilled after all.
    is_won = pipe.OUTCOME[stage] == pipe.WON
    undone = np.where(is_won & (draw > 0.99), pipe.LOST_IN[stage], -1)
    closed = np.where(is_won, undone, reopened)
    return np.where(pipe.OUTCOME[stage] == pipe.OPEN, moved, closed)


def _assemble(parts: list[tuple[Array, Array, Array]], deals: int) -> Visits:
    deal, when, stage = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(deal, kind="stable")
    offset = np.searchsorted(deal[order], np.arange(deals + 1))
    return Visits(deal[order], when[order], stage[order], offset)


def first_entry(visits: Visits, outcome: int) -> Array:
    """Give when each deal first came to a stage of that outcome, NEVER if not."""
    first = np.full(len(visits.offset) - 1, NEVER, dtype=np.int64)
    seen = pipe.OUTCOME[visits.stage] == outcome
    np.minimum.at(first, visits.deal[seen], visits.when[seen])
    return first
