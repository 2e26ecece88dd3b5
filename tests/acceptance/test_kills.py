"""kill -9 at 100 random moments of extraction, compaction and restore.

Each operation is killed at a moment drawn over its whole length, then done again to the
end; what the lake and the data folder hold then is what an unharmed run leaves.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.lake import Lake
from ingestion.sandbox.server import RunningSandbox, running_sandbox

pytestmark = pytest.mark.acceptance

SEED = 20260630
MOMENTS = {"extraction": 40, "compaction": 30, "restore": 30}
NIGHT = datetime(2026, 6, 29, 12, tzinfo=UTC)
MORNING = datetime(2026, 6, 30, 12, tzinfo=UTC)
SOURCE = "zendesk"
PULL = """
import sys
from pathlib import Path
from ingestion.pipelines import pull
folder = Path(sys.argv[1])
pull("zendesk", lake_url=str(folder / "lake"), pipelines_dir=folder / "dlt")
"""
COMPACT = """
import sys
from ingestion.compaction import compact
compact(sys.argv[1] + "/lake", min_files=2)
"""


@dataclass
class Operation:
    """What is killed: how a copy is prepared, the command, and what it must leave."""

    prepare: Callable[[Path], None]
    command: Callable[[Path], list[str]]
    left: Callable[[Path], object]


@pytest.fixture(scope="module")
def vendors() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=40, seed=SEED, now=NIGHT) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def environment(vendors: RunningSandbox) -> dict[str, str]:
    return {**os.environ, **vendors.environment}


@pytest.fixture(scope="module")
def yesterday(
    vendors: RunningSandbox,
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A lake of four loads; the vendor has moved on since."""
    folder = tmp_path_factory.mktemp("yesterday")
    for _ in range(4):
        _done(_pulling(folder), environment)
    (folder / "state").mkdir()
    (folder / "state" / "releases.jsonl").write_text("a ledger\n" * 20_000)
    vendors.clock.set(MORNING)
    return folder


@pytest.fixture(scope="module")
def backup(
    yesterday: Path,
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    path = tmp_path_factory.mktemp("backup") / "cx.tar"
    copy = path.parent / "copy"
    shutil.copytree(yesterday, copy)
    _done(_cx("backup", str(path)), environment | {"CX_DATA_DIR": str(copy)})
    return path


@pytest.fixture
def operation(
    request: pytest.FixtureRequest, yesterday: Path, backup: Path
) -> Operation:
    def copied(folder: Path) -> None:
        shutil.copytree(yesterday, folder)

    def in_use(folder: Path) -> None:
        copied(folder)
        (folder / "state" / "releases.jsonl").write_text("another ledger")

    return {
        "extraction": Operation(copied, _pulling, _records),
        "compaction": Operation(
            copied, lambda folder: [sys.executable, "-c", COMPACT, str(folder)], _rows
        ),
        "restore": Operation(
            in_use, lambda _: _cx("restore", str(backup), "--replace"), _contents
        ),
    }[request.param]


@pytest.mark.parametrize(
    ("operation", "moments"), MOMENTS.items(), indirect=["operation"]
)
@pytest.mark.timeout(3600)
def test_nothing_is_lost_or_doubled(
    operation: Operation, moments: int, environment: dict[str, str], tmp_path: Path
) -> None:
    unharmed = tmp_path / "unharmed"
    operation.prepare(unharmed)
    began = time.monotonic()
    _done(operation.command(unharmed), environment | {"CX_DATA_DIR": str(unharmed)})
    seconds = time.monotonic() - began
    wanted = operation.left(unharmed)
    draw, killed = random.Random(SEED), 0
    for number in range(moments):
        folder = tmp_path / str(number)
        operation.prepare(folder)
        own = environment | {"CX_DATA_DIR": str(folder)}
        child = subprocess.Popen(
            operation.command(folder), env=own, stdout=-3, stderr=-3
        )
        try:
            # The first part is nothing but imports.
            child.wait(draw.uniform(0.4, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
        _done(operation.command(folder), own)
        assert operation.left(folder) == wanted, f"moment {number}"
        shutil.rmtree(folder)
    print(f"\n{moments} moments, {killed} of them inside the run of {seconds:.1f} s")
    assert killed >= moments * 0.7


def _pulling(folder: Path) -> list[str]:
    return [sys.executable, "-c", PULL, str(folder)]


def _cx(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "orchestration.cli", *arguments]


def _done(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _rows(folder: Path) -> list[tuple[object, ...]]:
    """Every row of every table: how many, and a hash of all columns."""
    lake = Lake(str(folder / "lake"))
    with duckdb.connect() as connection:
        return [
            (
                table,
                *connection.execute(
                    "SELECT count(*), sum(hash(*COLUMNS(*))) FROM read_parquet(?)",
                    [[file.path for file in files]],
                ).fetchall(),
            )
            for table, files in lake.committed_files(SOURCE).items()
        ]


def _records(folder: Path) -> list[tuple[object, ...]]:
    """Every version of every record once; a pull may bring one again."""
    lake = Lake(str(folder / "lake"))
    with duckdb.connect() as connection:
        return [
            (
                table,
                *connection.execute(
                    "SELECT count(*), sum(hash(row)) FROM (SELECT DISTINCT"
                    " {k: key, v: version, p: payload, o: op} AS row"
                    " FROM read_parquet(?))",
                    [[file.path for file in files]],
                ).fetchall(),
            )
            for table, files in lake.committed_files(SOURCE).items()
            if table not in ("pulls", "rejects")
        ]


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for name in ("lake", "state")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }
