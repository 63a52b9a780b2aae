"""What the log is told as a run begins: who starts it, from where, and with which set-up."""

from typing import TYPE_CHECKING

from pipelines.defs.context import JOB_NAME, RunContext
from pipelines.desk.events import log_configuration, log_run
from pipelines.municipality.fingerprint import configuration_fingerprint
from pipelines.settings import REPO_ROOT

if TYPE_CHECKING:
    from dagster import DagsterRun

_STARTERS = {
    "schedule": "dagster/schedule_name",
    "sensor": "dagster/sensor_name",
    "backfill": "dagster/backfill",
}
"""What the log calls what starts a run -> the tag that Dagster gives the run."""


def how_started(run: "DagsterRun") -> str:
    """Return a run's number and what started it, as the tags Dagster itself gives it tell.

    Args:
        run: A run that Dagster has started.
    """
    # whoever clicks in Dagster's page has no name there; the account is the machine's own. What
    # somebody has typed as a tag is no code, and does not go in the log
    by = [f"{name}={run.tags[tag]}" for name, tag in _STARTERS.items() if tag in run.tags]
    return f"run={run.run_id} " + (" ".join(by) or "by hand")


def log_start(ctx: RunContext, how: str, job: str = JOB_NAME) -> None:
    """Log that a run starts, and the set-up if it is another than in the last run.

    Args:
        ctx: The run's context.
        how: The run's number and what started it, as far as is known.
        job: Which job.

    Raises:
        sqlite3.Error: The log could not be written; nothing may be started.
    """
    log_run(ctx.paths.state, how, job)
    setup = configuration_fingerprint(ctx.identity.folder, REPO_ROOT)
    log_configuration(ctx.paths.state, "municipality", setup)
