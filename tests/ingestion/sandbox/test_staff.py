"""Agents work in shifts and languages; a bot answers first; one half is compared."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.world import World
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.people import ENGLISH, GERMAN
from ingestion.sandbox.world.staff import SHIFTS, Staff
from ingestion.sandbox.world.tickets import CHAT, CONTAINS, HANDS_OFF, NO_BOT, ORDINARY
from ingestion.sandbox.world.timeline import HOUR


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=6, customers=10_000)


def _staff() -> Staff:
    """Two groups of two and the bot; the second of each speaks German, too."""
    speaks = np.zeros((4, 5), dtype=bool)
    speaks[ENGLISH] = True
    speaks[GERMAN, [1, 3]] = True
    return Staff(
        first=np.array([0, 2, 4]),
        pace=np.ones(5),
        shift=np.array([0, 0, 0, 2, 1]),
        speaks=speaks,
    )


def test_who_speaks_the_language_and_is_at_work_takes_over():
    staff = _staff()
    agent = np.arange(4)
    german, english = np.full(4, GERMAN), np.full(4, ENGLISH)
    morning, evening = np.full(4, 7 * HOUR), np.full(4, 18 * HOUR)
    assert staff.suited(agent, english, morning).tolist() == [0, 1, 2, 2]
    assert staff.suited(agent, german, morning).tolist() == [1, 1, 3, 3]
    # In the evening there is agent 3 alone; the first group's are as good as any.
    assert staff.suited(agent, english, evening).tolist() == [0, 1, 3, 3]
    # Nobody speaks French: whoever it is.
    assert staff.suited(agent, np.full(4, 2), morning).tolist() == [0, 1, 2, 3]


def test_the_bot_is_an_agent_of_no_group():
    staff = _staff()
    assert (staff.bot, staff.agents, staff.groups) == (4, 5, 2)
    assert staff.group_of(np.array([-1, 0, 1, 2, 3])).tolist() == [-1, 0, 0, 1, 1]


def test_most_of_what_agents_do_is_done_in_their_shifts(world):
    events, staff = world.events, world.staff
    agent = events.author - 1
    replies = np.flatnonzero((agent >= 0) & (agent < staff.bot))
    replies = replies[np.isin(events.action[replies], [act.INDEX["reply"]])]
    opens, closes = SHIFTS[staff.shift[agent[replies]]].T
    hour = events.when[replies] // HOUR % 24
    assert ((hour >= opens) & (hour < closes)).mean() > 0.8


def test_german_tickets_land_with_who_speaks_german(world):
    tickets, staff = world.tickets, world.staff
    german = tickets.language == GERMAN
    speaks = staff.speaks[GERMAN]
    assert speaks[tickets.agent[german]].mean() > 0.9
    assert speaks[tickets.agent[~german]].mean() < 0.6


def test_a_bot_has_the_first_word_and_hands_off_what_it_cannot_solve(world):
    tickets, events, bot = world.tickets, world.events, 1 + world.staff.bot
    met = np.flatnonzero(tickets.bot != NO_BOT)
    met = met[tickets.created[met] < world.span.now]
    assert (tickets.channel[met] == CHAT).all()
    assert (tickets.fate[met] == ORDINARY).all()
    first = events.offset[met] + 1
    assert (events.author[first] == bot).all()
    assert (events.when[first] - tickets.created[met]).max() < 600
    then = events.action[first + 1]
    solved = tickets.bot[met] == CONTAINS
    assert (then[solved] == act.INDEX["bot_solve"]).all()
    assert (events.status[first + 1][solved] == act.SOLVED).all()
    asked = tickets.bot[met] == HANDS_OFF
    assert (then[asked] == act.INDEX["ask_for_human"]).all()
    # After that only people speak, and what a customer reopens is taken from the bot.
    own = np.isin(events.ticket, met[asked]) & (events.author == bot)
    assert own.sum() == asked.sum()
    replies = events.action == act.INDEX["reply"]
    assert not (events.assignee[replies] == world.staff.bot).any()


def test_the_new_process_makes_the_pilot_groups_faster_and_leaves_the_others(world):
    """Difference in differences of the latent paces: 0.7 against nothing."""
    tickets, span, staff = world.tickets, world.span, world.staff
    log_pace = np.log(tickets.pace)
    after = tickets.created >= span.new_process
    pilot = staff.is_pilot[tickets.topic % staff.groups]
    calm = tickets.topic != 6  # an outage has a pace of its own

    def change(of: np.ndarray) -> float:
        return float(log_pace[of & after].mean() - log_pace[of & ~after].mean())

    difference = change(pilot & calm) - change(~pilot & calm)
    assert np.exp(difference) == pytest.approx(0.7, abs=0.04)
