"""A run begins with a sound warehouse: what is missing, old or damaged is mended, and said.

How it is found and mended is in ``pipelines.ingest.rebuild``.
"""

from pipelines.defs.context import RunContext, tell
from pipelines.defs.lock import WAIT_S
from pipelines.desk.events import log_event
from pipelines.ingest.untouched import is_untouched
from pipelines.warehouse.connection import wait_until_free


def needs_nothing(ctx: RunContext) -> bool:
    """Tell whether warehouse, store and landing are whole and in step; nothing is changed.

    The same is asked as in ``mend_warehouse``, in a fraction of the time: a night with nothing new
    waits for no more.

    Args:
        ctx: The run's context, with the run's lock held.
    """
    return is_untouched(ctx.paths, ctx.sources)


def mend_warehouse(ctx: RunContext) -> tuple[str, ...]:
    """Mend the warehouse if it needs it, and tell; returns what was done, usually nothing.

    Args:
        ctx: The run's context, with the run's lock held.

    Raises:
        BusyError: Somebody else has the warehouse open.
        DamagedError: Something that cannot be computed again is damaged; nothing is changed.
    """
    from pipelines.ingest.rebuild import make_sound

    wait_until_free(ctx.paths.warehouse, WAIT_S, tell)
    told = make_sound(ctx.paths.create(), ctx.sources, thorough=True)
    if told:
        log_event(ctx.paths.state, "mend", "warehouse", n_rows=len(told))
    for message in told:
        tell(message)
    return told


def rebuild_warehouse(ctx: RunContext) -> tuple[str, ...]:
    """Build the warehouse anew from store and landing, whatever it looks like, and tell.

    Args:
        ctx: The run's context, with the run's lock held.

    Raises:
        DamagedError: Something that cannot be computed again is damaged; the old one stands.
    """
    from pipelines.ingest.rebuild import rebuild

    wait_until_free(ctx.paths.warehouse, WAIT_S, tell)
    log_event(ctx.paths.create().state, "rebuild", "warehouse")
    told = rebuild(ctx.paths, ctx.sources)
    for message in told:
        tell(message)
    return told
