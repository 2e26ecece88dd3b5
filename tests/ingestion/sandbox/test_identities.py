"""People are known under names and addresses that are dirty as real ones are."""

from __future__ import annotations

import itertools

import numpy as np
import orjson
import pytest

from ingestion.sandbox.streams import sandbox_streams
from ingestion.sandbox.world import World, names
from ingestion.sandbox.world.contacts import local_spelling
from ingestion.sandbox.world.identities import (
    CRM,
    FORMS,
    HELPDESK,
    MAIN,
    MISTYPED,
    SECOND,
)
from ingestion.sandbox.world.people import FREE_MAIL, GMAIL


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(seed=3, customers=4000)


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (names.FULL, ("Günther", "Müller")),
        (names.NICKNAME, ("Günni", "Müller")),
        (names.INITIAL, ("G.", "Müller")),
        (names.LOWER, ("günther", "müller")),
        (names.REVERSED, ("Müller,", "Günther")),
        (names.UNACCENTED, ("Guenther", "Mueller")),
        (names.FIRST_ONLY, ("Günther", "")),
        (names.ABBREVIATED, ("Günther", "M.")),
    ],
)
def test_a_name_is_written_in_many_ways(form, written):
    first, last = names.FIRST.index("Günther"), names.LAST.index("Müller")
    assert names.spelt(first, last, form, 0) == written


def test_a_slip_leaves_the_first_letter_and_changes_one_place():
    slips = {names.slipped("Fischer", salt) for salt in range(15)}
    assert {"Ficsher", "Fsicher", "Ficher", "Fischerr"} - {"Fischerr"} <= slips
    assert all(slip[0] == "F" and slip != "Fischer" for slip in slips - {"Fischer"})
    assert all(abs(len(slip) - len("Fischer")) <= 1 for slip in slips)
    assert names.slipped("Xu", 0) == "Xuu"


@pytest.mark.parametrize(
    ("phone", "styles"),
    [
        ("+15550000017", ["+15550000017", "(555) 000-0017", "1-555-000-0017"]),
        ("+4932000000017", ["+4932000000017", "+49 32 000 000017", "004932000000017"]),
    ],
)
def test_a_number_is_written_as_people_do(phone, styles):
    assert [local_spelling(phone, style) for style in range(3)] == styles


def test_who_lives_together_shares_names_mailboxes_and_telephones(world):
    people, known = world.people, world.identities
    together = np.flatnonzero(known.household >= 0)
    assert 0.02 < len(together) / len(people) < 0.08
    sizes = np.unique(known.household[together], return_counts=True)[1]
    assert (sizes == 2).all()
    assert (people.organization[together] < 0).all()
    guests = together[known.household[together] != together]
    hosts = known.household[guests]
    assert 0.7 < (people.last[guests] == people.last[hosts]).mean() < 0.98
    assert 0.3 < (known.mailbox[guests] == hosts).mean() < 0.55
    assert 0.45 < (known.phone[guests] == hosts).mean() < 0.75


def test_who_writes_from_anothers_mailbox_is_taken_for_the_other(world):
    known, users = world.identities, world.users
    guests = np.flatnonzero(known.mailbox != np.arange(len(world.people)))
    assert len(guests) > 10
    assert (users.main[guests] == users.main[known.mailbox[guests]]).all()
    assert not np.isin(guests, users.person).any()
    directory = world.directory
    for guest, host in zip(
        guests.tolist(), known.mailbox[guests].tolist(), strict=True
    ):
        assert known.address[HELPDESK][guest] == MAIN
        assert directory.address(guest, HELPDESK) == directory.address(host, HELPDESK)


def test_no_two_contacts_of_the_crm_have_one_address(world):
    """The vendor does not allow it, whoever shares a mailbox."""
    found = next(
        records
        for records in sandbox_streams(world, world.span.now)
        if (records.source, records.stream) == ("hubspot", "contacts")
    )
    addresses = [
        address
        for record in map(orjson.loads, found.render(found.rows))
        if not record.get("archived")
        and (address := record["properties"]["email"]) is not None
    ]
    assert len(addresses) > 1000
    assert len(set(addresses)) == len(addresses)


def test_systems_have_different_addresses_of_one_person(world):
    known, directory = world.identities, world.directory
    main, others = set(), {SECOND: 0, MISTYPED: 0}
    for person in range(len(world.people)):
        usual = directory.address(person, HELPDESK)
        written = directory.address(person, FORMS)
        choice = int(known.address[FORMS][person])
        main.add(usual)
        if usual is None:
            assert written is None
        elif choice == MAIN:
            assert written == usual
        else:
            assert written != usual
            others[choice] += 1
    assert all(count > 20 for count in others.values())
    # What nobody has cannot be found by its address.
    mistyped = np.flatnonzero(known.address[FORMS] == MISTYPED)
    for person in mistyped.tolist():
        written = directory.address(person, FORMS)
        assert written is None or written not in main


def test_who_changed_the_name_is_the_former_one_in_the_helpdesk(world):
    known, people, directory = world.identities, world.people, world.directory
    plain = (known.spelling[HELPDESK] == names.FULL) & (
        known.spelling[CRM] == names.FULL
    )
    changed = np.flatnonzero((known.former >= 0) & plain)
    changed = changed[known.former[changed] != people.last[changed]]
    assert len(changed) > 20
    for person in changed.tolist():
        first, former = directory.name(person, HELPDESK)
        assert (first, former) != directory.name(person, CRM)
        assert directory.name(person, CRM)[1] == names.LAST[people.last[person]]


def test_companies_have_second_domains_that_all_systems_tell(world):
    known, directory = world.identities, world.directory
    two = np.flatnonzero(known.has_two_domains)
    assert 0.1 < len(two) / len(world.organizations) < 0.3
    used = {directory.domains(row)[1] for row in two.tolist()}
    written = {
        address.partition("@")[2]
        for row in range(len(world.users))
        if (address := directory.user_address(row))
    }
    assert len(used & written) > 10
    streams = {
        (records.source, records.stream): records
        for records in sandbox_streams(world, world.span.now)
    }
    told = streams["zendesk", "organizations"], streams["hubspot", "companies"]
    helpdesk, crm = (
        list(map(orjson.loads, records.render(records.rows))) for records in told
    )
    in_helpdesk = set(
        itertools.chain.from_iterable(record["domain_names"][1:] for record in helpdesk)
    )
    in_crm = {record["properties"]["hs_additional_domains"] for record in crm}
    assert len(in_helpdesk) > 10
    assert len(in_helpdesk & in_crm) > len(in_helpdesk) / 2


def test_some_have_taken_over_a_strangers_number(world):
    known = world.identities
    strangers = np.flatnonzero(known.phone != np.arange(len(world.people)))
    strangers = strangers[known.household[strangers] != known.phone[strangers]]
    assert 0.005 < len(strangers) / len(world.people) < 0.03
    one = int(strangers[0])
    assert world.directory.phone(one) == world.directory.phone(int(known.phone[one]))


def test_a_guest_has_the_kind_of_mail_of_the_host(world):
    known, people = world.identities, world.people
    guests = np.flatnonzero(known.mailbox != np.arange(len(people)))
    assert np.isin(people.mail[guests], (GMAIL, FREE_MAIL)).all()
