"""dbt beside a run, in a process of its own, for as long as the run lasts.

What dbt and DuckDB hold while the models are computed, and what Dagster and Polars hold, are then
never one process's memory. The run has let go of the warehouse before it asks, and dbt before it
answers. It gets no key, only the municipality's folders. Where there is none, whoever asks runs dbt
itself.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any

from pipelines.defs.dbt_here import stopped
from pipelines.desk.beside import Running, beside, end_beside
from pipelines.desk.programs import COMPUTING
from pipelines.settings import Paths
from pipelines.words.messages import say

_running: Running = ContextVar("running", default=None)


def computing_beside() -> AbstractContextManager[None]:
    """Have dbt made ready beside what the block does, and gone when it ends."""
    return beside(COMPUTING, _running)


def run_beside(
    paths: Paths, args: Sequence[str], told: Mapping[str, str] | None = None
) -> list[dict[str, Any]] | None:
    """Run one dbt command beside the run and return its events; ``None`` when none is beside it.

    Args:
        paths: The municipality's folders; the warehouse is free.
        args: dbt's arguments.
        told: What dbt is told beside that, by environment variable.

    Raises:
        PukkError: dbt raised, or its process has ended.
    """
    child = _running.get()
    if child is None or child.poll() is not None or child.stdin is None or child.stdout is None:
        return None
    asked = {"root": str(paths.root), "args": list(args), "told": dict(told or {})}
    try:
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
    except OSError:
        raise stopped(say("defs.dbt_beside.has_ended")) from None
    answer = child.stdout.readline()
    if not answer:
        raise stopped(say("defs.dbt_beside.has_ended"))
    found: dict[str, Any] = json.loads(answer)
    if found["failed"] is not None:
        raise stopped(found["failed"])
    events: list[dict[str, Any]] = found["events"]
    return events


def let_go() -> None:
    """End dbt beside the run, if it is there: what is asked later is done by whoever asks."""
    end_beside(_running)
