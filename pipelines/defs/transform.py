"""The dbt models as Dagster assets, in two steps around the effects.

dbt's tests of them are no part of a night's dbt: what they promise is measured after each step, in
``model_checks`` and by gate 2.

A model that reads the effects lies in a folder tagged ``after_effects`` (``dbt_project.yml``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.contracts.to_dbt import AFTER_EFFECTS
from pipelines.defs import dbt_beside
from pipelines.defs.context import RunContext, tell
from pipelines.defs.dbt_specs import asset_key, asset_specs
from pipelines.defs.dbt_steps import STEPS, Step, in_order, run_step
from pipelines.defs.lock import warehouse
from pipelines.defs.manifest import read_manifest
from pipelines.defs.models_judged import record, what_is_broken
from pipelines.defs.reasons import broken_nodes
from pipelines.defs.to_compute import LAYERS

_MADE = "success"


def build_dbt_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the dbt project as two multi-assets; lineage comes from the manifest."""
    manifest = read_manifest(ctx.paths)
    return [_dbt_step(manifest, step) for step in STEPS]


def _dbt_step(manifest: Mapping[str, Any], step: Step) -> dg.AssetsDefinition:
    keys = {name: asset_key(manifest["nodes"][i]) for name, i in step.nodes(manifest).items()}
    specs = asset_specs(manifest, step.nodes(manifest).values())

    @dg.multi_asset(specs=specs, name=step.name, can_subset=True)
    def models(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.MaterializeResult[None]]:
        tell(step.told)
        chosen = _chosen(context, manifest, keys)
        events, stands = run_step(run_context.paths, manifest, step, chosen)
        if step.is_late:
            dbt_beside.let_go()
        counts = _row_counts(run_context)
        failed = broken_nodes(events)
        for found in in_order(events, stands, manifest):
            if isinstance(found, str):
                # what comes after it in Dagster waits for an output; that nothing was computed
                # is said in it
                yield _result(keys[found], {"computed": False}, counts.get(found))
            elif (name := _made(found)) is not None:
                yield _result(keys[name], _told(found), counts.get(name))
        if failed:
            broken = [*failed, *what_is_broken(run_context, manifest)]
            record(run_context, broken, context.run.run_id)
            raise dg.Failure(
                f"dbt: {len(failed)} noder feilet: " + ", ".join(f.name for f in failed)
            )

    return models


def _made(event: Mapping[str, Any]) -> str | None:
    """Return the name of the model or seed that an event says was made; ``None`` of any other."""
    node = event["data"].get("node_info", {})
    is_made = event["info"]["name"] == "NodeFinished" and node.get("node_status") == _MADE
    return str(node["node_name"]) if is_made else None


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    result = event["data"].get("run_result", {})
    return {
        "unique_id": event["data"]["node_info"]["unique_id"],
        "Execution Duration": float(result.get("execution_time", 0)),
    }


def _result(
    key: dg.AssetKey, metadata: dict[str, Any], n_rows: int | None
) -> dg.MaterializeResult[None]:
    if n_rows is not None:
        metadata["dagster/row_count"] = n_rows
    return dg.MaterializeResult(asset_key=key, metadata=metadata)


def _chosen(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], keys: Mapping[str, dg.AssetKey]
) -> list[str] | None:
    """Return how dbt selects what is selected; ``None`` when the whole step is."""
    if set(keys.values()) <= context.selected_asset_keys:
        return None
    names = {name for name, key in keys.items() if key in context.selected_asset_keys}
    nodes = manifest["nodes"].values()
    return sorted(
        ".".join(node["fqn"])
        for node in nodes
        if node["resource_type"] in {"model", "seed"} and node["name"] in names
    )


def model_keys(ctx: RunContext) -> dict[str, dg.AssetKey]:
    """Return the asset key of every dbt model by its name."""
    nodes = read_manifest(ctx.paths)["nodes"].values()
    return {node["name"]: asset_key(node) for node in nodes if node["resource_type"] == "model"}


def read_after_effects(ctx: RunContext) -> frozenset[dg.AssetKey]:
    """Return the assets that the second dbt step reads and the first, or the effects, made."""
    manifest = read_manifest(ctx.paths)
    nodes = manifest["nodes"] | manifest["sources"]
    late = {i for i, n in nodes.items() if AFTER_EFFECTS in n.get("tags", ())}
    read = {i for late_id in late for i in nodes[late_id]["depends_on"]["nodes"]} - late
    return frozenset(asset_key(nodes[i]) for i in read if i in nodes)


def _row_counts(ctx: RunContext) -> dict[str, int]:
    # DuckDB keeps each table's size in its catalogue, so nothing is scanned
    with warehouse(ctx.paths) as con:
        rows = con.execute(
            "select table_name, estimated_size from duckdb_tables() where schema_name in (?, ?, ?)",
            LAYERS,
        ).fetchall()
    return dict(rows)
