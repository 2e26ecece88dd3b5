import subprocess
import sys

import pytest

from orchestration.publication.errors import NoRelease, QueryFailed
from orchestration.publication.query import run_query


@pytest.fixture
def published(with_release):
    return with_release


def test_marts_and_meta_are_reached_by_schema_and_table(published):
    found = run_query(
        published,
        "SELECT ticket_id, (SELECT count(*) FROM meta.checks) AS checks"
        " FROM marts.fct_tickets ORDER BY ALL",
    )
    assert found.columns == ("ticket_id", "checks")
    assert found.rows == [("101", 1), ("102", 1), ("103", 1)]
    assert found.release_id == "r000001"


def test_limit_bounds_the_rows(published):
    assert len(run_query(published, "FROM marts.fct_tickets", limit=2).rows) == 2


def test_instants_are_utc_whatever_the_machine_says(published, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    (row,) = run_query(
        published, "SELECT current_setting('TimeZone'), '2024-01-01'::TIMESTAMPTZ::TEXT"
    ).rows
    assert row == ("UTC", "2024-01-01 00:00:00+00")


@pytest.mark.parametrize(
    "sql",
    [
        "COPY marts.fct_tickets TO '{data}/stolen.csv'",
        "COPY marts.fct_tickets TO '{data}/tmp/stolen.csv'",
        "EXPORT DATABASE '{data}/stolen'",
        "ATTACH '{data}/releases/r000001/cx_pii.duckdb' AS pii (READ_ONLY)",
        "ATTACH '{data}/warehouse.duckdb' AS work",
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('{data}/state/releases.jsonl')",
        "FROM '{data}/releases/r000001/parquet/fct_tickets.parquet'",
        "FROM glob('{data}/*')",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "SET memory_limit = '900GB'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "INSERT INTO marts.fct_tickets FROM marts.fct_tickets",
        "CREATE TABLE marts.mine AS SELECT 1",
        "DROP TABLE marts.fct_tickets",
        "FROM settings",
    ],
)
def test_nothing_but_reading_the_release_is_possible(published, sql):
    before = sorted(path.name for path in published.data_dir.rglob("*"))
    with pytest.raises(QueryFailed):
        run_query(published, sql.format(data=published.data_dir))
    assert sorted(path.name for path in published.data_dir.rglob("*")) == before


def test_wrong_sql_is_one_screen_with_a_hint_where_tables_are_listed(published):
    with pytest.raises(QueryFailed) as failed:
        run_query(published, "SELECT tiket_id FROM marts.fct_tickets")
    told = str(failed.value)
    assert '"tiket_id" not found' in told
    assert "duckdb_tables()" in told
    assert len(told.splitlines()) <= 20


def test_the_hint_works(published):
    rows = run_query(
        published, "SELECT schema_name, table_name, comment FROM duckdb_tables()"
    ).rows
    described = "One row per metric, mode, period and dimension value."
    assert ("marts", "metrics_periodic", described) in rows
    assert run_query(published, "DESCRIBE marts.fct_tickets").rows


@pytest.mark.parametrize("sql", ["", "   ", "-- nothing"])
def test_no_statement_is_an_error_too(published, sql):
    with pytest.raises(QueryFailed, match="no SQL statement"):
        run_query(published, sql)


def test_query_before_the_first_release_says_what_to_run(settings):
    with pytest.raises(
        NoRelease, match=r"No release has been published yet\.\n.*cx run"
    ):
        run_query(settings, "SELECT 1")


def test_broken_link_is_told_apart_from_no_release(published, tmp_path):
    published.published_link.unlink()
    published.published_link.symlink_to(tmp_path)
    with pytest.raises(NoRelease, match="which is no release"):
        run_query(published, "SELECT 1")


def test_large_results_spill_into_a_folder_that_goes_away(published):
    run_query(published, "SELECT count(DISTINCT i) FROM range(300000) AS r (i)")
    assert list(published.temp_dir.iterdir()) == []


def test_reader_leaves_the_release_unlocked_for_others(published):
    path = published.published_link.resolve() / "cx.duckdb"
    code = (
        f"import duckdb; c = duckdb.connect({str(path)!r}, read_only=True);"
        "print(c.execute('SELECT count(*) FROM marts.fct_tickets').fetchone()[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "3"
