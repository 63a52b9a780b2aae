"""How a run ended, noted where the message of the night and the watch look for it.

A note that cannot be written stops no run: the watch then says that no night was seen.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from pipelines.defs.context import RunContext
from pipelines.desk.nights import Outcome, note_night
from pipelines.errors import BusyError, PukkError
from pipelines.publishing.files import current


def note(ctx: RunContext, outcome: Outcome, said: str = "") -> None:
    """Note that a run ended.

    Args:
        ctx: The run's context.
        outcome: How.
        said: Why it failed, and the way out.
    """
    with suppress(sqlite3.Error, OSError, PukkError):
        shown = current(ctx.paths)
        note_night(ctx.paths.state, outcome, generation=shown.number if shown else None, said=said)


@contextmanager
def failure_noted(ctx: RunContext) -> Iterator[None]:
    """Note it when what runs in the block fails; that another run holds the lock is no failure."""
    try:
        yield
    except BusyError:
        raise
    except PukkError as error:
        note(ctx, "failed", error.text)
        raise


def note_ended(ctx: RunContext, before: int | None, failed: Sequence[str]) -> None:
    """Note how a run that Dagster started ended.

    Args:
        ctx: The run's context.
        before: The edition readers saw as it began.
        failed: What was said of the steps that failed.
    """
    if failed:
        note(ctx, "failed", "\n".join(dict.fromkeys(failed)))
        return
    shown = current(ctx.paths)
    note(ctx, "unchanged" if shown and shown.number == before else "published")
