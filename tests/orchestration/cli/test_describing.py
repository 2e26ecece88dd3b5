"""`cx sandbox describe`, as people and machines read it."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ingestion.sandbox.description import Figure
from orchestration.cli import app
from orchestration.cli.describing import print_figures


def test_a_figure_that_is_off_is_marked_and_explained():
    won = Figure("sales", "deals won of those closed", 0.6, "share", 50)
    usual = Figure("ratings", "CSAT", 0.82, "share", 90)
    screen = io.StringIO()
    print_figures([won, usual], Console(file=screen, width=120))
    lines = screen.getvalue().splitlines()
    (row,) = [line for line in lines if line.startswith("sales")]
    assert row.split()[-1] == "off"
    assert "60.0 %" in row
    assert "19 to 30 %" in row
    (row,) = [line for line in lines if line.startswith("ratings")]
    assert row.split()[-1] == "usual"
    assert any("(off: every customer's first deal" in line for line in lines)


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_the_command_describes_a_world(flags):
    command = ["sandbox", "describe", "--customers", "50", "--seed", "3", *flags]
    outcome = CliRunner().invoke(app, command)
    assert outcome.exit_code == 0, outcome.output
    if flags:
        told = {each["name"]: each for each in json.loads(outcome.output)}
        assert told["tickets"]["value"] == 100
        assert told["CSAT"]["source"].startswith("Zendesk")
    else:
        assert "first reply, median" in outcome.output
