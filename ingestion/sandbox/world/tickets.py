"""What tickets are at birth: who writes when, about what, by which channel.

Holds the draw of everything about a ticket that never changes, its fate included
(an ordinary life, merged, deleted, a test). Does not hold its life (`lifecycle.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.people import NO_MAIL, People
from ingestion.sandbox.world.timeline import Array, Span, arrivals, in_outage
from ingestion.sandbox.world.users import Staff, Users, contact_users

EMAIL, WEB, CHAT, API, VOICE, BY_AGENT = range(6)
CHANNELS = ("email", "web", "chat", "api", "voice", "web")
ORDINARY, MERGED, DELETED, TEST = range(4)
TOPICS = ("delivery", "billing", "login", "defect", "returns", "how_to", "outage")
OUTAGE = TOPICS.index("outage")
LOW, NORMAL, HIGH, URGENT = range(4)
PRIORITIES = ("low", "normal", "high", "urgent", None)
TYPES = ("question", "incident", "problem", "task", None)


@dataclass(frozen=True)
class Tickets:
    """One row per ticket in the order of creation; ticket i has the id i + 1.

    `requester` and `submitter` are rows of the helpdesk's users; `agent` is the one
    that it lands with; `pace` multiplies reply times; `experience` is how well it
    goes for the customer; `merged_into` is a row of tickets or -1; `ends_at_step`
    the step of its life at which a merge or deletion strikes.
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
    fate, merged_into = _draw_fates(rng, created, person, 2 * len(people))
    topic = _draw_topics(rng, span, created)
    channel = rng.choice(6, count, p=[0.42, 0.2, 0.12, 0.06, 0.12, 0.08])
    channel[fate == TEST] = BY_AGENT
    channel[fate == MERGED] = EMAIL
    agent = staff.pick(rng, topic % staff.groups)
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
        ends_at_step=rng.integers(1, 4, count),
        agent=agent,
        pace=_pace(span, created, satisfaction, priority) * np.where(outage, 2.2, 1.0),
        experience=0.75 * satisfaction + rng.normal(0.0, 0.6, count) - 1.1 * outage,
    )


def _draw_persons(rng: np.random.Generator, people: People, count: int) -> Array:
    cumulative = np.cumsum(people.weight)
    picks = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
    return np.minimum(picks, len(people) - 1)


def _draw_topics(rng: np.random.Generator, span: Span, created: Array) -> Array:
    topic = rng.choice(6, len(created), p=[0.24, 0.18, 0.14, 0.16, 0.12, 0.16])
    struck = in_outage(span, created) & (rng.random(len(created)) < 0.7)
    return np.where(struck, OUTAGE, topic)


def _draw_fates(
    rng: np.random.Generator, created: Array, person: Array, before_now: int
) -> tuple[Array, Array]:
    """Mark the special tickets; a merged one becomes its predecessor's author's."""
    count = len(created)
    fate = np.zeros(count, dtype=np.int8)
    merged_into = np.full(count, -1, dtype=np.int64)
    order = rng.permutation(np.arange(1, before_now))
    sizes = [max(1, round(before_now * share)) for share in (0.02, 0.012, 0.006)]
    cuts = np.cumsum(sizes)
    # The partner of a merge is the ticket before it, which must have no fate itself.
    merged = order[: cuts[0]]
    merged = merged[~np.isin(merged - 1, order[: cuts[2]])]
    fate[merged] = MERGED
    fate[order[cuts[0] : cuts[1]]] = DELETED
    fate[order[cuts[1] : cuts[2]]] = TEST
    person[merged] = person[merged - 1]
    merged_into[merged] = merged - 1
    return fate, merged_into


def _pace(span: Span, created: Array, satisfaction: Array, priority: Array) -> Array:
    by_priority = np.array([1.5, 1.0, 0.7, 0.35, 1.1])[priority]
    faster = np.where(created >= span.new_process, 0.7, 1.0)
    return np.exp(-0.3 * satisfaction) * by_priority * faster
