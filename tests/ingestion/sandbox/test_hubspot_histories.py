"""The past of properties, as far as the CRM remembers it."""

import numpy as np
import pytest

from ingestion.sandbox.hubspot import histories
from ingestion.sandbox.hubspot.histories import Change, contact_changes, histories_of
from ingestion.sandbox.hubspot.ids import CONTACTS, DEALS
from ingestion.sandbox.hubspot.snapshot import Snapshot

LIFECYCLE = "propertiesWithHistory"


def test_lifecycle_stages_go_up_from_the_day_a_contact_was_made(hubspot):
    query = {
        "limit": 50,
        "properties": "lifecyclestage",
        "propertiesWithHistory": "lifecyclestage",
    }
    ladder = ["lead", "marketingqualifiedlead", "opportunity", "customer"]
    causes = set()
    records = hubspot.get("/crm/v3/objects/contacts", params=query).json()["results"]
    for record in records:
        told = record[LIFECYCLE]["lifecyclestage"]
        assert told[0]["value"] == record["properties"]["lifecyclestage"]
        assert told[-1]["timestamp"] == record["createdAt"]
        places = [ladder.index(each["value"]) for each in told]
        assert places == sorted(set(places), reverse=True)
        times = [each["timestamp"] for each in told]
        assert times == sorted(times, reverse=True)
        causes |= {each["sourceType"] for each in told}
        assert all(
            ("updatedByUserId" in each) == (each["sourceType"] == "CRM_UI")
            for each in told
        )
    assert causes == {"CRM_UI", "FORM", "IMPORT", "AUTOMATION_PLATFORM"}


@pytest.mark.parametrize(
    ("kind", "name", "kept"),
    [(DEALS, "dealstage", 20), (CONTACTS, "lifecyclestage", 45)],
)
def test_only_the_newest_changes_are_kept(sandbox, monkeypatch, kind, name, kept):
    def many(snapshot, rows):
        return [[Change(place % 4, f"{place:03}") for place in range(60)] for _ in rows]

    past = histories._PASTS[kind]._replace(changes=many)
    monkeypatch.setitem(histories._PASTS, kind, past)
    snapshot = Snapshot(sandbox.world, sandbox.clock.seconds)
    now = [{name: "any", "createdate": "000"}]
    (told,) = histories_of(snapshot, kind, np.array([0]), (name,), now)
    times = [each["timestamp"] for each in told[name]]
    assert times == [f"{place:03}" for place in range(59, 59 - kept, -1)]


def test_nothing_is_told_of_what_is_yet_to_come(sandbox):
    lives = sandbox.world.crm.lifecycles
    ahead = lives.when > sandbox.world.span.now
    ahead &= lives.stage > 0
    row = lives.contact[ahead][:1]
    counts = [
        len(contact_changes(Snapshot(sandbox.world, clock), row)[0])
        for clock in (int(lives.when[ahead][0]) - 1, int(lives.when[ahead][0]))
    ]
    assert counts[1] == counts[0] + 1
