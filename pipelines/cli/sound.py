"""The working warehouse for a command that writes in it: sound, closed, and held alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pipelines.cli.output import errors
from pipelines.defs.closed import close_home
from pipelines.defs.context import RunContext, load_context, progress_to
from pipelines.defs.lock import run_lock, warehouse
from pipelines.defs.sound import mend_warehouse
from pipelines.errors import PukkError


@contextmanager
def sound_warehouse(nothing: PukkError) -> Iterator[tuple[RunContext, duckdb.DuckDBPyConnection]]:
    """Give the context and the warehouse, and let nobody else run for as long as the block runs.

    Args:
        nothing: What to say where nothing has been read yet.

    Raises:
        PukkError: ``nothing``, or as ``mend_warehouse``.
        BusyError: Somebody else holds the lock.
    """
    ctx = load_context()
    with run_lock(ctx.paths), progress_to(lambda text: errors.print(f"Obs  {text}")):
        close_home(ctx)
        mend_warehouse(ctx)
        if not ctx.paths.warehouse.exists():
            raise nothing
        with warehouse(ctx.paths) as con:
            yield ctx, con
