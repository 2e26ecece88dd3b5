import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app

MAPPING = """
entities:
  orders:
    files: "*.csv"
    columns: {order_id: id, ordered_at: at, amount: n}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    (tmp_path / "good.csv").write_text("id,at,n\n1,2026-01-01,1\n")
    return tmp_path


def test_a_check_of_good_files_ends_with_0(folder: Path) -> None:
    result = CliRunner().invoke(app, ["files", "check", str(folder)])
    assert result.exit_code == 0
    assert "1 rows would be taken, 0 not. Nothing was loaded." in result.output


def test_a_check_shows_file_line_and_reason(folder: Path) -> None:
    (folder / "bad.csv").write_text("id,at,n\n1,2026-01-01,one\n")
    result = CliRunner().invoke(app, ["files", "check", str(folder)])
    assert result.exit_code == 1
    assert "1 x bad_amount" in result.output
    assert "line 2: bad_amount: 1,2026-01-01,one" in result.output


def test_a_check_can_be_read_by_machines(folder: Path) -> None:
    result = CliRunner().invoke(app, ["files", "check", str(folder), "--json"])
    told = json.loads(result.output)
    assert told["is_well"]
    assert told["files"][0]["rows"] == 1


def test_a_template_is_printed_as_mapping_or_as_file() -> None:
    mapping = CliRunner().invoke(app, ["files", "template", "orders"])
    assert "order_id: order_id" in mapping.output
    assert "must be there" in mapping.output
    file = CliRunner().invoke(app, ["files", "template", "orders", "--csv"])
    assert file.output.startswith("order_id,customer_id,")


def test_an_unknown_entity_is_answered_with_those_that_there_are() -> None:
    result = CliRunner().invoke(app, ["files", "template", "invoices"])
    assert result.exit_code == 2
    assert "subscriptions" in result.output
