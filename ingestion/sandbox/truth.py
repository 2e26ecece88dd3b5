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
from ingestion.sandbox.texts import BAD, GOOD, mood_of, opinion_of
from ingestion.sandbox.trustpilot.reviews import review_id
from ingestion.sandbox.typeform.forms import CONTACT, FORMS, RELATIONSHIP
from ingestion.sandbox.typeform.responses import responses_of, token_of
from ingestion.sandbox.world.commerce import (
    CHURN_AFTER_OUTAGE,
    CHURN_AFTER_RISE,
    PRICE_RISE,
    Orders,
)
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.stages import first_entry
from ingestion.sandbox.world.names import GROUPS
from ingestion.sandbox.world.people import LANGUAGES
from ingestion.sandbox.world.tickets import (
    MERGED,
    OUTAGE,
    PILOT_PACE,
    SPAM,
    TOPICS,
    roots,
)
from ingestion.sandbox.world.timeline import DAY, NEVER, Array
from ingestion.sandbox.world.users import END_USER
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids
from ingestion.sandbox.zendesk.writing import salt

NOBODY = -1
_SECONDS = pa.timestamp("s", tz="UTC")


@dataclass(frozen=True)
class Truth:
    """The truth of a world, to the end of its horizon, as Arrow tables.

    Attributes:
        records: (source, stream, source_id, person, is_shared): a row per record that
            stands for a customer; `person` is NULL for shared mailboxes of companies,
            leads and strangers. Under a shared one others of the household write too.
        customers: (person, satisfaction, propensity, language, household,
            revenue_before, revenue_after, spent_before, spent_after, is_subscriber,
            lost_at): a row per person. Satisfaction is standard normal, the propensity
            to write in a factor, amounts are in units of currency: won by the world's
            `now` and after it, of deals that the person signed; spent likewise, in
            orders. `is_subscriber` at `now`; `lost_at` is when the person was lost as
            a buyer, unknown to all. `household` is NULL for who lives alone.
        issues: (ticket_id, issue, person, topic, experience, is_outage, is_repeat,
            is_spam, bot): a row per ticket. Merged tickets and repeated contacts are
            one issue, named by its first ticket; experience is how well it went, in
            standard deviations; `bot` tells what a bot did with it.
        texts: (source, stream, source_id, language, mood, emotion, theme): a row per
            text of an answer or rating, with what it was written to show.
        events: (name, began_at, ended_at, touches, effect, scope): a row per injected
            effect, in the unit that `touches` names, on those whom `scope` names.
    """

    records: pa.Table
    customers: pa.Table
    issues: pa.Table
    texts: pa.Table
    events: pa.Table

    @classmethod
    def of(cls, world: World) -> Truth:
        """Tell the truth about a world."""
        records = pa.concat_tables(
            _records(world, *told) for told in _identities(world)
        )
        customers, issues = _customers(world), _issues(world)
        return cls(records, customers, issues, _texts(world), _events(world))


