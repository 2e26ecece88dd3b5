import errno
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from dlt.destinations.impl.filesystem.filesystem import FilesystemLoadJob

from ingestion import pipelines
from ingestion.errors import (
    AuthFailed,
    BadAnswer,
    MissingCredentials,
    StorageUnusable,
    UnknownSource,
    VendorUnavailable,
)
from ingestion.lake import Lake
from ingestion.registry import SOURCES


def tickets(*numbers: int, generated: int = 1_700_000_000) -> list[dict]:
    return [
        {"id": number, "generated_timestamp": generated + number} for number in numbers
    ]


def test_a_pull_is_one_load_with_all_streams_and_says_what_it_brought(
    zendesk, workplace
):
    zendesk.rows["tickets"] = tickets(1, 2, 3)
    zendesk.rows["groups"] = [{"id": 9}]
    report = workplace.pull("zendesk")
    lake = Lake(workplace.lake_url)
    assert list(lake.committed_loads("zendesk")) == [report.load_id]
    assert set(lake.committed_files("zendesk")) == {"tickets", "groups", "pulls"}
    nothing = dict.fromkeys((s.name for s in SOURCES["zendesk"].streams), 0)
    rows = {name: stream.rows for name, stream in report.streams.items()}
    assert rows == nothing | {"tickets": 3, "groups": 1}
    assert workplace.rows("zendesk", "tickets", "key, seq, _dlt_load_id") == [
        (str(number), number - 1, report.load_id) for number in (1, 2, 3)
    ]
    assert len(workplace.rows("zendesk", "pulls")) == len(SOURCES["zendesk"].streams)


def test_a_second_pull_of_an_unchanged_vendor_brings_no_ticket_twice(
    zendesk, workplace
):
    zendesk.rows["tickets"] = tickets(1, 2, 3)
    workplace.pull("zendesk")
    # A new machine: only the lake is left.
    assert not any(workplace.pipelines_dir.iterdir())
    report = workplace.pull("zendesk")
    assert report.streams["tickets"].rows == 0
    zendesk.rows["tickets"] += tickets(4)
    assert workplace.pull("zendesk").streams["tickets"].rows == 1
    assert set(workplace.latest("zendesk", "tickets")) == {"1", "2", "3", "4"}


def test_the_same_answers_make_the_same_rows(zendesk, tmp_path, workplace):
    zendesk.rows["tickets"] = tickets(*range(30))
    zendesk.rows["satisfaction_ratings"] = [
        {"id": number, "updated_at": "2026-01-01T00:00:00Z"} for number in range(150)
    ]
    other = type(workplace)(tmp_path / "other")
    for place in (workplace, other):
        place.pull("zendesk")
    for table in ("tickets", "satisfaction_ratings", "pulls"):
        columns = "* EXCLUDE (_dlt_load_id)"
        assert workplace.rows("zendesk", table, columns) == other.rows(
            "zendesk", table, columns
        )


def test_a_bucket_takes_the_place_of_a_folder(zendesk, workplace):
    zendesk.rows["tickets"] = tickets(1, 2)
    workplace.lake_url = "memory://bucket/lake"
    workplace.pull("zendesk")
    zendesk.rows["tickets"] += tickets(3)
    assert workplace.pull("zendesk").streams["tickets"].rows == 1
    lake = Lake(workplace.lake_url)
    assert len(lake.committed_loads("zendesk")) == 2
    files = lake.committed_files("zendesk")["tickets"]
    assert [file.path.startswith("memory://") for file in files] == [True, True]
    assert lake.sources() == ["zendesk"]


def test_progress_goes_through_one_stream_after_the_other(
    zendesk, workplace, monkeypatch
):
    monkeypatch.setenv("SOURCES__ZENDESK__EXPORT_PAGE_SIZE", "2")
    zendesk.rows["tickets"] = tickets(*range(5))
    zendesk.rows["users"] = tickets(*range(3))
    seen = []
    pipelines.pull(
        "zendesk",
        lake_url=workplace.lake_url,
        pipelines_dir=workplace.pipelines_dir,
        on_progress=lambda progress: seen.append(
            (progress.stream, progress.pages, progress.rows)
        ),
    )
    assert seen[:5] == [
        ("tickets", 1, 2),
        ("tickets", 2, 4),
        ("tickets", 3, 5),
        ("users", 1, 2),
        ("users", 2, 3),
    ]


def test_two_sources_can_be_pulled_at_once(zendesk, typeform, workplace):
    zendesk.rows["tickets"] = tickets(*range(50))
    typeform.add_form("f1", [{"token": "t1", "submitted_at": "2026-02-01T00:00:00Z"}])
    failures = []

    def pull(source: str) -> None:
        try:
            for _ in range(2):
                workplace.pull(source)
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=pull, args=(source,))
        for source in ("zendesk", "typeform")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(workplace.latest("zendesk", "tickets")) == 50
    assert set(workplace.latest("typeform", "responses")) == {"t1"}
    assert len(Lake(workplace.lake_url).committed_loads("typeform")) == 2


