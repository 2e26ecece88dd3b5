"""Which properties each kind of object has.

Holds names and types. Does not hold how a definition is written (`properties.py`) nor
any value. Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import NamedTuple

from ingestion.sandbox.hubspot.ids import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    FEEDBACK,
    MEETINGS,
    NOTES,
)
from ingestion.sandbox.world.crm import pipelines as pipe

LIFECYCLE = ("lead", "marketingqualifiedlead", "opportunity", "customer")


class Property(NamedTuple):
    """One property: its definition without what all have in common."""

    name: str
    type: str
    field: str
    options: tuple[str, ...] = ()
    is_calculated: bool = False
    is_own: bool = False


def _text(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, "string", "text") for name in names)


def _dated(*names: str) -> tuple[Property, ...]:
    return tuple(
        Property(name, "datetime", "date", (), is_calculated=True) for name in names
    )


def _stages(prefix: str) -> tuple[Property, ...]:
    return _dated(*(f"{prefix}_{stage.id}" for stage in pipe.STAGES))


_COMMON = (
    Property("hs_object_id", "number", "number", (), is_calculated=True),
    Property("hubspot_owner_id", "enumeration", "select"),
    Property("hs_merged_object_ids", "enumeration", "checkbox", (), is_calculated=True),
    *_dated("createdate"),
)
_OF_CONTACTS = (
    *_COMMON,
    *_dated("lastmodifieddate"),
    *_text("email", "hs_additional_emails", "firstname", "lastname", "company"),
    Property("phone", "phone_number", "phonenumber"),
    Property("mobilephone", "phone_number", "phonenumber"),
    *_text("country"),
    Property("lifecyclestage", "enumeration", "radio", LIFECYCLE),
    Property(
        "hs_lead_status", "enumeration", "radio", ("NEW", "IN_PROGRESS", "CONNECTED")
    ),
    Property("associatedcompanyid", "number", "number", (), is_calculated=True),
    Property("hs_email_optout", "bool", "booleancheckbox", ("true", "false")),
    Property(
        "northlight_campaign",
        "enumeration",
        "select",
        ("spring", "summer"),
        is_own=True,
    ),
)
_OF_COMPANIES = (
    *_COMMON,
    *_dated("hs_lastmodifieddate"),
    *_text("name", "domain", "hs_additional_domains", "country"),
    Property("industry", "enumeration", "select"),
    Property("annualrevenue", "number", "number"),
    Property("numberofemployees", "number", "number"),
    Property("lifecyclestage", "enumeration", "radio", LIFECYCLE),
)
_OF_DEALS = (
    *_COMMON,
    *_dated("hs_lastmodifieddate"),
    *_text("dealname"),
    Property("amount", "number", "number"),
    Property("deal_currency_code", "enumeration", "select", ("EUR", "GBP", "USD")),
    Property(
        "dealstage", "enumeration", "radio", tuple(stage.id for stage in pipe.STAGES)
    ),
    Property(
        "pipeline", "enumeration", "select", tuple(each.id for each in pipe.PIPELINES)
    ),
    Property("closedate", "datetime", "date"),
    Property("hs_is_closed", "bool", "booleancheckbox", (), is_calculated=True),
    Property("hs_is_closed_won", "bool", "booleancheckbox", (), is_calculated=True),
    Property("hs_forecast_probability", "number", "number"),
    Property(
        "dealtype", "enumeration", "radio", ("newbusiness", "existingbusiness")
    ),
    *_stages("hs_date_entered"),
    *_stages("hs_v2_date_entered"),
)  # fmt: skip

# What sales people log about a deal, and what a survey brings.
_OF_TOUCHES = (
    Property("hs_object_id", "number", "number", (), is_calculated=True),
    Property("hubspot_owner_id", "enumeration", "select"),
    Property("hs_merged_object_ids", "enumeration", "checkbox", (), is_calculated=True),
    *_dated("hs_createdate", "hs_lastmodifieddate"),
)
_TIMESTAMP = Property("hs_timestamp", "datetime", "date")
CALL_DIRECTIONS = ("INBOUND", "OUTBOUND")
EMAIL_DIRECTIONS = ("INCOMING_EMAIL", "EMAIL")
# Connected, no answer, busy, left voicemail: ids that are the same in every account.
CALL_DISPOSITIONS = (
    "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "73a0d17f-1163-4015-bdd5-ec830791da20",
    "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "b2cf5968-551e-4856-9783-52b3da59a7d0",
)
MEETING_OUTCOMES = ("COMPLETED", "NO_SHOW", "CANCELED", "RESCHEDULED")
SCHEDULED = "SCHEDULED"
SURVEY_TYPES = ("NPS", "CSAT", "CES")
SURVEY_CHANNELS = ("EMAIL", "WEB", "CHAT")
_OF_CALLS = (
    *_OF_TOUCHES,
    _TIMESTAMP,
    Property("hs_call_duration", "number", "number"),
    Property("hs_call_direction", "enumeration", "select", CALL_DIRECTIONS),
    Property("hs_call_disposition", "enumeration", "select", CALL_DISPOSITIONS),
)
_OF_MEETINGS = (
    *_OF_TOUCHES,
    _TIMESTAMP,
    Property("hs_meeting_start_time", "datetime", "date"),
    Property("hs_meeting_end_time", "datetime", "date"),
    Property(
        "hs_meeting_outcome", "enumeration", "select", (SCHEDULED, *MEETING_OUTCOMES)
    ),
)
_OF_EMAILS = (
    *_OF_TOUCHES,
    _TIMESTAMP,
    Property("hs_email_direction", "enumeration", "select", EMAIL_DIRECTIONS),
    *_text("hs_email_subject"),
)
_OF_NOTES = (*_OF_TOUCHES, _TIMESTAMP, *_text("hs_note_body"))
_OF_FEEDBACK = (
    *_OF_TOUCHES,
    Property("hs_submission_timestamp", "datetime", "date"),
    Property("hs_survey_type", "enumeration", "select", (*SURVEY_TYPES, "CUSTOM")),
    Property("hs_survey_channel", "enumeration", "select", SURVEY_CHANNELS),
    Property("hs_value", "number", "number"),
    *_text("hs_survey_id", "hs_survey_name", "hs_response_group", "hs_content"),
    *_text("hs_contact_email_rollup"),
)

ALL = {
    CONTACTS: _OF_CONTACTS,
    COMPANIES: _OF_COMPANIES,
    DEALS: _OF_DEALS,
    FEEDBACK: _OF_FEEDBACK,
    CALLS: _OF_CALLS,
    MEETINGS: _OF_MEETINGS,
    EMAILS: _OF_EMAILS,
    NOTES: _OF_NOTES,
}
