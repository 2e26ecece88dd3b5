"""The build: catalogue of committed files, dbt before identity, identity, dbt after it.

Holds the four steps between lake and candidate. dbt runs twice, chosen by tag: what
identity needs (`prepare`) and what needs identity (`marts`). Does not hold models
(`dbt_project`) nor rules of identity (`orchestration.identity`).
Tests: tests/test_architecture.py, tests/end_to_end/
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration import charts, figures, identity, progress, quarantine, stages
from orchestration.catalogue import LandedTable, register_lake
from orchestration.defs.resources import DbtBuilds
from orchestration.defs.translator import (
    CATALOGUE,
    IDENTITY_SOURCE,
    MANIFEST,
    OWNERS,
    PERSONAL,
    TRANSLATOR,
)
from orchestration.errors import BuildFailed, BuildRefused
from orchestration.settings import Settings
from orchestration.warehouse import connect

# The last one made of what identity reads.
IDENTITY_INPUT = dg.AssetKey(["intermediate", "customer_addresses"])
QUARANTINE = dg.AssetKey(["warehouse", "quarantine"])
QUARANTINE_INPUT = dg.AssetKey(["intermediate", "quarantined_records"])


def _lake_views() -> list[dg.AssetKey]:
    """Return the lake tables that dbt reads."""
    return sorted(
        dg.AssetKey([source["source_name"], source["name"]])
        for source in MANIFEST["sources"].values()
        if source["source_name"] != IDENTITY_SOURCE
    )


_WHAT_TO_DO = (
    "Look at the payloads of a reason: `duckdb -c \"FROM 'data/quarantine/"
    "quarantined_records.parquet' WHERE reason = '...'\"`. Mend them at the vendor, or "
    "teach staging the new form; the next build takes them in."
)


@dg.asset(
    key=CATALOGUE,
    deps=_lake_views(),
    group_name="lake",
    kinds={"duckdb"},
    owners=OWNERS,
    tags={"layer": "warehouse"},
)
def catalogue(warehouse: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Views `<source>.<table>` over the files of committed loads, listed one by one."""
    with progress.stage("catalogue") as stage:
        landed = register_lake(warehouse).values()
        files = sum(table.files for table in landed)
        stage.say(note=f"{files} files in {len(landed)} tables")
    stages.reached("catalogued")
    listed = [dg.TableRecord(_told(table)) for table in landed]
    return dg.MaterializeResult(
        metadata={
            "files": files,
            "loads": len({load for table in landed for load in table.load_ids}),
            "landed": dg.MetadataValue.table(listed),
        }
    )


def _told(table: LandedTable) -> dict[str, str | int]:
    return {
        "table": f"{table.source}.{table.table}",
        "files": table.files,
        "loads": len(table.load_ids),
        "last_load": max(table.load_ids, default="none"),
    }


@dbt_assets(
    manifest=MANIFEST,
    select="tag:prepare",
    name="prepare",
    dagster_dbt_translator=TRANSLATOR,
)
def prepare(
    context: dg.AssetExecutionContext,
    dbt: DbtBuilds,
    warehouse: dg.ResourceParam[Settings],
) -> Iterator[Any]:
    """Staging and what identity needs."""
    yield from _build(context, dbt, warehouse, "cautious")
    stages.reached("prepared")


@dg.multi_asset(
    name="identity",
    specs=[
        dg.AssetSpec(
            [IDENTITY_SOURCE, source["name"]],
            deps=[IDENTITY_INPUT],
            group_name="identity",
            kinds={"python", "duckdb"},
            owners=OWNERS,
            tags={"layer": "identity"},
            description=source["description"],
        )
        for source in MANIFEST["sources"].values()
        if source["source_name"] == IDENTITY_SOURCE
    ],
)
def resolved_identities(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult]:
    """Which customer each source record belongs to; keys come from the ledger."""
    with progress.stage("identity") as stage:
        report = identity.resolve(warehouse)
        stage.say(rows=report.records, note=f"{report.customers:,} customers")
    stages.reached("identified")
    for key in context.selected_asset_keys:
        yield dg.MaterializeResult(asset_key=key, metadata=asdict(report))


