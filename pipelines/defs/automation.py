"""When the jobs run: one over every asset, one that deletes what is old; a schedule for each."""

from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.context import JOB_NAME, RunContext
from pipelines.defs.unchanged import already_published, nothing_new
from pipelines.desk.accounts import account
from pipelines.desk.logged import Reader
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

# 01:15 exists exactly once every local day, also when the clocks change
NIGHTLY_CRON = "15 1 * * *"
NIGHTLY_TIMEZONE = "Europe/Oslo"
RETENTION_CRON = "30 4 * * *"


def build_job() -> "UnresolvedAssetJobDefinition":
    """Return the job from delivery to publication, with both gates."""
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        description=say("defs.automation.the_main_job"),
    )


def build_schedule(ctx: RunContext, job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    """Return the nightly schedule; it is stopped until someone turns it on.

    Args:
        ctx: Which municipality it asks about.
        job: What it starts.
    """

    @dg.schedule(
        name="nightly_0115",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=NIGHTLY_TIMEZONE,
        description=say("defs.automation.every_night"),
    )
    def nightly_0115() -> dg.RunRequest | dg.SkipReason:
        # the process that asks lives for days, and what it was told then may have changed
        same = already_published(ctx.anew())
        return dg.RunRequest() if same is None else dg.SkipReason(nothing_new(same.number))

    return nightly_0115


def build_retention_job() -> dg.JobDefinition:
    """Return the job that deletes what is older than it may be, as ``pukk retention`` does."""

    @dg.op(description=say("defs.automation.deletes_and_writes_down"))
    def delete_what_is_old(
        context: dg.OpExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> None:
        from pipelines.defs.care import delete_old

        found = delete_old(run_context, Reader(account(), "dagster"))
        context.add_output_metadata(
            {"deleted_files": len(found.files), "deleted_rows": found.n_rows}
        )

    # it takes the lock itself, which the executor of the other runs would hold already
    @dg.job(
        name="retention",
        executor_def=dg.in_process_executor,
        description=say("defs.automation.deletes_what_is_old"),
    )
    def retention() -> None:
        delete_what_is_old()

    return retention


def build_retention_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Return the daily schedule of deletion; it is stopped until someone turns it on."""
    return dg.ScheduleDefinition(
        name="retention_0430",
        job=job,
        cron_schedule=RETENTION_CRON,
        execution_timezone=NIGHTLY_TIMEZONE,
        description=say("defs.automation.every_night_retention"),
    )
