"""The two forms: their questions and how the vendor writes them.

Holds definitions as data and their JSON. Does not hold responses.
Tests: tests/ingestion/sandbox/test_typeform.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world.timeline import DAY
from ingestion.sandbox.world.world import World

API = "https://api.typeform.com"


@dataclass(frozen=True)
class Form:
    """One form; `questions` are its fields as the vendor has them."""

    id: str
    title: str
    hidden: tuple[str, ...]
    questions: tuple[dict[str, Any], ...]


def _scale(
    identifier: str, ref: str, title: str, kind: str, **properties: Any
) -> dict[str, Any]:
    return {
        "id": identifier,
        "title": title,
        "ref": ref,
        "properties": properties,
        "validations": {"required": ref == "nps_score"},
        "type": kind,
    }


RELATIONSHIP = Form(
    id="kR8xQ2vN",
    title="Relationship NPS",
    hidden=("email",),
    questions=(
        _scale(
            "hV3mPq8sLw1a",
            "nps_score",
            "How likely are you to recommend *Northlight* to a friend or colleague?",
            "nps",
            steps=11,
            start_at_one=False,
            labels={"left": "Not likely at all", "right": "Extremely likely"},
        ),
        _scale("pT5cXb2nRk7e", "nps_comment", "Why {{field:nps_score}}?", "long_text"),
    ),
)
CONTACT = Form(
    id="b7TgWm4Z",
    title="After-contact survey",
    hidden=("email", "ticket_id"),
    questions=(
        _scale(
            "Zd9fKy4uQe2j",
            "csat_score",
            "How satisfied are you with the help you received?",
            "opinion_scale",
            steps=5,
            start_at_one=True,
            labels={"left": "Very dissatisfied", "right": "Very satisfied"},
        ),
        _scale(
            "Ns6rJa1wVo3g",
            "ces_score",
            "Northlight made it easy for me to handle my issue.",
            "opinion_scale",
            steps=7,
            start_at_one=True,
            labels={"left": "Strongly disagree", "right": "Strongly agree"},
        ),
        _scale("Bx2lHt8iMc5y", "csat_comment", "What could we do better?", "long_text"),
    ),
)
FORMS = (RELATIONSHIP, CONTACT)


def form_dates(world: World) -> tuple[int, int]:
    """Give when the forms were made and last edited, in epoch seconds."""
    return world.span.start - 30 * DAY, world.span.start - 29 * DAY


def _dates(world: World) -> tuple[str, str]:
    created, updated = iso(np.array(form_dates(world)))
    return created, updated


def form_item(world: World, form: Form) -> dict[str, Any]:
    """Write a form as the list of forms has it."""
    created, updated = _dates(world)
    return {
        "id": form.id,
        "type": "form",
        "title": form.title,
        "created_at": created,
        "last_updated_at": updated,
        "settings": {"is_public": True, "is_trial": False},
        "self": {"href": f"{API}/forms/{form.id}"},
        "theme": {"href": f"{API}/themes/qHWOQ7"},
        "_links": {"display": f"https://northlight.typeform.com/to/{form.id}"},
    }


def form_definition(world: World, form: Form) -> dict[str, Any]:
    """Write a form with its questions."""
    created, updated = _dates(world)
    return {
        "id": form.id,
        "type": "form",
        "title": form.title,
        "workspace": {"href": f"{API}/workspaces/5bUwJd"},
        "theme": {"href": f"{API}/themes/qHWOQ7"},
        "settings": {
            "language": "en",
            "progress_bar": "proportion",
            "is_public": True,
            "is_trial": False,
            "show_progress_bar": True,
        },
        "thankyou_screens": [
            {
                "id": "DefaultTyScreen",
                "ref": "default_tys",
                "title": "Thanks for completing this typeform",
                "type": "thankyou_screen",
                "properties": {"show_button": False, "share_icons": False},
            }
        ],
        "fields": list(form.questions),
        "hidden": list(form.hidden),
        "variables": {"score": 0},
        "created_at": created,
        "last_updated_at": updated,
        "published_at": updated,
        "_links": {"display": f"https://northlight.typeform.com/to/{form.id}"},
    }
