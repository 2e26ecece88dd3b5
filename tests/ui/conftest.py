"""The real UI, as `cx ui --sandbox` serves it, and what a person would click there."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

_RUNS = (
    "{ runsOrError(limit: 20) { ... on Runs { results { runId status jobName } } } }"
)
_LAUNCH = """
mutation ($job: String!, $config: RunConfigData) {
  launchRun(executionParams: {
    selector: {
      repositoryLocationName: "cx_warehouse",
      repositoryName: "__repository__",
      jobName: $job
    },
    runConfigData: $config
  }) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
  }
}
"""
OVER = {"SUCCESS", "FAILURE", "CANCELED"}


class Ui:
    """A running UI and its data folder."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.url = url
        self.data_dir = data_dir

    def ask(self, query: str, **variables: Any) -> Any:
        """Ask its GraphQL interface."""
        request = urllib.request.Request(
            f"{self.url}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def launch(self, job: str, config: dict[str, Any] | None = None) -> str:
        """Start a job; return its run."""
        launched = self.ask(_LAUNCH, job=job, config=config or {})["launchRun"]
        return str(launched["run"]["runId"])

    def runs(self) -> list[dict[str, str]]:
        """Return the runs, newest first."""
        results: list[dict[str, str]] = self.ask(_RUNS)["runsOrError"]["results"]
        return results

    def finished(self, count: int, seconds: float = 420) -> list[dict[str, str]]:
        """Wait until so many runs are over; return all, newest first."""
        end = time.monotonic() + seconds
        while True:
            runs = self.runs()
            if sum(run["status"] in OVER for run in runs) >= count:
                return runs
            assert time.monotonic() < end, runs
            time.sleep(2)


class Receiver:
    """Whoever is told by webhook: keeps the documents."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.documents.append(json.loads(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/told"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, run_id: str, seconds: float = 180) -> dict[str, Any]:
        """Wait until somebody tells about a run."""
        end = time.monotonic() + seconds
        while True:
            for document in self.documents:
                if document["run_id"] == run_id:
                    return document
            assert time.monotonic() < end, self.documents
            time.sleep(1)


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="session")
def ui(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Ui]:
    data_dir = tmp_path_factory.mktemp("ui") / "data"
    port = _free_port()
    log = data_dir.with_name("ui.log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "orchestration.cli",
                "ui",
                "--sandbox",
                "--port",
                str(port),
            ],
            env=os.environ
            | {"CX_DATA_DIR": str(data_dir), "CX_WEBHOOK_URL": receiver.url},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    made = Ui(f"http://127.0.0.1:{port}", data_dir)
    try:
        _wait_until_it_answers(made, process, log)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            _end_group(process.pid)


def _end_group(leader: int) -> None:
    """End what is left of the session that we started."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_until_it_answers(ui: Ui, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            ui.runs()
        except (OSError, KeyError, TypeError):
            time.sleep(1)
        else:
            return
    raise AssertionError(log.read_text()[-2000:])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where pictures go: `CX_UI_PICTURES`, or a temporary folder."""
    given = os.environ.get("CX_UI_PICTURES")
    folder = Path(given) if given else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
