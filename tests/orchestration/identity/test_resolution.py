"""Who is one customer, and that keys stay."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

ANN = ("zendesk", "1", "ann@example.com", False, "2026-01-01")
ANN_ANSWERS = ("typeform", "r1", "ann@example.com", False, "2026-01-05")
BEN = ("zendesk", "2", "ben@example.com", False, "2026-01-02")
NO_ADDRESS = ("zendesk", "3", None, False, "2026-01-03")
INFO_1 = ("zendesk", "4", "info@acme.test", True, "2026-01-03")
INFO_2 = ("zendesk", "5", "info@acme.test", True, "2026-01-04")
INFO_ANSWERS = ("typeform", "r2", "info@acme.test", True, "2026-01-05")
ANONYMOUS = ("typeform", "r3", None, False, "2026-01-05")
CRM_ANN = ("hubspot", "c1", "ann@example.com ann@home.test", False, "2026-01-04")
LEAD = ("hubspot", "c2", "lead@example.com", False, "2026-01-06")
REVIEW_BY_ANN = ("trustpilot", "v1", "ann@home.test", False, "2026-01-07")
REVIEW_BY_NOBODY = ("trustpilot", "v2", None, False, "2026-01-07")


def test_same_address_is_one_customer(people):
    report = people.resolve(ANN, ANN_ANSWERS, BEN)
    keys = people.keys()
    assert keys["1"] == keys["r1"] != keys["2"]
    assert (report.records, report.customers, report.minted) == (3, 2, 2)


def test_shared_mailbox_puts_nobody_together(people):
    people.resolve(INFO_1, INFO_2, INFO_ANSWERS)
    keys = people.keys()
    assert keys["4"] != keys["5"]
    assert "r2" not in keys


def test_record_without_address_stays_a_customer_of_its_own(people):
    people.resolve(NO_ADDRESS, ANONYMOUS)
    assert set(people.keys()) == {"3"}


def test_further_address_of_a_contact_leads_to_the_same_customer(people):
    people.resolve(ANN, CRM_ANN, REVIEW_BY_ANN, LEAD)
    keys = people.keys()
    assert keys["1"] == keys["c1"] == keys["v1"] != keys["c2"]
    assert people.rules()["v1"] == "exact_email"
    assert people.rules()["c2"] == "own_record"


def test_contact_with_the_addresses_of_two_users_makes_them_one(people):
    ann_at_home = ("zendesk", "9", "ann@home.test", False, "2026-01-02")
    people.resolve(ANN, ann_at_home, CRM_ANN)
    assert len(set(people.keys().values())) == 1


def test_chain_of_shared_addresses_is_followed_to_its_end(people):
    chain = [
        ("hubspot", f"c{i}", f"a{i}@x.test a{i + 1}@x.test", False, "2026-01-01")
        for i in range(10, 22)
    ]
    people.resolve(*chain, LEAD)
    keys = people.keys()
    assert len({keys[f"c{i}"] for i in range(10, 22)}) == 1
    assert keys["c2"] != keys["c10"]


def test_review_without_an_address_is_nobody(people):
    people.resolve(ANN, REVIEW_BY_NOBODY)
    assert set(people.keys()) == {"1"}


def test_merged_contact_is_the_one_it_was_merged_into(people):
    loser = ("hubspot", "c3", "old@lead.test", False, "2026-01-01", "c2")
    answer = ("typeform", "r9", "old@lead.test", False, "2026-01-09")
    people.resolve(LEAD, loser, answer)
    keys = people.keys()
    assert keys["c2"] == keys["c3"] == keys["r9"]
    assert people.rules()["c3"] == "vendor_merge"


def test_merged_contact_without_any_address_is_still_the_winner(people):
    loser = ("hubspot", "c3", None, False, "2026-01-01", "c2")
    people.resolve(LEAD, loser)
    assert people.keys()["c2"] == people.keys()["c3"]
    assert people.rules()["c2"] == "own_record"


def test_second_run_mints_nothing_and_changes_nothing(people):
    people.resolve(ANN, ANN_ANSWERS, BEN)
    before = people.keys()
    report = people.resolve(ANN, ANN_ANSWERS, BEN)
    assert (report.minted, report.assignments) == (0, 0)
    assert people.keys() == before


def test_same_records_get_the_same_keys_from_an_empty_ledger(people, another_people):
    people.resolve(ANN, BEN, ANN_ANSWERS)
    other = another_people()
    other.resolve(ANN_ANSWERS, ANN, BEN)
    assert other.keys() == people.keys()


def test_key_is_not_made_of_the_address(people):
    people.resolve(ANN)
    first = people.keys()["1"]
    people.resolve(("zendesk", "1", "ann.new@example.com", False, "2026-01-01"))
    assert people.keys()["1"] == first


def test_earlier_record_that_joins_later_does_not_change_the_key(people):
    people.resolve(ANN_ANSWERS)
    key = people.keys()["r1"]
    report = people.resolve(ANN, ANN_ANSWERS)
    assert people.keys() == {"1": key, "r1": key}
    assert (report.minted, report.assignments) == (0, 1)


def test_customer_that_splits_keeps_its_key_where_most_records_are(people):
    twin = ("zendesk", "9", "ann@example.com", False, "2026-01-02")
    people.resolve(ANN, ANN_ANSWERS, twin)
    key = people.keys()["1"]
    # The record that the key was minted from leaves; the other two stay together.
    moved = ("zendesk", "1", "ann.moved@example.com", False, "2026-01-01")
    people.resolve(moved, ANN_ANSWERS, twin)
    keys = people.keys()
    assert keys["r1"] == keys["9"] == key
    assert keys["1"] != key


def test_customers_that_merge_take_the_older_key(people):
    people.resolve(ANN)
    older = people.keys()["1"]
    people.resolve(ANN, BEN)
    now_ann = ("zendesk", "2", "ann@example.com", False, "2026-01-02")
    people.resolve(ANN, now_ann)
    assert people.keys() == {"1": older, "2": older}


@pytest.mark.parametrize("threads", [1, 2])
def test_keys_do_not_hang_on_threads(tmp_path, people, threads):
    records = [
        ("zendesk", str(i), f"p{i % 700}@example.com", False, "2026-01-01")
        for i in range(1500)
    ]
    people.settings = replace(people.settings, threads=threads)
    people.resolve(*records)
    keys = people.keys()
    assert keys["0"] == "cus_" + _minted_from("zendesk|0|0")
    assert len(set(keys.values())) == 700


def _minted_from(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()[:20]
