"""What a world is like: as a count by hand says, and beside real companies."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.description import describe
from ingestion.sandbox.references import REFERENCES
from ingestion.sandbox.world import NEVER, World
from ingestion.sandbox.world.tickets import MERGED

# The one that is explained instead of mended.
EXPLAINED = {"deals won of those closed"}


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=5, customers=2000)


@pytest.fixture(scope="module")
def figures(world):
    return {(found.part, found.name): found for found in describe(world)}


def test_figures_are_named_once(world, figures):
    assert len(describe(world)) == len(figures)


def test_every_reference_stands_beside_a_figure(figures):
    assert set(REFERENCES) <= {name for _, name in figures}
    assert all(reference.low <= reference.high for reference in REFERENCES.values())


def test_figures_equal_a_count_by_hand(world, figures):
    now, tickets, ratings = world.span.now, world.tickets, world.ratings
    created = [row for row, when in enumerate(tickets.created) if when <= now]
    merged = sum(tickets.fate[row] == MERGED for row in created)
    assert figures["tickets", "tickets"].value == len(created) == 4000
    assert figures["tickets", "merged"].value == pytest.approx(merged / len(created))
    told = [row for row in range(len(ratings)) if ratings.answered[row] <= now]
    good = sum(bool(ratings.is_good[row]) for row in told)
    assert figures["ratings", "CSAT"].n == len(told)
    assert figures["ratings", "CSAT"].value == pytest.approx(good / len(told))
    scores = [
        int(score)
        for score, came, sent in zip(
            world.relationship.score,
            world.relationship.came,
            world.relationship.submitted,
            strict=True,
        )
        if came <= now and sent
    ]
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    nps = 100 * (promoters - detractors) / len(scores)
    assert figures["surveys", "NPS"].value == pytest.approx(nps)


def test_shares_of_one_whole_sum_to_one(figures):
    for prefix in ("by ", "about "):
        parts = [f.value for (_, name), f in figures.items() if name.startswith(prefix)]
        assert sum(parts) == pytest.approx(1.0)
    stars = [f.value for (_, name), f in figures.items() if "of 5 stars" in name]
    assert sum(stars) == pytest.approx(1.0)


def test_nothing_of_the_future_counts(world, figures):
    early = {(f.part, f.name): f for f in describe(world, world.span.start)}
    assert early["tickets", "tickets"].n == 0
    assert np.isnan(early["ratings", "CSAT"].value)
    assert early["ratings", "CSAT"].is_usual is None
    assert figures["tickets", "tickets"].n < len(world.tickets)
    assert not any(found.value >= NEVER / 3600 for found in figures.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_world_is_like_real_companies(seed):
    found = describe(World.generate(seed=seed, customers=5000))
    assert {each.name for each in found if each.is_usual is False} <= EXPLAINED
    assert all(REFERENCES[name].remark for name in EXPLAINED)
