from orchestration.publication.layout import ledger_path
from orchestration.publication.link import current_release, flip, standing


def repoint(settings, target):
    settings.published_link.unlink(missing_ok=True)
    settings.published_link.symlink_to(target)


def test_nothing_published_is_no_problem(settings):
    assert (standing(settings).release_id, standing(settings).problem) == (None, None)


def test_published_release_stands_well(with_release):
    assert (standing(with_release).release_id, standing(with_release).problem) == (
        "r000001",
        None,
    )


def test_link_is_relative_so_that_the_data_folder_can_move(with_release, tmp_path):
    moved = tmp_path / "elsewhere"
    with_release.data_dir.rename(moved)
    assert (moved / "published" / "cx.duckdb").is_file()


def test_hand_edited_link_to_an_unknown_folder_is_reported(with_release):
    (with_release.releases_dir / "r000099").mkdir()
    repoint(with_release, "releases/r000099")
    problem = standing(with_release).problem
    assert "points to r000099, which the ledger does not know" in problem
    assert "cx rollback r000001" in problem


def test_hand_edited_link_to_an_older_release_is_reported(with_release, released):
    released(with_release)
    repoint(with_release, "releases/r000001")
    assert "but the ledger says r000002" in standing(with_release).problem


def test_link_out_of_the_releases_or_to_nothing_is_no_release(with_release, tmp_path):
    for target in (tmp_path, "releases/r000077", "releases", "releases/../state"):
        repoint(with_release, target)
        assert current_release(with_release) is None
        assert "is no release" in standing(with_release).problem


def test_folder_instead_of_a_link_is_reported(settings):
    settings.published_link.mkdir()
    assert "points nowhere" in standing(settings).problem


def test_flip_replaces_the_link_and_leaves_nothing_behind(with_release, released):
    released(with_release)
    flip(with_release, "r000001")
    assert current_release(with_release) == "r000001"
    left = {path.name for path in with_release.data_dir.iterdir()}
    assert left == {"published", "releases", "state", "tmp", "warehouse.duckdb"}
    assert ledger_path(with_release).exists()
