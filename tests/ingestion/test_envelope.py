import duckdb

from ingestion.envelope import (
    ENVELOPE,
    PULLS,
    REJECTS,
    duckdb_columns,
    empty_relation_sql,
    without_load_id,
)


def test_envelope_columns_are_those_of_the_contract_in_its_order():
    assert duckdb_columns(ENVELOPE) == {
        "key": "VARCHAR",
        "parent_key": "VARCHAR",
        "cursor_at": "TIMESTAMPTZ",
        "version": "BIGINT",
        "seq": "BIGINT",
        "op": "VARCHAR",
        "extracted_at": "TIMESTAMPTZ",
        "payload": "VARCHAR",
        "_dlt_load_id": "VARCHAR",
    }


def test_a_stream_without_files_becomes_an_empty_relation_of_the_right_types():
    for schema in (ENVELOPE, PULLS, REJECTS):
        relation = duckdb.sql(empty_relation_sql(schema))
        assert relation.fetchall() == []
        kinds = [
            str(kind).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
            for kind in relation.types
        ]
        assert dict(zip(relation.columns, kinds, strict=True)) == duckdb_columns(schema)


def test_connectors_leave_the_load_id_to_dlt():
    assert "_dlt_load_id" not in without_load_id(ENVELOPE).names
