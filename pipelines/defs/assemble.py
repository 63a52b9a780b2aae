"""All definitions of one municipality, put together; nothing is decided here."""

import dagster as dg

from pipelines.defs.automation import (
    build_job,
    build_retention_job,
    build_retention_schedule,
    build_schedule,
)
from pipelines.defs.context import RUN_CONTEXT, RunContext
from pipelines.defs.effects import build_effect_assets
from pipelines.defs.ingest import build_ingest_assets
from pipelines.defs.publish import build_publish_assets
from pipelines.defs.quality import build_gates
from pipelines.defs.transform import build_dbt_assets
from pipelines.defs.whole_run import build_executor


def build_definitions(ctx: RunContext) -> dg.Definitions:
    """Return assets, checks, jobs and schedules of one municipality.

    Args:
        ctx: The run's context; its contracts and dbt manifest decide which assets exist.
    """
    job, retention = build_job(), build_retention_job()
    assets = [
        *build_ingest_assets(ctx),
        *build_dbt_assets(ctx),
        *build_effect_assets(ctx),
        *build_publish_assets(ctx),
    ]
    return dg.Definitions(
        assets=assets,
        asset_checks=build_gates(ctx),
        jobs=[job, retention],
        schedules=[build_schedule(ctx, job), build_retention_schedule(retention)],
        # DuckDB takes one writer: one process, one step at a time
        executor=build_executor(ctx, [key for made in assets for key in made.keys]),
        # read where the process began, and handed to every asset and check: none reads it again
        resources={RUN_CONTEXT: ctx},
    )
