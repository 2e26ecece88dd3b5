"""What a pull of the CRM brings, held against the world that the sandbox serves."""

import json
from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from ingestion.errors import AuthFailed, BadAnswer, MissingCredentials, SourceError
from ingestion.hubspot.api import Crm
from ingestion.hubspot.objects import Objects
from ingestion.hubspot.settings import HubspotSettings
from ingestion.sandbox.hubspot.ids import object_ids, object_row, owner_id
from ingestion.sandbox.world.crm.contacts import campaigns_of
from ingestion.sandbox.world.crm.pipelines import STAGES
from ingestion.stream import Window

LOGGED = ("calls", "meetings", "emails", "notes")
KINDS = ("contacts", "companies", "deals", "feedback_submissions", *LOGGED)
LINKS = {
    "contact_companies": ("contacts", "companies"),
    "deal_contacts": ("deals", "contacts"),
    "deal_companies": ("deals", "companies"),
    "feedback_submission_contacts": ("feedback_submissions", "contacts"),
    "call_contacts": ("calls", "contacts"),
    "meeting_contacts": ("meetings", "contacts"),
    "email_contacts": ("emails", "contacts"),
    "note_contacts": ("notes", "contacts"),
}


def ids(kind, rows):
    return {str(number) for number in object_ids(kind, np.asarray(rows)).tolist()}


@pytest.fixture
def pulled(history):
    """What a first pull brought, 25 days after the first instant."""
    return SimpleNamespace(
        report=history.reports[2],
        state=history.states[2],
        crm=history.crm,
        now=history.now,
        workplace=history.fresh,
    )


def test_a_first_pull_brings_every_object_once_and_archived_ones_as_deletions(
    pulled,
):
    for kind in KINDS:
        lives = pulled.crm.lives[kind]
        gone = lives.archived <= pulled.now
        live = (lives.created <= pulled.now) & ~gone
        told = {key: op for key, (op, _) in pulled.state[kind].items()}
        expected = dict.fromkeys(ids(kind, np.flatnonzero(live)), "upsert")
        expected |= dict.fromkeys(ids(kind, np.flatnonzero(gone)), "delete")
        assert told == expected
        assert pulled.report[kind].rows == len(expected)
        assert pulled.report[kind].rejected == 0
    assert any(op == "delete" for op, _ in pulled.state["contacts"].values())
    assert pulled.report["contacts"].pages > 3
    dated = "version = epoch_us(cursor_at), cursor_at <= extracted_at"
    for kind in KINDS:
        assert set(pulled.workplace.rows("hubspot", kind, dated)) == {(True, True)}


def test_contacts_carry_all_their_properties_as_the_world_has_them(pulled, history):
    contacts, directory = pulled.crm.contacts, history.world.crm_directory
    for row in np.flatnonzero(pulled.crm.lives["contacts"].created <= pulled.now):
        _, record = pulled.state["contacts"][str(951 + 50 * int(row))]
        properties = record["properties"]
        assert properties["email"] == directory.contact_address(int(row))
        assert properties["firstname"] == directory.contact_names(int(row))[0]
        campaigns = int((contacts.campaigns[:, row] <= pulled.now).sum())
        assert (
            properties["northlight_campaign"] == [None, "spring", "summer"][campaigns]
        )
        assert None not in properties
    assert len(properties) == 18
    stages = Counter(
        record["properties"]["lifecyclestage"]
        for op, record in pulled.state["contacts"].values()
    )
    assert set(stages) >= {"lead", "customer"}


def test_deals_stand_where_their_last_visit_led_them(pulled):
    visits, deals = pulled.crm.deals.visits, pulled.crm.deals
    outcomes = set()
    for row in np.flatnonzero(deals.created <= pulled.now).tolist():
        until = min(pulled.now, int(deals.archived[row]))
        own = slice(visits.offset[row], visits.offset[row + 1])
        stage = STAGES[visits.stage[own][visits.when[own] <= until][-1]]
        properties = pulled.state["deals"][str(99_951 + 7 * row)][1]["properties"]
        assert properties["dealstage"] == stage.id
        assert properties["hs_is_closed_won"] == (
            "true" if stage.outcome == 1 else "false"
        )
        assert properties[f"hs_v2_date_entered_{stage.id}"] is not None
        outcomes.add(stage.outcome)
    assert outcomes == {0, 1, 2}


