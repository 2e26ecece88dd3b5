"""`cx ui`: both Dagster services, on the loopback only, with the vendors' variables."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

START_SECONDS = 240
QUESTION = """{
  repositoriesOrError { ... on RepositoryConnection {
    nodes { location { name } schedules { name scheduleState { status } } } } }
}"""


def asked(port: int) -> dict[str, Any] | None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": QUESTION}).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            document: dict[str, Any] = json.load(answer)["data"]
            return document
    except (URLError, ConnectionError):
        return None


@pytest.mark.acceptance
def test_the_code_location_loads_and_its_schedules_wait_to_be_started(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "orchestration.cli"),
            *("ui", "--sandbox", "--port", str(port)),
        ],
        env=os.environ | {"CX_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        answer = None
        deadline = time.monotonic() + START_SECONDS
        while answer is None and time.monotonic() < deadline:
            time.sleep(1)
            answer = asked(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert answer is not None
    (repository,) = answer["repositoriesOrError"]["nodes"]
    assert repository["location"]["name"] == "cx_warehouse"
    states = {one["scheduleState"]["status"] for one in repository["schedules"]}
    assert states == {"STOPPED"}
