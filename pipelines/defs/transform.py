"""The dbt models as Dagster assets, in two steps around the effects.

dbt's tests of them are no part of a night's dbt: what they promise is measured after each step, in
``model_checks`` and by gate 2.

A model that reads the effects lies in a folder tagged ``after_effects`` (``dbt_project.yml``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_dbt_resource_names_for_asset_keys
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from pipelines.contracts.to_dbt import AFTER_EFFECTS
from pipelines.defs.context import RunContext, load_context, tell
from pipelines.defs.lock import warehouse
from pipelines.defs.manifest import invoke_dbt, read_manifest
from pipelines.defs.models_judged import record, what_is_broken
from pipelines.defs.reasons import broken_nodes

DbtEvent = (
    dg.Output[Any]
    | dg.AssetMaterialization
    | dg.AssetObservation
    | dg.AssetCheckResult
    | dg.AssetCheckEvaluation
)
_LATE = f"tag:{AFTER_EFFECTS}"
_TESTS = "resource_type:test"
_LAYERS = ("staging", "intermediate", "marts")


@dataclass(frozen=True)
class _Step:
    name: str
    told: str
    select: str
    exclude: str

    def arguments(self, nodes: Sequence[str] | None) -> list[str]:
        """Return dbt's arguments for the whole step, or for some nodes and nothing around them."""
        # the manifest is written when the project is parsed; writing it again costs half a second
        build = ["build", "--no-write-json"]
        if nodes is None:
            return [*build, "--select", self.select, "--exclude", *self.exclude.split()]
        return [*build, "--indirect-selection", "empty", "--select", *nodes]


_STEPS = (
    _Step("dbt_project", "Regner ut målene (dbt)", "fqn:*", f"{_TESTS} {_LATE}"),
    _Step("dbt_after_effects", "Feller dommene (dbt)", _LATE, _TESTS),
)


def build_dbt_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the dbt project as two multi-assets; lineage comes from the manifest."""
    manifest = read_manifest(ctx.paths)
    return [_dbt_step(manifest, step) for step in _STEPS]


def _dbt_step(manifest: dict[str, Any], step: _Step) -> dg.AssetsDefinition:
    translator = DagsterDbtTranslator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name=step.name,
        select=step.select,
        exclude=step.exclude,
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[DbtEvent]:
        tell(step.told)
        now = load_context()
        nodes = _chosen(context, manifest, translator)
        events = invoke_dbt(now.paths, step.arguments(nodes))
        counts = _row_counts(now)
        failed = broken_nodes(events)
        for event in events:
            message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
            for found in message.to_default_asset_events(manifest, translator, context):
                yield _with_row_count(found, event, counts)
        if failed:
            record(now, [*failed, *what_is_broken(now, manifest)], context.run.run_id)
            raise dg.Failure(
                f"dbt: {len(failed)} noder feilet: " + ", ".join(f.name for f in failed)
            )

    return models


def _chosen(
    context: dg.AssetExecutionContext, manifest: dict[str, Any], translator: DagsterDbtTranslator
) -> list[str] | None:
    """Return the dbt names of what is selected; ``None`` when the whole step is."""
    step = context.assets_def
    if step.keys_by_output_name == step.node_keys_by_output_name:
        return None
    names = get_dbt_resource_names_for_asset_keys(
        translator, manifest, step, context.selected_asset_keys
    )
    return list(names)


def model_keys(ctx: RunContext) -> dict[str, dg.AssetKey]:
    """Return the asset key of every dbt model by its name."""
    manifest = read_manifest(ctx.paths)
    translator = DagsterDbtTranslator()
    return {
        node["name"]: translator.get_asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def read_after_effects(ctx: RunContext) -> frozenset[dg.AssetKey]:
    """Return the assets that the second dbt step reads and the first, or the effects, made."""
    manifest = read_manifest(ctx.paths)
    translator = DagsterDbtTranslator()
    nodes = manifest["nodes"] | manifest["sources"]
    late = {i for i, n in nodes.items() if AFTER_EFFECTS in n.get("tags", ())}
    read = {i for late_id in late for i in nodes[late_id]["depends_on"]["nodes"]} - late
    return frozenset(translator.get_asset_key(nodes[i]) for i in read if i in nodes)


def _with_row_count(found: DbtEvent, event: dict[str, Any], counts: dict[str, int]) -> DbtEvent:
    name = event["data"]["node_info"].get("node_name")
    if isinstance(found, dg.Output) and name in counts:
        return found.with_metadata({**found.metadata, "dagster/row_count": counts[name]})
    return found


def _row_counts(ctx: RunContext) -> dict[str, int]:
    # DuckDB keeps each table's size in its catalogue, so nothing is scanned
    with warehouse(ctx.paths) as con:
        rows = con.execute(
            "select table_name, estimated_size from duckdb_tables() where schema_name in (?, ?, ?)",
            list(_LAYERS),
        ).fetchall()
    return dict(rows)
