"""Charts of text: what is more than nothing is seen, and nothing breaks a table."""

from __future__ import annotations

import pytest

from orchestration import charts


def test_bars_grow_from_nothing_to_the_largest() -> None:
    assert charts.sparkline([0, 1, 50, 100]) == "▁▂▅█"


def test_a_small_count_beside_a_large_one_is_not_nothing() -> None:
    assert charts.sparkline([0, 1, 1_000_000]) == "▁▂█"


def test_a_missing_value_is_a_dot_and_not_a_zero() -> None:
    assert charts.sparkline([None, 0, 7]) == "·▁█"
    assert charts.sparkline([None, None]) == "··"


def test_figures_that_move_little_are_drawn_between_their_ends() -> None:
    assert charts.sparkline([98.0, 99.0, 100.0], from_zero=False) == "▁▅█"
    assert charts.sparkline([5.0, 5.0], from_zero=False) == "▁▁"


def test_a_table_has_a_line_per_row() -> None:
    drawn = charts.table(("reason", "records"), [("bad_status", 3)])
    assert drawn == "| reason | records |\n| --- | --- |\n| bad_status | 3 |"


@pytest.mark.parametrize("text", ["a|b", "two\nlines", "back\\slash"])
def test_no_value_breaks_out_of_its_cell(text: str) -> None:
    drawn = charts.table(("one",), [(text,)]).splitlines()
    assert len(drawn) == 3
    assert drawn[2].replace("\\|", "").count("|") == 2
