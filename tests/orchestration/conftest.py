"""A data folder with one release of the hand-made work file, and what it takes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.results import CheckResult
from orchestration.publication.audit import audit
from orchestration.publication.candidate import build_candidate
from orchestration.publication.publish import publish
from orchestration.settings import Settings

SMALL_WAREHOUSE = Path(__file__).parents[1] / "expectations" / "small_warehouse.sql"
WARNED = CheckResult(
    name="marts_fct_tickets.status_is_known",
    table_name="marts.fct_tickets",
    severity="warning",
    success=False,
    observed={"rows": 2},
    owner="team:data",
    meaning="status is known; map it in staging.",
    sample_keys=("T101", "T102"),
)


HOLDER = """
import sys
from pathlib import Path
from orchestration import run_lock
from orchestration.settings import Settings
settings = Settings(Path(sys.argv[1]), "")
with run_lock.hold(settings, command="cx run --test"):
    run_lock.mark_alive(settings, sys.argv[2])
    print("held", flush=True)
    sys.stdin.read()
"""


def of(data: Path) -> Settings:
    return Settings(data_dir=data, lake_url=str(data / "lake"))


@pytest.fixture(scope="session")
def published_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the current release r000001, to be copied."""
    data = tmp_path_factory.mktemp("published") / "data"
    data.mkdir()
    with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(SMALL_WAREHOUSE.read_text(encoding="utf-8"))
    made = build_candidate(of(data), code_version="1.2.3")
    audit(of(data), made.release_id, lambda *_: [WARNED])
    publish(of(data), made.release_id)
    segment = data / "state" / "key_ledger" / "00000001.parquet"
    segment.parent.mkdir()
    duckdb.sql(
        "SELECT 'zendesk' AS source, '11' AS source_id, 'K1' AS customer_key"
    ).write_parquet(str(segment))
    return data


@pytest.fixture
def published(tmp_path: Path, published_data: Path) -> Settings:
    """A data folder of its own with the current release r000001."""
    return of(shutil.copytree(published_data, tmp_path / "own", symlinks=True))


@pytest.fixture
def lock_holder() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start another process that holds the lock of a data folder, as a run does."""
    started = []

    def start(settings: Settings, run_id: str = "run-1") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(settings.data_dir), run_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