def test_a_stream_that_fails_half_way_leaves_the_lake_as_it_was(zendesk, workplace):
    zendesk.rows["tickets"] = tickets(1)
    workplace.pull("zendesk")
    before = Lake(workplace.lake_url).committed_files("zendesk")
    zendesk.rows["tickets"] = tickets(1, 2)
    whole = zendesk.routes["/api/v2/groups"]
    zendesk.routes["/api/v2/groups"] = lambda _: (500, {}, "")
    with pytest.raises(VendorUnavailable):
        workplace.pull("zendesk")
    assert Lake(workplace.lake_url).committed_files("zendesk") == before
    assert not any(workplace.pipelines_dir.iterdir())
    zendesk.routes["/api/v2/groups"] = whole
    assert workplace.pull("zendesk").streams["tickets"].rows == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((401, {}, {"error": "Couldn't authenticate you"}), AuthFailed),
        ((200, {}, "<html>maintenance</html>"), BadAnswer),
    ],
)
def test_errors_arrive_bare_through_dlt(zendesk, workplace, answer, kind):
    zendesk.routes["/api/v2/incremental/tickets/cursor"] = lambda _: answer
    with pytest.raises(kind) as caught:
        workplace.pull("zendesk")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(str(caught.value).splitlines()) == 3


def test_names_and_credentials_are_checked_before_anything_is_touched(
    workplace, monkeypatch
):
    with pytest.raises(UnknownSource):
        workplace.pull("zendsk")
    with pytest.raises(MissingCredentials):
        workplace.pull("typeform")
    assert list(workplace.folder.iterdir()) == []


def test_a_full_disk_while_reading_names_dlts_folder(zendesk, workplace, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    zendesk.rows["tickets"] = tickets(1)
    monkeypatch.setattr("pyarrow.parquet.ParquetWriter.write_table", full)
    with pytest.raises(StorageUnusable) as caught:
        workplace.pull("zendesk")
    assert str(workplace.pipelines_dir) in str(caught.value)


def test_a_full_disk_while_loading_names_the_lake_and_nothing_else(
    zendesk, workplace, monkeypatch, capfd
):
    def full(job):
        files = job._file_path, None, job.make_remote_path()
        raise OSError(errno.ENOSPC, "No space left on device", *files)

    zendesk.rows["tickets"] = tickets(1)
    monkeypatch.setenv("LOAD__RAISE_ON_MAX_RETRIES", "1")
    monkeypatch.setattr(FilesystemLoadJob, "run", full)
    with pytest.raises(StorageUnusable) as caught:
        workplace.pull("zendesk")
    assert workplace.lake_url in str(caught.value)
    assert capfd.readouterr().err == ""
    monkeypatch.undo()
    assert Lake(workplace.lake_url).committed_loads("zendesk") == {}


def test_dlt_writes_no_trace_of_what_it_resolved(zendesk, workplace):
    pipeline = pipelines._pipeline(
        "zendesk", workplace.lake_url, workplace.pipelines_dir
    )
    assert pipeline.config.enable_runtime_trace is False


def test_records_with_half_characters_and_long_ids_go_all_the_way(zendesk, workplace):
    body = (
        rb'{"tickets":[{"id":12345678901234567890123,"generated_timestamp":1700000000,'
        rb'"text":"\ud800"},{"id":2,"text":"\u0000"},{"text":"no id"}],'
        rb'"after_cursor":"a","end_of_stream":true}'
    )
    zendesk.routes["/api/v2/incremental/tickets/cursor"] = lambda _: body
    report = workplace.pull("zendesk")
    assert (report.streams["tickets"].rows, report.streams["tickets"].rejected) == (
        3,
        1,
    )
    rows = workplace.rows("zendesk", "tickets", "key, json_valid(payload)")
    assert rows == [("12345678901234567890123", True), ("2", True)]
    rejects = workplace.rows("zendesk", "rejects", "stream, seq, body")
    assert rejects == [("tickets", 2, b'{"text":"no id"}')]
    assert json.loads(rejects[0][2]) == {"text": "no id"}


def test_sources_that_start_at_once_configure_dlt_once(monkeypatch):
    key, told, everybody = "cx_test.is_told", [], threading.Barrier(4)
    accessor = type(pipelines.dlt.config)
    plain = accessor.__setitem__

    def slow(config, name, value):
        told.append(name)
        time.sleep(0.05)
        plain(config, name, value)

    def start(_):
        everybody.wait()
        pipelines._configure_dlt()

    monkeypatch.setattr(accessor, "__setitem__", slow)
    monkeypatch.setattr(pipelines, "_DLT_SETTINGS", {key: True})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert told == [key]
    assert pipelines.dlt.config[key] is True
