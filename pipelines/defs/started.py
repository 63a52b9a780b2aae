"""What the log is told as a run begins: who starts it, from where, and with which set-up."""

from pipelines.defs.context import RunContext
from pipelines.desk.events import log_configuration, log_run
from pipelines.municipality.fingerprint import configuration_fingerprint
from pipelines.settings import REPO_ROOT


def log_start(ctx: RunContext, how: str) -> None:
    """Log that a run starts, and the set-up if it is another than in the last run.

    Args:
        ctx: The run's context.
        how: The run's number and what started it, as far as is known.

    Raises:
        sqlite3.Error: The log could not be written; nothing may be started.
    """
    log_run(ctx.paths.state, how)
    setup = configuration_fingerprint(ctx.identity.folder, REPO_ROOT)
    log_configuration(ctx.paths.state, "municipality", setup)
