from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa
import pytest

from ingestion.batches import EnvelopeBuilder, Page, RecordRules
from ingestion.envelope import ENVELOPE, without_load_id
from ingestion.typeform.streams import RESPONSE_RULES
from ingestion.zendesk.streams import RULES

AT = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
NOON = 1_772_366_400_000_000


def built(rules: RecordRules, *records: bytes, **page) -> tuple[list[dict], list[dict]]:
    """Envelopes and rejects of one page."""
    builder = EnvelopeBuilder(rules)
    builder.add(Page([msgspec.Raw(record) for record in records], AT, **page))
    rows = [row for batch in builder.last_batch() for row in batch.to_pylist()]
    rejects = [row for batch in builder.rejects("s") for row in batch.to_pylist()]
    return rows, rejects


def test_a_ticket_gives_the_envelope_written_here_by_hand():
    payload = (
        b'{"id": 35436,  "updated_at":"2026-03-01T11:00:00Z", "status":"open",'
        b'"generated_timestamp":1772366400, "subject":"Gr\xc3\xbc\xc3\x9fe"}'
    )
    rows, rejects = built(RULES["tickets"], payload)
    assert rejects == []
    assert rows == [
        {
            "key": "35436",
            "parent_key": None,
            "cursor_at": AT - timedelta(hours=1),
            "version": NOON,
            "seq": 0,
            "op": "upsert",
            "extracted_at": AT,
            "payload": payload.decode(),
        }
    ]


def test_a_response_gives_the_envelope_written_here_by_hand():
    payload = (
        b'{"response_id":"r1","token":"r1","landed_at":"2026-03-01T11:59:00Z",'
        b'"submitted_at":"2026-03-01T12:00:00Z","answers":[]}'
    )
    rows, _ = built(RESPONSE_RULES, payload, parent_key="form1")
    assert rows == [
        {
            "key": "r1",
            "parent_key": "form1",
            "cursor_at": AT,
            "version": NOON,
            "seq": 0,
            "op": "upsert",
            "extracted_at": AT,
            "payload": payload.decode(),
        }
    ]


def test_a_partial_response_is_dated_by_its_landing():
    rows, _ = built(
        RESPONSE_RULES,
        b'{"token":"t1","landed_at":"2026-03-01T12:00:00Z",'
        b'"submitted_at":"0001-01-01T00:00:00Z"}',
    )
    assert (rows[0]["key"], rows[0]["cursor_at"], rows[0]["version"]) == (
        "t1",
        AT,
        NOON,
    )


@pytest.mark.parametrize(
    ("stream", "record"),
    [
        ("tickets", b'{"id":1,"status":"deleted"}'),
        ("users", b'{"id":1,"active":false}'),
        ("organizations", b'{"id":1,"deleted_at":"2026-03-01T12:00:00Z"}'),
        ("groups", b'{"id":1,"deleted":true}'),
    ],
)
def test_deletions_are_marked(stream, record):
    assert built(RULES[stream], record)[0][0]["op"] == "delete"
    assert built(RULES[stream], b'{"id":1}')[0][0]["op"] == "upsert"


def test_ids_keep_all_their_digits():
    rows, _ = built(RecordRules(), b'{"id":12345678901234567890123}', b'{"id":"00042"}')
    assert [row["key"] for row in rows] == ["12345678901234567890123", "00042"]
    assert rows[0]["payload"] == '{"id":12345678901234567890123}'


def test_changed_types_and_new_fields_cost_no_record():
    records = [
        b'{"id":1,"updated_at":17}',
        b'{"id":2,"updated_at":["x"],"status":{"new":"shape"}}',
        b'{"id":3,"updated_at":"n/a","generated_timestamp":"soon"}',
        b'{"id":4,"brand_new":{"a":[1,2,{"b":null}]}}',
        b'{"id":5,"updated_at":null,"generated_timestamp":99999999999999999999999}',
    ]
    rows, rejects = built(RULES["tickets"], *records)
    assert rejects == []
    assert [row["payload"].encode() for row in rows] == records
    assert [row["version"] for row in rows] == [17_000_000, None, None, None, None]


def test_what_cannot_be_parsed_is_kept_as_bytes_with_its_place_and_reason():
    records = [
        b'{"id":1}',
        b'{"id":2,"text":"\xff"}',
        b'{"id":null}',
        b'{"name":"no id"}',
        b"null",
        b'{"id":true}',
        b'{"id":""}',
        b'{"id":3}',
    ]
    rows, rejects = built(RecordRules(), *records)
    assert [(row["key"], row["seq"]) for row in rows] == [("1", 0), ("3", 7)]
    assert [row["seq"] for row in rejects] == [1, 2, 3, 4, 5, 6]
    assert [row["body"] for row in rejects] == records[1:7]
    assert "utf-8" in rejects[0]["reason"]
    assert all("id" in row["reason"] for row in (rejects[1], rejects[2], rejects[4]))


def test_batches_are_bounded_by_rows_and_by_size():
    records = [msgspec.Raw(b'{"id":%d}' % number) for number in range(10)]
    by_rows = EnvelopeBuilder(RecordRules(), max_rows=5)
    by_size = EnvelopeBuilder(RecordRules(), max_characters=30)
    for builder in (by_rows, by_size):
        sizes = []
        for first in range(0, 10, 2):
            builder.add(Page(records[first : first + 2], AT))
            sizes += [batch.num_rows for batch in builder.full_batches()]
        sizes += [batch.num_rows for batch in builder.last_batch()]
        assert sizes == ([6, 4] if builder is by_rows else [4, 4, 2])
        assert builder.rows == 10


def test_a_page_learns_its_newest_moments_and_how_far_it_came_by_now():
    page = Page(
        [
            msgspec.Raw(b'{"id":1,"updated_at":"2026-03-01T11:00:00Z"}'),
            msgspec.Raw(b'{"id":2,"updated_at":"2026-03-01T06:59:59-05:00"}'),
            msgspec.Raw(b'{"id":3,"updated_at":"2036-03-01T12:00:00Z"}'),
            msgspec.Raw(b'{"id":4}'),
        ],
        AT,
    )
    EnvelopeBuilder(RecordRules()).add(page)
    assert page.newest_cursor == NOON - 1_000_000
    assert page.newest_version == 2_087_985_600_000_000


def test_batches_have_the_schema_of_the_lake():
    builder = EnvelopeBuilder(RecordRules())
    builder.add(Page([msgspec.Raw(b'{"id":1}')], AT))
    (batch,) = builder.last_batch()
    assert isinstance(batch, pa.Table)
    assert batch.schema.equals(without_load_id(ENVELOPE))


def test_a_key_may_lie_inside_an_object():
    rules = RecordRules(key=("from.id",), cursor=(), version=())
    rows, rejects = built(
        rules,
        b'{"from":{"id":"7"},"to":[]}',
        b'{"from":{"id":8}}',
        b'{"from":5}',
        b'{"from":{}}',
        b'{"to":[]}',
        versions=[NOON, NOON + 1, 0, 0, 0],
    )
    told = [(row["key"], row["version"], row["cursor_at"]) for row in rows]
    assert told == [("7", NOON, AT), ("8", NOON + 1, AT + timedelta(microseconds=1))]
    assert len(rejects) == 3
