"""Reading links: pages per object, objects without any, answers that fit nothing."""

import json
from datetime import UTC, datetime

import pytest

from ingestion.errors import BadAnswer
from ingestion.http import Answer
from ingestion.hubspot.api import Crm
from ingestion.hubspot.associations import Associations

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Client:
    """Answers batches from a list and keeps the questions."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.questions = []

    def post_json(self, path, content, *, also=()):
        assert (path, also) == (
            "/crm/v4/associations/deals/contacts/batch/read",
            (207,),
        )
        self.questions.append(content["inputs"])
        return Answer(207, json.dumps(self.answers.pop(0)).encode(), AT)

    def bad_answer(self, path, what):
        return BadAnswer("hubspot", what, path, "Run again.")


class Deals:
    def __init__(self, *ids):
        self.pulled = dict.fromkeys(ids)
        self.at = AT


def read(client, *ids, batch=1000):
    reader = Associations(Crm(client), Deals(*ids), "deals/contacts", batch)
    pages = list(reader.read({}))
    assert pages[0].records == []
    stamps = [stamp for page in pages[1:] for stamp in page.versions]
    assert set(stamps) <= {1_772_366_400_000_000}
    return [bytes(raw) for page in pages[1:] for raw in page.records]


def link(number):
    return {"toObjectId": number, "associationTypes": []}


def linked(key, *numbers, after=None):
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return {"from": {"id": key}, "to": [link(each) for each in numbers], **paging}


NONE = {
    "status": "error",
    "category": "OBJECT_NOT_FOUND",
    "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
    "context": {"fromObjectId": ["2"]},
}


def test_pages_of_one_object_are_put_together_and_none_is_an_empty_list():
    client = Client(
        {"results": [linked("1", 11, 12, after="12"), linked("3", 31)],
         "errors": [NONE]},
        {"results": [linked("1", 13, after="13")]},
        {"results": [linked("1", 14)]},
    )  # fmt: skip
    records = [json.loads(raw) for raw in read(client, "1", "2", "3")]
    assert records == [
        {"from": {"id": "1"}, "to": [link(11), link(12), link(13), link(14)]},
        {"from": {"id": "2"}, "to": []},
        {"from": {"id": "3"}, "to": [link(31)]},
    ]
    assert client.questions == [
        [{"id": "1"}, {"id": "2"}, {"id": "3"}],
        [{"id": "1", "after": "12"}],
        [{"id": "1", "after": "13"}],
    ]


def test_an_object_that_comes_twice_has_each_link_once():
    client = Client({"results": [linked("1", 11, 12), linked("1", 12, 13)]})
    (record,) = map(json.loads, read(client, "1"))
    assert record["to"] == [link(11), link(12), link(13)]


def test_questions_are_no_larger_than_the_batch():
    client = Client(*({"results": []} for _ in range(3)))
    assert len(read(client, *"12345", batch=2)) == 5
    assert [len(inputs) for inputs in client.questions] == [2, 2, 1]


def test_links_stay_as_the_vendor_wrote_them():
    one = b'{"from":{"id":"1"},"to":[{"toObjectId":12345678901234567890, "x": 1.50}]}'
    raw = b'{"results":[' + one + b"]}"

    class Exact(Client):
        def post_json(self, path, content, *, also=()):
            return Answer(200, raw, AT)

    assert read(Exact(), "1") == [one]


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ([{"results": [linked("9", 1)]}], "nobody asked for"),
        ([{"results": [], "errors": [{"category": "INTERNAL"}]}], "INTERNAL"),
        ([{"results": [linked("1", 1, after="1")]}] * 3, "circles"),
        ([{"results": [{"from": {}}]}], "none"),
        ([{"results": [{**linked("1", 1), "paging": {"next": 5}}]}], "none: .*next"),
    ],
)
def test_answers_that_cannot_be_right_end_the_pull(answers, what):
    with pytest.raises(BadAnswer, match=what):
        read(Client(*answers), "1")


def test_links_are_never_read_before_their_objects():
    deals = Deals()
    deals.at = None
    reader = Associations(Crm(Client()), deals, "deals/contacts", 10)
    with pytest.raises(RuntimeError, match="after the objects"):
        next(reader.read({}))
