"""The properties of the CRM's objects: their names, types and definitions.

Holds what `/properties` answers and which properties come unasked. Does not hold any
value. Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ingestion.sandbox.hubspot.ids import COMPANIES, CONTACTS, DEALS, KINDS
from ingestion.sandbox.world.crm import pipelines as pipe

_MADE = "2019-08-06T02:41:08.029Z"
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

_ALL = {CONTACTS: _OF_CONTACTS, COMPANIES: _OF_COMPANIES, DEALS: _OF_DEALS}
PROPERTIES: dict[str, dict[str, Property]] = {
    kind: {each.name: each for each in _ALL[kind]} for kind in KINDS
}
MODIFIED = {
    CONTACTS: "lastmodifieddate",
    COMPANIES: "hs_lastmodifieddate",
    DEALS: "hs_lastmodifieddate",
}
CREATED = dict.fromkeys(KINDS, "createdate")
# What comes whatever is asked for, and what comes when nothing is.
_ALWAYS = {kind: (CREATED[kind], MODIFIED[kind], "hs_object_id") for kind in KINDS}
_DEFAULT = {
    CONTACTS: ("email", "firstname", "lastname"),
    COMPANIES: ("domain", "name"),
    DEALS: ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}
_GROUPS = {
    CONTACTS: "contactinformation",
    COMPANIES: "companyinformation",
    DEALS: "dealinformation",
}


def chosen(kind: str, asked: list[str]) -> list[str]:
    """Give the properties of an answer, in its order; unknown ones are left out."""
    wanted = {name for name in asked if name in PROPERTIES[kind]} | set(_ALWAYS[kind])
    if not asked:
        wanted |= set(_DEFAULT[kind])
    return sorted(wanted)


def definition(kind: str, each: Property) -> dict[str, Any]:
    """Write a property as `/properties` does."""
    label = each.name.removeprefix("hs_").replace("_", " ").capitalize()
    options = [
        {
            "label": value.replace("_", " ").capitalize(),
            "value": value,
            "displayOrder": order,
            "hidden": False,
        }
        for order, value in enumerate(each.options)
    ]
    return {
        "updatedAt": _MADE,
        "createdAt": _MADE,
        "name": each.name,
        "label": label,
        "type": each.type,
        "fieldType": each.field,
        "description": "",
        "groupName": _GROUPS[kind],
        "options": options,
        "displayOrder": -1,
        "calculated": each.is_calculated,
        "externalOptions": each.name == "hubspot_owner_id",
        "archived": False,
        "hasUniqueValue": each.name == "hs_object_id",
        "hidden": False,
        "hubspotDefined": not each.is_own,
        "modificationMetadata": {
            "archivable": each.is_own,
            "readOnlyDefinition": not each.is_own,
            "readOnlyValue": each.is_calculated,
        },
        "formField": not each.is_calculated,
    }
