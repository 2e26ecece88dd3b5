"""Every fault against every connector: what is staged is what there was.

One sandbox; for each fault a lake of its own, all sources pulled while it strikes:
first everything, two days later what is new, each as often as a schedule tries again.
Then staging is built and held against that of a lake that met no fault on those days.
`make faults` prints the matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from rich.table import Table

from ingestion.errors import SourceError
from ingestion.pipelines import pull
from ingestion.registry import SOURCES
from ingestion.sandbox.faults import FAULTS, Fault
from ingestion.sandbox.faults.records import HUGE_IDS
from ingestion.sandbox.server import RunningSandbox, running_sandbox
from ingestion.sandbox.world import DEFAULT_NOW
from orchestration import dbt_runner
from orchestration.catalogue import register_lake
from orchestration.settings import Settings

pytestmark = pytest.mark.acceptance

SEED = 20261123
ATTEMPTS = 12
PROBABILITY = 0.25
# Small pages: a fault has more than one to strike.
PAGES = {
    "SOURCES__ZENDESK__EXPORT_PAGE_SIZE": "150",
    "SOURCES__ZENDESK__LIST_PAGE_SIZE": "20",
    "SOURCES__HUBSPOT__LIST_PAGE_SIZE": "30",
    "SOURCES__HUBSPOT__SEARCH_PAGE_SIZE": "30",
    "SOURCES__TYPEFORM__PAGE_SIZE": "20",
    "SOURCES__TRUSTPILOT__PAGE_SIZE": "1",
    "RUNTIME__REQUEST_BACKOFF_FACTOR": "0.01",
    "RUNTIME__REQUEST_MAX_ATTEMPTS": "4",
}
# What strikes at most so often: each time stops a pull, and a schedule goes on.
STOPPING = {
    name: 3 for name in ("token_expired", "repeated_page", "cursor_loop", "empty_page")
}
# What strikes wherever it can: few answers are of the kind that it changes.
OFTEN = {
    **dict.fromkeys(("late_rows", "ids_beyond_2_53", "equal_timestamps"), 1.0),
    **dict.fromkeys(("empty_page", "moved_rows", "cursor_loop", "repeated_page"), 0.6),
}
SELDOM_ASKED = {"trustpilot": 0.6, "typeform": 0.5, "zendesk_talk": 0.4}
# What takes a date away: where it is not required, it is blank instead of wrong.
BLANKING = {"vanished_field", "null_cursor"}
# What is whole again only once it has passed.
PASSING = {"late_rows", "no_rows"}
# What says nothing of the first pull: no stream had rows then.
SECOND = {"no_rows"}
BETWEEN = timedelta(days=2)
# Pulls on the way, so that rows are late more than once.
STEPS = {"late_rows": 8}


@dataclass
class Cell:
    """What became of one source under one fault.

    Attributes:
        struck: Answers that the fault changed.
        repeats: Pulls that failed.
        differing: Tables with records that are neither equal nor put aside.
        quarantined: Records put aside.
        uncounted: Loads whose records do not add up.
    """

    struck: int = 0
    repeats: int = 0
    differing: tuple[str, ...] = ()
    quarantined: int = 0
    uncounted: int = 0

    def told(self) -> str:
        if not self.struck:
            return "not met"
        if self.uncounted:
            return f"{self.uncounted} not counted"
        if self.differing:
            return "differs: " + ", ".join(self.differing)
        tries = f", {self.repeats} failed" if self.repeats else ""
        aside = f", {self.quarantined} aside" if self.quarantined else ""
        return f"= ({self.struck}{tries}{aside})"


@pytest.fixture(scope="module")
def vendors() -> Iterator[RunningSandbox]:
    with (
        running_sandbox(customers=150, seed=SEED) as sandbox,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {**sandbox.environment, **PAGES}.items():
            patch.setenv(name, value)
        yield sandbox


@pytest.fixture(scope="module")
def unharmed(
    vendors: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    settings = _settings(tmp_path_factory.mktemp("unharmed"))
    for _ in _days(vendors, 1):
        for source in SOURCES:
            _pull(settings, source)
    _stage(settings)
    return settings


@pytest.fixture(scope="module")
def matrix() -> Iterator[dict[str, dict[str, Cell]]]:
    """Rows by fault, printed when all are there."""
    rows: dict[str, dict[str, Cell]] = {}
    yield rows
    _print(rows)


@pytest.mark.parametrize("name", FAULTS)
def test_every_cell_is_equal_or_in_quarantine(
    vendors: RunningSandbox,
    unharmed: Settings,
    matrix: dict[str, dict[str, Cell]],
    tmp_path: Path,
    name: str,
) -> None:
    settings = _settings(tmp_path)
    cells = matrix[name] = {source: Cell() for source in SOURCES}
    try:
        for day, _ in enumerate(_days(vendors, STEPS.get(name, 1))):
            if day == (name in SECOND):
                vendors.faults.set(*_everywhere(name))
            for source, cell in cells.items():
                cell.repeats += _pull(settings, source) - 1
        for source, cell in cells.items():
            cell.struck = vendors.faults.struck[name, source]
    finally:
        vendors.faults.set()
    if name in PASSING:
        for source in cells:
            _pull(settings, source)
    _stage(settings)
    _compare(unharmed, settings, cells, name)
    assert sum(cell.struck for cell in cells.values())
    assert {
        source: cell.told()
        for source, cell in cells.items()
        if cell.uncounted or cell.differing
    } == {}


def _everywhere(name: str) -> list[Fault]:
    """A fault at every vendor; the fewer its answers, the more of them are struck."""
    usual = OFTEN.get(name, PROBABILITY)
    return [
        Fault(
            name,
            vendor,
            probability=max(usual, SELDOM_ASKED.get(vendor, 0.0)),
            seed=SEED,
            times=STOPPING.get(name),
        )
        for vendor in SOURCES
    ]


def _days(vendors: RunningSandbox, steps: int) -> Iterator[None]:
    """Each moment of a pull: two days ago, on the way to now, and now."""
    now = DEFAULT_NOW
    for step in range(steps + 1):
        vendors.clock.set(now - BETWEEN + BETWEEN * step / steps)
        yield


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, lake_url=str(folder / "lake"))


def _pull(settings: Settings, source: str) -> int:
    """Pull a source until it succeeds; how often that took."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            pull(source, lake_url=settings.lake_url, pipelines_dir=settings.dlt_dir)
        except SourceError:
            continue
        return attempt
    raise AssertionError(f"{source} was not pulled in {ATTEMPTS} attempts")


