import pytest

from orchestration.publication.errors import ReleaseUnknown
from orchestration.publication.layout import (
    number_of,
    numbers_on_disk,
    release_id_of,
    releases_on_disk,
)
from orchestration.settings import Settings


@pytest.mark.parametrize("number", [1, 42, 999_999, 1_000_000])
def test_id_and_number_are_each_other_s_inverse(number):
    assert number_of(release_id_of(number)) == number


@pytest.mark.parametrize(
    "text", ["", "1", "r1", "r00000x", "R000001", "r000001/..", " r000001", "r000001\n"]
)
def test_anything_else_is_no_release_id(text):
    with pytest.raises(ReleaseUnknown, match="no release id"):
        number_of(text)


def test_every_trace_of_a_number_counts_as_used(tmp_path):
    settings = Settings(tmp_path, "")
    assert numbers_on_disk(settings) == set()
    for name in ("r000002", ".candidate_r000003", ".removed_r000004", "r1", ".lock"):
        (settings.releases_dir / name).mkdir(parents=True)
    audits = settings.state_dir / "audits"
    audits.mkdir(parents=True)
    (audits / "r000005.json").write_text("{}")
    assert numbers_on_disk(settings) == {2, 3, 4, 5}
    assert releases_on_disk(settings) == ["r000002"]


def test_releases_are_in_order_of_their_numbers_beyond_a_million(tmp_path):
    settings = Settings(tmp_path, "")
    for name in ("r1000000", "r999999"):
        (settings.releases_dir / name).mkdir(parents=True)
    assert releases_on_disk(settings) == ["r999999", "r1000000"]
