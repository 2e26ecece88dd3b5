import re

import pytest

from ingestion.files.canonical import ENTITIES
from ingestion.files.entities import Entity, Kind

PROMISED = [
    "customers",
    "accounts",
    "agents",
    "tickets",
    "ticket_events",
    "ticket_comments",
    "schedules",
    "holidays",
    "sla_policies",
    "calls",
    "call_legs",
    "survey_answers",
    "survey_deliveries",
    "reviews",
    "orders",
    "subscriptions",
    "deals",
    "deal_stage_events",
    "campaign_touches",
    "web_sessions",
]


def test_every_promised_entity_is_there() -> None:
    assert list(ENTITIES) == PROMISED


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_an_entity_is_whole(entity: Entity) -> None:
    names = [column.name for column in entity.columns]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z_]*", name) for name in names)
    assert all(column.description.endswith(".") for column in entity.columns)
    assert set(entity.key) <= set(names)
    assert entity.required
    dates = {column.name for column in entity.columns if column.kind is Kind.INSTANT}
    assert entity.cursor
    assert set(entity.cursor) <= dates


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_a_name_that_ends_like_an_instant_or_a_flag_is_one(entity: Entity) -> None:
    for column in entity.columns:
        if column.name.startswith(("is_", "has_")):
            assert column.kind is Kind.BOOLEAN
        if column.name.endswith("_id"):
            assert column.kind in (Kind.ID, Kind.TEXT)
        if column.name.endswith(("_seconds", "_minutes")):
            assert column.kind is Kind.INTEGER
        if column.kind is Kind.INSTANT:
            assert column.name.endswith("_at")
