"""One run at a time per municipality, wherever it was started from; and waiting for the warehouse.

A municipality's lock is a file, held for the whole run. Within a process Dagster and dbt keep
loggers and flags that belong to all of it, so two municipalities asked for at once run there after
each other. A reader who has the warehouse open is waited for, because DuckDB lets nobody write
while somebody reads.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from filelock import FileLock, Timeout

from pipelines.defs.context import tell
from pipelines.desk.private_files import closed_to_others
from pipelines.errors import BusyError
from pipelines.settings import Paths
from pipelines.warehouse.connection import open_warehouse, remove_spill
from pipelines.words.messages import say

PROCESS = threading.RLock()
"""Held by the one who uses Dagster's or dbt's part of this process."""
WAIT_S = 60.0
"""How long a run waits for a reader of the warehouse before it gives up."""


@contextmanager
def run_lock(paths: Paths) -> Iterator[None]:
    """Hold the municipality's lock for as long as the block runs; what is made is closed to others.

    Raises:
        BusyError: Another run holds it, here or in Dagster.
    """
    lock = FileLock(paths.create().state / "run.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(
            say("defs.lock.another_run_here"),
            way_out=say("defs.lock.wait_until_done"),
        ) from error
    try:
        with closed_to_others():
            remove_spill(paths.warehouse)
            yield
    finally:
        lock.release()


def warehouse(paths: Paths) -> duckdb.DuckDBPyConnection:
    """Return a connection to the working warehouse, after waiting for whoever reads it.

    Args:
        paths: The municipality's folders.

    Raises:
        BusyError: Somebody still reads it after ``WAIT_S`` seconds.
    """
    return open_warehouse(paths.warehouse, wait_s=WAIT_S, on_wait=tell)
