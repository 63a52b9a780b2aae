"""Each source held against its feeds' own rhythm: a check in Dagster, and a job that asks daily.

What a rhythm is, is in ``notices.rhythm``. The job runs whether or not anything is new, so feeds
are missed also when all of them stop. A late feed stops nothing: it is a warning.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.context import RunContext
from pipelines.defs.lock import warehouse
from pipelines.notices.night import LOCAL
from pipelines.notices.rhythm import FeedState, feed_states
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.defs.automation import UnresolvedAssetJobDefinition

CHECK = "feeds_are_on_time"
JOB = "freshness"
_CRON = "0 6 * * *"


def build_freshness_check(ctx: RunContext) -> dg.AssetChecksDefinition | None:
    """Return a check for every source a feed delivers to; none where there are no feeds.

    Args:
        ctx: Its feeds decide which sources are held.
    """
    sources = sorted({(feed.contract, feed.table) for feed in ctx.municipality.feeds})
    if not sources:
        return None
    specs = [
        dg.AssetCheckSpec(CHECK, asset=list(source), description=say("defs.freshness.on_time"))
        for source in sources
    ]

    @dg.multi_asset_check(specs=specs, name=CHECK, can_subset=True)
    def feeds_are_on_time(
        context: dg.AssetCheckExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.AssetCheckResult]:
        municipality = run_context.municipality
        feeds = [(feed.id, f"{feed.contract}.{feed.table}") for feed in municipality.feeds]
        today = datetime.now(UTC).astimezone(LOCAL).date()
        states: list[FeedState] = []
        if run_context.paths.warehouse.exists():
            with warehouse(run_context.paths) as con:
                states = feed_states(con, feeds, today, municipality.working_calendar)
        chosen = {tuple(key.asset_key.path) for key in context.selected_asset_check_keys}
        for source in (each for each in sources if each in chosen):
            yield _judged(source, [s for s in states if s.source == ".".join(source)])

    return feeds_are_on_time


def _judged(source: tuple[str, str], states: Sequence[FeedState]) -> dg.AssetCheckResult:
    late = [each for each in states if each.state == "missing"]
    said = [
        say(
            "defs.freshness.is_late", feed=each.feed_id, last=each.last, due=each.due,
            step=each.step_days,
        )
        for each in late
    ]  # fmt: skip
    return dg.AssetCheckResult(
        asset_key=list(source),
        check_name=CHECK,
        passed=not late,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(said) or say("defs.freshness.all_on_time", n=len(states)),
        metadata={
            each.feed_id: f"{each.state}; {each.last or '-'}; {each.due or '-'}" for each in states
        },
    )


def build_freshness_job(check: dg.AssetChecksDefinition) -> "UnresolvedAssetJobDefinition":
    """Return the job that holds every source against its rhythm, and does nothing else.

    Args:
        check: From :func:`build_freshness_check`.
    """
    return dg.define_asset_job(
        JOB, selection=dg.AssetSelection.checks(check), description=say("defs.freshness.job")
    )


def build_freshness_schedule(
    job: "UnresolvedAssetJobDefinition", status: dg.DefaultScheduleStatus
) -> dg.ScheduleDefinition:
    """Return the schedule that asks every day, after the exports of the night and the run.

    Args:
        job: From :func:`build_freshness_job`.
        status: Whether it is on from the start.
    """
    return dg.ScheduleDefinition(
        name="freshness_0600",
        job=job,
        cron_schedule=_CRON,
        execution_timezone=LOCAL.key,
        default_status=status,
        description=say("defs.freshness.every_day"),
    )
