"""Readers in other processes while releases are published under their feet."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

READER = Path(__file__).with_name("reader.py")


@pytest.mark.parametrize(
    "publications", [4, pytest.param(20, marks=pytest.mark.acceptance)]
)
def test_four_readers_see_no_error_and_no_mixed_release(
    settings, released, change, tmp_path, publications
):
    # Few are kept and none for its age, so that removal happens under readers too.
    own = replace(settings, keep_releases=3, keep_days=0)
    stop = tmp_path / "stop"

    def publish_generation(number):
        change(
            own,
            f"UPDATE marts.dim_agents SET agent_key = '{number}'",
            f"UPDATE marts.dim_groups SET group_key = '{number}'",
        )
        assert released(own) == f"r{number:06d}"

    publish_generation(1)
    readers = [
        subprocess.Popen(
            [sys.executable, READER, own.published_link, stop],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        for number in range(2, publications + 2):
            publish_generation(number)
    finally:
        stop.touch()
        told = [reader.communicate(timeout=60) for reader in readers]
    assert [error for _, error in told] == [""] * 4
    reads = [int(out.split()[0]) for out, _ in told]
    assert min(reads) > publications
