"""The CRM's part of the world: sound, in step with the rest, and alive."""

import numpy as np
import pytest

from ingestion.sandbox.world import DEFAULT_NOW, NEVER, World
from ingestion.sandbox.world.crm import pipelines as pipe
from ingestion.sandbox.world.crm.contacts import campaigns_of
from ingestion.sandbox.world.crm.stages import first_entry
from ingestion.sandbox.world.timeline import DAY


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(customers=600, seed=11)


def test_the_same_seed_gives_the_same_crm_and_another_one_does_not(world):
    twin, other = (
        World.generate(customers=600, seed=seed).crm for seed in (11, 12)
    )  # fmt: skip
    for name in ("created", "person", "mail", "campaigns"):
        ours = getattr(world.crm.contacts, name)
        assert np.array_equal(ours, getattr(twin.contacts, name)), name
    visits = world.crm.deals.visits
    assert np.array_equal(visits.when, twin.deals.visits.when)
    assert not np.array_equal(world.crm.owners.created, other.owners.created)


def test_companies_are_the_helpdesks_and_others(world):
    companies, directory = world.crm.companies, world.crm_directory
    known = len(world.organizations)
    assert companies.organizations == known
    for row in range(known):
        assert directory.company(row) == world.directory.company(row)
        assert directory.domain(row) == world.directory.domain(row)
    domains = [directory.domain(row) for row in range(len(companies))]
    assert len(set(domains)) == len(domains) > known


def test_most_customers_are_contacts_under_the_helpdesks_address(world):
    contacts, directory = world.crm.contacts, world.crm_directory
    rows = np.flatnonzero((contacts.person >= 0) & (contacts.merged_into < 0)).tolist()
    assert 0.8 < len(rows) / len(world.people) < 0.9
    same = added = 0
    for row in rows:
        main = int(world.users.main[contacts.person[row]])
        helpdesk = str(world.directory.user_address(main)).lower()
        same += directory.contact_address(row) == helpdesk
        added += directory.additional_address(row) == helpdesk
    assert 0.75 < same / len(rows) < 0.95
    assert 0.02 < added / len(rows) < 0.08


def test_no_two_contacts_share_an_address(world):
    rows = range(len(world.crm.contacts))
    addresses = [world.crm_directory.contact_address(row) for row in rows]
    known = [address for address in addresses if address]
    assert len(set(known)) == len(known)
    assert None in addresses


def test_visits_of_a_deal_begin_in_the_first_stage_and_go_forward_in_time(world):
    deals = world.crm.deals
    visits = deals.visits
    first = visits.offset[:-1]
    assert np.array_equal(visits.when[first], deals.created)
    assert np.array_equal(visits.stage[first], pipe.FIRST[deals.pipeline])
    same = visits.deal[1:] == visits.deal[:-1]
    assert (np.diff(visits.when)[same] > 0).all()
    pipelines = np.array([stage.pipeline for stage in pipe.STAGES])
    assert np.array_equal(pipelines[visits.stage], deals.pipeline[visits.deal])
    # Some go back, so that a stage is visited twice.
    pairs = np.stack([visits.deal, visits.stage], axis=1)
    assert len(np.unique(pairs, axis=0)) < len(pairs)


def test_contacts_stand_on_the_highest_stage_that_they_have_reached(world):
    lives, contacts = world.crm.lifecycles, world.crm.contacts
    standing = world.crm.standing["contacts"]
    for clock in (world.span.now, world.span.end):
        known = lives.when <= clock
        highest = np.full(len(contacts), -1)
        np.maximum.at(highest, lives.contact[known], lives.stage[known])
        expected = np.select(
            [
                standing.customer <= clock,
                standing.opportunity <= clock,
                contacts.qualified <= clock,
                contacts.created <= clock,
            ],
            [3, 2, 1, 0],
            -1,
        )
        assert np.array_equal(highest, expected)
    same = lives.contact[1:] == lives.contact[:-1]
    assert (np.diff(lives.when)[same] > 0).all()
    assert (np.diff(lives.stage)[same] > 0).all()
    assert set(lives.stage.tolist()) == {0, 1, 2, 3}