def _stage(settings: Settings) -> None:
    register_lake(settings)
    staging = replace(settings, memory_limit="500MB")
    dbt_runner.build(
        staging,
        ["--select", "+record_counts", "--exclude", "resource_type:test"],
        {"sources": list(SOURCES)},
        lambda _: None,
    )


def _compare(
    unharmed: Settings, harmed: Settings, cells: dict[str, Cell], fault: str
) -> None:
    with duckdb.connect() as connection:
        # dbt writes a file's own name into its views.
        for name, one in (("warehouse", harmed), ("good", unharmed)):
            connection.execute(f"ATTACH '{one.warehouse_path}' AS {name} (READ_ONLY)")
        for source, table in connection.execute(
            "SELECT regexp_extract(table_name, '^base_(.*?)__', 1), table_name"
            " FROM duckdb_tables() WHERE database_name = 'good'"
            " AND table_name LIKE 'base%' ORDER BY ALL"
        ).fetchall():
            if source not in cells:
                continue
            differing = _differing(connection, table, fault)
            if differing:
                cells[source].differing += (f"{table.partition('__')[2]} {differing}",)
        for source, aside, uncounted in connection.execute(
            "SELECT source, sum(quarantined)::BIGINT, count_if("
            "received <> accepted + quarantined + superseded)"
            " FROM warehouse.staging.record_counts GROUP BY ALL"
        ).fetchall():
            cells[source].quarantined = aside
            cells[source].uncounted = uncounted


def _differing(connection: duckdb.DuckDBPyConnection, table: str, fault: str) -> int:
    """Records that are neither the same nor put aside, which is all they may be."""
    left_out, dates = "_load_id, _seq, _version", _dates(connection, table)
    if fault == "equal_timestamps":
        left_out += "".join(f", {name}" for name in dates)
    kept = "kept.*"
    if fault in BLANKING and dates:
        filled = (f"coalesce(kept.{name}, sent.{name}) AS {name}" for name in dates)
        kept = f"kept.* REPLACE ({', '.join(filled)})"
    rows = (
        f"SELECT * EXCLUDE ({left_out}) FROM (SELECT {kept} FROM"
        f" {{}}.staging.{table} AS kept LEFT JOIN good.staging.{table} AS sent ON"
        " kept._key = sent._key AND sent._disposition = 'accepted')"
        " WHERE _disposition = 'accepted'"
    )
    one, other = rows.format("good"), rows.format("warehouse")
    expected = f"SELECT _key FROM warehouse.staging.{table} WHERE _key IS NOT NULL AND "
    if fault == "ids_beyond_2_53":
        told_apart = " OR ".join(f"_key LIKE '%{huge}'" for huge in HUGE_IDS)
        expected += f"({told_apart})"
        ((found,),) = connection.execute(
            f"SELECT count(DISTINCT _key) FROM warehouse.staging.{table}"
            f" WHERE _disposition = 'accepted' AND ({told_apart})"
        ).fetchall()
        if found not in (0, len(HUGE_IDS)):
            return abs(int(found) - len(HUGE_IDS))
    else:
        expected += "_disposition = 'quarantined'"
    ((differing,),) = connection.execute(
        f"SELECT count(DISTINCT _key) FROM ("
        f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))"
        f" WHERE _key NOT IN ({expected})"
    ).fetchall()
    return int(differing)


def _dates(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE data_type = 'TIMESTAMP'"
        " AND database_name = 'good' AND table_name = ?",
        [table],
    ).fetchall()
    return [name for (name,) in rows]


def _print(matrix: dict[str, dict[str, Cell]]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), title="fault x connector")
    table.add_column("fault", no_wrap=True)
    for source in SOURCES:
        table.add_column(source)
    for name, cells in matrix.items():
        table.add_row(name, *(cell.told() for cell in cells.values()))
    Console(width=200).print(table)
