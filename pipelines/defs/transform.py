"""The dbt models as Dagster assets, in two steps around the effects.

dbt's tests of them are no part of a night's dbt: what they promise is measured after each step, in
``model_checks`` and by gate 2.

A model that reads the effects lies in a folder tagged ``after_effects`` (``dbt_project.yml``).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_dbt_resource_names_for_asset_keys
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from pipelines.contracts.to_dbt import AFTER_EFFECTS
from pipelines.defs.context import RunContext, tell
from pipelines.defs.dbt_steps import STEPS, Step, in_order, run_step
from pipelines.defs.lock import PROCESS, warehouse
from pipelines.defs.manifest import read_manifest
from pipelines.defs.models_judged import record, what_is_broken
from pipelines.defs.reasons import broken_nodes
from pipelines.defs.to_compute import LAYERS

DbtEvent = (
    dg.Output[Any]
    | dg.AssetMaterialization
    | dg.AssetObservation
    | dg.AssetCheckResult
    | dg.AssetCheckEvaluation
)


def build_dbt_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the dbt project as two multi-assets; lineage comes from the manifest."""
    manifest = read_manifest(ctx.paths)
    with PROCESS:  # models are selected by dbt itself
        return [_dbt_step(manifest, step) for step in STEPS]


def _dbt_step(manifest: dict[str, Any], step: Step) -> dg.AssetsDefinition:
    translator = DagsterDbtTranslator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name=step.name,
        select=step.select,
        exclude=step.exclude,
    )
    def models(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[DbtEvent]:
        tell(step.told)
        chosen = _chosen(context, manifest, translator)
        events, stands = run_step(run_context.paths, manifest, step, chosen)
        counts = _row_counts(run_context)
        failed = broken_nodes(events)
        for found in in_order(events, stands, manifest):
            if isinstance(found, str):
                key = translator.get_asset_key(manifest["nodes"][stands[found]])
                yield _stands(key, counts.get(found))
                continue
            message = DbtCoreCliEventMessage(raw_event=found, event_history_metadata={})
            for made in message.to_default_asset_events(manifest, translator, context):
                yield _with_row_count(made, found, counts)
        if failed:
            broken = [*failed, *what_is_broken(run_context, manifest)]
            record(run_context, broken, context.run.run_id)
            raise dg.Failure(
                f"dbt: {len(failed)} noder feilet: " + ", ".join(f.name for f in failed)
            )

    return models


def _stands(key: dg.AssetKey, n_rows: int | None) -> dg.Output[Any]:
    # what comes after it in Dagster waits for an output; that nothing was computed is said in it
    metadata: dict[str, Any] = {"computed": False}
    if n_rows is not None:
        metadata["dagster/row_count"] = n_rows
    return dg.Output(None, output_name=key.to_python_identifier(), metadata=metadata)


def _chosen(
    context: dg.AssetExecutionContext, manifest: dict[str, Any], translator: DagsterDbtTranslator
) -> list[str] | None:
    """Return the dbt names of what is selected; ``None`` when the whole step is."""
    step = context.assets_def
    if step.keys_by_output_name == step.node_keys_by_output_name:
        return None
    with PROCESS:
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
            LAYERS,
        ).fetchall()
    return dict(rows)
