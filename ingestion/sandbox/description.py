"""What a world looks like: its distributions, as numbers that can be held to others.

Holds figures of what the sandbox knows at an instant, worked out from the world's own
columns and not from any model. Does not hold what real companies are like
(`references.py`). Tests: tests/ingestion/sandbox/test_description.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.references import REFERENCES, Reference
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world import calls as ring
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.identities import HELPDESK
from ingestion.sandbox.world.lives import Lives
from ingestion.sandbox.world.names import FULL
from ingestion.sandbox.world.people import LANGUAGES
from ingestion.sandbox.world.surveys import OWN
from ingestion.sandbox.world.tickets import (
    BY_AGENT,
    CHANNELS,
    CONTAINS,
    DELETED,
    MERGED,
    NO_BOT,
    ORDINARY,
    SPAM,
    TEST,
    TOPICS,
)
from ingestion.sandbox.world.timeline import DAY, HOUR, NEVER, Array
from ingestion.sandbox.world.world import World

SHARE, COUNT, HOURS, POINTS = "share", "count", "hours", "points"
_FATES = {MERGED: "merged", DELETED: "deleted", TEST: "tests", SPAM: "spam"}
_QUANTILES = ((0.5, "median"), (0.9, "p90"))


@dataclass(frozen=True)
class Figure:
    """One number of a world.

    Attributes:
        part: What it is about, e.g. `tickets`.
        name: What it is, unique within its part.
        value: In `unit`; NaN where nothing was counted.
        unit: `share` (0 to 1), `count`, `hours` or `points`.
        n: Out of how many.
    """

    part: str
    name: str
    value: float
    unit: str
    n: int

    @property
    def reference(self) -> Reference | None:
        """What the literature says, where it says something."""
        return REFERENCES.get(self.name)

    @property
    def is_usual(self) -> bool | None:
        """Whether it lies where real companies do; None where nobody says."""
        if self.reference is None or np.isnan(self.value):
            return None
        return self.reference.low <= self.value <= self.reference.high


def describe(world: World, clock: int | None = None) -> list[Figure]:
    """Describe what the systems know at the clock; at the world's `now` by default."""
    instant = world.span.now if clock is None else clock
    parts = (
        _people,
        _tickets,
        _service,
        _calls,
        _ratings,
        _surveys,
        _sales,
        _shop,
        _reviews,
    )
    return [figure for part in parts for figure in part(world, instant)]


def _share(part: str, name: str, marks: Array) -> Figure:
    value = float(np.mean(marks)) if len(marks) else float("nan")
    return Figure(part, name, value, SHARE, len(marks))


def _shares(
    part: str, kinds: Array, names: Sequence[str], prefix: str
) -> Iterator[Figure]:
    for name in dict.fromkeys(names):
        places = [place for place, other in enumerate(names) if other == name]
        yield _share(part, f"{prefix} {name}", np.isin(kinds, places))


def _count(part: str, name: str, value: int) -> Figure:
    return Figure(part, name, float(value), COUNT, value)


def _hours(part: str, name: str, seconds: Array) -> Iterator[Figure]:
    for quantile, label in _QUANTILES:
        value = np.quantile(seconds, quantile) / HOUR if len(seconds) else np.nan
        yield Figure(part, f"{name}, {label}", float(value), HOURS, len(seconds))


def _people(world: World, clock: int) -> Iterator[Figure]:
    people, users, contacts = world.people, world.users, world.crm.contacts
    known = people.signed_up <= clock
    yield _count("people", "customers", int(known.sum()))
    yield _share("people", "in a company", people.organization[known] >= 0)
    yield from _shares("people", people.language[known], LANGUAGES, "who write")
    twice = (users.second[known] >= 0) | _has_two(contacts.person, len(people))[known]
    yield _share("people", "people with two records in one system", twice)
    shared = users.person[users.main[known]] < 0
    guest = world.identities.mailbox != np.arange(len(people))
    yield _share("people", "behind a shared mailbox", shared | guest[known])
    identities = world.identities
    yield _share("people", "with a second address", identities.has_second[known])
    yield _share("people", "whose last name changed", identities.former[known] >= 0)
    several = np.bincount(identities.phone, minlength=len(people))[identities.phone] > 1
    yield _share("people", "whose number is another's too", several[known])
    written = identities.spelling[HELPDESK][known] != FULL
    yield _share("people", "named oddly in the helpdesk", written)


