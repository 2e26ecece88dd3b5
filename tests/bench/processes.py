"""Vendors and readers in processes of their own, so that each has its own figures.

Holds how they are started. Does not hold what is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_ROOT

READERS = Path(__file__).with_name("readers.py")


@contextmanager
def vendors(customers: int) -> Iterator[dict[str, str]]:
    """Serve a world from another process; give the variables of the connectors."""
    command = [sys.executable, "-m", "orchestration.cli", "sandbox", "serve"]
    options = ["--port=0", f"--customers={customers}", "--rate-limits=off"]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT
    ) as process:
        assert process.stdout
        environment: dict[str, str] = {}
        for line in process.stdout:
            name, is_set, value = line.partition("=")
            if is_set:
                environment[name.removeprefix("export ")] = value.strip().strip("'")
            if name.endswith("QUALTRICS__API_TOKEN"):
                break  # the last one
        try:
            yield environment
        finally:
            process.terminate()


def read(
    way: str, source: str, folder: Path, environment: dict[str, str]
) -> dict[str, Any]:
    """Read a source in one of the ways of `readers.py`; return what it printed."""
    ran = subprocess.run(
        [sys.executable, str(READERS), way, source, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(PROJECT_ROOT)},
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told
