"""Reviews of the world: who writes them, and what becomes of them."""

import numpy as np
import pytest

from ingestion.sandbox.trustpilot.reviews import Snapshot, review_id
from ingestion.sandbox.world import NEVER, World
from ingestion.sandbox.world.identities import REVIEWS
from ingestion.sandbox.world.people import ENGLISH, GERMAN
from ingestion.sandbox.world.timeline import DAY, in_outage


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(customers=20_000)


def test_one_person_in_eleven_writes_and_nobody_twice(world: World) -> None:
    persons = world.reviews.person
    assert 0.05 < len(persons) / 20_000 < 0.1
    assert len(np.unique(persons)) == len(persons)
    assert (np.diff(world.reviews.created) >= 0).all()


def test_stars_follow_what_people_feel(world: World) -> None:
    reviews = world.reviews
    feeling = world.people.satisfaction[reviews.person]
    assert np.corrcoef(feeling, reviews.stars)[0, 1] > 0.7
    assert (np.bincount(reviews.stars, minlength=6)[1:] > 50).all()
    after = in_outage(world.span, reviews.created, tail_days=14)
    assert reviews.stars[after].mean() < reviews.stars[~after].mean() - 0.5


def test_an_invitation_follows_the_persons_own_solved_ticket(world: World) -> None:
    reviews = world.reviews
    invited = np.flatnonzero(reviews.ticket >= 0)
    assert 0.3 < len(invited) / len(reviews) < 0.7
    ticket = reviews.ticket[invited]
    assert (world.tickets.person[ticket] == reviews.person[invited]).all()
    assert (reviews.created[invited] > world.tickets.created[ticket]).all()
    assert not reviews.is_linked[reviews.ticket < 0].any()


def test_the_past_is_edited_answered_reported_and_removed(world: World) -> None:
    reviews = world.reviews
    shares = {
        "edited": (0.1, 0.2),
        "replied": (0.4, 0.8),
        "reply_edited": (0.02, 0.1),
        "reported": (0.005, 0.05),
        "removed": (0.02, 0.06),
    }
    for name, (low, high) in shares.items():
        when = getattr(reviews, name)
        happens = when < NEVER
        assert low < happens.mean() < high, name
        assert (when[happens] > reviews.created[happens]).all(), name
    rewritten = reviews.reply_edited < NEVER
    assert (reviews.reply_edited > reviews.replied)[rewritten].all()


def test_a_removed_review_is_seen_until_that_second(world: World) -> None:
    reviews = world.reviews
    row = int(np.flatnonzero(reviews.removed < world.span.now)[0])
    gone = int(reviews.removed[row])
    assert row in reviews.visible(gone - 1)
    assert row not in reviews.visible(gone)
    assert row not in reviews.visible(int(reviews.created[row]) - 1)


def test_edits_change_stars_from_their_second_on(world: World) -> None:
    reviews = world.reviews
    changed = (reviews.stars != reviews.stars_after) & (reviews.edited < NEVER)
    row = np.flatnonzero(changed)[:1]
    at = int(reviews.edited[row][0])
    before, after = Snapshot(world, at - 1), Snapshot(world, at)
    assert before.stars(row) == reviews.stars[row]
    assert after.stars(row) == reviews.stars_after[row]
    assert after.changed(row) == at > before.changed(row)


def test_people_write_in_their_own_language(world: World) -> None:
    reviews = world.reviews
    german = world.people.is_german[reviews.person]
    assert (reviews.language[german] == GERMAN).all()
    counts = np.bincount(reviews.language, minlength=4)
    assert (counts > 20).all()
    assert counts.argmax() == ENGLISH


def test_ids_are_24_hexadecimal_digits_and_differ(world: World) -> None:
    ids = {review_id(world, row) for row in range(len(world.reviews))}
    assert len(ids) == len(world.reviews)
    assert all(len(text) == 24 and int(text, 16) for text in ids)


def test_only_people_with_an_address_leave_one(world: World) -> None:
    reviews = world.reviews
    for row in np.flatnonzero(reviews.has_email)[:200].tolist():
        address = world.directory.address(int(reviews.person[row]), REVIEWS)
        assert address is not None
        assert "@" in address


def test_the_clock_moving_brings_new_reviews(world: World) -> None:
    now = world.span.now
    later = set(world.reviews.visible(now + 30 * DAY))
    assert later - set(world.reviews.visible(now))
