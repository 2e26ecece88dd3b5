"""Fault injection: named points at which a test may kill the process.

Holds the one function that the pipeline calls at each stage boundary. It does nothing
unless `CX_KILL_AT` names the boundary, and then the process dies as a power cut
would kill it: no handler, no flush. Does not hold any recovery: that is what the
tests prove. Tests: tests/orchestration/publication/test_crashes.py
"""

from __future__ import annotations

import os
import signal

KILL_AT = "CX_KILL_AT"


def reached(stage: str) -> None:
    """Say that `stage` is behind us; die here if `CX_KILL_AT` asks for it."""
    if os.environ.get(KILL_AT) == stage:
        os.kill(os.getpid(), signal.SIGKILL)
