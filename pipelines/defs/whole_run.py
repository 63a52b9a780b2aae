"""Runs that Dagster starts, in its own process: one at a time, and none when nothing is new.

``pukk run`` holds the lock and asks the same question itself, in ``run``; a run in this process
never comes here.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack

import dagster as dg
from dagster._core.events import EngineEventData
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor

from pipelines.defs.closed import close_home
from pipelines.defs.context import JOB_NAME, RunContext
from pipelines.defs.dbt_beside import computing_beside
from pipelines.defs.lock import run_lock
from pipelines.defs.night_noted import failure_noted, note, note_ended
from pipelines.defs.pruning import prune_after_night
from pipelines.defs.sound import mend_warehouse, needs_nothing
from pipelines.defs.started import how_started, log_start
from pipelines.defs.to_compute import compute_everything
from pipelines.defs.unchanged import FORCE_TAG, already_published, inputs_noted, nothing_new
from pipelines.desk.accounts import account
from pipelines.desk.events import acting_as
from pipelines.desk.logged import Reader
from pipelines.ingest.nothing_delivered import refuse_nothing
from pipelines.municipality.untouched import refuse_no_metrics
from pipelines.publishing.files import current
from pipelines.quality.beside import judging_beside


class OneAtATime(InProcessExecutor):
    """Every step in this process, under the lock that ``pukk run`` takes."""

    def __init__(self, ctx: RunContext, every_asset: Collection[dg.AssetKey]) -> None:
        super().__init__(RetryMode.DISABLED)
        self._ctx = ctx
        self._every_asset = frozenset(every_asset)

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Run the steps; the whole job with nothing new to read does nothing and succeeds.

        Raises:
            BusyError: Another run holds the lock.
        """
        ctx = self._ctx
        run = plan_context.dagster_run
        is_whole = self._is_whole(run, execution_plan)
        with ExitStack() as held:
            held.enter_context(run_lock(ctx.paths))
            if is_whole:
                held.enter_context(failure_noted(ctx))
            held.enter_context(acting_as(Reader(account(), "dagster")))
            close_home(ctx)
            if is_whole:
                same = already_published(ctx)
                mended = () if same is not None and needs_nothing(ctx) else mend_warehouse(ctx)
                same = None if mended else same
                is_forced = run.tags.get(FORCE_TAG) == "true"
                if same is not None and not is_forced:
                    note(ctx, "unchanged")
                    yield dg.DagsterEvent.engine_event(
                        plan_context, nothing_new(same.number), EngineEventData()
                    )
                    return
                refuse_no_metrics(ctx.municipality)
                refuse_nothing(ctx.paths)
                log_start(ctx, how_started(run))
                if is_forced:
                    compute_everything(ctx.paths)
                held.enter_context(inputs_noted(ctx))
                held.enter_context(computing_beside())
                held.enter_context(judging_beside())
            else:
                log_start(ctx, f"{how_started(run)} part", _job(run))
            before, failed = current(ctx.paths) if is_whole else None, list[str]()
            for event in super().execute(plan_context, execution_plan):
                if event.is_step_failure:
                    failed.append(_said(event))
                yield event
            close_home(ctx)
            if is_whole:
                note_ended(ctx, before.number if before else None, failed)
                prune_after_night(ctx, plan_context.instance)

    def _is_whole(self, run: dg.DagsterRun, plan: ExecutionPlan) -> bool:
        # some ways of starting a run name every step, some none
        every_step = {step.key for step in plan.step_dict.values()}
        named = set(run.step_keys_to_execute or every_step)
        if run.job_name != JOB_NAME or not every_step <= named:
            return False
        chosen, checks = run.asset_selection, run.asset_check_selection
        return (chosen is None or chosen >= self._every_asset) and checks in (None, frozenset())


def _said(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    said = error.message.strip() if error else ""
    return f"{event.step_key}: {said}"


def _job(run: dg.DagsterRun) -> str:
    # what is picked on Dagster's page is run as a job that has no name of its own
    return JOB_NAME if run.job_name.startswith("__") else run.job_name


def build_executor(ctx: RunContext, every_asset: Collection[dg.AssetKey]) -> dg.ExecutorDefinition:
    """Return the executor of every run that Dagster starts.

    Args:
        ctx: The run's context.
        every_asset: The keys of all assets, by which the whole job is recognised.
    """

    @dg.executor(name="one_at_a_time")
    def one_at_a_time(_: dg.InitExecutorContext) -> OneAtATime:
        return OneAtATime(ctx, every_asset)

    return one_at_a_time
