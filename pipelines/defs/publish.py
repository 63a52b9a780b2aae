"""The published generation and the quality report as assets at the end of the lineage."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from pipelines.defs.context import RunContext, tell
from pipelines.defs.effects import published_keys
from pipelines.defs.lock import warehouse
from pipelines.defs.quality import judge_what_is_published
from pipelines.defs.unchanged import noted_inputs
from pipelines.ingest.target_locks import keep_register_targets
from pipelines.publishing.files import current, file_of
from pipelines.publishing.generation import publish
from pipelines.quality.report import write_report
from pipelines.warehouse.baselines import keep_tonight
from pipelines.warehouse.hidden_cells import keep_counted, keep_hidden
from pipelines.warehouse.told_groups import keep_groups
from pipelines.words.messages import say

GENERATION = dg.AssetKey(["published", "generation"])
REPORT = dg.AssetKey(["published", "quality_report"])


def build_publish_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the generation (after every published mart) and the report (after the generation)."""
    marts = published_keys(ctx)

    @dg.asset(
        key=GENERATION,
        deps=marts,
        group_name="published",
        kinds={"duckdb"},
        description=say("defs.publish.new_generation"),
    )
    def generation(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> dg.MaterializeResult[None]:
        from pipelines.disclosure.guard import refuse_given_away

        judge_what_is_published(run_context, context.run.run_id)
        paths = run_context.paths
        with warehouse(paths) as con:
            tell(say("defs.publish.attacking"))
            standing = current(paths)
            found = refuse_given_away(con, file_of(paths, standing) if standing else None)
            tell("Publiserer")
            # after gate 2, so that a stopped run freezes nothing; before readers see the figures
            keep_tonight(con, paths)
            keep_register_targets(con, paths)
            keep_hidden(con, paths)
            keep_groups(con, paths)
            made = publish(
                con,
                paths,
                run_context.products,
                context.run.run_id,
                noted_inputs(),
                datetime.now(UTC),
            )
            # only what readers have seen; a kill before it leaves what they saw the time before
            keep_counted(con, paths)
        return dg.MaterializeResult(
            metadata={
                "generation": made.number,
                "file": made.file_name,
                "sha256": made.sha256,
                "hidden_figures_attacked": len(found.cells),
                "inside_protection_level": len(found.exposed),
            }
        )

    @dg.asset(
        key=REPORT,
        deps=[GENERATION],
        group_name="published",
        kinds={"html"},
        description=say("defs.publish.quality_report"),
    )
    def quality_report(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> dg.MaterializeResult[None]:
        tell("Skriver kvalitetsrapporten")
        return dg.MaterializeResult(
            metadata={"path": dg.MetadataValue.path(make_report(run_context, context.run.run_id))}
        )

    return [generation, quality_report]


def pages_spec(owners: Sequence[str]) -> dg.AssetSpec:
    """Return the result pages as what reads the generation: shown in the lineage, never made.

    Args:
        owners: Whose they are.
    """
    return dg.AssetSpec(
        dg.AssetKey(["published", "result_pages"]),
        deps=[GENERATION],
        group_name="published",
        kinds={"streamlit"},
        owners=owners,
        description=say("defs.publish.result_pages"),
    )


def make_report(ctx: RunContext, run_id: str) -> str:
    """Write the quality report of one run and return its path; also after a stopped run."""
    notice = ctx.municipality.constructed.notice_nb if ctx.municipality.constructed else None
    with warehouse(ctx.paths) as con:
        return str(write_report(con, ctx.paths, ctx.municipality.name, run_id, notice))
