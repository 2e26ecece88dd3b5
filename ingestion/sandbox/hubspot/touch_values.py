"""The values of properties of calls, meetings, e-mails, notes and survey answers.

Holds what each says at an instant. Does not hold the properties that all objects have
(`values.py`). Tests: tests/ingestion/sandbox/test_hubspot_touches.py
"""

from __future__ import annotations

from collections.abc import Callable

from ingestion.sandbox.hubspot import property_lists as known
from ingestion.sandbox.hubspot.ids import (
    CALLS,
    EMAILS,
    FEEDBACK,
    MEETINGS,
    NOTES,
    owner_id,
)
from ingestion.sandbox.hubspot.snapshot import Snapshot
from ingestion.sandbox.instants import iso_with_milliseconds
from ingestion.sandbox.texts import moods, opinion
from ingestion.sandbox.world.crm.feedback import NPS
from ingestion.sandbox.world.crm.touches import INBOUND
from ingestion.sandbox.world.timeline import Array

Values = dict[str, str | None]
_NOTES = (
    "Wants a quote for next year by Friday.",
    "Budget is approved; procurement asks for references.",
    "Compares us with one other vendor.",
)
_GROUPS = ("NEGATIVE", "NEUTRAL", "POSITIVE")
_NPS_GROUPS = ("DETRACTOR", "PASSIVE", "PROMOTER")


def owner_text(owner: int) -> str | None:
    """Write the id of an owner, None for nobody."""
    return None if owner < 0 else str(owner_id(owner))


def _touch_values(snapshot: Snapshot, kind: str, rows: Array) -> list[Values]:
    """Give what all four kinds of touches say."""
    touches = snapshot.crm.touches[kind]
    happened = iso_with_milliseconds(touches.happened[rows] * 1000)
    owners = map(owner_text, touches.owner[rows].tolist())
    return [
        {"hs_timestamp": when, "hubspot_owner_id": owner}
        for when, owner in zip(happened, owners, strict=True)
    ]


def _call_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    calls, written = snapshot.crm.touches[CALLS], _touch_values(snapshot, CALLS, rows)
    for values, seconds, direction, outcome in zip(
        written,
        calls.seconds[rows].tolist(),
        calls.direction[rows].tolist(),
        calls.outcome[rows].tolist(),
        strict=True,
    ):
        # Whoever is called back is nobody's attempt: no disposition is chosen then.
        is_attempt = direction != INBOUND or outcome == 0
        disposition = known.CALL_DISPOSITIONS[outcome] if is_attempt else None
        values["hs_call_duration"] = str(seconds * 1000)
        values["hs_call_direction"] = known.CALL_DIRECTIONS[direction]
        values["hs_call_disposition"] = disposition
    return written


def _meeting_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    meetings = snapshot.crm.touches[MEETINGS]
    over = meetings.happened[rows] + meetings.seconds[rows]
    ends = iso_with_milliseconds(over * 1000)
    is_settled = (meetings.settled[rows] <= snapshot.clock).tolist()
    outcomes = meetings.outcome[rows].tolist()
    written = _touch_values(snapshot, MEETINGS, rows)
    for values, end, outcome, settled in zip(
        written, ends, outcomes, is_settled, strict=True
    ):
        values["hs_meeting_start_time"] = values["hs_timestamp"]
        values["hs_meeting_end_time"] = end
        values["hs_meeting_outcome"] = (
            known.MEETING_OUTCOMES[outcome] if settled else known.SCHEDULED
        )
    return written


def _email_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    emails, deals = snapshot.crm.touches[EMAILS], snapshot.crm.deals
    written = _touch_values(snapshot, EMAILS, rows)
    is_new = deals.is_new[emails.deal[rows]].tolist()
    directions = emails.direction[rows].tolist()
    for values, new, direction in zip(written, is_new, directions, strict=True):
        subject = "Your new plan" if new else "Your extension"
        is_answer = direction == INBOUND
        values["hs_email_direction"] = known.EMAIL_DIRECTIONS[direction]
        values["hs_email_subject"] = f"Re: {subject}" if is_answer else subject
    return written


def _note_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    written = _touch_values(snapshot, NOTES, rows)
    amended = (snapshot.crm.touches[NOTES].settled[rows] <= snapshot.clock).tolist()
    for values, row, is_amended in zip(written, rows.tolist(), amended, strict=True):
        text = _NOTES[row % len(_NOTES)]
        values["hs_note_body"] = f"{text} Done." if is_amended else text
    return written


def _feedback_values(snapshot: Snapshot, rows: Array) -> list[Values]:
    given, directory = snapshot.crm.submissions, snapshot.world.crm_directory
    submitted = iso_with_milliseconds(given.created[rows] * 1000)
    places = moods(given.feeling[rows]).tolist()
    person = snapshot.crm.contacts.person[given.contact[rows]]
    languages = snapshot.world.people.language[person].tolist()
    written: list[Values] = []
    for row, when, mood, language, contact, survey, score, channel, speaks in zip(
        rows.tolist(),
        submitted,
        places,
        languages,
        given.contact[rows].tolist(),
        given.survey[rows].tolist(),
        given.score[rows].tolist(),
        given.channel[rows].tolist(),
        given.has_comment[rows].tolist(),
        strict=True,
    ):
        kind = known.SURVEY_TYPES[survey]
        written.append(
            {
                "hs_submission_timestamp": when,
                "hs_survey_type": kind,
                "hs_survey_id": str(5001 + survey),
                "hs_survey_name": f"Customer {kind}",
                "hs_survey_channel": known.SURVEY_CHANNELS[channel],
                "hs_value": str(score),
                "hs_response_group": _group(survey, score),
                "hs_content": opinion(language, mood, row) if speaks else None,
                "hs_contact_email_rollup": (
                    directory.contact_address(contact) if contact >= 0 else None
                ),
            }
        )
    return written


def _group(survey: int, score: int) -> str:
    if survey == NPS:
        return _NPS_GROUPS[0 if score <= 6 else 1 if score <= 8 else 2]
    return _GROUPS[0 if score <= 2 else 1 if score <= 3 else 2]


TOUCH_WRITERS: dict[str, Callable[[Snapshot, Array], list[Values]]] = {
    CALLS: _call_values,
    MEETINGS: _meeting_values,
    EMAILS: _email_values,
    NOTES: _note_values,
    FEEDBACK: _feedback_values,
}
