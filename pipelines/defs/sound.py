"""A run begins with a sound warehouse: what is missing, old or damaged is mended, and said.

How it is found and mended is in ``pipelines.ingest.rebuild``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from pipelines.defs.context import RunContext, tell
from pipelines.errors import BusyError
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.settings import Paths


@contextmanager
def run_lock(paths: Paths) -> Iterator[None]:
    """Hold the municipality's lock for as long as the block runs.

    Raises:
        BusyError: Another run holds it.
    """
    lock = FileLock(paths.create().state / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(
            "En annen kjøring holder på med denne kommunen.",
            way_out="Vent til den er ferdig (pukk status), og prøv igjen.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def mend_warehouse(ctx: RunContext) -> tuple[str, ...]:
    """Mend the warehouse if it needs it, and tell; returns what was done, usually nothing.

    Args:
        ctx: The run's context, with the run's lock held.

    Raises:
        BusyError: Somebody else has the warehouse open.
        DamagedError: Something that cannot be computed again is damaged; nothing is changed.
    """
    told = make_sound(ctx.paths.create(), ctx.sources, thorough=True)
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
    told = rebuild(ctx.paths.create(), ctx.sources)
    for message in told:
        tell(message)
    return told
