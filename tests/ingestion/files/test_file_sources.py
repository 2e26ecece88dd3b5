from datetime import timedelta
from pathlib import Path

from ingestion.files.sources import NEVER, file_sources

MAPPING = """
owner: shop-team
entities:
  orders:
    files: "*.csv"
    mode: snapshot
    columns: {order_id: id, ordered_at: at, amount: n}
"""


def write(path: Path, source: str, text: str) -> None:
    (path / source).mkdir(parents=True)
    (path / source / "mapping.yaml").write_text(text)


def test_exports_that_come_again_are_required_and_grow_old(tmp_path: Path) -> None:
    write(tmp_path, "shop", "expected_every: 24h\n" + MAPPING)
    spec = file_sources(tmp_path)["files_shop"]
    assert (spec.is_required, spec.max_staleness) == (True, timedelta(hours=48))
    assert spec.owner == "shop-team"
    assert spec.stream("orders").mode == "snapshot"
    assert spec.stream("orders").description == "One order."


def test_exports_made_once_hold_nothing_up(tmp_path: Path) -> None:
    write(tmp_path, "old", MAPPING)
    spec = file_sources(tmp_path)["files_old"]
    assert (spec.is_required, spec.max_staleness) == (False, NEVER)


def test_a_broken_mapping_leaves_the_other_sources(tmp_path: Path) -> None:
    write(tmp_path, "a", "entities: [")
    write(tmp_path, "b", MAPPING)
    found = file_sources(tmp_path)
    assert list(found) == ["files_a", "files_b"]
    assert found["files_a"].streams == ()
    assert not found["files_a"].is_required


def test_no_folder_is_no_source(tmp_path: Path) -> None:
    assert file_sources(tmp_path / "files") == {}
