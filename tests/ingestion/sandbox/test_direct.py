import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.envelope import ENVELOPE, PULLS
from ingestion.lake import Lake
from ingestion.pipelines import PullReport, pull
from ingestion.registry import SOURCES
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW, World

Rows = list[dict[str, object]]


def _rows(lake: Path, source: str, table: str) -> Rows:
    rows: Rows = []
    for file in Lake(str(lake)).committed_files(source)[table]:
        rows += pq.read_table(file.path).to_pylist()
    return rows


@pytest.fixture(scope="module")
def small() -> Iterator[RunningSandbox]:
    # Half-way the helpdesk changed over to its newer survey: every stream has rows.
    world = World.generate(seed=5, customers=60)
    changed_over = int((DEFAULT_NOW - timedelta(days=270)).timestamp())
    with serving(
        replace(world, newer_csat=changed_over), clock=Clock(DEFAULT_NOW)
    ) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def written(small: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("direct")
    write_lake(small.world, str(lake), now=DEFAULT_NOW)
    return lake


@pytest.fixture(scope="module")
def pull_into(
    small: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, Path], PullReport | None]]:
    scratch = tmp_path_factory.mktemp("dlt")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in small.environment.items():
            patch.setenv(name, value)
        yield (
            lambda source, lake: (
                pull(source, lake_url=str(lake), pipelines_dir=scratch) and None
            )
        )


@pytest.fixture(scope="module")
def pulled(
    pull_into: Callable[[str, Path], None], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    lake = tmp_path_factory.mktemp("pulled")
    for source in SOURCES:
        pull_into(source, lake)
    return lake


STREAMS = [(s.name, stream.name) for s in SOURCES.values() for stream in s.streams]


@pytest.mark.parametrize(("source", "stream"), STREAMS)
def test_the_direct_way_gives_the_envelopes_of_a_pull(
    written: Path, pulled: Path, source: str, stream: str
) -> None:
    def envelopes(lake: Path) -> dict[object, Rows]:
        found: dict[object, Rows] = {}
        for row in _rows(lake, source, stream):
            # A time export repeats the rows of a boundary second.
            del row["seq"], row["_dlt_load_id"]
            same = found.setdefault(row["key"], [])
            if row not in same:
                same.append(row)
        return found

    direct = envelopes(written)
    assert direct
    assert direct == envelopes(pulled)


def test_pulls_tell_windows_and_rows(written: Path, pulled: Path) -> None:
    for source in SOURCES:
        ours, theirs = (
            {row["stream"]: row for row in _rows(lake, source, "pulls")}
            for lake in (written, pulled)
        )
        assert set(ours) == set(theirs)
        for stream, row in ours.items():
            for name in ("mode", "window_from", "window_to", "source_now", "rejected"):
                assert row[name] == theirs[stream][name], (stream, name)
            assert row["rows"] == len(_rows(written, source, stream))


def test_files_have_the_columns_of_the_lake(written: Path) -> None:
    for source, stream in STREAMS:
        for file in Lake(str(written)).committed_files(source)[stream]:
            schema = pq.read_schema(file.path)
            assert schema.names == ENVELOPE.names
            assert [f.type for f in schema][:-1] == [f.type for f in ENVELOPE][:-1]
            assert file.load_id == "1782820800.000001"
    pulls = Lake(str(written)).committed_files("zendesk")["pulls"]
    assert pq.read_schema(pulls[0].path).names == PULLS.names


def test_sequence_numbers_run_through_all_files(
    monkeypatch: pytest.MonkeyPatch, small: RunningSandbox, tmp_path: Path
) -> None:
    monkeypatch.setattr("ingestion.sandbox.direct._FILE", 50)
    monkeypatch.setattr("ingestion.sandbox.direct._ROW_GROUP", 20)
    counts = write_lake(small.world, str(tmp_path))
    for source, streams in counts.items():
        for stream, count in streams.items():
            seqs = [row["seq"] for row in _rows(tmp_path, source, stream)]
            assert sorted(seqs) == list(range(count)), stream  # type: ignore[type-var]


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    # In a process of its own: forked among this one's threads, a child may hang.
    code = f"""
from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.world import World

world = World.generate(seed=5, customers=60)
write_lake(world, {str(tmp_path / "one")!r})
write_lake(world, {str(tmp_path / "two")!r}, processes=2)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
    written = sorted((tmp_path / "one").rglob("*.*"))
    assert len(written) > len(SOURCES)
    for path in written:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert twin.read_bytes() == path.read_bytes(), path


def test_a_later_load_sorts_after_an_earlier_one(tmp_path: Path) -> None:
    world = World.generate(customers=20)
    for days in (0, 1):
        write_lake(world, str(tmp_path), now=DEFAULT_NOW + timedelta(days=days))
    loads = Lake(str(tmp_path)).committed_loads("zendesk")
    assert list(loads) == ["1782820800.000001", "1782907200.000001"]
    assert next(iter(loads.values())) == datetime(2026, 6, 30, 12, tzinfo=UTC)
    first, second = (
        pq.read_table(file.path)
        for file in Lake(str(tmp_path)).committed_files("zendesk")["tickets"]
    )
    assert len(second) >= len(first)
    assert json.loads(second["payload"][-1].as_py())["id"]
    assert pa.types.is_dictionary(second.schema.field("_dlt_load_id").type)


def test_a_pull_goes_on_where_the_direct_way_left_a_lake(
    small: RunningSandbox, pull_into: Callable[[str, Path], None], tmp_path: Path
) -> None:
    write_lake(small.world, str(tmp_path))
    pull_into("typeform", tmp_path)
    assert len(Lake(str(tmp_path)).committed_loads("typeform")) == 2
