"""All definitions of one municipality, put together; nothing is decided here."""

from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.automation import (
    build_job,
    build_retention_job,
    build_retention_schedule,
    build_schedule,
    schedule_status,
    sensor_status,
)
from pipelines.defs.context import RUN_CONTEXT, RunContext
from pipelines.defs.effects import build_effect_assets
from pipelines.defs.freshness import (
    build_freshness_check,
    build_freshness_job,
    build_freshness_schedule,
)
from pipelines.defs.inbox_sensor import build_inbox_sensor
from pipelines.defs.ingest import build_ingest_assets
from pipelines.defs.publish import build_publish_assets, pages_spec
from pipelines.defs.quality import build_gates
from pipelines.defs.transform import build_dbt_assets
from pipelines.defs.whole_run import build_executor

if TYPE_CHECKING:
    from pipelines.defs.automation import UnresolvedAssetJobDefinition


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
    owners = [f"team:{ctx.identity.id}"]
    owned = [
        made.map_asset_specs(lambda spec: spec.replace_attributes(owners=owners)) for made in assets
    ]
    fresh = build_freshness_check(ctx)
    schedules = [build_schedule(ctx, job), build_retention_schedule(ctx, retention)]
    jobs: list[dg.JobDefinition | UnresolvedAssetJobDefinition] = [job, retention]
    if fresh is not None:
        asked = build_freshness_job(fresh)
        jobs.append(asked)
        schedules.append(build_freshness_schedule(asked, schedule_status(ctx, "freshness")))
    return dg.Definitions(
        assets=[*owned, pages_spec(owners)],
        asset_checks=[*build_gates(ctx), *([fresh] if fresh is not None else [])],
        jobs=jobs,
        schedules=schedules,
        sensors=[build_inbox_sensor(ctx, job, sensor_status(ctx, "inbox"))],
        # DuckDB takes one writer: one process, one step at a time
        executor=build_executor(ctx, [key for made in assets for key in made.keys]),
        # read where the process began, and handed to every asset and check: none reads it again
        resources={RUN_CONTEXT: ctx},
    )
