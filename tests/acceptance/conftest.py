"""Whole warehouses for the long proofs: their own vendors, runs to be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import httpx
import pytest

from ingestion.sandbox.credentials import Credentials

HERE = Path(__file__).parent
CX = [sys.executable, "-m", "orchestration.cli"]
VARIABLES = len(Credentials().environment(""))  # they point connectors at vendors


@dataclass
class Vendors:
    """The embedded vendors in a process of their own."""

    base_url: str
    environment: dict[str, str]

    def set_clock(self, instant: str) -> None:
        """Move their clock."""
        url = f"{self.base_url}/_sandbox/clock"
        httpx.put(url, json={"now": instant}).raise_for_status()


@contextmanager
def serving_vendors(**options: Any) -> Iterator[Vendors]:
    """Serve a world; options are those of `cx sandbox serve`."""
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    with subprocess.Popen(
        [*CX, "sandbox", "serve", "--port=0", *flags],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        environment: dict[str, str] = {}
        while len(environment) < VARIABLES:
            name, is_set, value = process.stdout.readline().partition("=")
            if is_set:
                environment[name.removeprefix("export ")] = value.strip().strip("'")
        yield Vendors(environment["SOURCES__ZENDESK__BASE_URL"], environment)
        process.terminate()


@dataclass
class Runs:
    """Starts forked runs of `cx run` and tells how they ended."""

    server: subprocess.Popen[str]
    answers: TextIO
    environment: dict[str, str]

    def start(self, data_dir: Path, point: str = "") -> int:
        """Start a run that dies at `point`; return its pid."""
        data_dir.mkdir(parents=True, exist_ok=True)
        return self._ask(
            environment={**self.environment, "CX_DATA_DIR": str(data_dir)},
            arguments=["run"],
            point=point,
            out=str(data_dir / "out.txt"),
            err=str(data_dir / "err.txt"),
        )

    def wait(self, pid: int) -> int:
        """Exit code of a run, negative when a signal ended it."""
        return self._ask(wait=pid)

    def run(self, data_dir: Path, point: str = "") -> int:
        """Start a run and wait for its end."""
        return self.wait(self.start(data_dir, point))

    def kill_after(self, data_dir: Path, stage: str, seconds: float) -> int:
        """Kill -9 some seconds after a stage began; the exit code of the run."""
        pid = self.start(data_dir)
        said = data_dir / "err.txt"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if said.exists() and stage in said.read_text():
                break
            time.sleep(0.01)
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        return self.wait(pid)

    def _ask(self, **request: Any) -> int:
        assert self.server.stdin
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        return json.loads(self.answers.readline())


@pytest.fixture(scope="session", name="serving_vendors")
def _serving_vendors() -> Callable[..., Any]:
    return serving_vendors


@pytest.fixture(scope="session")
def cx_command() -> list[str]:
    """How to start `cx` in a process of its own."""
    return CX


@pytest.fixture(scope="session")
def vendors() -> Iterator[Vendors]:
    with serving_vendors(customers=60, seed=11) as served:
        yield served


@pytest.fixture(scope="session")
def runs(vendors: Vendors) -> Iterator[Runs]:
    receiving, sending = os.pipe()
    with (
        os.fdopen(receiving) as answers,
        subprocess.Popen(
            [sys.executable, str(HERE / "warm_runs.py"), str(sending)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[sending],
            text=True,
        ) as server,
    ):
        os.close(sending)
        yield Runs(server, answers, vendors.environment)
        assert server.stdin
        server.stdin.close()


@pytest.fixture(scope="session")
def fingerprints() -> Callable[[Path], dict[str, Any]]:
    """Read the fingerprints of the published marts of a data folder."""

    def read(data_dir: Path) -> dict[str, Any]:
        text = (data_dir / "published" / "manifest.json").read_text()
        tables = json.loads(text)["tables"]
        return {n: parts for n, parts in tables.items() if n.startswith("marts.")}

    return read
