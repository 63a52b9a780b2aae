"""When the job runs: one job over every asset, one schedule."""

from typing import TYPE_CHECKING

import dagster as dg

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
        "nightly",
        selection=dg.AssetSelection.all(),
        description="Fra innboks til publisert resultat, med begge kvalitetsporter.",
    )


def build_schedule(job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    """Return the nightly schedule; it is stopped until someone turns it on."""
    return dg.ScheduleDefinition(
        name="nightly_0115",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=NIGHTLY_TIMEZONE,
        description="Hver natt kl. 01:15 norsk tid.",
    )
