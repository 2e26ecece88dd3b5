"""The world: everything that the sandbox serves, from one seed.

Holds the order in which the parts are drawn. Does not hold state as of an instant:
renderers derive that from the columns and the clock.
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from ingestion.sandbox.world.actions import CLOSED
from ingestion.sandbox.world.calls import Calls, draw_calls
from ingestion.sandbox.world.clocks import metric_events
from ingestion.sandbox.world.commerce import Commerce, draw_commerce
from ingestion.sandbox.world.contacts import Directory
from ingestion.sandbox.world.crm import Crm, CrmDirectory, draw_crm
from ingestion.sandbox.world.events import Events
from ingestion.sandbox.world.hours import OpenHours
from ingestion.sandbox.world.identities import Identities, draw_identities
from ingestion.sandbox.world.invitations import Campaigns, draw_campaigns
from ingestion.sandbox.world.legs import Legs, draw_legs
from ingestion.sandbox.world.lifecycle import live
from ingestion.sandbox.world.lives import Lives
from ingestion.sandbox.world.metric_log import MetricEvents
from ingestion.sandbox.world.people import (
    Organizations,
    People,
    draw_organizations,
    draw_people,
)
from ingestion.sandbox.world.ratings import Ratings, draw_ratings, judge
from ingestion.sandbox.world.reviews import Reviews, draw_reviews
from ingestion.sandbox.world.staff import Staff, draw_staff
from ingestion.sandbox.world.surveys import Responses, draw_contact, draw_relationship
from ingestion.sandbox.world.targets import policy_of
from ingestion.sandbox.world.tickets import Tickets, draw_tickets, follow_ups
from ingestion.sandbox.world.timeline import DEFAULT_NOW, NEVER, Array, Span
from ingestion.sandbox.world.users import Users, date_users, draw_users

SMALLEST = 20
_PARTS = 16
_TICKETS_AT_ONCE = 50_000


@dataclass(frozen=True)
class World:
    """One company's customers and what they and the company did.

    Attributes:
        seed: What it was drawn from.
        span: The instants between which it plays.
        people: The customers as they are.
        identities: How the systems know them.
        organizations: Their companies.
        staff: Agents and groups.
        users: The helpdesk's records of people.
        tickets: What never changes about tickets.
        events: Their lives.
        ratings: The helpdesk's satisfaction ratings.
        relationship: Answers to the form "Relationship NPS".
        contact: Answers to the form "After-contact survey".
        crm: Owners, companies, contacts and deals.
        reviews: What people wrote on the review site.
        campaigns: The company's own surveys by mail, and their responses.
        newer_csat: Since when the helpdesk asks with its newer survey, NEVER for an
            account that never changed over from the older ratings.
    """

    seed: int
    span: Span
    people: People
    identities: Identities
    organizations: Organizations
    staff: Staff
    users: Users
    tickets: Tickets
    events: Events
    ratings: Ratings
    relationship: Responses
    contact: Responses
    crm: Crm
    reviews: Reviews
    campaigns: Campaigns
    newer_csat: int = NEVER

    @classmethod
    def generate(
        cls,
        *,
        seed: int = 1,
        customers: int = 200,
        months: int = 18,
        now: datetime | None = None,
    ) -> World:
        """Draw a world; the same arguments give the same one, anywhere.

        Args:
            seed: Any whole number from 0.
            customers: Number of people, at least 20; tickets before `now` are
                exactly twice as many.
            months: Length of the history.
            now: End of the history, with a time zone; the story goes on for 60 days.

        Raises:
            ValueError: There are fewer than 20 customers or `now` has no zone.
        """
        instant = now or DEFAULT_NOW
        if customers < SMALLEST:
            raise ValueError(f"a world needs at least {SMALLEST} customers")
        if instant.tzinfo is None:
            raise ValueError("`now` needs a time zone")
        span = Span.around(instant, months)
        # One generator per part: a change in one part leaves the others alone. Calls
        # have the tenth, the shop the thirteenth.
        seeds = np.random.SeedSequence(seed).spawn(_PARTS)
        rngs = [np.random.default_rng(part) for part in seeds]
        organizations = draw_organizations(rngs[0], span, customers)
        people = draw_people(rngs[1], span, len(organizations), customers)
        people, identities = draw_identities(rngs[9], people, len(organizations))
        staff = draw_staff(rngs[2], customers)
        records = draw_users(rngs[3], people, identities, staff)
        tickets = draw_tickets(rngs[4], span, people, records, staff)
        first_contacts = np.stack([tickets.requester, tickets.created])
        events = live(rngs[5], span, tickets, staff)
        outcome = judge(tickets, events, staff)
        return cls(
            seed=seed,
            span=span,
            people=people,
            identities=identities,
            organizations=organizations,
            staff=staff,
            users=date_users(rngs[6], records, people, span, first_contacts),
            tickets=tickets,
            events=events,
            ratings=draw_ratings(rngs[7], span, people, tickets, outcome),
            relationship=draw_relationship(rngs[8], span, people),
            contact=draw_contact(rngs[8], span, people, tickets, outcome),
            crm=draw_crm(seeds[14], seeds[12], span, people, identities, organizations),
            reviews=draw_reviews(rngs[15], span, people, tickets, outcome),
            campaigns=draw_campaigns(rngs[11], span, people, tickets, outcome),
        )

    @cached_property
    def hours(self) -> OpenHours:
        """When support is open."""
        return OpenHours(self.span)

    @cached_property
    def calls(self) -> Calls:
        """Who rang whom."""
        rng = np.random.default_rng(self._seeds_of_calls[0])
        parts = (self.people, self.users, self.staff, self.tickets)
        return draw_calls(rng, self.span, *parts, self.hours)

    @cached_property
    def legs(self) -> Legs:
        """Whose telephones rang in each call."""
        rng = np.random.default_rng(self._seeds_of_calls[1])
        return draw_legs(rng, self.calls, self.staff)

    @cached_property
    def commerce(self) -> Commerce:
        """What the shop sold."""
        seeds = np.random.SeedSequence(self.seed).spawn(_PARTS)
        return draw_commerce(np.random.default_rng(seeds[13]), self.span, self.people)

    @property
    def _seeds_of_calls(self) -> list[np.random.SeedSequence]:
        return np.random.SeedSequence(self.seed).spawn(_PARTS)[10].spawn(2)

    @cached_property
    def follows(self) -> Array:
        """Each ticket's closed ticket whose follow-up it is, -1 for none."""
        closed = np.full(len(self.tickets), NEVER, dtype=np.int64)
        rows = np.flatnonzero(self.events.status == CLOSED)
        np.minimum.at(closed, self.events.ticket[rows], self.events.when[rows])
        return follow_ups(self.tickets, closed)

    @cached_property
    def policies(self) -> Array:
        """Each ticket's SLA policy."""
        return policy_of(self.tickets.channel)

    @cached_property
    def metric_events(self) -> MetricEvents:
        """What the helpdesk's clocks did on all tickets."""
        span = self.span
        return metric_events(self._lives(), span.start, span.end)

    def _lives(self) -> Iterator[Lives]:
        """Take the tickets block by block: all at once would need much memory."""
        offset = self.events.offset
        for first in range(0, len(self.tickets), _TICKETS_AT_ONCE):
            last = min(first + _TICKETS_AT_ONCE, len(self.tickets))
            rows = slice(int(offset[first]), int(offset[last]))
            yield Lives(
                self.span, self.people, self.staff, self.tickets, self.events, rows
            )

    @cached_property
    def directory(self) -> Directory:
        """Names and addresses of everybody."""
        known = self.people, self.identities, self.organizations
        return Directory(self.users, *known, self.staff)

    @cached_property
    def crm_directory(self) -> CrmDirectory:
        """Names and addresses in the CRM."""
        return CrmDirectory(self.crm, self.directory)
