import duckdb

from orchestration.publication.names import literal, quoted, relation


def test_names_and_texts_with_quotes_stay_what_they_are(tmp_path):
    folder = tmp_path / "it's"
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {literal(folder / 'a.duckdb')} AS {quoted('a b')}")
        connection.execute(f"CREATE SCHEMA {quoted('a b')}.marts")
        table = relation("a b", 'marts.odd "name"')
        text = literal("it's")
        connection.execute(f"CREATE TABLE {table} AS SELECT {text} AS text")
        assert connection.execute(f"FROM {table}").fetchall() == [("it's",)]
