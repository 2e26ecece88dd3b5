"""Cutting and joining properties."""

import json
from datetime import UTC, datetime

import msgspec

from ingestion.configuration import Secret
from ingestion.http import Answer
from ingestion.hubspot.api import Crm
from ingestion.hubspot.property_parts import PropertyParts, cut
from ingestion.hubspot.settings import HubspotSettings

AT = datetime(2026, 3, 1, tzinfo=UTC)


class Client:
    """Answers each batch with the objects of a list."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def post_json(self, path, content, *, also=()):
        self.asked.append((path, content))
        body = {"results": self.answers.pop(0)}
        return Answer(200, json.dumps(body).encode(), AT)


def parts(client, names, characters):
    settings = HubspotSettings(Secret("x"), property_characters=characters)
    path = "/crm/v3/objects/deals"
    return PropertyParts(Crm(client), path, names, AT, settings)


def test_names_are_cut_by_what_they_take_in_a_url():
    # A comma is three characters there.
    assert cut(["aaaa", "bbbb", "cccc"], 14) == [["aaaa", "bbbb"], ["cccc"]]
    assert cut(["aaaa", "bbbb"], 13) == [["aaaa"], ["bbbb"]]
    assert cut(["longer_than_that"], 3) == [["longer_than_that"]]
    assert cut([], 10) == [[]]


def test_one_part_leaves_the_bytes_alone():
    raw = msgspec.Raw(b'{"id": "1",  "properties": {"a": 1.50}}')
    complete = parts(Client(), ["a"], 100).complete
    assert complete([raw], ["1"], archived=False) == [raw]


def test_several_parts_are_joined_by_id_and_keep_what_they_do_not_know():
    client = Client(
        [
            {"id": "2", "properties": {"b": "y", "modified": "later"}},
            {"id": "1", "properties": {"b": "x", "modified": "later"}},
        ]
    )
    raw = [
        msgspec.Raw(
            b'{"id":"%d","properties":{"a":%d.50,"modified":"now"},"new":[1e400]}'
            % (number, number)
        )
        for number in (1, 2)
    ]
    reader = parts(client, ["a", "b"], 4)
    assert reader.first == ["a"]
    whole = reader.complete(raw, ["1", "2"], archived=True)
    assert [bytes(each) for each in whole] == [
        b'{"id":"1","properties":{"b":"x","modified":"now","a":1.50},"new":[1e400]}',
        b'{"id":"2","properties":{"b":"y","modified":"now","a":2.50},"new":[1e400]}',
    ]
    ((path, content),) = client.asked
    assert path == "/crm/v3/objects/deals/batch/read?archived=true"
    assert content == {"inputs": [{"id": "1"}, {"id": "2"}], "properties": ["b"]}


def test_batches_are_as_long_as_may_be_asked_for():
    client = Client([], [], [])
    ids = [str(number) for number in range(120)]
    assert list(Crm(client).batch("/any", ids, 50, {"properties": []})) == []
    assert [len(content["inputs"]) for _, content in client.asked] == [50, 50, 20]


def test_what_went_away_between_two_parts_is_left_for_the_archived_ones():
    raw = [msgspec.Raw(b'{"id":"1","properties":{}}')]
    whole = parts(Client([]), ["a", "b"], 4).complete(raw, ["1"], archived=False)
    assert whole == []
