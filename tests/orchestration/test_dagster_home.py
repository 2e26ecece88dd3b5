"""The instance file is ours once, then the user's."""

from __future__ import annotations

import yaml

from orchestration import dagster_home
from orchestration.settings import Settings


def test_telemetry_is_off_and_one_run_goes_at_a_time(settings: Settings) -> None:
    home = dagster_home.prepare(settings)
    written = yaml.safe_load((home / "dagster.yaml").read_text())
    assert written["telemetry"] == {"enabled": False}
    assert written["concurrency"]["runs"]["max_concurrent_runs"] == 1


def test_an_edited_instance_file_is_left_alone(settings: Settings) -> None:
    file = dagster_home.prepare(settings) / "dagster.yaml"
    file.write_text("telemetry: {enabled: false}\n")
    dagster_home.prepare(settings)
    assert file.read_text() == "telemetry: {enabled: false}\n"


def test_every_dagster_process_sees_the_same_data_folder(settings: Settings) -> None:
    environment = dagster_home.environment(settings)
    assert environment["CX_DATA_DIR"] == str(settings.data_dir)
    assert environment["DAGSTER_HOME"] == str(settings.dagster_home)
