"""One run of the nightly job in this process, from the command line or a test.

``run_nightly`` is what ``pukk run`` calls. It decides whether there is anything to do, holds the
lock, and turns what stopped the job into an error a person can act on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.defs.closed import close_home
from pipelines.defs.context import JOB_NAME, RunContext, progress_to, tell
from pipelines.defs.dagster_home import dagster_home
from pipelines.defs.dbt_beside import computing_beside
from pipelines.defs.disk import about_the_disk
from pipelines.defs.lock import PROCESS, run_lock, warehouse
from pipelines.defs.night_noted import failure_noted, note
from pipelines.defs.sound import mend_warehouse, needs_nothing
from pipelines.defs.started import log_start
from pipelines.defs.to_compute import compute_everything
from pipelines.defs.unchanged import already_published, inputs_noted
from pipelines.desk.algebra import one_thread
from pipelines.desk.collecting import seldom_collected
from pipelines.errors import GateError, PublishError, PukkError
from pipelines.ingest.inbox import present_sha256
from pipelines.ingest.nothing_delivered import refuse_nothing
from pipelines.publishing.files import Generation, current
from pipelines.quality.beside import judging_beside
from pipelines.warehouse.deliveries import list_rejected
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

_PUBLISHING = "published__generation"
INTERRUPTED = "UNEXPECTED_TERMINATION"
"""What Dagster calls it when a run was stopped from outside."""
_SEE = say("defs.run.see_report")

# the console belongs to the person who started the run; Dagster keeps every event in its own log
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class RunOutcome:
    """What a run did.

    Attributes:
        generation: The generation readers see now.
        is_new: Whether this run published it.
        run_id: Dagster's run id; ``None`` when there was nothing to do.
        seconds: Wall time.
        report: The quality report, when one was written.
        mended: What was done to a warehouse that was missing, old or damaged, in bokmål.
    """

    generation: Generation
    is_new: bool
    run_id: str | None
    seconds: float
    report: Path | None
    mended: tuple[str, ...] = ()


def run_nightly(
    ctx: RunContext, *, force: bool = False, on_progress: Callable[[str], None] | None = None
) -> RunOutcome:
    """Run the nightly job, or say that nothing has changed since the last publication.

    Args:
        ctx: The run's context.
        force: Run even if inbox, configuration and code are as they were.
        on_progress: Called with a line of bokmål at every step.

    Raises:
        BusyError: Another run holds the lock.
        DamagedError: Something that cannot be computed again is damaged; nothing is done.
        GateError: A gate stopped the run, or a step failed; what was published stands.
        NothingDeliveredError: The inbox is empty, and nothing was ever delivered.
    """
    # before anything is imported that computes
    one_thread()
    with failure_noted(ctx):
        outcome = _run(ctx, force=force, on_progress=on_progress)
    note(ctx, "published" if outcome.is_new else "unchanged")
    return outcome


def _run(ctx: RunContext, *, force: bool, on_progress: Callable[[str], None] | None) -> RunOutcome:
    started = time.monotonic()
    same = None if force else already_published(ctx)
    if same is None:
        # what is wrong with the configuration is told before anything is done; reading it costs
        # what a run with nothing to do goes without
        from pipelines.municipality.untouched import refuse_no_metrics

        refuse_no_metrics(ctx.municipality)
    with run_lock(ctx.paths), progress_to(on_progress):
        close_home(ctx)
        mended = () if same is not None and needs_nothing(ctx) else mend_warehouse(ctx)
        if same is not None and not mended and current(ctx.paths) == same:
            seconds = time.monotonic() - started
            return RunOutcome(same, is_new=False, run_id=None, seconds=seconds, report=None)
        refuse_nothing(ctx.paths)
        log_start(ctx, "forced" if force else "")
        if force:
            compute_everything(ctx.paths)
        before = current(ctx.paths)
        with inputs_noted(ctx), _beside(), PROCESS, seldom_collected():
            run_id = _execute(ctx)
        made = current(ctx.paths)
        if made is None:
            raise GateError(say("defs.run.finished_without_publishing"))
        is_new = before is None or made.number != before.number
        close_home(ctx)
        report = ctx.paths.reports / f"quality-{run_id}.html"
        return RunOutcome(made, is_new, run_id, time.monotonic() - started, report, mended)


@contextmanager
def _beside() -> Iterator[None]:
    with computing_beside(), judging_beside():
        yield


def _execute(ctx: RunContext) -> str:
    tell("Starter")
    import dagster as dg

    from pipelines.defs.assemble import build_definitions
    from pipelines.defs.pruning import give_back, prune_after_night

    job = build_definitions(ctx).resolve_job_def(JOB_NAME)
    # by its folder, not by the environment: other runs in this process have theirs
    with dg.DagsterInstance.from_config(str(dagster_home(ctx.paths))) as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=_QUIET)
        prune_after_night(ctx, instance)
    give_back(ctx.paths)
    if result.success:
        return result.run_id
    if _was_interrupted(result):
        raise KeyboardInterrupt
    raise _stopped(ctx, result)


def _was_interrupted(result: "ExecuteInProcessResult") -> bool:
    return any(
        event.is_job_failure
        and (reason := event.job_failure_data.failure_reason) is not None
        and reason.name == INTERRUPTED
        for event in result.all_events
    )


def _stopped(ctx: RunContext, result: "ExecuteInProcessResult") -> PukkError:
    from pipelines.defs.reasons import failed_steps

    report = _report_of(ctx, result.run_id)
    if any(e.is_step_success and e.step_key == _PUBLISHING for e in result.all_events):
        steps = "\n".join(f"- {step}: {text}" for step, text in failed_steps(result))
        return PublishError(say("defs.run.published_but_later_failed", steps=steps), way_out=report)
    try:
        reasons, out = _why(ctx, result), _way_out(ctx, result.run_id, report)
    except (duckdb.Error, PukkError):
        # the warehouse itself is what failed
        reasons = "\n".join(f"- {step}: {text}" for step, text in failed_steps(result))
        out = report
    full = about_the_disk(ctx.paths.root)
    if full:
        out = say("defs.run.make_room_and_run", report=report)
        reasons = f"{full}\n{reasons}"
    return GateError(say("defs.run.stopped_nothing_changed", reasons=reasons), way_out=out)


def _report_of(ctx: RunContext, run_id: str) -> str:
    from pipelines.defs.publish import make_report

    try:
        return f"{_SEE}{make_report(ctx, run_id)}"
    except (OSError, duckdb.Error, PukkError) as error:
        # what stopped the run (a full disk, say) may stop the report too
        said = error.text if isinstance(error, PukkError) else type(error).__name__
        return say("defs.run.report_not_written", said=said)


def _why(ctx: RunContext, result: "ExecuteInProcessResult") -> str:
    from pipelines.defs.reasons import why

    rejected = rejected_files(ctx)
    with warehouse(ctx.paths) as con:
        reasons = "\n".join(f"- {row}" for row in why(con, result))
    if not rejected:
        return reasons
    files = "\n".join(f"- {reason}" for _, reason in rejected)
    return say("defs.run.files_rejected", files=files) + (
        f"\nDessuten:\n{reasons}" if reasons else ""
    )


def _way_out(ctx: RunContext, run_id: str, report: str) -> str:
    from pipelines.defs.reasons import way_out

    start, is_written, file = report.partition(_SEE)
    if not is_written:
        return report
    with warehouse(ctx.paths) as con:
        return start + way_out(con, run_id, file)


def rejected_files(ctx: RunContext) -> list[tuple[str, str]]:
    """Return file name and reason of every refused file that still lies in the inbox.

    Raises:
        BusyError: A run holds the warehouse.
    """
    if not ctx.paths.warehouse.exists():
        return []
    with warehouse(ctx.paths) as con:
        return list_rejected(con, present_sha256(ctx.paths))
