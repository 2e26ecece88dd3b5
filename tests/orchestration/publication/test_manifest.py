import pytest

from orchestration.publication.errors import ReleaseDamaged
from orchestration.publication.fingerprints import Fingerprint
from orchestration.publication.manifest import Manifest, read_manifest, verify_files


@pytest.fixture
def manifest():
    return Manifest(
        release_id="r000001",
        created_at="2024-03-02T00:00:00+00:00",
        sealed_at=None,
        as_of="2024-03-01T00:00:00Z",
        code_version="1",
        duckdb_version="1.5",
        previous=None,
        input_loads={"zendesk": ["1.1"]},
        tables={
            "marts.a": Fingerprint(2, "aa"),
            "marts.b": Fingerprint(3, "bb"),
            "meta.checks": Fingerprint(100, "cc"),
        },
        files={},
        checks={},
    )


def test_manifest_comes_back_as_it_was_written(manifest, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"a")
    listed = manifest.with_files_of(tmp_path)
    listed.write(tmp_path)
    assert read_manifest(tmp_path) == listed
    assert list(listed.files) == ["a.bin"]


def test_only_marts_count_for_rows_and_fingerprint(manifest):
    assert manifest.rows == 5
    manifest.tables["meta.checks"] = Fingerprint(1, "dd")
    before = manifest.release_fingerprint
    manifest.tables["marts.b"] = Fingerprint(3, "xx")
    assert manifest.release_fingerprint != before


def test_hash_of_the_manifest_covers_every_file(manifest, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"a")
    one = manifest.with_files_of(tmp_path).write(tmp_path)
    (tmp_path / "a.bin").write_bytes(b"b")
    assert manifest.with_files_of(tmp_path).write(tmp_path) != one


def test_missing_changed_and_foreign_files_are_all_named(manifest, tmp_path):
    for name in ("kept", "changed", "missing"):
        (tmp_path / name).write_text(name)
    listed = manifest.with_files_of(tmp_path)
    (tmp_path / "changed").write_text("other")
    (tmp_path / "missing").unlink()
    (tmp_path / "cx.duckdb.wal").write_text("foreign")
    (tmp_path / "linked").symlink_to(tmp_path / "kept")
    with pytest.raises(ReleaseDamaged) as damaged:
        verify_files(tmp_path, listed)
    assert damaged.value.what.partition(": ")[2] == (
        "changed was changed; cx.duckdb.wal is foreign; linked is foreign; "
        "missing is missing"
    )


def test_file_replaced_by_a_link_to_the_same_bytes_is_found_out(manifest, tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "a").write_text("a")
    listed = manifest.with_files_of(folder)
    (folder / "a").rename(tmp_path / "a")
    (folder / "a").symlink_to(tmp_path / "a")
    with pytest.raises(ReleaseDamaged, match="a was changed"):
        verify_files(folder, listed)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"rows": 1', "\x00"])
def test_unreadable_manifest_is_damage(tmp_path, text):
    with pytest.raises(ReleaseDamaged):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ReleaseDamaged):
        read_manifest(tmp_path)
