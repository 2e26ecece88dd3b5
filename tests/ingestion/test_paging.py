import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ingestion.batches import EnvelopeBuilder, Page, RecordRules
from ingestion.configuration import Secret
from ingestion.errors import BadAnswer
from ingestion.http import HttpClient
from ingestion.paging import (
    Endpoint,
    Watermark,
    export_by_cursor,
    export_by_time,
    list_by_cursor,
    list_by_page,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
MARCH = "2026-03-01T11:00:00Z"


@pytest.fixture
def endpoint(vendor):
    client = HttpClient("zendesk", vendor.base_url, Secret("x"), "credentials")
    return Endpoint(client, "/list", "rows", {"include": "more"})


def keys(pages) -> list[list[str]]:
    """Keys per page, read the way a stream reads them."""
    builder = EnvelopeBuilder(RecordRules())
    found = []
    for page in pages:
        builder.add(page)
        batches = list(builder.last_batch())
        found.append(batches[0]["key"].to_pylist() if batches else [])
    return found


def by_cursor(endpoint, state):
    return export_by_cursor(endpoint, state, start=START, page_size=2)


def by_time(endpoint, state, overlap=timedelta(seconds=60)):
    return export_by_time(endpoint, state, start=START, overlap=overlap, page_size=2)


def test_a_cursor_export_follows_the_cursor_and_keeps_the_last_one(vendor, endpoint):
    pages = {
        None: {"rows": [{"id": 1}, {"id": 2}], "after_cursor": "a"},
        "a": {"rows": [{"id": 3}], "after_cursor": "b", "end_of_stream": True},
        "b": {"rows": [], "after_cursor": "b", "end_of_stream": True},
    }
    vendor.routes["/list"] = lambda query: pages[query.get("cursor")]
    state = {}
    assert keys(by_cursor(endpoint, state)) == [["1", "2"], ["3"]]
    assert state == {"after_cursor": "b"}
    assert vendor.queries("/list")[0] == {
        "include": "more",
        "per_page": "2",
        "start_time": str(int(START.timestamp())),
    }
    assert keys(by_cursor(endpoint, state)) == [[]]
    assert state == {"after_cursor": "b"}
    assert vendor.queries("/list")[2]["cursor"] == "b"
    assert "start_time" not in vendor.queries("/list")[2]


def test_a_cursor_that_does_not_advance_is_an_error(vendor, endpoint):
    vendor.routes["/list"] = lambda _: {"rows": [], "after_cursor": "a"}
    with pytest.raises(BadAnswer, match="circles"):
        keys(by_cursor(endpoint, {}))
    assert len(vendor.requests) == 2


def test_a_longer_circle_is_found_too(vendor, endpoint):
    following = {None: "a", "a": "b", "b": "c", "c": "a"}
    vendor.routes["/list"] = lambda query: {
        "rows": [],
        "after_cursor": following[query.get("cursor")],
    }
    with pytest.raises(BadAnswer, match="circles"):
        keys(by_cursor(endpoint, {}))


def test_an_unfinished_export_without_a_cursor_is_an_error(vendor, endpoint):
    vendor.routes["/list"] = lambda _: {"rows": [], "after_cursor": None}
    with pytest.raises(BadAnswer):
        keys(by_cursor(endpoint, {}))


def test_a_record_from_the_future_does_not_carry_the_cursor_along(vendor, endpoint):
    vendor.routes["/list"] = lambda query: (
        {"rows": [{"id": 1, "updated_at": MARCH}], "after_cursor": "past"}
        if "cursor" not in query
        else {
            "rows": [{"id": 2, "updated_at": "2036-03-01T12:00:00Z"}],
            "after_cursor": "future",
            "end_of_stream": True,
        }
    )
    state = {}
    assert keys(by_cursor(endpoint, state)) == [["1"], ["2"]]
    assert state == {"after_cursor": "past"}


def test_an_empty_page_that_is_not_the_last_ends_no_numbered_list(vendor, endpoint):
    pages = {
        "1": {"rows": [{"id": 1}], "next_page": "2"},
        "2": {"rows": [], "next_page": "3"},
        "3": {"rows": [{"id": 3}], "next_page": None},
    }
    vendor.routes["/list"] = lambda query: pages[query["page"]]
    with pytest.raises(BadAnswer, match="empty page"):
        keys(list_by_page(endpoint, page_size=1))
    pages["2"]["rows"] = [{"id": 2}]
    assert keys(list_by_page(endpoint, page_size=1)) == [["1"], ["2"], ["3"]]


def test_a_time_export_goes_on_at_the_end_of_each_page(vendor, endpoint):
    first = int(START.timestamp())
    pages = {
        first: {"rows": [{"id": 1}, {"id": 2}], "end_time": first + 10},
        first + 10: {"rows": [{"id": 2}, {"id": 3}], "end_time": first + 20},
        first + 20: {
            "rows": [{"id": 3}],
            "end_time": first + 20,
            "end_of_stream": True,
        },
    }
    vendor.routes["/list"] = lambda query: pages[int(query["start_time"])]
    state = {}
    # Without `end_of_stream`, a full page is not the last one.
    assert keys(by_time(endpoint, state)) == [["1", "2"], ["2", "3"], ["3"]]
    assert state == {"end_time": first + 20}


def test_a_time_export_starts_again_below_the_time_it_reached(vendor, endpoint):
    vendor.routes["/list"] = lambda _: {"rows": [], "end_of_stream": True}
    state = {"end_time": 1_772_366_000}
    keys(by_time(endpoint, state))
    assert vendor.queries("/list")[0]["start_time"] == "1772365940"
    assert state == {"end_time": 1_772_366_000}


def test_a_time_in_the_future_does_not_count_as_reached(vendor, endpoint):
    vendor.routes["/list"] = lambda _: {
        "rows": [
            {"id": 1, "updated_at": MARCH},
            {"id": 2, "updated_at": "2036-03-01T12:00:00Z"},
        ],
        "end_time": 2_087_985_600,
        "end_of_stream": True,
    }
    state = {}
    keys(by_time(endpoint, state))
    assert state == {"end_time": 1_772_362_800}


def test_a_time_that_does_not_advance_is_an_error(vendor, endpoint):
    vendor.routes["/list"] = lambda query: {
        "rows": [{"id": 1}, {"id": 2}],
        "end_time": int(query["start_time"]),
        "end_of_stream": False,
    }
    with pytest.raises(BadAnswer, match="does not advance"):
        keys(by_time(endpoint, {}))


def test_too_recent_means_no_new_data(vendor, endpoint):
    vendor.routes["/list"] = lambda _: (
        422,
        {},
        {"error": "InvalidValue", "description": "Too recent start_time. Use ..."},
    )
    for read in (by_cursor, by_time):
        state = {"end_time": 1_772_366_000}
        (page,) = read(endpoint, state)
        assert list(page.records) == []
        assert page.at == vendor.now
        assert state == {"end_time": 1_772_366_000}


def test_another_422_is_an_error(vendor, endpoint):
    vendor.routes["/list"] = lambda _: (422, {}, {"error": "RecordInvalid"})
    with pytest.raises(BadAnswer, match="422"):
        keys(by_cursor(endpoint, {}))


def test_a_list_ends_where_has_more_says_so_whatever_its_cursor(vendor, endpoint):
    pages = {
        None: {"rows": [{"id": 1}], "meta": {"has_more": True, "after_cursor": "a"}},
        "a": {"rows": [{"id": 2}], "meta": {"has_more": False, "after_cursor": "b"}},
    }
    vendor.routes["/list"] = lambda query: pages[query.get("page[after]")]
    listing = list_by_cursor(endpoint, {"start_time": 5}, page_size=1)
    assert keys(listing) == [["1"], ["2"]]
    assert [query["start_time"] for query in vendor.queries("/list")] == ["5", "5"]


def test_a_list_that_does_not_advance_or_has_no_meta_is_an_error(vendor, endpoint):
    vendor.routes["/list"] = lambda _: {
        "rows": [],
        "meta": {"has_more": True, "after_cursor": "a"},
    }
    with pytest.raises(BadAnswer, match="circles"):
        keys(list_by_cursor(endpoint, {}, page_size=1))
    vendor.routes["/list"] = lambda _: {"rows": []}
    with pytest.raises(BadAnswer, match="meta"):
        keys(list_by_cursor(endpoint, {}, page_size=1))


@pytest.mark.parametrize(
    "body", [b"[]", b'{"other": []}', b'{"rows": null}', b'{"rows": [1,]}']
)
def test_an_answer_that_is_no_page_is_an_error(vendor, endpoint, body):
    vendor.routes["/list"] = lambda _: body
    with pytest.raises(BadAnswer):
        endpoint.body(endpoint.client.get("/list")) if body != b"[]" else keys(
            by_cursor(endpoint, {})
        )


def test_records_are_byte_exact_even_beside_a_half_character(vendor, endpoint):
    exact = rb'{"id": 12345678901234567890123, "price": 1.10,  "text":"\u00e9"}'
    body = rb'{"rows":[%s, {"id":2,"text":"\ud800"}],"end_of_stream":true}' % exact
    vendor.routes["/list"] = lambda _: body
    _, page = endpoint.page({})
    assert [bytes(row) for row in page.items] == [
        exact,
        rb'{"id":2,"text":"\ufffd"}',
    ]
    assert msgspec.json.decode(page.items[1])["text"] == "\ufffd"


def test_a_watermark_never_moves_back_nor_into_the_future():
    state: dict = {}
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    watermark = Watermark(state, "updated_at")
    assert watermark.since(timedelta(hours=1)) is None
    builder = EnvelopeBuilder(RecordRules())
    for texts in (
        [None],
        ["2026-03-01T10:00:00Z", "2036-03-01T10:00:00Z"],
        ["2026-03-01T07:00:00Z"],
    ):
        records = [msgspec.json.encode({"id": 1, "updated_at": text}) for text in texts]
        page = Page([msgspec.Raw(record) for record in records], now)
        builder.add(page)
        watermark.rise(page)
    assert watermark.since(timedelta(hours=1)) == now - timedelta(hours=3)
    assert json.loads(json.dumps(state)) == {"updated_at": "2026-03-01T10:00:00+00:00"}
