"""A data folder says which version can use it."""

from __future__ import annotations

import json

import pytest

from orchestration.data_format import FORMAT, ForeignData, require_usable
from orchestration.settings import Settings


def test_a_folder_without_a_number_gets_one(settings: Settings) -> None:
    require_usable(settings)
    written = json.loads((settings.state_dir / "format.json").read_text())
    assert written == {"format": FORMAT}
    require_usable(settings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps({"format": FORMAT + 1}), f"formats up to {FORMAT}"),
        ('{"form', "cannot be read"),
        ("{}", "cannot be read"),
    ],
)
def test_what_this_version_does_not_understand_is_refused_and_left(
    settings: Settings, text: str, told: str
) -> None:
    path = settings.state_dir / "format.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ForeignData, match=told):
        require_usable(settings)
    assert path.read_text() == text
