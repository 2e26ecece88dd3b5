import duckdb
import pytest

from orchestration.publication.fingerprints import Fingerprint, combined, fingerprint

TABLE = (
    "CREATE OR REPLACE TABLE t AS SELECT i AS id, 'name ' || i AS name,"
    " i * 1.5 AS amount, TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) SECOND"
    " AS moment, [i, i + 1] AS list FROM range({rows}) AS r (i) ORDER BY {order}"
)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def test_order_threads_and_time_zone_do_not_matter(connection):
    found = set()
    for threads, zone, order in [
        (1, "UTC", "id"),
        (2, "America/New_York", "hash(id)"),
        (4, "Asia/Kolkata", "id DESC"),
    ]:
        connection.execute(f"SET threads = {threads}; SET TimeZone = '{zone}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(TABLE.format(rows=300_000, order=order))
        found.add(fingerprint(connection, "t"))
    assert len(found) == 1
    assert found.pop().rows == 300_000


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE t SET name = 'x' WHERE id = 7",
        "UPDATE t SET amount = NULL WHERE id = 7",
        "UPDATE t SET list = [8, 7] WHERE id = 7",
        "DELETE FROM t WHERE id = 7",
        "INSERT INTO t FROM t WHERE id = 7",
        "INSERT INTO t FROM t",
        "ALTER TABLE t RENAME COLUMN name TO label",
        "ALTER TABLE t ALTER COLUMN id TYPE INTEGER",
    ],
)
def test_any_change_of_rows_or_columns_shows(connection, change):
    connection.execute(TABLE.format(rows=100, order="id"))
    before = fingerprint(connection, "t")
    connection.execute(change)
    assert fingerprint(connection, "t") != before


def test_values_swapped_between_two_columns_show(connection):
    connection.execute("CREATE TABLE t AS SELECT 1 AS a, 2 AS b")
    before = fingerprint(connection, "t")
    connection.execute("UPDATE t SET a = 2, b = 1")
    assert fingerprint(connection, "t") != before


def test_load_ids_and_times_of_publication_do_not_matter(connection):
    connection.execute(
        "CREATE TABLE t AS SELECT 1 AS id, '1.1' AS _dlt_load_id, '1' AS load_id,"
        " 'r1' AS release_id, now() AS published_at, now() AS last_loaded_at"
    )
    before = fingerprint(connection, "t")
    connection.execute(
        "UPDATE t SET _dlt_load_id = '2', load_id = '2', release_id = 'r2',"
        " published_at = NULL, last_loaded_at = NULL"
    )
    assert fingerprint(connection, "t") == before


def test_parquet_of_a_table_has_the_fingerprint_of_the_table(connection, tmp_path):
    connection.execute(TABLE.format(rows=1000, order="id"))
    path = tmp_path / "t.parquet"
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assert fingerprint(connection, f"read_parquet('{path}')") == fingerprint(
        connection, "t"
    )


def test_digest_over_tables_depends_on_each_and_on_no_order():
    one, two = Fingerprint(1, "aa"), Fingerprint(1, "bb")
    assert combined({"x": one, "y": two}) == combined({"y": two, "x": one})
    assert combined({"x": one, "y": two}) != combined({"x": two, "y": one})
