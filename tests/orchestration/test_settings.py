"""Settings are read in one place, and a wrong one is named."""

import os
from pathlib import Path

import pytest

from ingestion.registry import SOURCES
from orchestration.settings import PROJECT_ROOT, SettingError, Settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("CX_")]:
        monkeypatch.delenv(name)


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
        settings.files_dir,
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


def test_all_sources_are_used_unless_some_are_named(monkeypatch):
    assert set(Settings.from_environment().sources) == set(SOURCES)
    monkeypatch.setenv("CX_SOURCES", " typeform,zendesk ")
    assert Settings.from_environment().sources == ("zendesk", "typeform")


def test_unknown_source_is_named_with_those_that_there_are(monkeypatch):
    monkeypatch.setenv("CX_SOURCES", "zendesk,zendesc")
    with pytest.raises(SettingError, match=r"names zendesc, .*typeform, zendesk"):
        Settings.from_environment()


def test_source_that_is_left_out_may_not_be_pulled(monkeypatch):
    monkeypatch.setenv("CX_SOURCES", "zendesk")
    settings = Settings.from_environment()
    settings.require_used("zendesk")
    with pytest.raises(SettingError, match="leaves out typeform"):
        settings.require_used("typeform")


def test_folder_of_files_with_a_mapping_is_a_source(monkeypatch, tmp_path):
    monkeypatch.setenv("CX_FILES_DIR", str(tmp_path))
    for name in ("shop", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mapping.yaml").write_text("entities: {}")
    (tmp_path / "not_yet").mkdir()
    assert Settings.from_environment().sources == (*SOURCES, "files_old", "files_shop")
    monkeypatch.setenv("CX_SOURCES", "zendesk, files")
    assert Settings.from_environment().sources == ("zendesk", "files_old", "files_shop")
    monkeypatch.setenv("CX_SOURCES", "files_shop")
    assert Settings.from_environment().sources == ("files_shop",)
    monkeypatch.setenv("CX_SOURCES", "files_not_yet")
    with pytest.raises(SettingError, match=r"files_not_yet.*holds a `mapping\.yaml`"):
        Settings.from_environment()
