"""Settings are read in one place, and a wrong one is named."""

from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT, SettingError, Settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("DATA_DIR", "LAKE_URL", "MEMORY_LIMIT", "THREADS", "KEEP_DAYS"):
        monkeypatch.delenv(f"CX_{name}", raising=False)


def test_everything_lies_under_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path))
    settings = Settings.from_environment()
    assert Path(settings.lake_url) == tmp_path / "lake"
    paths = (
        settings.warehouse_path,
        settings.published_link,
        settings.releases_dir,
        settings.state_dir,
        settings.quarantine_dir,
        settings.dagster_home,
        settings.dlt_dir,
        settings.dbt_dir,
        settings.temp_dir,
    )
    assert {path.parent for path in paths} == {tmp_path}


def test_data_folder_is_the_projects_own_by_default():
    assert Settings.from_environment().data_dir == PROJECT_ROOT / "data"


def test_lake_may_be_a_bucket(monkeypatch):
    monkeypatch.setenv("CX_LAKE_URL", "s3://bucket/lake")
    assert Settings.from_environment().lake_url == "s3://bucket/lake"


def test_number_that_is_none_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("CX_THREADS", "two")
    with pytest.raises(SettingError, match="CX_THREADS='two' is not a number"):
        Settings.from_environment()
