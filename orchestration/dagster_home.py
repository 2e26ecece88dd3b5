"""DAGSTER_HOME of a data folder.

Holds the instance file that is written when there is none, and the environment that
Dagster's processes need. Does not import Dagster.
Tests: tests/orchestration/test_dagster_home.py
"""

from __future__ import annotations

from pathlib import Path

from orchestration.settings import Settings

INSTANCE_FILE = "dagster.yaml"
_INSTANCE = """\
# Written once by the warehouse; edit freely, it is not written again.
# Runs, events and schedules are kept in SQLite in this folder.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1  # there is one writer
event_log_storage:
  module: orchestration.defs.event_storage
  class: KeptSqliteEventLogStorage
  config:
    base_dir: {home}/history/runs
"""


def prepare(settings: Settings) -> Path:
    """Make the folder and its instance file; return the folder."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    file = home / INSTANCE_FILE
    if not file.exists():
        file.write_text(_INSTANCE.format(home=home), encoding="utf-8")
    return home


def environment(settings: Settings) -> dict[str, str]:
    """Return what every Dagster process of this data folder must see."""
    return {
        "DAGSTER_HOME": str(prepare(settings)),
        "CX_DATA_DIR": str(settings.data_dir),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