@dbt_assets(
    manifest=MANIFEST,
    select="tag:marts",
    exclude="tag:prepare",
    name="marts",
    dagster_dbt_translator=TRANSLATOR,
)
def marts(
    context: dg.AssetExecutionContext,
    dbt: DbtBuilds,
    warehouse: dg.ResourceParam[Settings],
) -> Iterator[Any]:
    """Facts, dimensions, metrics and what describes them."""
    yield from _build(context, dbt, warehouse, "eager")
    stages.reached("built")


@dg.asset(
    key=QUARANTINE,
    deps=[QUARANTINE_INPUT],
    group_name="quarantine",
    kinds={"parquet"},
    owners=OWNERS,
    tags={"layer": "warehouse", PERSONAL: ""},
)
def quarantined(warehouse: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Records that staging rejected, as a file with the reason of each."""
    counts = quarantine.export(warehouse)
    rows = [
        dg.TableRecord({"table": f"{source}.{table}", "reason": reason, "records": n})
        for (source, table, reason), n in counts.items()
    ]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(counts.values()),
            "path": dg.MetadataValue.path(str(warehouse.quarantine_dir)),
            "next_step": _WHAT_TO_DO if rows else "Nothing to do.",
            **({"reasons": dg.MetadataValue.table(rows)} if rows else {}),
        }
    )


def _build(
    context: dg.AssetExecutionContext,
    dbt: DbtBuilds,
    settings: Settings,
    indirect_selection: str,
) -> Iterator[Any]:
    """Build what is selected; tell Dagster what was made even if a part failed."""
    chosen = get_updated_cli_invocation_params_for_context(context, {}, TRANSLATOR)
    selection = [
        *chosen.selection_args,
        "--indirect-selection",
        chosen.indirect_selection or indirect_selection,
    ]
    failure: Exception | None = None
    events: list[dict[str, Any]] = []
    with progress.stage(context.op_def.name) as stage:

        def told(event: dict[str, Any]) -> None:
            events.append(event)
            data = event["data"]
            stage.say(note=f"{data.get('index')}/{data.get('total')} nodes")

        try:
            dbt.build(settings, selection, told)
        except (BuildFailed, BuildRefused) as error:
            failure = error
        shown = _metadata_of_tables(settings)
        for event in events:
            yield from _dagster_events(context, event, shown)
        if failure is not None:
            raise failure
        stage.say(note=_summary(events))


def _dagster_events(
    context: dg.AssetExecutionContext,
    event: dict[str, Any],
    shown: Mapping[str, dict[str, Any]],
) -> Iterator[Any]:
    message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
    node = event["data"].get("node_info", {}).get("node_relation", {})
    table = f"{node.get('schema')}.{node.get('alias')}"
    for made in message.to_default_asset_events(MANIFEST, TRANSLATOR, context):
        if isinstance(made, dg.Output) and table in shown:
            context.add_output_metadata(shown[table], output_name=made.output_name)
        yield made


def _metadata_of_tables(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return rows of every table, and of staging what went in and what came out."""
    if not settings.warehouse_path.exists():
        return {}
    shown: dict[str, dict[str, Any]] = {
        table: {"dagster/row_count": rows}
        for table, rows in _rows_of_tables(settings).items()
    }
    for (source, table), counts in figures.row_counts(settings).items():
        told: dict[str, Any] = {
            "rows_in": counts.received,
            "rows_out": counts.accepted,
            "rows_superseded": counts.superseded,
            "rows_quarantined": counts.quarantined,
        }
        if counts.reasons:
            reasons = charts.table(("reason", "records"), counts.reasons.items())
            told["quarantined_by_reason"] = dg.MetadataValue.md(reasons)
        for kind in ("base", "stg"):
            shown.setdefault(f"staging.{kind}_{source}__{table}", {}).update(told)
    return shown


def _rows_of_tables(settings: Settings) -> dict[str, int]:
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        found = connection.execute(
            "SELECT schema_name || '.' || table_name, estimated_size"
            " FROM duckdb_tables() WHERE NOT internal"
        ).fetchall()
    return {str(name): int(rows) for name, rows in found}


def _summary(events: list[dict[str, Any]]) -> str:
    finished = [event["info"]["name"] for event in events]
    tests = finished.count("LogTestResult")
    made = len(finished) - tests - finished.count("LogStartLine")
    return f"{made} models, {tests} tests"
