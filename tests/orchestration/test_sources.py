"""Vendors and folders of files are looked up in one place."""

from pathlib import Path

import pytest

from ingestion.errors import UnknownSource
from ingestion.registry import SOURCES
from orchestration.sources import known_sources, named_sources

ORDERS = """
expected_every: 1d
entities:
  orders:
    files: "*.csv"
    columns: {order_id: id, amount: amount, ordered_at: at}
"""


@pytest.fixture
def files_dir(tmp_path: Path) -> Path:
    for name, mapping in (("shop", ORDERS), ("odd", "entities: nonsense")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mapping.yaml").write_text(mapping)
    return tmp_path


def test_vendors_come_first_and_a_bad_mapping_hides_no_source(files_dir: Path) -> None:
    known = known_sources(files_dir)
    assert list(known) == [*SOURCES, "files_odd", "files_shop"]
    assert [stream.name for stream in known["files_shop"].streams] == ["orders"]
    assert known["files_shop"].is_required
    assert not known["files_odd"].is_required


def test_without_a_folder_there_are_the_vendors(tmp_path: Path) -> None:
    assert known_sources(tmp_path / "nothing") == SOURCES


def test_files_stands_for_all_of_them(files_dir: Path) -> None:
    assert named_sources("files", files_dir) == ["files_odd", "files_shop"]
    assert named_sources("files_shop", files_dir) == ["files_shop"]
    assert named_sources("zendesk", files_dir) == ["zendesk"]


def test_unknown_name_is_told_with_those_that_there_are(files_dir: Path) -> None:
    with pytest.raises(UnknownSource, match="files_odd, files_shop, hubspot"):
        named_sources("files_sho", files_dir)
