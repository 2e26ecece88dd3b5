"""Responses as the survey vendor writes them.

Holds their JSON, which never changes once made, and their tokens. Does not hold
paging (`routes.py`). Tests: tests/ingestion/sandbox/test_typeform.py
"""

from __future__ import annotations

from typing import Any

import orjson

from ingestion.sandbox import texts
from ingestion.sandbox.instants import iso
from ingestion.sandbox.typeform.forms import CONTACT, Form
from ingestion.sandbox.world import identities
from ingestion.sandbox.world.surveys import Responses
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk.ids import ticket_id

NEVER_SUBMITTED = "0001-01-01T00:00:00Z"
_BROWSERS = ("default", "touch", "mobile")


def responses_of(world: World, form: Form) -> Responses:
    """Give the responses to a form."""
    return world.contact if form is CONTACT else world.relationship


def token_of(responses: Responses, row: int) -> str:
    """Write the token of a response."""
    high, low = responses.token[row].tolist()
    return f"{high:016x}{low:016x}"


def render_responses(world: World, form: Form, rows: Array) -> list[bytes]:
    """Write responses to a form."""
    if not len(rows):
        return []
    responses = responses_of(world, form)
    landed, submitted = iso(responses.landed[rows]), iso(responses.submitted[rows])
    return [
        orjson.dumps(_item(world, form, row, started, sent))
        for row, started, sent in zip(rows.tolist(), landed, submitted, strict=True)
    ]


def _item(
    world: World, form: Form, row: int, landed: str, submitted: str
) -> dict[str, Any]:
    responses = responses_of(world, form)
    token = token_of(responses, row)
    is_complete = responses.submitted[row] > 0
    return {
        "landing_id": token,
        "token": token,
        "response_id": token,
        "response_type": "completed" if is_complete else "partial",
        "landed_at": landed,
        "submitted_at": submitted if is_complete else NEVER_SUBMITTED,
        "metadata": {
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
            "platform": "mobile" if row % 3 else "other",
            "referer": f"https://northlight.typeform.com/to/{form.id}",
            "network_id": token[:10],
            "browser": _BROWSERS[row % len(_BROWSERS)],
        },
        "hidden": _hidden(world, form, row),
        "calculated": {"score": 0},
        "variables": [{"key": "score", "type": "number", "number": 0}],
        "thankyou_screen_ref": "default_tys",
        "answers": _answers(world, form, row),
    }


def _hidden(world: World, form: Form, row: int) -> dict[str, str]:
    responses = responses_of(world, form)
    hidden = {}
    person, sender = int(responses.person[row]), int(responses.sender[row])
    address = world.directory.sender_address(person, sender, row, identities.FORMS)
    if address is not None:
        hidden["email"] = address
    if "ticket_id" in form.hidden and responses.ticket[row] >= 0:
        hidden["ticket_id"] = str(ticket_id(int(responses.ticket[row])))
    return hidden


def _answers(world: World, form: Form, row: int) -> list[dict[str, Any]]:
    """Write the answers given; questions left out are absent."""
    responses = responses_of(world, form)
    is_complete = bool(responses.submitted[row] > 0)
    score, effort = int(responses.score[row]), int(responses.effort[row])
    given: list[Any] = [None if score < 0 else score]
    if form is CONTACT:
        given.append(None if effort < 0 or not is_complete else effort)
    given.append(_comment(world, form, row) if is_complete else None)
    answers = []
    for question, value in zip(form.questions, given, strict=True):
        if value is None:
            continue
        kind = "text" if isinstance(value, str) else "number"
        field = {key: question[key] for key in ("id", "type", "ref")}
        answers.append({"field": field, "type": kind, kind: value})
    return answers


def _comment(world: World, form: Form, row: int) -> str | None:
    responses = responses_of(world, form)
    if not responses.has_comment[row]:
        return None
    score = int(responses.score[row])
    bad, good = (3, 5) if form is CONTACT else (7, 9)
    language = int(world.people.language[responses.person[row]])
    return texts.opinion(language, texts.mood_of(score, bad, good), row)
