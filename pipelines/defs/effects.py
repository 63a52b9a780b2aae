"""The comparison-based effects, and what the waiting list can show, as one step before gate 2."""

import os
from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.shapes import EFFECTS, Table, tables_built_by
from pipelines.defs.context import RunContext, tell
from pipelines.defs.lock import warehouse
from pipelines.defs.transform import model_keys
from pipelines.effects.tables.warehouse_inputs import MODELS_READ, read_inputs
from pipelines.planning import waiting_list
from pipelines.words.messages import say

_MOST_PROCESSES = 2
_READ = sorted({*MODELS_READ, *waiting_list.MODELS_READ})


def effect_tables(ctx: RunContext) -> dict[str, Table]:
    """Return the promised tables that this step makes, by name."""
    return {table.name: table for table in tables_built_by(EFFECTS, ctx.products.values())}


def effect_keys(ctx: RunContext) -> dict[str, dg.AssetKey]:
    """Return the asset key of every table that this step makes, by name."""
    return {name: dg.AssetKey(["marts", name]) for name in effect_tables(ctx)}


def published_keys(ctx: RunContext) -> list[dg.AssetKey]:
    """Return the asset key of every published table that a step makes; the catalogue has none."""
    keys = model_keys(ctx) | effect_keys(ctx)
    return [keys[t] for c in ctx.products.values() for t in c.tables if t in keys]


def read_by_effects(ctx: RunContext) -> frozenset[dg.AssetKey]:
    """Return the models that this step reads: none of them can wait for the gate after it."""
    models = model_keys(ctx)
    return frozenset(models[model] for model in _READ)


def build_effect_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the effect tables as one multi-asset after the models they are estimated from."""
    models, keys = model_keys(ctx), effect_keys(ctx)
    specs = [
        dg.AssetSpec(
            keys[name],
            deps=[models[model] for model in _READ],
            group_name="marts",
            kinds={"polars", "duckdb"},
            description=table.description,
        )
        for name, table in effect_tables(ctx).items()
    ]

    @dg.multi_asset(specs=specs, name="effects", can_subset=True)
    def effects(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.MaterializeResult[None]]:
        # a second to import, which whoever only looks at the lineage does without
        from pipelines.effects.tables.run import estimate_effects
        from pipelines.effects.tables.warehouse_results import write_effects
        from pipelines.planning.published import FITS, PLAN_TABLE, write_plan

        paths = run_context.paths
        with warehouse(paths) as con:
            inputs = read_inputs(con)
            if inputs.metrics.height:
                tell(say("defs.effects.comparing", n_metrics=inputs.metrics.height))
            workers = min(_MOST_PROCESSES, os.cpu_count() or 1)
            found = estimate_effects(inputs, paths.state / FITS, workers)
            counts = dict(write_effects(con, found))
            counts[PLAN_TABLE] = write_plan(con, inputs, found.names, paths.state)
        for name, key in keys.items():
            if key not in context.selected_asset_keys:
                continue
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": counts[name]})

    return [effects]
