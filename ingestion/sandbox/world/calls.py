"""Telephone calls: who rings whom, how long everybody waits, and who gives up.

Holds their draw, in seconds. A call that nobody answers has no talk; one outside of the
hours of its line goes to voicemail. Does not hold the legs of a call (`legs.py`) nor
JSON. Tests: tests/ingestion/sandbox/test_calls.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.hours import BERLIN, LONDON, OpenHours
from ingestion.sandbox.world.people import People
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.tickets import VOICE, Tickets
from ingestion.sandbox.world.timeline import DAY, Array, Span, arrivals
from ingestion.sandbox.world.users import Users, contact_users

COMPLETED, IN_QUEUE, IN_VOICEMAIL, ON_HOLD, NOT_CONNECTED = range(5)
STATUSES = (
    "completed",
    "abandoned_in_queue",
    "abandoned_in_voicemail",
    "abandoned_on_hold",
    "not_connected",
)
_PER_CUSTOMER = 1.6
_PATIENCE = 480.0
# Few ring a line that they know to be closed.
_AFTER_HOURS = 0.12
_TICKET_WITHIN = 7 * DAY


@dataclass(frozen=True)
class Calls:
    """One row per call in the order in which they began. Durations are in seconds.

    Attributes:
        created: When it began.
        person: Who is on the customer's side, -1 for a number nobody knows.
        user: The helpdesk's record of that person, -1 for none.
        line: The company's number: a place in `hours.SCHEDULES`.
        is_inbound: Whether the customer rang.
        is_callback: Whether the company rings because somebody had to wait.
        status: Place in `STATUSES`.
        agent: Who answered, or rang; -1 for nobody.
        ticket: Row of the ticket it is about, -1 for none.
        is_after_hours: Whether the line was closed: the answering machine took it.
        ivr: In the menu.
        wait: In the queue.
        talk: Speaking, over all agents.
        hold: On hold, over all agents.
        wrap_up: Work after the call, over all agents.
        filed: Seconds after its end at which wrap-up and recording are known.
    """

    created: Array
    person: Array
    user: Array
    line: Array
    is_inbound: Array
    is_callback: Array
    status: Array
    agent: Array
    ticket: Array
    is_after_hours: Array
    ivr: Array
    wait: Array
    talk: Array
    hold: Array
    wrap_up: Array
    filed: Array

    def __len__(self) -> int:
        return len(self.created)

    @property
    def ended(self) -> Array:
        """When the last party hung up."""
        return self.created + self.ivr + self.wait + self.talk + self.hold

    def updated(self, clock: int) -> Array:
        """When each call last changed, as known at the clock."""
        filed = self.ended + self.filed
        return np.where(filed <= clock, filed, self.ended)


def draw_calls(  # noqa: PLR0913, PLR0917 - one argument per part that it rests on
    rng: np.random.Generator,
    span: Span,
    people: People,
    users: Users,
    staff: Staff,
    tickets: Tickets,
    hours: OpenHours,
) -> Calls:
    """Draw the calls of the whole span, those behind tickets by telephone included."""
    created, person, ticket = _rings(rng, span, people, tickets)
    line = np.where(people.is_german[person], BERLIN, LONDON)
    # Somebody spoke in a call that became a ticket, at whatever hour.
    tied = ticket >= 0
    closed = (hours.between(line, created, created + 1) == 0) & ~tied
    is_inbound = tied | closed | (rng.random(len(created)) < 0.78)
    kept = np.flatnonzero(~closed | (rng.random(len(created)) < _AFTER_HOURS))
    created, person, ticket, line = (x[kept] for x in (created, person, ticket, line))
    tied, closed, is_inbound = tied[kept], closed[kept], is_inbound[kept]
    count = len(created)
    unknown = is_inbound & ~tied & (rng.random(count) < 0.08)
    ivr = np.where(is_inbound, rng.integers(8, 46, count), 0)
    wait = np.where(is_inbound & ~closed, _wait(rng, created), 0)
    patience = rng.exponential(_PATIENCE, count).astype(np.int64) + 5
    gives_up = is_inbound & ~tied & (wait > patience)
    status = _status(rng, is_inbound, closed, gives_up)
    answered = (status == COMPLETED) & ~(is_inbound & closed)
    on_hold = status == ON_HOLD
    spoken = answered | on_hold
    talk = np.where(spoken, _spread(rng, count, 240, 0.8), 0)
    held = on_hold | (spoken & (rng.random(count) < 0.25))
    agent = staff.pick(rng, rng.integers(0, staff.groups, count))
    rings, known = spoken | ~is_inbound, ~unknown
    user = np.where(known, contact_users(rng, users, person), -1)
    user = np.where(tied, tickets.requester[ticket], user)
    near = _tickets_near(rng, tickets, user, created)
    about = np.where(tied, ticket, np.where(known & spoken, near, -1))
    return Calls(
        created=created,
        person=np.where(known, person, -1),
        user=user,
        line=line,
        is_inbound=is_inbound,
        is_callback=~is_inbound & (rng.random(count) < 0.2),
        status=status,
        agent=np.where(tied, tickets.agent[ticket], np.where(rings, agent, -1)),
        ticket=about,
        is_after_hours=is_inbound & closed,
        ivr=ivr,
        wait=np.where(gives_up, patience, wait),
        talk=talk,
        hold=np.where(held, _spread(rng, count, 45, 0.7), 0),
        wrap_up=np.where(spoken, _spread(rng, count, 60, 0.5), 0),
        filed=_spread(rng, count, 150, 0.5),
    )


def _rings(
    rng: np.random.Generator, span: Span, people: People, tickets: Tickets
) -> tuple[Array, Array, Array]:
    """Give instants, persons and, for calls that became tickets, these."""
    free = arrivals(rng, span, round(_PER_CUSTOMER * len(people)))
    weight = people.weight / people.weight.sum()
    callers = rng.choice(len(people), len(free), p=weight)
    tied = np.flatnonzero(tickets.channel == VOICE)
    created = np.concatenate([free, tickets.created[tied] - 90])
    person = np.concatenate([callers, tickets.person[tied]])
    ticket = np.concatenate([np.full(len(free), -1), tied])
    order = np.argsort(created, kind="stable")
    return created[order], person[order], ticket[order]


def _wait(rng: np.random.Generator, created: Array) -> Array:
    """Wait about 40 seconds, more before noon and on Mondays."""
    hour, today = created // 3600 % 24, (created // DAY + 4) % 7
    busy = np.where((hour >= 9) & (hour < 12), 1.6, 1.0) * np.where(today == 1, 1.4, 1)
    return (_spread(rng, len(created), 40, 1.0) * busy).astype(np.int64)


def _spread(rng: np.random.Generator, count: int, middle: float, sigma: float) -> Array:
    """Log-normal whole seconds around a median, at least one."""
    drawn = middle * np.exp(rng.normal(0.0, sigma, count))
    return np.maximum(1, drawn).astype(np.int64)


def _status(
    rng: np.random.Generator, is_inbound: Array, closed: Array, gives_up: Array
) -> Array:
    draw = rng.random(len(is_inbound))
    by_machine = np.where(draw < 0.55, IN_VOICEMAIL, COMPLETED)
    by_queue = np.where(gives_up, IN_QUEUE, np.where(draw < 0.01, ON_HOLD, COMPLETED))
    inbound = np.where(closed, by_machine, by_queue)
    return np.where(
        is_inbound, inbound, np.where(draw < 0.22, NOT_CONNECTED, COMPLETED)
    )


def _tickets_near(
    rng: np.random.Generator, tickets: Tickets, user: Array, created: Array
) -> Array:
    """Give the requester's last ticket before a call, where it is a week old at most.

    A fifth of the calls is about nothing that is written down.
    """
    shift = 40  # instants take fewer bits than that
    marks = (tickets.requester.astype(np.int64) << shift) + tickets.created
    order = np.argsort(marks, kind="stable")
    wanted = (np.maximum(user, 0).astype(np.int64) << shift) + created
    place = np.searchsorted(marks[order], wanted, side="right") - 1
    found = order[np.maximum(place, 0)]
    fits = (place >= 0) & (tickets.requester[found] == user)
    fits &= created - tickets.created[found] <= _TICKET_WITHIN
    return np.where(fits & (rng.random(len(user)) < 0.8), found, -1)
