"""dbt in this process: its manifest, and builds that report event by event.

Holds how dbt is called. In-process on purpose: a dbt process of its own costs five
seconds of imports each time, and outlives a killed run with the work file locked.
Does not hold models (`dbt_project`) nor Dagster (`orchestration.defs.transformation`).
Tests: tests/orchestration/test_dbt_runner.py
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from orchestration.errors import BuildFailed, BuildRefused
from orchestration.publication.durable import file_lock
from orchestration.settings import DBT_PROJECT_DIR, Settings

MANIFEST_DIR = DBT_PROJECT_DIR / "target"
SHOWN_NODES = 5
_PARTIAL_PARSE = "partial_parse.msgpack"
_MADE_BY_DBT = {"target", "logs"}
_LOCK_SECONDS = 120.0
_LOG_BYTES, _KEPT_LOGS = 10 * 2**20, 5
# Unit tests prove code, not data: `make test` runs them, a refresh does not. Results
# are in Dagster; writing the manifest twice per build would take a second or two.
_BUILD_FLAGS = ("--exclude-resource-type", "unit_test", "--no-write-json")
# What becomes progress and Dagster events; the rest stays in dbt's own log.
TOLD_EVENTS = {
    "LogStartLine",
    "LogModelResult",
    "LogSeedResult",
    "LogSnapshotResult",
    "LogTestResult",
}


def ensure_manifest(settings: Settings) -> Path:
    """Return the manifest of the project; parse it first if any file changed.

    Raises:
        BuildFailed: The project does not parse.
    """
    manifest = MANIFEST_DIR / "manifest.json"
    stamp = MANIFEST_DIR / "sources.sha256"
    with file_lock(MANIFEST_DIR / ".lock", _LOCK_SECONDS):
        digest = _digest_of_sources()
        if manifest.exists() and stamp.exists() and stamp.read_text() == digest:
            return manifest
        stamp.unlink(missing_ok=True)
        with _environment(settings), _log(settings) as noting:
            arguments = ["parse", *_flags(settings, MANIFEST_DIR)]
            _checked(_runner([noting]).invoke(arguments))
        stamp.write_text(digest)
    return manifest


def build(
    settings: Settings,
    selection: Sequence[str],
    variables: Mapping[str, Any],
    on_event: Callable[[dict[str, Any]], None],
) -> None:
    """Run `dbt build`, hand its events on, and close the work file at the end.

    Raises:
        BuildFailed: A model failed, or the selection is empty.
        BuildRefused: A test with severity error failed.
    """
    target = settings.dbt_dir / "target"
    ensure_manifest(settings)
    arguments = ["build", *selection, *_BUILD_FLAGS, *_flags(settings, target)]
    if variables:
        arguments += ["--vars", json.dumps(variables)]
    with _environment(settings), _log(settings) as noting:
        runner = _runner([noting, _handing_on(on_event)], parsed_project())
        outcome = runner.invoke(arguments)
    _close_work_file()
    _checked(outcome)
    if not outcome.result.results:
        raise BuildFailed(
            f"`dbt build {' '.join(selection)}` selects nothing.",
            f"dbt project {DBT_PROJECT_DIR}",
            "Give the models of this step the tag that it selects.",
        )


@contextlib.contextmanager
def _log(settings: Settings) -> Iterator[Callable[[Any], None]]:
    """Yield what writes events into `dbt.log`, all but those for debugging.

    dbt's own loggers put those into words too and search each line for secrets before
    they drop it: a quarter of a build.
    """
    path = settings.dbt_dir / "logs" / "dbt.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=_LOG_BYTES, backupCount=_KEPT_LOGS, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s [%(levelname)s] %(message)s"))

    def note(event: Any) -> None:
        if event.info.level != "debug":
            told = {"levelname": event.info.level, "msg": event.info.msg}
            handler.handle(logging.makeLogRecord(told))

    try:
        yield note
    finally:
        handler.close()


def _handing_on(on_event: Callable[[dict[str, Any]], None]) -> Callable[[Any], None]:
    from dbt_common.events.functions import msg_to_dict  # noqa: PLC0415

    def told(event: Any) -> None:
        if event.info.name in TOLD_EVENTS:
            on_event(msg_to_dict(event))

    return told


def _runner(callbacks: list[Any], manifest: Any = None) -> Any:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (takes a second)

    return dbtRunner(manifest=manifest, callbacks=callbacks)


def parsed_project() -> Any:
    """Return the project as it was parsed, so that a build does not parse it again.

    A fresh one each time: a build writes into it.
    """
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415

    return Manifest.from_msgpack((MANIFEST_DIR / _PARTIAL_PARSE).read_bytes())


def _close_work_file() -> None:
    from dbt.adapters.duckdb.connections import (  # noqa: PLC0415
        DuckDBConnectionManager,
    )
    from dbt.adapters.factory import cleanup_connections  # noqa: PLC0415

    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


def _flags(settings: Settings, target: Path) -> list[str]:
    return [
        "--project-dir",
        str(DBT_PROJECT_DIR),
        "--profiles-dir",
        str(DBT_PROJECT_DIR),
        "--target-path",
        str(target),
        "--log-path",
        str(settings.dbt_dir / "logs"),
        # `_log` writes what these would.
        *("--log-level", "none", "--log-level-file", "none", "--no-use-colors"),
    ]


@contextlib.contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """Hand the settings to `profiles.yml`, and take them back afterwards."""
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    given = {
        "CX_WAREHOUSE_PATH": str(settings.warehouse_path),
        "CX_MEMORY_LIMIT": settings.memory_limit,
        "CX_THREADS": str(settings.threads),
        "CX_TEMP_DIR": str(settings.temp_dir),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _digest_of_sources() -> str:
    """Return a digest of every file of the project and of dbt's own version."""
    digest = hashlib.sha256(version("dbt-core").encode())
    for path in sorted(DBT_PROJECT_DIR.rglob("*")):
        relative = path.relative_to(DBT_PROJECT_DIR)
        if relative.parts[0] not in _MADE_BY_DBT and path.is_file():
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _checked(outcome: Any) -> None:
    """Raise what stopped dbt, as one screen."""
    if outcome.success:
        return
    if outcome.exception is not None:
        if not isinstance(outcome.exception, Exception):
            raise outcome.exception  # an interrupt is no failure of dbt
        raise BuildFailed(
            _first_lines(outcome.exception),
            f"dbt project {DBT_PROJECT_DIR}",
            "Mend the file that the message names; `dbt parse` in that folder "
            "repeats it.",
        )
    results = getattr(outcome.result, "results", [])
    errors = [result for result in results if result.status == "error"]
    failures = [result for result in results if result.status == "fail"]
    if errors or not failures:
        raise BuildFailed(
            f"{len(errors)} dbt models failed: {_told(errors)}",
            f"dbt project {DBT_PROJECT_DIR}",
            "Mend the model; data/dbt/logs/dbt.log has the statement. The published "
            "release is untouched.",
        )
    raise BuildRefused(
        f"{len(failures)} dbt tests failed: {_told(failures)}",
        f"dbt project {DBT_PROJECT_DIR}",
        "The statement of each test is under data/dbt/target/compiled; run it on "
        "data/warehouse.duckdb to see the rows. The published release is untouched.",
    )


def _told(results: Sequence[Any]) -> str:
    lines = [
        f"\n  {result.node.name}: {_first_lines(result.message)}"
        for result in results[:SHOWN_NODES]
    ]
    if len(results) > SHOWN_NODES:
        lines.append(f"\n  ... and {len(results) - SHOWN_NODES} more")
    return "".join(lines)


def _first_lines(message: object, count: int = 6) -> str:
    lines = [line.strip() for line in str(message).splitlines() if line.strip()]
    return "\n  ".join(lines[:count])
