"""The properties of the CRM's objects as it defines and chooses them.

Holds what `/properties` answers and which properties come unasked. Does not hold which
there are (`property_lists.py`) nor any value.
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import Any

from ingestion.sandbox.hubspot.ids import COMPANIES, CONTACTS, DEALS, KINDS
from ingestion.sandbox.hubspot.property_lists import ALL, Property

_MADE = "2019-08-06T02:41:08.029Z"
PROPERTIES: dict[str, dict[str, Property]] = {
    kind: {each.name: each for each in ALL[kind]} for kind in KINDS
}
# Contacts are older than the rule, and what is logged has a prefix everywhere.
MODIFIED = {**dict.fromkeys(KINDS, "hs_lastmodifieddate"), CONTACTS: "lastmodifieddate"}
CREATED = {
    kind: "createdate" if kind in (CONTACTS, COMPANIES, DEALS) else "hs_createdate"
    for kind in KINDS
}
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
        wanted |= set(_DEFAULT.get(kind, ()))
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
        "groupName": _GROUPS.get(kind, "engagement"),
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