def _records(
    world: World, source: str, stream: str, keys: list[str], person: Array
) -> pa.Table:
    count = len(keys)
    guests = np.flatnonzero(world.identities.mailbox != np.arange(len(world.people)))
    hosts = world.identities.mailbox[guests]
    is_shared = np.isin(person, hosts) if stream == "users" else np.zeros(count, bool)
    return pa.table(
        {
            "source": pa.array([source] * count, pa.string()),
            "stream": pa.array([stream] * count, pa.string()),
            "source_id": pa.array(keys, pa.string()),
            "person": pa.array(person.astype(np.int64), mask=person == NOBODY),
            "is_shared": is_shared,
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

    orders, contracts = world.commerce.orders, world.commerce.subscriptions
    is_past = orders.placed <= world.span.now
    runs = (contracts.began <= world.span.now) & (contracts.ended > world.span.now)
    lost, household = world.commerce.lost, world.identities.household
    return pa.table(
        {
            "person": np.arange(len(people)),
            "satisfaction": people.satisfaction,
            "propensity": people.weight,
            "language": np.array(LANGUAGES)[people.language],
            "household": pa.array(household, mask=household == NOBODY),
            "revenue_before": revenue(won <= world.span.now),
            "revenue_after": revenue(won > world.span.now),
            "spent_before": _spent(orders, is_past, len(people)),
            "spent_after": _spent(orders, ~is_past, len(people)),
            "is_subscriber": np.isin(np.arange(len(people)), contracts.person[runs]),
            "lost_at": pa.array(lost, _SECONDS, mask=lost == NEVER),
        }
    )


def _spent(orders: Orders, marks: Array, people: int) -> Array:
    return np.bincount(orders.person[marks], orders.cents[marks] / 100, people)


def _issues(world: World) -> pa.Table:
    tickets = world.tickets
    rows = np.arange(len(tickets))
    merged = (tickets.fate == MERGED) & (tickets.merged_into >= 0)
    root = roots(np.where(merged, tickets.merged_into, tickets.repeats))
    is_spam = tickets.fate == SPAM
    topics = np.array(TOPICS)
    return pa.table(
        {
            "ticket_id": ids.ticket_id(rows),
            "issue": ids.ticket_id(root),
            "person": pa.array(tickets.person, mask=is_spam),
            "topic": topics[tickets.topic],
            "experience": tickets.experience,
            "is_outage": tickets.topic == OUTAGE,
            "is_repeat": tickets.repeats >= 0,
            "is_spam": is_spam,
            "bot": np.array(["none", "contains", "hands off"])[tickets.bot],
        }
    )


def _texts(world: World) -> pa.Table:
    """Tell what free texts were written to show."""
    told: list[tuple[str, str, str, int, int, int]] = []
    for form, bad, good in ((CONTACT, 3, 5), (RELATIONSHIP, 7, 9)):
        responses = responses_of(world, form)
        sent = responses.has_comment & (responses.submitted > 0)
        for row in np.flatnonzero(sent).tolist():
            language = int(world.people.language[responses.person[row]])
            mood = mood_of(int(responses.score[row]), bad, good)
            key = token_of(responses, row)
            told.append(("typeform", "responses", key, language, mood, row))
    ratings, tickets = world.ratings, world.tickets
    rated = ratings.has_comment & (ratings.answered < NEVER)
    for row in np.flatnonzero(rated).tolist():
        language = int(tickets.language[ratings.ticket[row]])
        mood = GOOD if ratings.is_good[row] else BAD
        key = str(ids.rating_id(row))
        told.append(("zendesk", "satisfaction_ratings", key, language, mood, salt(row)))
    shown = [opinion_of(language, mood, place) for *_, language, mood, place in told]
    return pa.table(
        {
            "source": [source for source, *_ in told],
            "stream": [stream for _, stream, *_ in told],
            "source_id": [key for _, _, key, *_ in told],
            "language": [LANGUAGES[language] for _, _, _, language, *_ in told],
            "mood": [("bad", "fair", "good")[mood] for *_, mood, _ in told],
            "emotion": [opinion.emotion for opinion in shown],
            "theme": [opinion.theme for opinion in shown],
        }
    )


def _events(world: World) -> pa.Table:
    begin, finish = world.span.outage
    process, end = world.span.new_process, world.span.end
    dearer = world.span.price_change
    month, pilot = 30 * DAY, np.flatnonzero(world.staff.is_pilot)
    groups = ", ".join(GROUPS[group] for group in pilot)
    told = [
        ("outage", begin, finish, "arrivals of tickets, factor", 3.0),
        ("outage", begin, finish + 2 * DAY, "reply times of tickets, factor", 2.2),
        ("outage", begin, finish + 2 * DAY, "experience, standard deviations", -1.1),
        ("outage", begin, finish + month, "opinion in surveys, points of 10", -1.1),
        ("outage", begin, finish + 14 * DAY, "stars of reviews", -1.6),
        ("outage", begin, finish + month, "churn, factor", CHURN_AFTER_OUTAGE),
        ("new process", process, end, "reply times of tickets, factor", PILOT_PACE),
        ("price change", dearer, end, "prices, factor", PRICE_RISE),
        ("price change", dearer, dearer + 2 * month, "churn, factor", CHURN_AFTER_RISE),
        ("price change", dearer, dearer + 3 * month, "renewals lost, factor", 1.6),
        ("price change", dearer, dearer + 2 * month, "opinion, points of 10", -0.6),
    ]
    names, begins, ends, touches, effects = zip(*told, strict=True)
    scopes = [f"groups {groups}" if n == "new process" else "everybody" for n in names]
    return pa.table(
        {
            "name": names,
            "began_at": pa.array(begins, _SECONDS),
            "ended_at": pa.array(ends, _SECONDS),
            "touches": touches,
            "effect": effects,
            "scope": scopes,
        }
    )
