"""The texts on tickets: subjects, comments, tags and channels of the helpdesk.

Holds what is said in which ticket at which update. Does not hold the wordings
(`ingestion.sandbox.texts`) nor whole records.
Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ingestion.sandbox import texts
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.contacts import COMPANY_DOMAIN
from ingestion.sandbox.world.people import ENGLISH, LANGUAGES
from ingestion.sandbox.world.tickets import (
    API,
    BY_AGENT,
    CHANNELS,
    CHAT,
    EMAIL,
    SPAM,
    TEST,
    TOPICS,
    VOICE,
    WEB,
)
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk import ids

SUPPORT = f"support@{COMPANY_DOMAIN}"
NOWHERE: dict[str, Any] = {"from": {}, "to": {}, "rel": None}
# How the event stream spells channels.
VIA_TEXT = {
    EMAIL: "Mail",
    WEB: "Web form",
    CHAT: "Chat",
    API: "Web service",
    VOICE: "Phone call (incoming)",
    BY_AGENT: "Web form",
}
_SCATTER = 2_654_435_761
_PRODUCTS = ("product_home", "product_team", "product_business")
_KINDS = {
    "add_detail": "again",
    "answer": "again",
    "reopen": "again",
    "take_and_reply": "agent",
    "reply": "agent",
    "reply_and_stay": "agent",
    "correct": "agent",
    "take_and_solve": "solution",
    "reply_and_solve": "solution",
    "merge": "merge",
    "bot_reply": "bot",
    "bot_solve": "bot_solution",
    "ask_for_human": "human",
}
_KIND_OF = [_KINDS.get(action.name, "note") for action in act.ACTIONS]


class Facts(NamedTuple):
    """What never changes about a ticket, as plain values."""

    row: int
    channel: int
    topic: int
    kind: int
    fate: int
    merged_into: int
    follows: int
    requester: int
    submitter: int
    language: int
    mood: int


def facts(world: World, rows: Array) -> list[Facts]:
    """Give the facts of tickets."""
    tickets = world.tickets
    columns = (
        rows,
        tickets.channel[rows],
        tickets.topic[rows],
        tickets.kind[rows],
        tickets.fate[rows],
        tickets.merged_into[rows],
        world.follows[rows],
        tickets.requester[rows],
        tickets.submitter[rows],
        tickets.language[rows],
        texts.moods(tickets.experience[rows]),
    )
    lists = [column.tolist() for column in columns]
    return [Facts(*values) for values in zip(*lists, strict=True)]


def salt(number: int) -> int:
    """Scatter a row number, so that neighbours do not say the same."""
    return (number * _SCATTER >> 8) & 0xFFFF


def order_number(row: int) -> int:
    """Give the number of the order that a ticket is about."""
    return 10_000 + row * 7 % 89_999


def subject(ticket: Facts) -> str:
    """Write the subject of a ticket."""
    if ticket.fate == TEST:
        return texts.TEST_SUBJECT
    if ticket.fate == SPAM:
        return texts.SPAM_SUBJECT
    number = order_number(ticket.row)
    return texts.subject(ticket.topic, ticket.language, number)


def comment(ticket: Facts, event: int, action: int) -> str:
    """Write the comment that an update of a ticket carries."""
    kind, number = _KIND_OF[action], order_number(ticket.row)
    if action == 0:
        kind = "call" if ticket.channel == VOICE else "first"
        kind = "spam" if ticket.fate == SPAM else kind
    elif kind == "merge":
        number = ids.ticket_id(ticket.merged_into)
    words = subject(ticket) if action == 0 else ""
    wording = texts.wording(kind, ticket.language, ticket.mood, salt(event))
    return wording.format(n=number, subject=words)


def tags(ticket: Facts, status: int) -> list[str]:
    """Give the tags of a ticket in a status, sorted as the vendor does."""
    found = [TOPICS[ticket.topic], _PRODUCTS[ticket.row % len(_PRODUCTS)]]
    if ticket.fate == TEST:
        found.append("test")
    if status == act.CLOSED and ticket.merged_into >= 0:
        found.append("closed_by_merge")
    if ticket.fate == SPAM and status >= act.SOLVED:
        found.append("spam")
    if ticket.language != ENGLISH:
        found.append(f"lang_{LANGUAGES[ticket.language]}")
    found.sort()
    return found


def custom_fields(row: int) -> list[dict[str, Any]]:
    """Give the account's own fields of a ticket."""
    return [
        {"id": ids.FIELD_PRODUCT, "value": _PRODUCTS[row % len(_PRODUCTS)]},
        {"id": ids.FIELD_ORDER, "value": str(order_number(row))},
    ]


def via(world: World, ticket: Facts) -> dict[str, Any]:
    """Write how a ticket came in."""
    source, directory = NOWHERE, world.directory
    if ticket.channel == EMAIL:
        sender = {
            "address": directory.user_address(ticket.requester),
            "name": directory.user_name(ticket.requester),
        }
        receiver = {"name": "Northlight", "address": SUPPORT}
        source = {"from": sender, "to": receiver, "rel": None}
        if ticket.follows >= 0:
            followed = facts(world, np.array([ticket.follows]))[0]
            sender |= {"ticket_id": ids.ticket_id(ticket.follows)}
            sender |= {"subject": subject(followed)}
            source["rel"] = "follow_up"
    elif ticket.channel == VOICE:
        phone = directory.user_phone(ticket.requester)
        caller = {"formatted_phone": phone, "phone": phone}
        caller["name"] = directory.user_name(ticket.requester)
        line = {"name": "Northlight", "phone": "+15550000000"}
        source = {"from": caller, "to": line, "rel": "inbound"}
    return {"channel": CHANNELS[ticket.channel], "source": source}


def update_channel(channel: int, author: int, agents: int) -> tuple[str, str]:
    """Give channel name and event-stream text of a later update of a ticket."""
    if author < 0:
        return "rule", "Rule"
    if author <= agents:
        return "web", VIA_TEXT[WEB]
    if channel in (EMAIL, CHAT):
        return CHANNELS[channel], VIA_TEXT[channel]
    return "email", VIA_TEXT[EMAIL]
