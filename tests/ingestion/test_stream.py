from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ingestion.batches import Page, RecordRules
from ingestion.registry import StreamSpec
from ingestion.stream import Stream, tables

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def stream(*pages: Page, withheld=timedelta(0), mode="incremental") -> Stream:
    spec = StreamSpec("things", mode, "A thing.")
    return Stream(spec, RecordRules(), lambda _: iter(pages), withheld)


def run(stream: Stream, state: dict) -> tuple[dict, list, list]:
    """Rows per table, progress, reports."""
    progress, reports, rows = [], [], {}
    for table, batch in tables(
        stream, state, lambda *so_far: progress.append(so_far), reports.append
    ):
        rows.setdefault(table, []).extend(batch.to_pylist())
    return rows, progress, reports


def raw(*records: bytes) -> list[msgspec.Raw]:
    return [msgspec.Raw(record) for record in records]


def test_a_stream_writes_its_rows_its_rejects_and_one_row_of_pulls():
    later = NOW + timedelta(minutes=5)
    rows, progress, (report,) = run(
        stream(
            Page(raw(b'{"id":1}', b"null"), NOW),
            Page(raw(b'{"id":2}'), later),
            withheld=timedelta(seconds=60),
        ),
        {},
    )
    assert [(row["key"], row["seq"]) for row in rows["things"]] == [("1", 0), ("2", 2)]
    assert [row["extracted_at"] for row in rows["things"]] == [NOW, later]
    assert [(row["stream"], row["seq"]) for row in rows["rejects"]] == [("things", 1)]
    assert rows["pulls"] == [
        {
            "stream": "things",
            "mode": "incremental",
            "window_from": None,
            # The clock at the start: what came in while we read may be missing.
            "window_to": NOW - timedelta(seconds=60),
            "source_now": NOW,
            "pages": 2,
            "rows": 3,
            "rejected": 1,
            "is_complete": True,
        }
    ]
    assert progress == [(1, 2, None), (2, 3, None)]
    assert (report.rows, report.rejected, report.pages) == (3, 1, 2)


def test_a_stream_without_news_still_says_how_far_it_looked():
    state = {"window_to": "2026-02-28T12:00:00+00:00"}
    rows, _, _ = run(stream(Page([], NOW)), state)
    assert list(rows) == ["pulls"]
    assert rows["pulls"][0]["window_from"] == NOW - timedelta(days=1)
    assert rows["pulls"][0]["window_to"] == NOW
    assert state == {"window_to": "2026-03-01T12:00:00+00:00"}


def test_a_snapshot_that_came_out_short_is_not_complete():
    pages = Page([], NOW, is_short=True), Page(raw(b'{"id":1}'), NOW)
    rows, _, _ = run(stream(*pages, mode="snapshot"), {})
    assert rows["pulls"][0]["is_complete"] is False


def test_received_is_accepted_plus_rejected():
    rows, _, _ = run(stream(Page(raw(*[b'{"id":1}', b"{}"] * 50), NOW)), {})
    pull = rows["pulls"][0]
    assert pull["rows"] == len(rows["things"]) + len(rows["rejects"]) == 100
    assert pull["rejected"] == len(rows["rejects"]) == 50


def test_a_reader_that_makes_no_page_is_a_bug_and_says_so():
    with pytest.raises(RuntimeError, match="things"):
        run(stream(), {})


def dated(*days: int) -> list[msgspec.Raw]:
    return raw(
        *(
            b'{"id":%d,"updated_at":"%s"}'
            % (day, (NOW - timedelta(days=day)).isoformat().encode())
            for day in days
        )
    )


def shares(mode: str, *pages: list[msgspec.Raw]) -> list[float | None]:
    _, progress, _ = run(stream(*(Page(page, NOW) for page in pages), mode=mode), {})
    return [share for _, _, share in progress]


def test_the_share_of_the_time_is_told_where_the_oldest_comes_first():
    assert shares("incremental", dated(100), dated(75, 50), dated(0)) == [0, 0.5, 1]
    # The newest first, or in no order: nobody knows how much is left.
    assert shares("incremental", dated(0, 10), dated(50)) == [None, None]
    assert shares("snapshot", dated(100), dated(50)) == [None, None]


def test_a_list_that_is_suddenly_empty_is_believed_the_second_time():
    state = {}
    full, empty = Page(raw(b'{"id":1}'), NOW), Page([], NOW)
    found = [
        run(stream(page, mode="snapshot"), state)[0]["pulls"][0]["is_complete"]
        for page in (empty, full, empty, empty, full, empty)
    ]
    assert found == [True, True, False, True, True, False]
