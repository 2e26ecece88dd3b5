"""What is logged about deals and answered in the CRM: sound, and in step with it."""

import numpy as np
import pytest

from ingestion.sandbox.world import World
from ingestion.sandbox.world.crm.touches import CALLS, KINDS, MEETINGS
from ingestion.sandbox.world.timeline import DAY, NEVER


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(customers=600, seed=11)


@pytest.mark.parametrize("kind", KINDS)
def test_touches_lie_within_the_life_of_their_deal_and_are_its_owners(world, kind):
    touches, deals = world.crm.touches[kind], world.crm.deals
    assert len(touches) > 100
    assert (touches.happened >= deals.created[touches.deal]).all()
    assert (touches.happened < deals.archived[touches.deal]).all()
    assert np.array_equal(touches.owner, deals.owner[touches.deal])
    assert np.array_equal(touches.contact, deals.buyer[touches.deal])
    is_ahead = touches.created < touches.happened
    assert is_ahead.any() == (kind == MEETINGS)


def test_calls_that_did_not_come_about_took_no_time(world):
    calls = world.crm.touches[CALLS]
    assert ((calls.seconds > 0) == (calls.outcome == 0)).all()
    assert 60 < np.median(calls.seconds[calls.outcome == 0]) < 1200
    meetings = world.crm.touches[MEETINGS]
    assert (meetings.seconds % 900 == 0).all()
    assert (meetings.settled[meetings.archived == NEVER] < NEVER).all()


def test_submissions_say_how_people_feel_on_the_scale_of_their_survey(world):
    given, contacts = world.crm.submissions, world.crm.contacts
    for survey, (low, high) in enumerate([(0, 10), (1, 5), (1, 7)]):
        own = given.survey == survey
        scores = given.score[own]
        assert (scores.min() >= low, scores.max()) == (True, high)
        assert np.corrcoef(scores, given.feeling[own])[0, 1] > 0.6
    known = given.contact >= 0
    assert 0.85 < known.mean() < 1
    made = contacts.created[given.contact[known]]
    assert (given.created[known] >= made).all()
    assert (given.created < world.span.end - DAY).all()


def test_the_same_seed_gives_the_same_touches(world):
    twin = World.generate(customers=600, seed=11).crm
    for kind in KINDS:
        ours, theirs = world.crm.touches[kind], twin.touches[kind]
        assert np.array_equal(ours.happened, theirs.happened), kind
    assert np.array_equal(world.crm.submissions.score, twin.submissions.score)
