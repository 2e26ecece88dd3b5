"""How dbt's models and tests appear in Dagster.

Holds the manifest and the one translator: keys, owners, tags, kinds, and a sentence for
every test. Does not hold models (`dbt_project`) nor how they are built.
Tests: tests/orchestration/defs/test_translator.py
"""

import json
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration import dbt_runner
from orchestration.settings import Settings

CATALOGUE = dg.AssetKey(["warehouse", "catalogue"])
IDENTITY_SOURCE = "identity"
# The tables of files, of all sources together; `files` itself may be one of them.
ALL_FILES = "all_files"
OWNERS = ["team:data"]
PREPARED = "prepared"
PERSONAL = "personal-data"
# Layers that hold values by which a person can be found.
_PERSONAL_LAYERS = {"staging", "intermediate", "pii"}
_MEANINGS = {
    "is_key": "is never NULL and occurs once",
    "unique_together": "occur once together",
    "not_null": "is never NULL",
    "unique": "occurs once",
    "relationships": "leads to a row of the table it refers to",
    "accepted_values": "is one of the known values",
}

MANIFEST_PATH = dbt_runner.ensure_manifest(Settings.from_environment())
MANIFEST: dict[str, Any] = json.loads(MANIFEST_PATH.read_bytes())


class Translator(DagsterDbtTranslator):
    """dagster-dbt's own keys; models that read the lake also wait for its views."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Add owner, tags, and the catalogue to what the model depends on."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id, {})
        layer = node.get("schema", "")
        tags = {"layer": layer} if layer else {}
        if layer in _PERSONAL_LAYERS:
            tags[PERSONAL] = ""
        spec = spec.replace_attributes(
            owners=[*spec.owners] or OWNERS,
            tags={**spec.tags, **tags},
            group_name=_group(spec, node),
        )
        if not _reads_the_lake(node):
            return spec
        return spec.replace_attributes(deps=[*spec.deps, dg.AssetDep(CATALOGUE)])

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """Say in a sentence what the test means and what to do when it fails."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None or spec.description:
            return spec
        return spec._replace(description=sentence_of(manifest["nodes"][unique_id]))


def _group(spec: dg.AssetSpec, node: Mapping[str, Any]) -> str | None:
    """Give what identity needs a group of its own: groups then follow the flow."""
    is_before = node.get("schema") == "intermediate" and "prepare" in node["tags"]
    return PREPARED if is_before else spec.group_name


def sentence_of(test: Mapping[str, Any]) -> str:
    """Tell what a dbt test asks of its table."""
    given = test.get("test_metadata") or {}
    arguments = given.get("kwargs", {})
    columns = arguments.get("columns") or [arguments.get("column_name") or "a row"]
    meaning = _MEANINGS.get(given.get("name", ""), f"passes {test['name']}")
    return (
        f"{', '.join(map(str, columns))} {meaning}. If not: run the test's statement "
        "(data/dbt/target/compiled) on data/warehouse.duckdb to see the rows."
    )


def _reads_the_lake(node: Mapping[str, Any]) -> bool:
    parents = node.get("depends_on", {}).get("nodes", [])
    sources = [parent for parent in parents if parent.startswith("source.")]
    return any(source.split(".")[2] != IDENTITY_SOURCE for source in sources)


TRANSLATOR = Translator()
