"""20 000 tickets through the whole pipeline, in bounded memory."""

from __future__ import annotations

import os
import subprocess
import time

import psutil
import pytest

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1200)]

CUSTOMERS = 10_000  # two tickets each
LIMIT = 1.5 * 2**30


def test_run_of_20_000_tickets_stays_under_one_and_a_half_gib(
    cx_command, serving_vendors, tmp_path
):
    with serving_vendors(customers=CUSTOMERS, rate_limits="raised") as vendors:
        run = subprocess.Popen(
            [*cx_command, "run", "--json"],
            env={
                **os.environ,
                **vendors.environment,
                "CX_DATA_DIR": str(tmp_path / "data"),
            },
            stdout=subprocess.DEVNULL,
        )
        peak = _peak_of_tree(psutil.Process(run.pid))
    assert run.wait() == 0
    print(f"\npeak of the process tree: {peak / 2**20:.0f} MiB")
    assert peak < LIMIT


def _peak_of_tree(process: psutil.Process) -> int:
    """Largest sum of proportional set sizes of a process and its children."""
    peak = 0
    while process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        for one in (process, *process.children(recursive=True)):
            try:
                total += one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        peak = max(peak, total)
        time.sleep(0.1)
    return peak
