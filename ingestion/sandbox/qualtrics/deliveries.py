"""Distributions, and what became of each of their invitations.

Holds their JSON as of the clock. Does not hold paging (`routes.py`).
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso, iso_or_none
from ingestion.sandbox.qualtrics.ids import contact_id, distribution_id, lookup_id
from ingestion.sandbox.qualtrics.responses import response_id
from ingestion.sandbox.qualtrics.surveys import SURVEYS
from ingestion.sandbox.world.timeline import HOUR, NEVER, Array
from ingestion.sandbox.world.world import World

MAILING_LIST = "CG_5aNb0xCustomers"
LIBRARY = "GR_5aNb0xLibrary01"
HEADERS = {
    "fromEmail": "noreply@northlight.example",
    "replyToEmail": "research@northlight.example",
    "fromName": "Northlight",
    "subject": "How are we doing?",
}
MESSAGE = {
    "libraryId": LIBRARY,
    "messageId": "MS_5aNb0xInvite001",
    "messageText": None,
}


def distributions_of(world: World, survey: int, clock: int) -> Array:
    """Give the distributions of a survey that were sent by the clock."""
    sent = world.campaigns.invitations
    return np.flatnonzero((sent.survey_of == survey) & (sent.sent_at <= clock))


def invitations_of(world: World, distribution: int) -> Array:
    """Give the rows of a distribution."""
    first = world.campaigns.invitations.first
    return np.arange(first[distribution], first[distribution + 1])


def render_distributions(world: World, numbers: Array, clock: int) -> list[bytes]:
    """Write distributions with their counts."""
    sent = world.campaigns.invitations
    made = iso(sent.sent_at[numbers] - HOUR)
    dates = iso(sent.sent_at[numbers])
    found = []
    for number, created, date in zip(numbers.tolist(), made, dates, strict=True):
        record = {
            "id": distribution_id(number),
            "parentDistributionId": None,
            "ownerId": "UR_5aNb0xOwner0001",
            "organizationId": "northlight",
            "requestType": "Invite",
            "requestStatus": "Done",
            "sendDate": date,
            "createdDate": created,
            "modifiedDate": date,
            "recipients": {
                "mailingListId": MAILING_LIST,
                "contactId": None,
                "libraryId": LIBRARY,
                "sampleId": None,
            },
            "headers": HEADERS,
            "message": MESSAGE,
            "surveyLink": {
                "surveyId": SURVEYS[sent.survey_of[number]].id,
                "expirationDate": None,
                "linkType": "Individual",
            },
            "stats": _stats(world, number, clock),
        }
        found.append(orjson.dumps(record))
    return found


def _stats(world: World, number: int, clock: int) -> dict[str, int]:
    rows = invitations_of(world, number)
    states = _completed(world, rows, clock)
    sent = world.campaigns.invitations
    return {
        "sent": len(rows),
        "failed": 0,
        "started": int((sent.started[rows] <= clock).sum()),
        "bounced": int(sent.bounced[rows].sum()),
        "opened": int((sent.opened[rows] <= clock).sum()),
        "skipped": 0,
        "finished": int((states <= clock).sum()),
        "complaints": 0,
        "blocked": 0,
    }


def _completed(world: World, rows: Array, clock: int) -> Array:
    """Give when each invitation's response was finished, NEVER for none by now."""
    answers, answer_of = world.campaigns.answers, world.campaigns.answer_of[rows]
    done = (answer_of >= 0) & answers.finished[answer_of]
    ended = np.where(done, answers.ended[answer_of], NEVER)
    return np.where(ended <= clock, ended, NEVER)


def last_step(world: World, rows: Array, clock: int) -> Array:
    """Give when each invitation last went a step on, as known at the clock."""
    sent = world.campaigns.invitations
    latest = sent.sent_at[sent.distribution[rows]]
    for step in (sent.opened[rows], sent.started[rows], _completed(world, rows, clock)):
        latest = np.where(step <= clock, step, latest)
    return latest


def render_history(world: World, rows: Array, clock: int) -> list[bytes]:
    """Write invitations with what became of them."""
    sent = world.campaigns.invitations
    done = _completed(world, rows, clock)

    def by_now(when: Array) -> list[str | None]:
        return iso_or_none(np.where(when <= clock, when, NEVER))

    dates = zip(
        iso(sent.sent_at[sent.distribution[rows]]),
        by_now(sent.opened[rows]),
        by_now(sent.started[rows]),
        by_now(done),
        strict=True,
    )
    return [
        orjson.dumps(_element(world, row, steps, clock))
        for row, steps in zip(rows.tolist(), dates, strict=True)
    ]


def _element(
    world: World,
    row: int,
    dates: tuple[str | None, ...],
    clock: int,
) -> dict[str, Any]:
    sent, answers = world.campaigns.invitations, world.campaigns.answers
    sent_at, opened, started, completed = dates
    person, survey = int(sent.person[row]), SURVEYS[sent.survey[row]]
    answer = int(world.campaigns.answer_of[row])
    is_recorded = answer >= 0 and bool(answers.recorded[answer] <= clock)
    status = "HardBounce" if sent.bounced[row] else "Success"
    for moment, then in (
        (opened, "Opened"),
        (started, "SurveyStarted"),
        (started if is_recorded else None, "SurveyPartiallyFinished"),
        (completed, "SurveyFinished"),
    ):
        status = status if moment is None else then
    return {
        "contactId": contact_id(person),
        "contactLookupId": lookup_id(person),
        "distributionId": distribution_id(int(sent.distribution[row])),
        "status": status,
        "surveyLink": f"https://northlight.qualtrics.com/jfe/form/{survey.id}",
        "contactFrequencyRuleId": None,
        "responseId": response_id(answers, answer) if is_recorded else None,
        "responseStartedAt": started,
        "responseCompletedAt": completed,
        "sentAt": sent_at,
        "openedAt": opened,
        "surveySessionId": None,
    }