def _has_two(person: Array, people: int) -> Array:
    return np.bincount(person[person >= 0], minlength=people) > 1


def _tickets(world: World, clock: int) -> Iterator[Figure]:
    tickets = world.tickets
    rows = np.flatnonzero(tickets.created <= clock)
    yield _count("tickets", "tickets", len(rows))
    known = int((world.people.signed_up <= clock).sum())
    months = known * (clock - world.span.start) / (30.4375 * DAY)
    per_month = len(rows) / months if months else float("nan")
    yield Figure("tickets", "per customer and month", per_month, COUNT, known)
    by_customer = np.where(tickets.channel == BY_AGENT, len(CHANNELS), tickets.channel)
    names = (*CHANNELS, "an agent's hand")
    yield from _shares("tickets", by_customer[rows], names, "by")
    yield from _shares("tickets", tickets.topic[rows], TOPICS, "about")
    for fate, name in _FATES.items():
        yield _share("tickets", name, tickets.fate[rows] == fate)
    yield _share("tickets", "repeats of an earlier one", tickets.repeats[rows] >= 0)
    yield _share("tickets", "follow-ups of closed ones", world.follows[rows] >= 0)
    bot = tickets.bot[rows]
    met = bot[bot != NO_BOT]
    yield _share("tickets", "solved by the bot of those it met", met == CONTAINS)


def _service(world: World, clock: int) -> Iterator[Figure]:
    tickets, events = world.tickets, world.events
    lives = Lives(world.span, world.people, world.staff, tickets, events)
    counts = len(tickets)
    told = lives.when <= clock
    ordinary = (tickets.fate == ORDINARY) & (tickets.created <= clock)
    first = _first(lives.ticket, lives.when, lives.answers & told, counts)
    replied = ordinary & (first < NEVER)
    yield from _hours("service", "first reply", (first - tickets.created)[replied])
    status, ticket = events.status, events.ticket
    solves = (status == act.SOLVED) & (events.when <= clock)
    solved_at = _first(ticket, events.when, solves, counts)
    solved = ordinary & (solved_at < NEVER)
    yield from _hours(
        "service", "first resolution", (solved_at - tickets.created)[solved]
    )
    replies = np.bincount(lives.ticket[lives.answers & told], minlength=counts)
    yield _share("service", "one-touch tickets", replies[solved] <= 1)
    again = (events.action == act.INDEX["reopen"]) & (events.when <= clock)
    reopened = np.bincount(ticket[again], minlength=counts) > 0
    yield _share("service", "reopened", reopened[solved])


def _first(ticket: Array, when: Array, marks: Array, count: int) -> Array:
    first = np.full(count, NEVER, dtype=np.int64)
    np.minimum.at(first, ticket[marks], when[marks])
    return first


def _calls(world: World, clock: int) -> Iterator[Figure]:
    calls = world.calls
    rows = np.flatnonzero((calls.created <= clock) & calls.is_inbound)
    yield _count("calls", "calls from customers", len(rows))
    yield _share("calls", "out of hours", calls.is_after_hours[rows])
    rows = rows[~calls.is_after_hours[rows]]
    gone = np.isin(calls.status[rows], (ring.IN_QUEUE, ring.ON_HOLD))
    yield _share("calls", "calls abandoned", gone)
    handled = rows[calls.status[rows] == ring.COMPLETED]
    work = (calls.talk + calls.hold + calls.wrap_up)[handled]
    yield from _hours("calls", "handle time", work)


