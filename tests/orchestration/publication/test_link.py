from orchestration.publication.layout import ledger_path
from orchestration.publication.link import current_release, flip, standing


def repoint(settings, target):
    settings.published_link.unlink(missing_ok=True)
    settings.published_link.symlink_to(target)


def test_nothing_published_is_no_problem(settings):
    assert (standing(settings).release_id, standing(settings).problem) == (None, None)


def test_published_release_stands_well(settings, released):
    released(settings)
    assert (standing(settings).release_id, standing(settings).problem) == (
        "r000001",
        None,
    )


def test_link_is_relative_so_that_the_data_folder_can_move(
    settings, released, tmp_path
):
    released(settings)
    moved = tmp_path / "elsewhere"
    settings.data_dir.rename(moved)
    assert (moved / "published" / "cx.duckdb").is_file()


def test_hand_edited_link_to_an_unknown_folder_is_reported(settings, released):
    released(settings)
    (settings.releases_dir / "r000099").mkdir()
    repoint(settings, "releases/r000099")
    problem = standing(settings).problem
    assert "points to r000099, which the ledger does not know" in problem
    assert "cx rollback r000001" in problem


def test_hand_edited_link_to_an_older_release_is_reported(settings, released):
    released(settings)
    released(settings)
    repoint(settings, "releases/r000001")
    assert "but the ledger says r000002" in standing(settings).problem


def test_link_out_of_the_releases_or_to_nothing_is_no_release(
    settings, released, tmp_path
):
    released(settings)
    for target in (tmp_path, "releases/r000077", "releases", "releases/../state"):
        repoint(settings, target)
        assert current_release(settings) is None
        assert "is no release" in standing(settings).problem


def test_folder_instead_of_a_link_is_reported(settings):
    settings.published_link.mkdir()
    assert "points nowhere" in standing(settings).problem


def test_flip_replaces_the_link_and_leaves_nothing_behind(settings, released):
    released(settings)
    released(settings)
    flip(settings, "r000001")
    assert current_release(settings) == "r000001"
    left = {path.name for path in settings.data_dir.iterdir()}
    assert left == {"published", "releases", "state", "tmp", "warehouse.duckdb"}
    assert ledger_path(settings).exists()
