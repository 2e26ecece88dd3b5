"""The vendors in a child process: how to reach them, and that they never outlive us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from orchestration.cli.sandbox import instant, sandbox_child
from orchestration.errors import WrongUsage

PARENT = """
import sys, time
from pathlib import Path
from orchestration.cli.sandbox import sandbox_child
with sandbox_child(Path(sys.argv[1])) as child:
    print(child.environment()["SOURCES__ZENDESK__BASE_URL"], flush=True)
    time.sleep(60)
"""


def answers(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/_sandbox/health", timeout=5) as answer:
            return answer.status == 200
    except URLError:
        return False


def gone_soon(base_url: str) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and answers(base_url):
        time.sleep(0.1)
    return not answers(base_url)


def test_the_child_answers_while_the_block_lasts(tmp_path: Path) -> None:
    with sandbox_child(tmp_path / "sandbox.log") as child:
        environment = child.environment()
        base_url = environment["SOURCES__ZENDESK__BASE_URL"]
        assert answers(base_url)
        assert environment["SOURCES__TYPEFORM__BASE_URL"] == base_url
    assert not answers(base_url)


def test_the_child_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "sandbox.log")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    base_url = parent.stdout.readline().strip()
    assert answers(base_url)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert gone_soon(base_url)


@pytest.mark.parametrize(
    "text",
    ["2026-01-31T12:00:00Z", "2026-01-31 12:00", "2026-01-31T13:00:00+01:00"],
)
def test_an_instant_is_utc_unless_it_says_otherwise(text: str) -> None:
    assert instant(text).isoformat() == "2026-01-31T12:00:00+00:00"


def test_text_that_is_no_instant_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="yesterday"):
        instant("yesterday")