def test_customers_were_won_near_their_start_and_some_deals_are_lost(world):
    deals, companies = world.crm.deals, world.crm.companies
    won = first_entry(deals.visits, pipe.WON)
    lost = first_entry(deals.visits, pipe.LOST)
    first = deals.is_new & (deals.company >= 0)
    first &= deals.company < companies.organizations
    assert (won[first] < NEVER).mean() > 0.85
    days = (won[first] - world.organizations.created[deals.company[first]]) / DAY
    assert np.median(np.abs(days[days < 1000])) < 90
    rest = (deals.created > world.span.start) & (deals.created < world.span.now)
    assert 0.1 < (lost[rest] <= world.span.now).mean() < 0.6
    is_open = (won > world.span.now) & (lost > world.span.now) & rest
    assert is_open.sum() > 5


def test_nothing_happens_to_a_record_before_it_is_made_or_after_it_is_archived(world):
    for kind, lives in world.crm.lives.items():
        created = lives.created[lives.touched_row]
        archived = lives.archived[lives.touched_row]
        assert (lives.touched_at >= created).all(), kind
        assert (lives.touched_at <= archived).all(), kind
        assert (lives.archived > lives.created).all(), kind
    contacts = world.crm.contacts
    for when in (contacts.edited, contacts.qualified, *contacts.campaigns):
        assert ((when < contacts.archived) | (when == NEVER)).all()


def test_records_change_go_and_are_merged_in_the_horizon_too(world):
    now, later = world.span.now, world.span.now + 30 * DAY
    for kind, lives in world.crm.lives.items():
        if kind == "feedback_submissions":
            # What was answered stays as it is.
            continue
        assert (lives.updated(later) > lives.updated(now)).sum() > 3, kind
    lives = world.crm.lives["contacts"]
    ahead = (lives.archived > now) & (lives.archived <= world.span.end)
    assert (ahead & (lives.merged_into < 0)).any()
    assert (ahead & (lives.merged_into >= 0)).any()
    winners = lives.merged_into[lives.merged_into >= 0]
    assert (lives.archived[winners] == NEVER).all()


def test_links_last_no_longer_than_either_end_and_some_are_removed(world):
    crm = world.crm
    kinds = {
        "contact_companies": ("contacts", "companies"),
        "deal_contacts": ("deals", "contacts"),
        "deal_companies": ("deals", "companies"),
        "feedback_submission_contacts": ("feedback_submissions", "contacts"),
        "call_contacts": ("calls", "contacts"),
        "meeting_contacts": ("meetings", "contacts"),
        "email_contacts": ("emails", "contacts"),
        "note_contacts": ("notes", "contacts"),
    }
    for name, (start, end) in kinds.items():
        links = crm.links[name]
        assert (links.since < links.until).all()
        for rows, kind in ((links.low, start), (links.high, end)):
            assert (links.since >= crm.lives[kind].created[rows]).all()
            assert (links.until <= crm.lives[kind].archived[rows]).all()
    links = crm.links["contact_companies"]
    alive = crm.lives["contacts"].archived[links.low] == NEVER
    assert (links.until[alive] < NEVER).any()


def test_campaigns_change_many_contacts_in_one_second(world):
    before, after = campaigns_of(world.span)
    assert before < world.span.now < after < world.span.end
    for row, campaign in enumerate((before, after)):
        taken = world.crm.contacts.campaigns[row]
        assert (taken == campaign).sum() > 100
        assert set(np.unique(taken)) == {campaign, NEVER}


def test_one_owner_has_left_and_one_is_there_for_ever():
    for seed in range(5):
        owners = World.generate(customers=20, seed=seed, now=DEFAULT_NOW).crm.owners
        now = int(DEFAULT_NOW.timestamp())
        assert (owners.archived <= now).any()
        assert (owners.archived == NEVER).sum() >= 2
