"""Answers to the helpdesk's newer satisfaction survey, as its list tells them.

Holds their JSON, order and filters. They are the world's ratings since the account
changed over; a second thought changes the answer that is there. Does not hold the older
ratings (`parties.py`). Tests: tests/ingestion/sandbox/test_survey_responses.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from starlette.requests import Request
from starlette.responses import Response

from ingestion.sandbox.answers import json_response, number
from ingestion.sandbox.instants import iso
from ingestion.sandbox.world.timeline import DAY, Array
from ingestion.sandbox.zendesk import ids, writing
from ingestion.sandbox.zendesk.paging import list_page
from ingestion.sandbox.zendesk.snapshot import Order, Snapshot
from ingestion.sandbox.zendesk.tickets import rating_fields

SURVEY = "01J4QD2X7N5C8W3R6T9VYB1KZM"
EDITABLE = 28 * DAY
_QUESTIONS = {
    "rating_scale": ("01J4QD2X7NQ1", "customer_satisfaction", "customer_satisfaction"),
    "open_ended": ("01J4QD2X7NQ2", "comment", None),
}


def survey_response_id(rating: int) -> str:
    """Write the id of a response: 26 characters that ascend with time."""
    return f"01J{rating:023d}"


def survey_responses_of(snapshot: Snapshot) -> Order:
    """Give the responses known by now by id, stamped with their last change.

    A row is a row of ratings: the first answer about a ticket since the change-over.
    """
    rows, last = _words(snapshot)
    answered = snapshot.world.ratings.answered
    return Order(rows, answered[last], ids.rating_id(rows))


def _words(snapshot: Snapshot) -> tuple[Array, Array]:
    """Give the first ratings of tickets, ascending, and what each came to by now."""
    ratings = snapshot.world.ratings
    counts = ratings.answered <= snapshot.clock
    counts &= ratings.created >= snapshot.world.newer_csat
    told = ratings.by_ticket[counts[ratings.by_ticket]]
    if not len(told):
        return told, told
    ticket, answered = ratings.ticket[told], ratings.answered[told]
    starts = np.flatnonzero(np.append(True, ticket[1:] != ticket[:-1]))
    sizes = np.diff(np.append(starts, len(told)))
    in_time = answered <= np.repeat(answered[starts] + EDITABLE, sizes)
    first = told[starts]
    last = np.maximum.reduceat(np.where(in_time, told, -1), starts)
    order = np.argsort(first)
    return first[order], last[order]


def list_survey_responses(request: Request, snapshot: Snapshot) -> Response:
    """Answer the list of responses; the times filter by the first answer."""
    start = number(request.query_params.get("filter[created_at_start]"))
    end = number(request.query_params.get("filter[created_at_end]"))

    def make() -> Order:
        order = survey_responses_of(snapshot)
        created = 1000 * snapshot.world.ratings.answered[order.rows]
        keep = np.ones(len(order), dtype=bool)
        if start is not None:
            keep &= created >= start
        if end is not None:
            keep &= created < end
        return order.only(keep)

    order = snapshot.filtered(("survey responses", start, end), make)
    page = list_page(request, order)
    records = render_survey_responses(snapshot, page.rows)
    return json_response(page.fields, {"survey_responses": records})


def render_survey_responses(snapshot: Snapshot, rows: Array) -> list[bytes]:
    """Write responses as known at the snapshot's instant."""
    if not len(rows):
        return []
    ratings, tickets = snapshot.world.ratings, snapshot.world.tickets
    first, words = _words(snapshot)
    last = words[np.searchsorted(first, rows)]
    created, updated = iso(ratings.answered[rows]), iso(ratings.answered[last])
    expires = iso(ratings.answered[rows] + EDITABLE)
    records = []
    for place, row in enumerate(rows.tolist()):
        ticket = int(ratings.ticket[row])
        number = ids.ticket_id(ticket)
        times = {"created_at": created[place], "updated_at": updated[place]}
        record = {
            "id": survey_response_id(ids.rating_id(row)),
            "responder_id": ids.user_id(int(tickets.requester[ticket])),
            "expires_at": expires[place],
            "subjects": [
                {"id": str(number), "type": "ticket", "zrn": f"zen:ticket:{number}"}
            ],
            "survey": {"id": SURVEY, "version": 1, "state": "enabled"},
            "answers": _answers(snapshot, int(last[place]), times),
        }
        records.append(orjson.dumps(record))
    return records


def _answers(
    snapshot: Snapshot, rating: int, times: dict[str, str]
) -> list[dict[str, Any]]:
    told, salt = rating_fields(snapshot, rating), writing.salt(rating)
    is_good = told["score"] == "good"
    answers: list[dict[str, Any]] = [
        {
            "type": "rating_scale",
            "rating": 4 + salt % 2 if is_good else 1 + salt % 3,
            "rating_category": told["score"],
            "question": _question("rating_scale"),
            **times,
        }
    ]
    if told["comment"] is None:
        skipped = {"type": "skipped", "question": _question("open_ended"), **times}
        return [*answers, skipped]
    comment = {"type": "open_ended", "value": told["comment"]}
    return [*answers, {**comment, "question": _question("open_ended"), **times}]


def _question(kind: str) -> dict[str, Any]:
    identifier, alias, sub_type = _QUESTIONS[kind]
    asked = {"id": identifier, "type": kind, "alias": alias}
    return asked | ({"sub_type": sub_type} if sub_type else {})
