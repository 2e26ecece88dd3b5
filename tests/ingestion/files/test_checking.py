from pathlib import Path

import pytest

from ingestion.files.canonical import ENTITIES
from ingestion.files.checking import CheckedFile, check
from ingestion.files.templates import csv_template, mapping_template


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_template_and_its_file_are_taken_as_they_are(
    tmp_path: Path, entity: str
) -> None:
    (tmp_path / "mapping.yaml").write_text(mapping_template(ENTITIES[entity]))
    (tmp_path / f"{entity}_1.csv").write_text(csv_template(ENTITIES[entity]))
    report = check(tmp_path)
    assert report.is_well
    assert [(file.rows, file.bad_rows) for file in report.files] == [(1, 0)]


def test_a_check_says_what_would_be_taken_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        """
entities:
  orders:
    files: "o*.csv"
    columns: {order_id: id, ordered_at: at, amount: n}
  reviews:
    files: "r*.csv"
    columns: {review_id: id, rating: stars, reviewed_at: at}
"""
    )
    (tmp_path / "o1.csv").write_text("id,at,n\n1,2026-01-01,1\n2,x,1\n")
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / ".hidden").write_text("hello")
    seen: list[CheckedFile] = []
    report = check(tmp_path, seen.append)
    assert tuple(seen) == report.files
    (file,) = report.files
    assert (file.entity, file.name, file.rows, file.bad_rows) == (
        "orders",
        "o1.csv",
        1,
        1,
    )
    assert file.reasons == {"bad_ordered_at": 1}
    assert [(row.line, row.detail) for row in file.examples] == [(3, "2,x,1")]
    assert report.unnamed == ("notes.txt",)
    assert report.without_files == ("reviews",)
    assert not report.is_well
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".hidden",
        "mapping.yaml",
        "notes.txt",
        "o1.csv",
    ]
