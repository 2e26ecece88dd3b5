"""The same lake gives the same release, at any number of threads and in any zone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.sandbox.direct import write_lake
from ingestion.sandbox.world import DEFAULT_NOW, World

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(5400)]

# 1 million tickets; fewer for a quick look: CX_TEST_CUSTOMERS=5000
CUSTOMERS = int(os.environ.get("CX_TEST_CUSTOMERS", "500000"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("lake")
    world = World.generate(seed=5, customers=CUSTOMERS)
    write_lake(world, str(folder), now=DEFAULT_NOW, processes=2)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def built(lake, tmp_path, fingerprints):
    """Build and publish a release of the lake in a folder of its own."""

    def build(name: str, **settings: str) -> dict:
        data_dir = tmp_path / name
        data_dir.mkdir()
        environment = {
            **os.environ,
            "CX_DATA_DIR": str(data_dir),
            "CX_LAKE_URL": str(lake),
            "CX_MEMORY_LIMIT": "8GB",
            "DAGSTER_HOME": str(data_dir),
            **settings,
        }
        done = subprocess.run(
            [
                *(sys.executable, "-m", "dagster", "job", "execute"),
                *("-m", "orchestration.definitions", "-j", "build"),
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found = fingerprints(data_dir)
        shutil.rmtree(data_dir)
        return found

    return build


def test_threads_and_time_zone_leave_the_fingerprints_alone(built):
    once = built("once", CX_THREADS="1", TZ="UTC")
    assert once["marts.fct_tickets"]["rows"] >= 1.99 * CUSTOMERS
    assert built("again", CX_THREADS="2", TZ="America/St_Johns") == once
