"""DAGSTER_HOME of a data folder.

Holds the copy of the instance file that is made when there is none, and the environment
that Dagster's processes need. Does not hold the file (`instance/`) nor import Dagster.
Tests: tests/orchestration/test_dagster_home.py
"""

from __future__ import annotations

from pathlib import Path

from orchestration.settings import Settings

INSTANCE_FILE = "dagster.yaml"
ONE_HOST = Path(__file__).with_name("instance") / "one_host.yaml"


def prepare(settings: Settings) -> Path:
    """Make the folder and its instance file; return the folder."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    file = home / INSTANCE_FILE
    if not file.exists():
        text = ONE_HOST.read_text(encoding="utf-8")
        file.write_text(text.replace("<home>/", f"{home}/"), encoding="utf-8")
    return home


def environment(settings: Settings) -> dict[str, str]:
    """Return what every Dagster process of this data folder must see."""
    return {
        "DAGSTER_HOME": str(prepare(settings)),
        "CX_DATA_DIR": str(settings.data_dir),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
