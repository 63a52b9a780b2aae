"""When the job runs: one job over every asset, one schedule."""

from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.context import JOB_NAME, load_context
from pipelines.defs.unchanged import already_published, nothing_new

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

# 01:15 exists exactly once every local day, also when the clocks change
NIGHTLY_CRON = "15 1 * * *"
NIGHTLY_TIMEZONE = "Europe/Oslo"


def build_job() -> "UnresolvedAssetJobDefinition":
    """Return the job from delivery to publication, with both gates."""
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        description="Fra innboks til publisert resultat, med begge kvalitetsporter.",
    )


def build_schedule(job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    """Return the nightly schedule; it is stopped until someone turns it on."""

    @dg.schedule(
        name="nightly_0115",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=NIGHTLY_TIMEZONE,
        description="Hver natt kl. 01:15 norsk tid, når noe er nytt.",
    )
    def nightly_0115() -> dg.RunRequest | dg.SkipReason:
        same = already_published(load_context())
        return dg.RunRequest() if same is None else dg.SkipReason(nothing_new(same.number))

    return nightly_0115
