"""The embedded vendors as a process of their own.

Holds `cx sandbox serve`, and the child process that `cx run --sandbox` and `cx ui
--sandbox` pull from. Does not hold the vendors (`ingestion.sandbox`).
Tests: tests/orchestration/cli/test_sandbox.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import RunError, WrongUsage


def instant(text: str) -> datetime:
    """Read ISO 8601; without an offset it is UTC.

    Raises:
        WrongUsage: It is not ISO 8601.
    """
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUsage(
            f"{text!r} is not an instant.",
            "The command line",
            "Write it as 2026-01-31T12:00:00Z.",
        ) from None
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def serve(
    *, now: str | None, newer_csat: str | None, faults: Sequence[str], **options: Any
) -> None:
    """Serve until interrupted."""
    from ingestion.sandbox import server  # noqa: PLC0415
    from ingestion.sandbox.faults import Fault, UnknownFault  # noqa: PLC0415

    try:
        chosen = [Fault.parse(text) for text in faults]
    except UnknownFault as error:
        raise WrongUsage(
            f"A fault cannot be switched on: {error}.",
            "--fault",
            "Correct it, for instance --fault zendesk:error_503:0.2",
        ) from None

    def told(base_url: str, environment: dict[str, str]) -> None:
        exports = [f"export {name}='{value}'" for name, value in environment.items()]
        lines = [f"# vendors on {base_url}; connectors find them with:", *exports]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    try:
        server.serve(
            now=instant(now) if now else None,
            newer_csat=instant(newer_csat) if newer_csat else None,
            faults=chosen,
            on_ready=told,
            **options,
        )
    except OSError as error:
        raise RunError(
            f"The sandbox cannot listen: {error.strerror}.",
            f"127.0.0.1:{options['port']}",
            "Choose another port with --port; --port 0 takes a free one.",
        ) from error


class SandboxChild:
    """A sandbox in a child process; it ends with this process, however that ends."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def environment(self) -> dict[str, str]:
        """Wait until it answers; return the variables that point connectors at it.

        Raises:
            RunError: It died.
        """
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            raise RunError(
                "The sandbox did not start.",
                f"log {self._log}",
                "Look at the end of that log.",
            )
        environment: dict[str, str] = json.loads(line)
        return environment

    def stop(self) -> None:
        """End it and wait until it is gone."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


@contextmanager
def sandbox_child(log: Path) -> Iterator[SandboxChild]:
    """Start a sandbox in a child process and end it afterwards."""
    child = SandboxChild(log)
    try:
        yield child
    finally:
        child.stop()


def main() -> None:
    """Serve a sandbox, print how to reach it, and go when the parent does."""
    from ingestion.sandbox.server import running_sandbox  # noqa: PLC0415

    answers, sys.stdout = sys.stdout, sys.stderr
    with running_sandbox() as sandbox:
        answers.write(json.dumps(sandbox.environment) + "\n")
        answers.flush()
        # The pipe closes when the parent ends, by whatever means.
        while os.read(sys.stdin.fileno(), 1):
            continue


if __name__ == "__main__":
    main()
