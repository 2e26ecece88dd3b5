"""`cx ui`: Dagster's web server and daemon on the loopback.

Holds how they are started, with or without the embedded vendors. Does not hold what
they show. Tests: tests/orchestration/cli/test_web.py
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from orchestration import dagster_home
from orchestration.cli.sandbox import sandbox_child
from orchestration.errors import RunError
from orchestration.settings import PROJECT_ROOT, Settings

# A run from the UI or a schedule waits for one from the command line.
LOCK_WAIT_SECONDS = "3600"
# Nobody waits in front of such a run: a vendor that is away may come back.
PULL_RETRIES = "2"
HOST = "127.0.0.1"


def serve(*, port: int, sandbox: bool) -> int:
    """Serve until interrupted; return the exit code of Dagster."""
    settings = Settings.from_environment()
    environment = os.environ | dagster_home.environment(settings)
    # A shell that starts us in the background has it ignored. Dagster would inherit
    # that, and its processes, which it ends by this signal, would never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    environment.setdefault("CX_LOCK_WAIT_SECONDS", LOCK_WAIT_SECONDS)
    environment.setdefault("CX_PULL_RETRIES", PULL_RETRIES)
    environment.setdefault("CX_UI_URL", f"http://{HOST}:{port}")
    with ExitStack() as stack:
        if sandbox:
            log = settings.data_dir / "logs" / "sandbox.log"
            child = stack.enter_context(sandbox_child(log))
            environment |= child.environment()
        sys.stdout.write(f"Dagster on http://{HOST}:{port}\n")
        sys.stdout.flush()
        process = subprocess.Popen(_command(port), env=environment, cwd=PROJECT_ROOT)
        stack.callback(process.wait)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            return process.wait()


def _command(port: int) -> list[str]:
    executable = shutil.which("dagster", path=str(Path(sys.executable).parent))
    if executable is None:
        raise RunError(
            "The program `dagster` is not installed.",
            str(Path(sys.executable).parent),
            "Run `make` to set the environment up again.",
        )
    workspace = PROJECT_ROOT / "workspace.yaml"
    return [executable, "dev", "-w", str(workspace), "-h", HOST, "-p", str(port)]
