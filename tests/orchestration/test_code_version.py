"""A release names the code that made it."""

from __future__ import annotations

from importlib.metadata import version

from orchestration.code_version import code_version


def test_the_code_version_begins_with_the_version_of_the_project() -> None:
    assert code_version().split("+")[0] == version("cx-warehouse")