def test_the_winner_of_a_merge_names_the_losers_and_takes_their_address(
    pulled, history
):
    lives = pulled.crm.lives["contacts"]
    merged = (lives.merged_into >= 0) & (lives.archived <= pulled.now)
    losers = np.flatnonzero(merged).tolist()
    assert losers
    for loser in losers:
        op, _ = pulled.state["contacts"][str(951 + 50 * loser)]
        assert op == "delete"
        winner = str(951 + 50 * int(lives.merged_into[loser]))
        properties = pulled.state["contacts"][winner][1]["properties"]
        assert str(951 + 50 * loser) in properties["hs_merged_object_ids"].split(";")
        address = history.world.crm_directory.contact_address(loser)
        if address:
            assert address in properties["hs_additional_emails"].split(";")


@pytest.mark.parametrize("stream", LINKS)
def test_every_object_has_one_record_of_all_its_links(pulled, stream):
    start, end = LINKS[stream]
    links = pulled.crm.links[stream]
    expected = {key: set() for key in pulled.state[start]}
    now = (links.since <= pulled.now) & (links.until > pulled.now)
    for low, high in zip(links.low[now], links.high[now], strict=True):
        (key,), (other,) = ids(start, [low]), ids(end, [high])
        expected[key].add(other)
    told = {
        key: {str(link["toObjectId"]) for link in record["to"]}
        for key, (_, record) in pulled.state[stream].items()
    }
    assert told == expected
    assert any(expected.values())
    assert not all(expected.values())


def test_primary_links_say_so(pulled):
    kinds = Counter(
        tuple(kind["typeId"] for kind in link["associationTypes"])
        for _, record in pulled.state["contact_companies"].values()
        for link in record["to"]
    )
    assert set(kinds) == {(1, 279), (279,)}


def test_owners_who_left_and_all_stages_come_too(pulled):
    owners = pulled.workplace.rows("hubspot", "owners", "key, op")
    told = dict(owners)
    assert set(told) == {str(owner_id(row)) for row in range(len(pulled.crm.owners))}
    assert told[str(owner_id(0))] == "delete"
    pipelines = pulled.workplace.latest("hubspot", "pipelines")
    stages = [stage["id"] for each in pipelines.values() for stage in each["stages"]]
    assert stages == [stage.id for stage in STAGES]


def test_deals_and_contacts_bring_the_history_of_their_stages(pulled):
    visits, deals = pulled.crm.deals.visits, pulled.crm.deals
    for row in np.flatnonzero(deals.created <= pulled.now).tolist():
        until = min(pulled.now, int(deals.archived[row]))
        own = slice(visits.offset[row], visits.offset[row + 1])
        stages = visits.stage[own][visits.when[own] <= until]
        record = pulled.state["deals"][str(99_951 + 7 * row)][1]
        told = record["propertiesWithHistory"]["dealstage"]
        assert [each["value"] for each in reversed(told)] == [
            STAGES[stage].id for stage in stages
        ]
    for _, record in pulled.state["contacts"].values():
        told = record["propertiesWithHistory"]["lifecyclestage"]
        assert told[0]["value"] == record["properties"]["lifecyclestage"]
    assert not any(
        "propertiesWithHistory" in record
        for _, record in pulled.state["companies"].values()
    )


def test_lists_with_history_are_asked_for_in_pages_of_fifty(
    crm, front, workplace, monkeypatch
):
    monkeypatch.delenv("SOURCES__HUBSPOT__LIST_PAGE_SIZE")
    workplace.pull("hubspot")
    crm.clock.advance(days=25)
    workplace.pull("hubspot")
    lists = {
        target.split("?")[0].rsplit("/", 1)[-1]: "limit=50" in target
        for method, target, _ in front.asked
        if "/objects/" in target and method == "GET"
    }
    assert {kind for kind, is_short in lists.items() if is_short} == {
        "contacts",
        "deals",
    }
    assert lists.keys() == set(KINDS)
    batches = [
        json.loads(body)
        for _, target, body in front.asked
        if target == "/crm/v3/objects/contacts/batch/read"
    ]
    assert batches
    assert all(each["propertiesWithHistory"] == ["lifecyclestage"] for each in batches)