def _ratings(world: World, clock: int) -> Iterator[Figure]:
    ratings = world.ratings
    offered = ratings.created <= clock
    answered = ratings.answered <= clock
    yield _share("ratings", "answered of those offered", answered[offered])
    yield _share("ratings", "CSAT", ratings.is_good[answered])


def _surveys(world: World, clock: int) -> Iterator[Figure]:
    forms = world.relationship
    came = (forms.came <= clock) & (forms.submitted > 0)
    yield _nps(forms.score[came & (forms.score >= 0)])
    begun = forms.came <= clock
    yield _share(
        "surveys", "surveys begun that were finished", forms.submitted[begun] > 0
    )
    yield _share("surveys", "answered with the own address", forms.sender[came] == OWN)
    sent = world.campaigns.invitations
    rows = np.flatnonzero(sent.sent_at[sent.distribution] <= clock - 14 * DAY)
    yield _share("surveys", "survey mails bounced", sent.bounced[rows])
    yield _share("surveys", "survey mails opened", sent.opened[rows] <= clock)
    answered = sent.started[rows] <= clock
    yield _share("surveys", "survey mails answered", answered)


def _nps(scores: Array) -> Figure:
    points = np.where(scores >= 9, 100, np.where(scores <= 6, -100, 0))
    value = float(points.mean()) if len(points) else float("nan")
    return Figure("surveys", "NPS", value, POINTS, len(points))


def _sales(world: World, clock: int) -> Iterator[Figure]:
    deals, visits = world.crm.deals, world.crm.deals.visits
    known = visits.when <= clock
    yield _count("sales", "deals", int((deals.created <= clock).sum()))
    stage = np.full(len(deals.created), -1, dtype=np.int64)
    stage[visits.deal[known]] = visits.stage[known]
    outcome = pipe.OUTCOME[stage]
    pipeline = deals.pipeline
    closed = (stage >= 0) & (outcome != pipe.OPEN)
    sales, renewals = (
        closed & (pipeline == pipe.SALES),
        closed & (pipeline != pipe.SALES),
    )
    yield _share("sales", "deals won of those closed", outcome[sales] == pipe.WON)
    yield _share(
        "sales", "churned when due for renewal", outcome[renewals] == pipe.LOST
    )


def _shop(world: World, clock: int) -> Iterator[Figure]:
    contracts, orders = world.commerce.subscriptions, world.commerce.orders
    begun = np.flatnonzero(contracts.began <= clock)
    yield _count("shop", "subscriptions", len(begun))
    from_start = np.maximum(contracts.began[begun], world.span.start)
    until = np.minimum(contracts.ended[begun], clock)
    months = np.maximum(until - from_start, 0).sum() / (30 * DAY)
    gone = contracts.ended[begun] <= clock
    churn = gone.sum() / months if months else float("nan")
    name = "subscriptions cancelled a month"
    yield Figure("shop", name, float(churn), SHARE, len(begun))
    yield _share("shop", "begun by who had left", contracts.is_return[begun])
    placed = orders.placed <= clock
    yield _count("shop", "orders", int(placed.sum()))
    each = np.bincount(orders.person[placed])
    yield _share("shop", "buyers who bought again", each[each > 0] > 1)


def _reviews(world: World, clock: int) -> Iterator[Figure]:
    reviews = world.reviews
    there = (reviews.created <= clock) & (reviews.removed > clock)
    stars = np.where(reviews.edited <= clock, reviews.stars_after, reviews.stars)[there]
    yield _count("reviews", "reviews", int(there.sum()))
    for star in range(1, 6):
        yield _share("reviews", f"{star} of 5 stars", stars == star)
    yield _share("reviews", "reviews with one or five stars", np.isin(stars, (1, 5)))
    yield _share("reviews", "answered", reviews.replied[there] <= clock)
