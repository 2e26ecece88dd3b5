import hashlib
import os
import subprocess
import sys
from datetime import datetime

import numpy as np
import pytest

from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.world import DEFAULT_NOW, World
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.identities import HELPDESK
from ingestion.sandbox.world.names import FULL
from ingestion.sandbox.world.people import ROLE_MAIL
from ingestion.sandbox.world.surveys import OWN
from ingestion.sandbox.world.tickets import BILLING, EMAIL, SPAM
from ingestion.sandbox.world.timeline import in_outage, weekday

PROGRAM = """
import hashlib
from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.world import World
world = World.generate(seed=11, customers=40)
digest = hashlib.sha256()
for records in sandbox_streams(world, world.span.now):
    digest.update(b"".join(records.render(records.rows)))
print(digest.hexdigest())
"""


def _digest(seed: int) -> str:
    world = World.generate(seed=seed, customers=40)
    digest = hashlib.sha256()
    for records in sandbox_streams(world, world.span.now):
        digest.update(b"".join(records.render(records.rows)))
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_any_process() -> None:
    odd = {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "4242", "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **odd},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == _digest(11)


def test_another_seed_gives_another_world() -> None:
    assert _digest(12) != _digest(11)


@pytest.mark.parametrize("customers", [20, 333])
def test_tickets_before_now_are_twice_the_customers(customers: int) -> None:
    world = World.generate(customers=customers)
    created = world.tickets.created
    assert int((created <= world.span.now).sum()) == 2 * customers
    assert created.max() > world.span.now
    assert (np.diff(created) >= 0).all()
    fates = np.bincount(world.tickets.fate, minlength=4)
    assert (fates > 0).all()


def test_a_world_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        World.generate(customers=19)
    with pytest.raises(ValueError, match="time zone"):
        World.generate(now=datetime(2026, 1, 1))


def test_lives_are_possible_lives() -> None:
    events = World.generate(customers=2000).events
    starts = events.offset[:-1]
    assert (events.action[starts] == 0).all()
    same = events.ticket[1:] == events.ticket[:-1]
    assert (np.diff(events.when)[same] > 0).all()
    before, after = events.status[:-1][same], events.status[1:][same]
    assert not (before >= act.CLOSED).any()
    assert (after[before != act.NEW] != act.NEW).all()
    assert (events.assignee[events.action == act.INDEX["reply"]] >= 0).all()


def test_agents_take_turns_and_hand_back() -> None:
    world = World.generate(customers=3000)
    events = world.events
    used = np.bincount(events.action, minlength=len(act.ACTIONS))
    assert (used > 0).all()
    assert world.staff.bot == 20
    assert world.staff.groups == 6


@pytest.fixture(scope="module")
def large() -> World:
    return World.generate(customers=20_000)


def test_the_outage_raises_volume_and_lowers_scores(large: World) -> None:
    tickets, span = large.tickets, large.span
    hit = in_outage(span, tickets.created)
    begin, end = span.outage
    week_before = (tickets.created >= begin - 7 * 86_400) & (
        tickets.created <= end - 7 * 86_400
    )
    assert hit.sum() > 2 * week_before.sum()
    assert tickets.experience[hit].mean() < tickets.experience[~hit].mean() - 0.5
    relationship = large.relationship
    after = in_outage(span, relationship.came, tail_days=30)
    assert relationship.score[after].mean() < relationship.score[~after].mean()


def test_dearer_prices_bring_questions_about_bills(large: World) -> None:
    tickets, rise = large.tickets, large.span.price_change
    since = (tickets.created >= rise) & (tickets.created < rise + 21 * 86_400)
    before = (tickets.created < rise) & (tickets.created >= rise - 60 * 86_400)
    about_bills = tickets.topic == BILLING
    assert about_bills[since].mean() > 1.5 * about_bills[before].mean()


def test_unhappy_customers_come_back_with_the_same_issue(large: World) -> None:
    tickets = large.tickets
    again = np.flatnonzero(tickets.repeats >= 0)
    assert 0.05 < len(again) / len(tickets) < 0.2
    earlier = tickets.repeats[again]
    days = (tickets.created[again] - tickets.created[earlier]) / 86_400
    assert days.min() > 0
    assert 2 < np.median(days) < 9
    mood = large.people.satisfaction[tickets.person]
    assert mood[again].mean() < mood.mean() - 0.2
    assert tickets.experience[again].mean() < tickets.experience.mean() - 0.4
    # Who writes to a closed ticket follows it up; the vendor knows that much alone.
    following = large.follows >= 0
    assert 0 < following.sum() < len(again) / 2
    assert (tickets.channel[following] == EMAIL).all()


def test_spam_is_deleted_or_dismissed_and_never_answered(large: World) -> None:
    tickets, events = large.tickets, large.events
    spam = np.flatnonzero(tickets.fate == SPAM)
    assert len(spam) > 100
    own = events.action[np.isin(events.ticket, spam)]
    names = {act.ACTIONS[action].name for action in np.unique(own)}
    assert names == {"create", "delete", "dismiss", "close"}


def test_volume_grows_and_keeps_office_hours(large: World) -> None:
    created = large.tickets.created
    past = created[created <= large.span.now]
    middle = (large.span.start + large.span.now) // 2
    assert (past > middle).sum() > 1.15 * (past <= middle).sum()
    days = np.bincount(weekday(past), minlength=7)
    assert days[1] > 2 * days[0]


def test_happy_people_rate_well(large: World) -> None:
    own = large.relationship.sender == OWN
    satisfaction = large.people.satisfaction[large.relationship.person[own]]
    score = large.relationship.score[own]
    assert np.corrcoef(satisfaction, score)[0, 1] > 0.6
    answered = large.ratings.answered <= large.span.now
    share = large.ratings.is_good[answered].mean()
    assert 0.6 < share < 0.95
    promoters, detractors = (score >= 9).mean(), (score <= 6).mean()
    assert 0 < 100 * (promoters - detractors) < 50


def test_people_share_mailboxes_and_have_two_records(large: World) -> None:
    users, people = large.users, large.people
    sharing = np.flatnonzero(people.mail == ROLE_MAIL)
    assert len(np.unique(users.main[sharing])) < len(sharing)
    twice = np.flatnonzero(users.second >= 0)
    assert 0.005 < len(twice) / len(people) < 0.05
    plain = twice[large.identities.spelling[HELPDESK][twice] == FULL]
    person = int(plain[0])
    first = large.directory.user_name(int(users.main[person]))
    assert first.startswith(large.directory.user_name(int(users.second[person])))


def test_the_history_may_be_shorter_and_end_elsewhere() -> None:
    world = World.generate(customers=50, months=3, now=DEFAULT_NOW.replace(year=2025))
    assert world.span.now - world.span.start < 93 * 86_400
    assert world.tickets.created.min() >= world.span.start
