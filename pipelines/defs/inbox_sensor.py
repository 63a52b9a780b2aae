"""A sensor that starts the main job when the inbox has something new and its files stand still."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.context import RunContext
from pipelines.defs.unchanged import already_published
from pipelines.ingest.inbox import inbox_files
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.defs.automation import UnresolvedAssetJobDefinition

STARTED_BY = "pukk/started_by"
"""The tag that says what asked for a run."""
FILES = "pukk/files"
"""The tag that says how many files lay in the inbox."""
_EVERY_S = 60


def build_inbox_sensor(
    ctx: RunContext, job: "UnresolvedAssetJobDefinition", status: dg.DefaultSensorStatus
) -> dg.SensorDefinition:
    """Return the sensor.

    A file that is being copied changes between two looks, so nothing is started until two looks
    after each other have seen the same. The same files start one run.

    Args:
        ctx: Which municipality's inbox.
        job: What it starts.
        status: Whether it is on from the start.
    """

    @dg.sensor(
        name="inbox_stands_still",
        job=job,
        minimum_interval_seconds=_EVERY_S,
        default_status=status,
        description=say("defs.inbox_sensor.when_files_stand_still"),
    )
    def inbox_stands_still(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        seen = json.dumps(dict(_seen(ctx)), sort_keys=True)
        if not json.loads(seen):
            return dg.SensorResult(skip_reason=say("defs.inbox_sensor.inbox_is_empty"), cursor=seen)
        if seen != context.cursor:
            return dg.SensorResult(
                skip_reason=say("defs.inbox_sensor.files_still_change"), cursor=seen
            )
        now = ctx.anew()
        if already_published(now) is not None:
            return dg.SensorResult(skip_reason=say("defs.inbox_sensor.nothing_new"), cursor=seen)
        tags = {STARTED_BY: "inbox", FILES: str(len(json.loads(seen)))}
        request = dg.RunRequest(run_key=now.run_fingerprint(), tags=tags)
        return dg.SensorResult(run_requests=[request], cursor=seen)

    return inbox_stands_still


def _seen(ctx: RunContext) -> Iterator[tuple[str, list[int]]]:
    for file in inbox_files(ctx.paths):
        with suppress(OSError):  # gone between the list and the look: another look will tell
            told = file.path.stat()
            yield file.name, [told.st_size, told.st_mtime_ns]
