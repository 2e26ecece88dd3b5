"""Responses as an export writes them: as JSON objects and as rows of a table.

Holds which responses there are at the clock, and their fields. Does not hold files and
options of an export (`exports.py`). Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import orjson

from ingestion.sandbox import texts
from ingestion.sandbox.instants import iso
from ingestion.sandbox.qualtrics.ids import code
from ingestion.sandbox.qualtrics.surveys import EMBEDDED, Survey, question_texts
from ingestion.sandbox.world.identities import MAILINGS
from ingestion.sandbox.world.invitations import (
    EFFORT,
    NORMAL,
    PREVIEW,
    SPAM,
    TEST,
    Answers,
)
from ingestion.sandbox.world.people import LANGUAGES
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World

_STATUS = {
    NORMAL: "IP Address",
    PREVIEW: "Survey Preview",
    TEST: "Survey Test",
    SPAM: "Spam",
}
# Name in a table and key in JSON of what is known of every response.
METADATA = {
    "StartDate": "startDate",
    "EndDate": "endDate",
    "Status": "status",
    "IPAddress": "ipAddress",
    "Progress": "progress",
    "Duration (in seconds)": "duration",
    "Finished": "finished",
    "RecordedDate": "recordedDate",
    "ResponseId": "_recordId",
    "RecipientLastName": "recipientLastName",
    "RecipientFirstName": "recipientFirstName",
    "RecipientEmail": "recipientEmail",
    "ExternalReference": "externalDataReference",
    "LocationLatitude": "locationLatitude",
    "LocationLongitude": "locationLongitude",
    "DistributionChannel": "distributionChannel",
    "UserLanguage": "userLanguage",
}
_DATES = ("startDate", "endDate", "recordedDate", "lastModifiedDate")


def response_id(answers: Answers, row: int) -> str:
    """Write the id of a response."""
    return "R_" + code(int(answers.token[row]))


def known(world: World, survey: Survey, clock: int) -> Array:
    """Give the rows of a survey that are recorded at the clock, oldest first."""
    answers = world.campaigns.answers
    count = int(np.searchsorted(answers.recorded, clock, "right"))
    return np.flatnonzero(answers.survey[:count] == survey.number)


def by_change(world: World, survey: Survey, clock: int) -> Array:
    """Give the same rows in the order of their last change."""
    rows = known(world, survey, clock)
    changed = world.campaigns.answers.changed(clock)[rows]
    return rows[np.argsort(changed, kind="stable")]


def render_responses(
    world: World, survey: Survey, rows: Array, clock: int, *, with_change: bool = True
) -> list[bytes]:
    """Write responses as JSON; with the date of their last change where asked for."""
    return [
        orjson.dumps(_object(values))
        for values in response_values(world, survey, rows, clock, with_change)
    ]


def as_table(
    survey: Survey, responses: list[dict[str, Any]], mark: str, *, with_change: bool
) -> str:
    """Write the fields of responses as a table with its three rows of headers."""
    names = {**METADATA, **({"LastModifiedDate": _DATES[3]} if with_change else {})}
    names |= {name: name for name in (*survey.columns, EMBEDDED)}
    asked = question_texts(survey)
    target = io.StringIO()
    writer = csv.writer(target, delimiter=mark)
    writer.writerow(names)
    writer.writerow([asked.get(key, name) for name, key in names.items()])
    writer.writerow([_import_id(key) for key in names.values()])
    for values in responses:
        for name in _DATES:
            if name in values:
                values[name] = values[name].replace("T", " ").removesuffix("Z")
        writer.writerow([values.get(key, "") for key in names.values()])
    return target.getvalue()


def _import_id(key: str) -> str:
    zone = {"timeZone": "Z"} if key in _DATES else {}
    return orjson.dumps({"ImportId": key, **zone}).decode()


def response_values(
    world: World, survey: Survey, rows: Array, clock: int, with_change: bool
) -> list[dict[str, Any]]:
    """Give the fields of responses, keyed as in JSON."""
    if not len(rows):
        return []
    answers = world.campaigns.answers
    dates = zip(
        iso(answers.started[rows]),
        iso(answers.ended[rows]),
        iso(answers.recorded[rows]),
        iso(answers.changed(clock)[rows]),
        strict=True,
    )
    found = []
    for row, written in zip(rows.tolist(), dates, strict=True):
        values = dict(zip(_DATES[:3], written, strict=False))
        if with_change:
            values[_DATES[3]] = written[3]
        is_changed = bool(answers.modified[row] <= clock)
        values |= _metadata(answers, row) | _recipient(world, row)
        values |= _answers(world, survey, row, is_changed)
        found.append(values)
    return found


def _metadata(answers: Answers, row: int) -> dict[str, Any]:
    finished = bool(answers.finished[row])
    return {
        "status": int(answers.status[row]),
        "ipAddress": f"192.0.2.{row % 254 + 1}",
        "progress": 100 if finished else 45,
        "duration": int(answers.ended[row] - answers.started[row]),
        "finished": int(finished),
        "_recordId": response_id(answers, row),
        "locationLatitude": f"{40 + row % 13}.7127",
        "locationLongitude": f"{row % 17}.006",
        "distributionChannel": "email" if answers.invitation[row] >= 0 else "anonymous",
        "userLanguage": LANGUAGES[answers.language[row]].upper(),
    }


def _recipient(world: World, row: int) -> dict[str, Any]:
    """Write whom the invitation went to; nothing for an anonymous response."""
    answers = world.campaigns.answers
    person = int(answers.person[row])
    if person < 0:
        return {}
    first, last = world.directory.name(person, MAILINGS)
    linked = {}
    if answers.is_linked[row]:
        linked = {
            "externalDataReference": f"customer-{person + 1}",
            EMBEDDED: f"customer-{person + 1}",
        }
    form = int(world.people.survey_form[person])
    address = world.directory.address(person, MAILINGS, form)
    return {
        "recipientLastName": last,
        "recipientFirstName": first,
        "recipientEmail": address,
        **linked,
    }


def _answers(
    world: World, survey: Survey, row: int, is_changed: bool
) -> dict[str, Any]:
    """Write the answers given; questions left out are absent."""
    answers = world.campaigns.answers
    score = int((answers.score_after if is_changed else answers.score)[row])
    given: dict[str, Any] = {}
    if survey.number != EFFORT:
        given["QID1_NPS_GROUP"] = 1 if score < 7 else 2 if score < 9 else 3
    given["QID1"] = score
    if survey.number != EFFORT:
        for place, value in enumerate(answers.satisfaction[row].tolist(), 1):
            if value > 0:
                given[f"QID2_{place}"] = value
    if answers.has_comment[row]:
        given[survey.columns[-1]] = _comment(answers, survey, row, score)
    return given


def _comment(answers: Answers, survey: Survey, row: int, score: int) -> str:
    bad, good = (4, 6) if survey.number == EFFORT else (7, 9)
    language = int(answers.language[row])
    return texts.opinion(language, texts.mood_of(score, bad, good), row)


def _object(values: dict[str, Any]) -> dict[str, Any]:
    labels = {
        "status": _STATUS[values["status"]],
        "finished": "True" if values["finished"] else "False",
    }
    labels |= {
        name: str(value)
        for name, value in values.items()
        if name.startswith("QID") and isinstance(value, int)
    }
    return {
        "responseId": values["_recordId"],
        "values": values,
        "labels": labels,
        "displayedFields": [name for name in values if name.startswith("QID")],
        "displayedValues": {},
    }
