import json
import stat

import duckdb
import pytest

from orchestration.publication.candidate import build_candidate, next_release_id
from orchestration.publication.durable import sha256_of
from orchestration.publication.errors import PublicationError
from orchestration.publication.layout import candidate_dir
from orchestration.publication.manifest import read_manifest


def opened(path, query):
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query).fetchall()


def test_candidate_holds_marts_and_meta_apart_from_personal_data(settings):
    candidate = build_candidate(settings, code_version="1.2.3")
    assert candidate.release_id == "r000001"
    assert candidate.path.name == ".candidate_r000001"
    schemas = "SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY ALL"
    assert opened(candidate.path / "cx.duckdb", schemas) == [("marts",), ("meta",)]
    assert opened(candidate.path / "cx_pii.duckdb", schemas) == [("pii",)]
    assert not list(candidate.path.glob("*.wal"))
    exported = {path.stem for path in (candidate.path / "parquet").iterdir()}
    assert {"fct_tickets", "metrics", "input_loads"} <= exported
    assert not exported & {"agents", "customer_contacts"}


def test_files_are_read_only_and_personal_ones_private(settings):
    directory = build_candidate(settings, code_version="1").path
    modes = {
        str(path.relative_to(directory)): stat.S_IMODE(path.stat().st_mode)
        for path in directory.rglob("*")
        if path.is_file()
    }
    assert modes.pop("cx_pii.duckdb") == 0o400
    assert set(modes.values()) == {0o444}


def test_file_refuses_a_foreign_log(settings):
    path = build_candidate(settings, code_version="1").path / "cx.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS cx (READ_ONLY)")
        [(tags,)] = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'cx'"
        ).fetchall()
    assert tags["storage_version"] == "v1.4.0+"


def test_manifest_tells_files_tables_loads_and_instants(settings):
    directory = build_candidate(settings, code_version="1.2.3").path
    manifest = read_manifest(directory)
    assert manifest.files["cx.duckdb"] == sha256_of(directory / "cx.duckdb")
    assert manifest.tables["marts.fct_tickets"].rows == 3
    assert manifest.rows == 3 + 4 + 3 + 6 + 2 + 39 + 5 + 3 + 2 + 5
    assert manifest.as_of == "2024-03-01T23:59:00Z"
    assert manifest.code_version == "1.2.3"
    assert manifest.sealed_at is None
    assert manifest.input_loads == {
        "files_shop": ["1709300003.1"],
        "hubspot": ["1709300002.1"],
        "qualtrics": ["1709300004.1"],
        "trustpilot": ["1709300003.1"],
        "typeform": ["1709300001.1"],
        "zendesk": ["1709300000.1", "1709337600.2"],
        "zendesk_talk": ["1709300004.1"],
    }
    written = json.loads((directory / "manifest.json").read_text())
    assert written["release_fingerprint"] == manifest.release_fingerprint


def test_descriptions_of_tables_and_columns_are_published(settings):
    directory = build_candidate(settings, code_version="1").path
    assert opened(
        directory / "cx.duckdb",
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'metrics_periodic'"
        " UNION ALL SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL",
    ) == [
        ("One row per metric, mode, period and dimension value.",),
        ("Cases behind the value; that's all.",),
    ]


def test_views_that_name_the_work_file_are_published_as_tables(settings, change):
    change(
        settings,
        'CREATE VIEW marts.dim_views AS FROM "warehouse".marts.dim_agents',
    )
    directory = build_candidate(settings, code_version="1").path
    assert opened(directory / "cx.duckdb", "FROM marts.dim_views") == [("A21",)]


def test_candidate_of_a_dead_run_is_removed_and_its_number_used_up(settings):
    dead = build_candidate(settings, code_version="1")
    (dead.path / "half.duckdb").write_bytes(b"half-written")
    alive = build_candidate(settings, code_version="1")
    assert alive.release_id == "r000002"
    assert not dead.path.exists()


def test_number_is_above_everything_that_was_ever_used(settings, released):
    assert next_release_id(settings) == "r000001"
    released(settings)
    (settings.releases_dir / "r000041").mkdir()
    assert next_release_id(settings) == "r000042"


def test_missing_work_file_says_what_to_run(settings):
    settings.warehouse_path.unlink()
    with pytest.raises(PublicationError, match="no work file"):
        build_candidate(settings, code_version="1")


def test_work_file_without_marts_makes_no_candidate(settings, change):
    change(settings, "DROP SCHEMA marts CASCADE")
    with pytest.raises(PublicationError, match="no tables in schema marts"):
        build_candidate(settings, code_version="1")


def test_locked_work_file_is_named(settings):
    with (
        duckdb.connect(str(settings.warehouse_path)),
        pytest.raises(PublicationError, match="cannot be opened"),
    ):
        build_candidate(settings, code_version="1")


def test_as_of_must_be_one_instant(settings, change):
    change(settings, "DELETE FROM intermediate.as_of")
    with pytest.raises(PublicationError, match="0 rows"):
        build_candidate(settings, code_version="1")
    assert not (candidate_dir(settings, "r000001") / "manifest.json").exists()
