"""A company without any vendor: files give the metrics that the vendors gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.files_export import LACKING
from tests.end_to_end.conftest import Warehouse

# What keeps its name whatever source it comes from; keys hold the source's name.
SAME_NAMES = ("channel", "priority", "pipeline", "business_unit", "language", "rating")
# Columns that files cannot bring, of facts and dimensions (`LACKING`).
GAPS = {
    "fct_deals": {"pipeline_id", "stage_id"},
    "fct_deal_stage_events": {"pipeline_id", "stage_id"},
    "dim_accounts": set(),
    "customer_360": set(),
    "fct_tickets": set(),
    "fct_survey_responses": set(),
    "fct_interactions": set(),
    "fct_reviews": set(),
}
SHOP = """
complete_to: 2026-06-30T12:00:00Z
entities:
  customers:
    files: "customers*.csv"
    columns: {customer_id: id, name: who, email: mail}
  survey_answers:
    files: "nps*.csv"
    columns: {response_id: id, customer_id: customer, score: points, responded_at: day}
    constants: {survey_type: NPS, survey_id: shop}
    date_format: "%d.%m.%Y"
"""


@pytest.fixture(scope="module")
def files_only(
    warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The same company, of which nothing is left but files."""
    made = Warehouse(tmp_path_factory.mktemp("files"), {"CX_SOURCES": "files"})
    told = warehouse.cx("files", "export", str(made.data_dir / "files"))
    assert set(told["lacking"]) == set(LACKING)
    made.cx("run")
    return made


@pytest.fixture(scope="module")
def both(
    warehouse: Warehouse, files_only: Warehouse
) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, one in (("vendors", warehouse), ("files", files_only)):
            path = (one.data_dir / "published").resolve() / "cx.duckdb"
            connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        yield connection


def differing(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """Rows that one of the two has and the other has not."""
    one, other = query.format("vendors"), query.format("files")
    ((n,),) = connection.execute(
        f"SELECT (SELECT count(*) FROM ({one} EXCEPT ALL {other}))"
        f" + (SELECT count(*) FROM ({other} EXCEPT ALL {one}))"
    ).fetchall()
    return int(n)


def test_every_metric_is_the_same_from_files_as_from_the_vendors(
    both: duckdb.DuckDBPyConnection,
) -> None:
    named = f"coalesce({{}}, 'channel') IN {SAME_NAMES}"
    rows = "FROM {}.marts.metrics_periodic"
    same_names = (
        f"SELECT * {rows} WHERE {named.format('dimension_1')}"
        f" AND {named.format('dimension_2')}"
    )
    ((found,),) = both.execute(
        f"SELECT count(*) FROM ({same_names.format('vendors')})"
    ).fetchall()
    assert found > 10_000
    assert differing(both, same_names) == 0
    # By agent, group, survey and so on: the same values under other keys.
    assert differing(both, f"SELECT * EXCLUDE (value_1, value_2) {rows}") == 0


@pytest.mark.parametrize("table", GAPS)
def test_facts_are_the_same_but_for_their_keys(
    both: duckdb.DuckDBPyConnection, table: str
) -> None:
    columns = [
        name
        for (name,) in both.execute(
            "SELECT column_name FROM duckdb_columns()"
            " WHERE database_name = 'vendors' AND table_name = ?",
            [table],
        ).fetchall()
        if not name.endswith("_key") and not name.startswith("source")
    ]
    kept = ", ".join(f'"{name}"' for name in columns if name not in GAPS[table])
    assert differing(both, f"SELECT {kept} FROM {{}}.marts.{table}") == 0


def test_a_new_folder_joins_customers_and_tells_what_it_could_not_take(
    files_only: Warehouse,
) -> None:
    folder = files_only.data_dir / "files" / "shop"
    folder.mkdir()
    (folder / "mapping.yaml").write_text(SHOP)
    known = _address_of_a_customer(files_only)
    (folder / "customers.csv").write_text(
        f"id,who,mail\n1,Ann,{known}\n2,Bo,bo@shop.example\n"
    )
    (folder / "nps.csv").write_text(
        "id,customer,points,day\nR1,1,10,05.06.2026\nR2,2,3,06.06.2026\n"
        "R3,2,11,07.06.2026\nR4,2,9,31.06.2026\n"
    )
    before = files_only.rows("SELECT count(*) FROM marts.customer_360")
    report = files_only.cx("run", "--source", "files_shop")
    # 11 is off the scale; there is no June 31st.
    assert report["quarantined"] == {"files_shop.survey_answers": 2}
    assert files_only.rows(
        "SELECT source_id, score FROM marts.fct_survey_responses"
        " WHERE source = 'files_shop' ORDER BY ALL"
    ) == [("R1", 10), ("R2", 3)]
    # Ann was known, Bo was not.
    ((count,),) = before
    assert files_only.rows("SELECT count(*) FROM marts.customer_360") == [(count + 1,)]
    assert files_only.rows(
        "SELECT DISTINCT status FROM meta.sources WHERE source = 'files_shop'"
    ) == [("fresh",)]
    (odd,) = _quarantined(files_only, "bad_responded_at")
    assert '"file": "nps.csv"' in odd
    assert '"line": 5' in odd


def _address_of_a_customer(warehouse: Warehouse) -> str:
    path = warehouse.data_dir / "files" / "zendesk" / "customers.csv"
    with duckdb.connect() as connection:
        ((address,),) = connection.execute(
            "SELECT min(email) FROM read_csv(?)", [str(path)]
        ).fetchall()
    return str(address)


def _quarantined(warehouse: Warehouse, reason: str) -> list[str]:
    path: Path = warehouse.data_dir / "quarantine" / "quarantined_records.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT payload FROM read_parquet(?) WHERE reason = ?", [str(path), reason]
        ).fetchall()
    return [payload for (payload,) in rows]
