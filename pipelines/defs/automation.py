"""When the jobs run: one over every asset, one that deletes what is old; a schedule for each."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.defs.context import JOB_NAME, RunContext
from pipelines.defs.night_noted import note
from pipelines.defs.started import how_started, log_start
from pipelines.defs.unchanged import already_published, nothing_new
from pipelines.desk.accounts import account
from pipelines.desk.events import acting_as
from pipelines.desk.logged import Reader
from pipelines.errors import ConfigError
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition as UnresolvedAssetJobDefinition,  # others name it from here
    )

# 01:15 exists exactly once every local day, also when the clocks change
NIGHTLY_CRON = "15 1 * * *"
NIGHTLY_TIMEZONE = "Europe/Oslo"
RETENTION_CRON = "30 4 * * *"
RETENTION = "retention"
"""The name of the job that deletes."""
AUTOMATION = ("nightly", "inbox", "freshness", "retention")
"""What may be named in ``PUKK_AUTOMATION``."""
NIGHT, PERIOD = "pukk/night", "pukk/period"
"""Tags of a scheduled run: the local day it is for, and the last whole month before it."""


def is_on(ctx: RunContext, name: str) -> bool:
    """Tell whether something starts by itself, as the environment has it.

    Args:
        ctx: The run's context.
        name: One of ``AUTOMATION``.

    Raises:
        ConfigError: Something else is named.
    """
    unknown = [each for each in ctx.settings.automation if each not in AUTOMATION]
    if unknown:
        raise ConfigError(
            say("defs.automation.not_known", names=", ".join(unknown)),
            where="PUKK_AUTOMATION",
            way_out=say("defs.automation.known_are", names=", ".join(AUTOMATION)),
        )
    return name in ctx.settings.automation


def schedule_status(ctx: RunContext, name: str) -> dg.DefaultScheduleStatus:
    """Return whether a schedule is on from the start; someone may turn it on or off in Dagster."""
    status = dg.DefaultScheduleStatus
    return status.RUNNING if is_on(ctx, name) else status.STOPPED


def sensor_status(ctx: RunContext, name: str) -> dg.DefaultSensorStatus:
    """Return whether a sensor is on from the start."""
    return dg.DefaultSensorStatus.RUNNING if is_on(ctx, name) else dg.DefaultSensorStatus.STOPPED


def night_tags(scheduled: datetime) -> dict[str, str]:
    """Return the tags of a run that is scheduled, so that runs can be found by night and month.

    Args:
        scheduled: When it was to start, with a time zone.
    """
    local = scheduled.astimezone(ZoneInfo(NIGHTLY_TIMEZONE)).date()
    before = local.replace(day=1) - timedelta(days=1)
    return {NIGHT: f"{local}", PERIOD: f"{before:%Y-%m}"}


def build_job() -> "UnresolvedAssetJobDefinition":
    """Return the job from delivery to publication, with both gates."""
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        description=say("defs.automation.the_main_job"),
    )


def build_schedule(ctx: RunContext, job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    """Return the nightly schedule; it is on when the environment says so, or someone turns it on.

    Args:
        ctx: Which municipality it asks about.
        job: What it starts.
    """

    @dg.schedule(
        name="nightly_0115",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=NIGHTLY_TIMEZONE,
        default_status=schedule_status(ctx, "nightly"),
        description=say("defs.automation.every_night"),
    )
    def nightly_0115(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        # the process that asks lives for days, and what it was told then may have changed
        same = already_published(ctx.anew())
        if same is None:
            return dg.RunRequest(tags=night_tags(context.scheduled_execution_time))
        # a night with nothing to do has gone well, and the watch is to know
        note(ctx, "unchanged")
        return dg.SkipReason(nothing_new(same.number))

    return nightly_0115


def build_retention_job() -> dg.JobDefinition:
    """Return the job that deletes what is older than it may be, as ``pukk retention`` does."""

    @dg.op(description=say("defs.automation.deletes_and_writes_down"))
    def delete_what_is_old(
        context: dg.OpExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> None:
        from pipelines.defs.care import delete_old

        who = Reader(account(), "dagster")
        # said also where nothing is old: that somebody asked for a deletion is to be found
        with acting_as(who):
            log_start(run_context, how_started(context.run), RETENTION)
        found = delete_old(run_context, who)
        context.add_output_metadata(
            {"deleted_files": len(found.files), "deleted_rows": found.n_rows}
        )

    # it takes the lock itself, which the executor of the other runs would hold already
    @dg.job(
        name=RETENTION,
        executor_def=dg.in_process_executor,
        description=say("defs.automation.deletes_what_is_old"),
    )
    def retention() -> None:
        delete_what_is_old()

    return retention


def build_retention_schedule(ctx: RunContext, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Return the daily schedule of deletion; it is stopped until someone asks for it."""
    return dg.ScheduleDefinition(
        name="retention_0430",
        job=job,
        cron_schedule=RETENTION_CRON,
        default_status=schedule_status(ctx, "retention"),
        execution_timezone=NIGHTLY_TIMEZONE,
        description=say("defs.automation.every_night_retention"),
    )
