"""The two surveys: their ids, questions and definitions.

Holds what the survey editor shows. Does not hold responses (`responses.py`).
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso
from ingestion.sandbox.world.invitations import EFFORT, RELATIONSHIP
from ingestion.sandbox.world.timeline import DAY
from ingestion.sandbox.world.world import World

OWNER = "UR_5aNb0xOwner0001"
STATEMENTS = ("The product", "The support", "The price")
EMBEDDED = "customerId"


@dataclass(frozen=True)
class Survey:
    """A survey; `columns` are the keys of its answers in an export."""

    number: int
    id: str
    name: str
    columns: tuple[str, ...]


SURVEYS = (
    Survey(
        RELATIONSHIP,
        "SV_5aNb0xRelation1",
        "Relationship survey",
        ("QID1_NPS_GROUP", "QID1", "QID2_1", "QID2_2", "QID2_3", "QID3_TEXT"),
    ),
    Survey(EFFORT, "SV_5aNb0xEffort001", "Effort after contact", ("QID1", "QID2_TEXT")),
)


def survey_dates(world: World) -> tuple[str, str]:
    """Give when the surveys were made and last changed."""
    made, changed = iso(np.array([modified(world) - 20 * DAY, modified(world)]))
    return made, changed


def modified(world: World) -> int:
    """Give the second in which the surveys were last changed."""
    return world.span.start + 5 * DAY


def survey_item(world: World, survey: Survey) -> dict[str, Any]:
    """Write a survey as the list has it."""
    created, changed = survey_dates(world)
    return {
        "id": survey.id,
        "name": survey.name,
        "ownerId": OWNER,
        "lastModified": changed,
        "creationDate": created,
        "isActive": True,
    }


def survey_definition(world: World, survey: Survey, clock: int) -> bytes:
    """Write a survey whole, with as many responses as it has at the clock."""
    created, changed = survey_dates(world)
    questions = _questions(survey)
    answers = world.campaigns.answers
    known = (answers.survey == survey.number) & (answers.recorded <= clock)
    return orjson.dumps(
        {
            "id": survey.id,
            "name": survey.name,
            "ownerId": OWNER,
            "organizationId": "northlight",
            "isActive": True,
            "creationDate": created,
            "lastModifiedDate": changed,
            "expiration": {"startDate": None, "endDate": None},
            "questions": questions,
            "exportColumnMap": {
                name: {"question": name.partition("_")[0]} for name in survey.columns
            },
            "blocks": {
                "BL_1": {
                    "description": "Default",
                    "elements": [
                        {"type": "Question", "questionId": name} for name in questions
                    ],
                }
            },
            "flow": [{"id": "BL_1", "type": "Block"}],
            "embeddedData": [{"name": EMBEDDED}],
            "responseCounts": {
                "auditable": int(known.sum()),
                "generated": 0,
                "deleted": 0,
            },
        }
    )


def question_texts(survey: Survey) -> dict[str, str]:
    """Give the text behind each column of answers."""
    questions = _questions(survey)
    return {
        name: questions[name.partition("_")[0]]["questionText"]
        for name in survey.columns
    }


def _questions(survey: Survey) -> dict[str, Any]:
    if survey.number == RELATIONSHIP:
        loyal = "How likely are you to recommend Northlight\nto a friend or colleague?"
        matrix = _question(
            "Matrix", "Likert", "How satisfied are you with ...", "csat", (1, 5)
        )
        matrix["subQuestions"] = {
            str(place): {"recode": str(place), "choiceText": text}
            for place, text in enumerate(STATEMENTS, 1)
        }
        return {
            "QID1": _question("MC", "NPS", loyal, "nps", (0, 10)),
            "QID2": matrix,
            "QID3": _question("TE", "ML", "What is the main reason?", "why", None),
        }
    easy = "Northlight made it easy for me to handle my issue."
    return {
        "QID1": _question("MC", "SAVR", easy, "ces", (1, 7)),
        "QID2": _question("TE", "ML", "What could be easier?", "why", None),
    }


def _question(
    kind: str, selector: str, text: str, name: str, scale: tuple[int, int] | None
) -> dict[str, Any]:
    low, high = scale or (1, 0)
    return {
        "questionType": {"type": kind, "selector": selector, "subSelector": None},
        "questionText": text,
        "questionLabel": None,
        "questionName": name,
        "validation": {"doesForceResponse": False},
        "choices": {
            str(value): {
                "recode": str(value),
                "description": str(value),
                "choiceText": str(value),
                "variableName": None,
                "analyze": True,
            }
            for value in range(low, high + 1)
        },
    }
