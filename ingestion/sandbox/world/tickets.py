"""What tickets are at birth: who writes when, about what, by which channel.

Holds the draw of everything about a ticket that never changes, its fate included
(an ordinary life, merged, deleted, a test). Does not hold its life (`lifecycle.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import NO_MAIL, People
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.timeline import (
    DAY,
    Array,
    Span,
    after_price_change,
    arrivals,
    in_outage,
)
from ingestion.sandbox.world.users import Users, contact_users

EMAIL, WEB, CHAT, API, VOICE, BY_AGENT = range(6)
CHANNELS = ("email", "web", "chat", "api", "voice", "web")
ORDINARY, MERGED, DELETED, TEST, SPAM = range(5)
# What a bot does with a ticket: nothing; it solves it; it gives up.
NO_BOT, CONTAINS, HANDS_OFF = range(3)
TOPICS = ("delivery", "billing", "login", "defect", "returns", "how_to", "outage")
OUTAGE, BILLING = TOPICS.index("outage"), TOPICS.index("billing")
LOW, NORMAL, HIGH, URGENT = range(4)
PRIORITIES = ("low", "normal", "high", "urgent", None)
PILOT_PACE = 0.7
TYPES = ("question", "incident", "problem", "task", None)


@dataclass(frozen=True)
class Tickets:
    """One row per ticket in the order of creation; ticket i has the id i + 1.

    `requester` and `submitter` are rows of the helpdesk's users; `agent` is the one
    that it lands with; `pace` multiplies reply times; `experience` is how well it
    goes for the customer; `merged_into` is a row of tickets or -1; `ends_at_step`
    the step of its life at which a merge or deletion strikes; `repeats` is the ticket
    whose issue it is about once more, or -1; `bot` is what the bot does with it;
    `language` is the customer's.
    """

    created: Array
    person: Array
    requester: Array
    submitter: Array
    channel: Array
    topic: Array
    priority: Array
    kind: Array
    fate: Array
    merged_into: Array
    repeats: Array
    bot: Array
    language: Array
    ends_at_step: Array
    agent: Array
    pace: Array
    experience: Array

    def __len__(self) -> int:
        return len(self.created)


def draw_tickets(
    rng: np.random.Generator,
    span: Span,
    people: People,
    users: Users,
    staff: Staff,
) -> Tickets:
    """Draw two tickets per customer before `span.now`, and those of the horizon."""
    created = arrivals(rng, span, 2 * len(people))
    count = len(created)
    person = _draw_persons(rng, people, count)
    topic = _draw_topics(rng, span, created)
    fate, merged_into = _draw_fates(rng, count, 2 * len(people))
    repeats = _draw_repeats(rng, created, fate, people.satisfaction[person])
    for earlier in (repeats, merged_into):
        _take_after(earlier, person)
        _take_after(earlier, topic)
    channel = rng.choice(6, count, p=[0.42, 0.2, 0.12, 0.06, 0.12, 0.08])
    channel[fate == TEST] = BY_AGENT
    channel[np.isin(fate, (MERGED, SPAM))] = EMAIL
    agent = staff.pick(rng, topic % staff.groups)
    agent = staff.suited(agent, people.language[person], created)
    requester = contact_users(rng, users, person)
    mute = users.without_mail[requester] | (people.mail[person] == NO_MAIL)
    channel[mute & np.isin(channel, (EMAIL, WEB))] = CHAT
    priority = rng.choice(5, count, p=[0.14, 0.5, 0.2, 0.06, 0.1])
    satisfaction = people.satisfaction[person]
    outage = in_outage(span, created, tail_days=2.0)
    return Tickets(
        created=created,
        person=person,
        requester=requester,
        submitter=np.where(np.isin(channel, (VOICE, BY_AGENT)), 1 + agent, requester),
        channel=channel,
        topic=topic,
        priority=priority,
        kind=rng.choice(5, count, p=[0.4, 0.25, 0.15, 0.05, 0.15]),
        fate=fate,
        merged_into=merged_into,
        repeats=repeats,
        bot=_draw_bots(rng, channel, fate),
        language=people.language[person],
        ends_at_step=rng.integers(1, 4, count),
        agent=agent,
        pace=_pace(satisfaction, priority)
        * _process(span, created, staff.is_pilot[topic % staff.groups])
        * np.where(outage, 2.2, 1.0),
        experience=0.75 * satisfaction
        + rng.normal(0.0, 0.6, count)
        - 1.1 * outage
        - 0.4 * (repeats >= 0),
    )


def _draw_persons(rng: np.random.Generator, people: People, count: int) -> Array:
    cumulative = np.cumsum(people.weight)
    picks = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
    return np.minimum(picks, len(people) - 1)


def _draw_topics(rng: np.random.Generator, span: Span, created: Array) -> Array:
    topic = rng.choice(6, len(created), p=[0.24, 0.18, 0.14, 0.16, 0.12, 0.16])
    draw = rng.random(len(created))
    dearer = after_price_change(span, created, days=21) & (draw > 0.8)
    topic = np.where(dearer, BILLING, topic)
    return np.where(in_outage(span, created) & (draw < 0.7), OUTAGE, topic)


def _draw_fates(
    rng: np.random.Generator, count: int, before_now: int
) -> tuple[Array, Array]:
    """Mark the special tickets; a merged one goes into its predecessor."""
    fate = np.zeros(count, dtype=np.int8)
    merged_into = np.full(count, -1, dtype=np.int64)
    order = rng.permutation(np.arange(1, before_now))
    shares = (0.02, 0.012, 0.006, 0.006)
    sizes = [max(1, round(before_now * share)) for share in shares]
    cuts = np.cumsum(sizes)
    # The partner of a merge is the ticket before it, which must have no fate itself.
    merged = order[: cuts[0]]
    merged = merged[~np.isin(merged - 1, order[: cuts[3]])]
    fate[merged] = MERGED
    fate[order[cuts[0] : cuts[1]]] = DELETED
    fate[order[cuts[1] : cuts[2]]] = TEST
    fate[order[cuts[2] : cuts[3]]] = SPAM
    merged_into[merged] = merged - 1
    return fate, merged_into


def _draw_repeats(
    rng: np.random.Generator, created: Array, fate: Array, satisfaction: Array
) -> Array:
    """Let some tickets be about what another was about days before.

    The less satisfied the earlier one's customer, the more likely.
    """
    tried = np.flatnonzero((fate == ORDINARY) & (rng.random(len(created)) < 0.22))
    days = 0.2 + rng.exponential(6.0, len(tried))
    since = created[tried] - (days * DAY).astype(np.int64)
    earlier = np.searchsorted(created, since, side="right") - 1
    likely = 1 / (1 + np.exp(0.3 + satisfaction[earlier]))
    possible = (earlier >= 0) & (fate[earlier] == ORDINARY)
    happens = possible & (rng.random(len(tried)) < likely)
    repeats = np.full(len(created), -1, dtype=np.int64)
    repeats[tried[happens]] = earlier[happens]
    return repeats


def roots(earlier: Array) -> Array:
    """Follow each row to the first one that it leads back to; -1 ends a way."""
    root = np.where(earlier >= 0, earlier, np.arange(len(earlier)))
    while (root[root] != root).any():
        root = root[root]
    return root


def _take_after(earlier: Array, values: Array) -> None:
    """Give each ticket the value of the first one that it leads back to."""
    values[:] = values[roots(earlier)]


def _draw_bots(rng: np.random.Generator, channel: Array, fate: Array) -> Array:
    """Let a bot answer two of three chats, and solve a third of those."""
    draw = rng.random(len(channel))
    meets = (channel == CHAT) & (fate == ORDINARY) & (draw < 0.66)
    return np.where(meets, np.where(draw < 0.22, CONTAINS, HANDS_OFF), NO_BOT)


def _pace(satisfaction: Array, priority: Array) -> Array:
    by_priority = np.array([1.5, 1.0, 0.7, 0.35, 1.1])[priority]
    return np.exp(-0.3 * satisfaction) * by_priority


def _process(span: Span, created: Array, is_pilot: Array) -> Array:
    """Give what the new process does to reply times where it is tried."""
    return np.where((created >= span.new_process) & is_pilot, PILOT_PACE, 1.0)


def follow_ups(tickets: Tickets, closed: Array) -> Array:
    """Tell which tickets are follow-ups in the helpdesk's sense, and to what.

    Who answers by mail to a ticket that is closed opens a new one that names it.

    Args:
        tickets: The tickets.
        closed: When each was closed, or NEVER.

    Returns:
        The row of the closed ticket, -1 for all others.
    """
    by_mail = (tickets.repeats >= 0) & (tickets.channel == EMAIL)
    is_late = closed[tickets.repeats] < tickets.created
    return np.where(by_mail & is_late, tickets.repeats, -1)
