"""What is true in a world, whatever the systems know: for tests and benchmarks only.

Holds who stands behind which record, which tickets are one issue, how customers feel
and what they are worth, and what happened that nobody wrote down. No connector, model
or route of the sandbox may know this module. Does not hold anything that a vendor would
say. Tests: tests/ingestion/sandbox/test_truth.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.sandbox.hubspot.ids import CONTACTS, object_ids
from ingestion.sandbox.qualtrics.responses import response_id
from ingestion.sandbox.trustpilot.reviews import review_id
from ingestion.sandbox.typeform.forms import FORMS
from ingestion.sandbox.typeform.responses import responses_of, token_of
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.stages import first_entry
from ingestion.sandbox.world.tickets import MERGED, TOPICS
from ingestion.sandbox.world.timeline import DAY, NEVER, Array
from ingestion.sandbox.world.users import END_USER
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids

NOBODY = -1


@dataclass(frozen=True)
class Truth:
    """The truth of a world, to the end of its horizon, as Arrow tables.

    Attributes:
        records: (source, stream, source_id, person): a row per record that stands for
            a customer; `person` is NULL for shared mailboxes, leads and strangers.
        customers: (person, satisfaction, propensity, revenue_before, revenue_after): a
            row per person. Satisfaction is standard normal, the propensity to write in
            a factor, revenues are in units of currency: won by the world's `now` and
            after it, of deals that the person signed.
        issues: (ticket_id, issue, person, topic, experience, is_outage): a row per
            ticket. Merged tickets are one issue, named by the ticket that stayed;
            experience is how well it went, in standard deviations.
        events: (name, began_at, ended_at, touches, effect): a row per injected effect,
            in the unit that `touches` names.
    """

    records: pa.Table
    customers: pa.Table
    issues: pa.Table
    events: pa.Table

    @classmethod
    def of(cls, world: World) -> Truth:
        """Tell the truth about a world."""
        records = pa.concat_tables(
            _records(source, stream, keys, person)
            for source, stream, keys, person in _identities(world)
        )
        return cls(records, _customers(world), _issues(world), _events(world))


def _records(source: str, stream: str, keys: list[str], person: Array) -> pa.Table:
    count = len(keys)
    return pa.table(
        {
            "source": pa.array([source] * count, pa.string()),
            "stream": pa.array([stream] * count, pa.string()),
            "source_id": pa.array(keys, pa.string()),
            "person": pa.array(person.astype(np.int64), mask=person == NOBODY),
        }
    )


def _identities(world: World) -> Iterator[tuple[str, str, list[str], Array]]:
    users = np.flatnonzero(world.users.role == END_USER)
    yield "zendesk", "users", _text(ids.user_id(users)), world.users.person[users]
    contacts = world.crm.contacts
    rows = np.arange(len(contacts))
    yield "hubspot", "contacts", _text(object_ids(CONTACTS, rows)), contacts.person
    for form in FORMS:
        responses = responses_of(world, form)
        tokens = [token_of(responses, row) for row in range(len(responses))]
        yield "typeform", "responses", tokens, responses.person
    reviews = world.reviews
    keys = [review_id(world, row) for row in range(len(reviews))]
    yield "trustpilot", "reviews", keys, reviews.person
    answers = world.campaigns.answers
    keys = [response_id(answers, row) for row in range(len(answers))]
    yield "qualtrics", "responses", keys, answers.person
    calls = world.calls
    numbers = ids.call_id(np.arange(len(calls)))
    yield "zendesk_talk", "calls", _text(numbers), calls.person


def _text(numbers: Array) -> list[str]:
    return [str(number) for number in numbers.tolist()]


def _customers(world: World) -> pa.Table:
    people, deals = world.people, world.crm.deals
    won = first_entry(deals.visits, pipe.WON)
    contact = np.where(deals.buyer >= 0, deals.buyer, 0)
    person = np.where(deals.buyer >= 0, world.crm.contacts.person[contact], NOBODY)
    counts = (person != NOBODY) & (won < NEVER) & (deals.cents > 0)

    def revenue(marks: Array) -> Array:
        rows = np.flatnonzero(counts & marks)
        amounts = deals.cents[rows] / 100
        return np.bincount(person[rows], amounts, minlength=len(people))

    return pa.table(
        {
            "person": np.arange(len(people)),
            "satisfaction": people.satisfaction,
            "propensity": people.weight,
            "revenue_before": revenue(won <= world.span.now),
            "revenue_after": revenue(won > world.span.now),
        }
    )


def _issues(world: World) -> pa.Table:
    tickets = world.tickets
    rows = np.arange(len(tickets))
    merged = (tickets.fate == MERGED) & (tickets.merged_into >= 0)
    root = np.where(merged, tickets.merged_into, rows)
    topics = np.array(TOPICS)
    return pa.table(
        {
            "ticket_id": ids.ticket_id(rows),
            "issue": ids.ticket_id(root),
            "person": tickets.person,
            "topic": topics[tickets.topic],
            "experience": tickets.experience,
            "is_outage": tickets.topic == TOPICS.index("outage"),
        }
    )


def _events(world: World) -> pa.Table:
    begin, finish = world.span.outage
    process, end = world.span.new_process, world.span.end
    told = [
        ("outage", begin, finish, "arrivals of tickets, factor", 3.0),
        ("outage", begin, finish + 2 * DAY, "reply times of tickets, factor", 2.2),
        ("outage", begin, finish + 2 * DAY, "experience, standard deviations", -1.1),
        ("outage", begin, finish + 30 * DAY, "opinion in surveys, points of 10", -1.1),
        ("outage", begin, finish + 14 * DAY, "stars of reviews", -1.6),
        ("new process", process, end, "reply times of tickets, factor", 0.7),
    ]
    names, begins, ends, touches, effects = zip(*told, strict=True)
    seconds = pa.timestamp("s", tz="UTC")
    return pa.table(
        {
            "name": names,
            "began_at": pa.array(begins, seconds),
            "ended_at": pa.array(ends, seconds),
            "touches": touches,
            "effect": effects,
        }
    )