def test_what_is_archived_before_it_is_read_whole_comes_with_the_archived_ones(
    crm, front, workplace, history, state_of
):
    workplace.pull("hubspot")
    crm.clock.advance(days=25)
    gone = []

    def lose_the_first(method, target, body):
        if target != "/crm/v3/objects/contacts/batch/read" or gone:
            return None
        inputs = json.loads(body)["inputs"]
        gone.append(inputs[0]["id"])
        # Nobody has this number: 207, one of them was not found.
        inputs[0]["id"] = "7"
        asked = {**json.loads(body), "inputs": inputs}
        key = f"Bearer {crm.credentials.hubspot_access_token}"
        return front.forward(method, target, json.dumps(asked).encode(), key)

    front.trouble = lose_the_first
    workplace.pull("hubspot")
    told = state_of(workplace)["contacts"]
    expected = history.states[1]["contacts"]
    assert {key for key in expected if told.get(key) != expected[key]} == set(gone)


def test_a_batch_that_fails_in_part_ends_the_pull(crm, front, workplace):
    workplace.pull("hubspot")
    crm.clock.advance(days=25)

    def fail(method, target, body):
        if target != "/crm/v3/objects/deals/batch/read":
            return None
        part = {"results": [], "errors": [{"category": "INTERNAL_ERROR"}]}
        date = {"Date": crm.clock.instant.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        return 207, date, json.dumps(part).encode()

    front.trouble = fail
    with pytest.raises(BadAnswer, match="INTERNAL_ERROR"):
        workplace.pull("hubspot")


def test_what_sales_people_log_comes_with_its_properties(pulled):
    for kind, name in (
        ("calls", "hs_call_duration"),
        ("meetings", "hs_meeting_outcome"),
        ("emails", "hs_email_subject"),
        ("notes", "hs_note_body"),
    ):
        touches = pulled.crm.touches[kind]
        records = pulled.state[kind]
        rows = np.flatnonzero(touches.created <= pulled.now)
        assert ids(kind, rows) == records.keys()
        for _, record in records.values():
            assert record["properties"][name]
            assert record["properties"]["hs_timestamp"]
            owner = int(touches.owner[object_row(kind, int(record["id"]))])
            told = record["properties"]["hubspot_owner_id"]
            assert told == (str(owner_id(owner)) if owner >= 0 else None)
    told = {
        record["properties"]["hs_survey_type"]
        for _, record in pulled.state["feedback_submissions"].values()
    }
    assert told == {"NPS", "CSAT", "CES"}


def test_a_meeting_that_was_held_since_says_so(history):
    before, after, _ = history.states
    outcomes = [
        (
            record["properties"]["hs_meeting_outcome"],
            after["meetings"][key][1]["properties"]["hs_meeting_outcome"],
        )
        for key, (_, record) in before["meetings"].items()
    ]
    assert ("COMPLETED", "COMPLETED") in outcomes
    assert all(late != "SCHEDULED" for soon, late in outcomes if soon == "SCHEDULED")


def test_an_increment_makes_the_lake_what_a_first_pull_would(history):
    before, after, fresh = history.states
    assert after == fresh
    for stream in (*KINDS, *LINKS):
        assert before[stream] != after[stream]
    # Not because everything was read again.
    assert history.reports[1]["deals"].rows < len(after["deals"]) / 2


def test_an_increment_brings_archived_objects_and_removed_links(history):
    before, after, _ = history.states
    gone = {
        key
        for key, (op, _) in after["contacts"].items()
        if op == "delete" and before["contacts"].get(key, ("",))[0] == "upsert"
    }
    assert gone
    assert all(after["contact_companies"][key][1]["to"] == [] for key in gone)
    removed = [
        key
        for key, (_, record) in before["contact_companies"].items()
        if key not in gone
        and len(after["contact_companies"][key][1]["to"]) < len(record["to"])
    ]
    assert removed


def test_links_are_read_of_the_objects_of_the_pull_and_no_others(history):
    rows = history.increments.rows
    for stream, (start, _) in LINKS.items():
        told = [set(rows("hubspot", table, "_dlt_load_id, key"))
                for table in (stream, start)]  # fmt: skip
        assert told[0] == told[1]


def test_more_objects_than_the_cap_with_one_time_of_change_all_come(
    crm, front, workplace, state_of
):
    campaign = campaigns_of(crm.world.span)[1]
    at_once = crm.world.crm.contacts.campaigns[1] == campaign
    at_once &= crm.world.crm.contacts.archived > campaign
    assert at_once.sum() > 2 * 20
    workplace.pull("hubspot")
    crm.clock.set(datetime.fromtimestamp(campaign, crm.clock.instant.tzinfo))
    crm.clock.advance(hours=1)
    front.asked.clear()
    workplace.pull("hubspot")
    state = state_of(workplace)["contacts"]
    told = {
        key
        for key, (_, record) in state.items()
        if record["properties"]["northlight_campaign"] is not None
        and record["updatedAt"]
        == datetime.fromtimestamp(campaign).strftime("%Y-%m-%dT09:00:00.000Z")
    }
    # All of them share one time to the millisecond.
    assert told == ids("contacts", np.flatnonzero(at_once))
    searches = [
        json.loads(body)
        for _, target, body in front.asked
        if target == "/crm/v3/objects/contacts/search"
    ]
    assert len(searches) > 3
    assert not any("after" in search for search in searches)
    windows = {json.dumps(each["filterGroups"][0]["filters"][:2]) for each in searches}
    assert len(windows) == 1


def test_a_window_ends_some_minutes_ago_and_the_next_one_overlaps_it(
    crm, front, workplace
):
    first = workplace.pull("hubspot").streams["contacts"]
    start = crm.clock.instant
    assert first.window_to == start - timedelta(minutes=5)
    crm.clock.advance(hours=6)
    front.asked.clear()
    workplace.pull("hubspot")
    search = next(
        json.loads(body)
        for _, target, body in front.asked
        if target == "/crm/v3/objects/deals/search"
    )
    low, high, _ = search["filterGroups"][0]["filters"]
    assert (low["operator"], high["operator"]) == ("GTE", "LT")
    since = start - timedelta(hours=6, minutes=5)
    assert low["value"] == str(int(since.timestamp()) * 1000)
    until = crm.clock.instant - timedelta(minutes=5)
    assert high["value"] == str(int(until.timestamp()) * 1000)


def test_properties_in_parts_give_the_same_objects(
    crm, front, history, state_of, monkeypatch, workplace
):
    monkeypatch.setenv("SOURCES__HUBSPOT__PROPERTY_CHARACTERS", "150")
    workplace.pull("hubspot")
    crm.clock.advance(days=25)
    workplace.pull("hubspot")
    assert state_of(workplace) == history.states[1]
    asked = [target for _, target, _ in front.asked if "/deals?" in target]
    assert all(len(target) < 300 for target in asked)


def test_a_change_between_pages_comes_with_the_next_pull(
    crm, front, workplace, history, state_of
):
    workplace.pull("hubspot")
    crm.clock.advance(days=12)
    jumped = []

    def jump(method, target, body):
        # Between two pages of a search days go by: records leave its window.
        if target.endswith("/contacts/search") and b'"GT", "value": "0"' not in body:
            if not jumped:
                crm.clock.advance(days=13)
            jumped.append(target)

    front.trouble = jump
    workplace.pull("hubspot")
    assert jumped
    front.trouble = None
    workplace.pull("hubspot")
    assert state_of(workplace) == history.states[1]


def test_a_list_that_was_empty_at_first_is_read_whole_again(
    crm, front, workplace, history, state_of
):
    def nothing(method, target, body):
        if target.startswith("/crm/v3/objects/deals?"):
            key = f"Bearer {crm.credentials.hubspot_access_token}"
            status, headers, _ = front.forward(method, target, body, key)
            return status, headers, b'{"results":[]}'
        return None

    front.trouble = nothing
    report = workplace.pull("hubspot").streams
    assert (report["deals"].rows, report["contacts"].rows > 0) == (0, True)
    front.trouble = None
    workplace.pull("hubspot")
    assert state_of(workplace) == history.states[0]


def test_an_object_without_an_id_is_put_aside_and_the_others_land(
    crm, front, workplace, state_of
):
    def first_page(method, target, body):
        if target.startswith("/crm/v3/objects/companies?") and "archived" not in target:
            key = f"Bearer {crm.credentials.hubspot_access_token}"
            status, headers, content = front.forward(method, target, body, key)
            broken = content.replace(b'"id":"9876543201"', b'"id":null', 1)
            assert broken != content
            return status, headers, broken
        return None

    front.trouble = first_page
    report = workplace.pull("hubspot").streams
    assert report["companies"].rejected == 1
    assert "9876543201" not in state_of(workplace)["companies"]
    rejects = workplace.rows("hubspot", "rejects", "stream, reason")
    assert rejects == [("companies", "no usable id in id")]


def test_a_range_can_be_read_on_its_own(crm):
    settings = HubspotSettings.from_configuration()
    deals = Objects(Crm(settings.client()), settings, "deals")
    end = crm.clock.instant - timedelta(days=30)
    start = end - timedelta(days=60)
    found = {
        json.loads(bytes(raw))["id"]
        for page in deals.read_window(Window(start, end))
        for raw in page.records
    }
    lives = crm.world.crm.lives["deals"]
    now = int(crm.clock.instant.timestamp())
    updated = lives.updated(now)
    inside = (updated > start.timestamp()) & (updated <= end.timestamp())
    inside &= lives.archived > now
    assert found == ids("deals", np.flatnonzero(inside))
    assert found


def test_a_token_is_asked_for(workplace, monkeypatch):
    monkeypatch.delenv("SOURCES__HUBSPOT__ACCESS_TOKEN", raising=False)
    with pytest.raises(MissingCredentials, match="SOURCES__HUBSPOT__ACCESS_TOKEN"):
        workplace.pull("hubspot")


def test_what_the_app_may_not_read_can_be_left_out(crm, front, workplace, monkeypatch):
    def no_scope(method, target, body):
        if "/objects/calls" in target or "calls/contacts" in target:
            return 403, {}, b'{"status":"error","category":"MISSING_SCOPES"}'
        return None

    front.trouble = no_scope
    with pytest.raises(AuthFailed, match="SOURCES__HUBSPOT__LEAVE_OUT"):
        workplace.pull("hubspot")
    monkeypatch.setenv("SOURCES__HUBSPOT__LEAVE_OUT", "calls, notes")
    report = workplace.pull("hubspot")
    left_out = {"calls", "call_contacts", "notes", "note_contacts"}
    assert left_out.isdisjoint(report.streams)
    assert report.streams["deals"].rows > 0


def test_what_everything_rests_on_cannot_be_left_out(monkeypatch):
    monkeypatch.setenv("SOURCES__HUBSPOT__ACCESS_TOKEN", "pat-x")
    monkeypatch.setenv("SOURCES__HUBSPOT__LEAVE_OUT", "deals")
    with pytest.raises(SourceError, match="deals cannot be left out"):
        HubspotSettings.from_configuration()


def test_pages_of_a_search_that_go_back_end_the_pull(crm, front, workplace):
    workplace.pull("hubspot")
    crm.clock.advance(days=12)
    kept = []

    def repeat(method, target, body):
        if target != "/crm/v3/objects/contacts/search":
            return None
        if not kept:
            key = f"Bearer {crm.credentials.hubspot_access_token}"
            kept.append(front.forward(method, target, body, key))
        return kept[0]

    front.trouble = repeat
    with pytest.raises(BadAnswer, match="order of ids"):
        workplace.pull("hubspot")
