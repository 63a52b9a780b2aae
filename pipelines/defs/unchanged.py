"""Whether there is anything to do, and what a whole run was made from.

The same answers for the command line, the status, Dagster's schedule and a run started there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pipelines.defs.context import RunContext
from pipelines.desk.generations import Generation, standing
from pipelines.words.messages import say

FORCE_TAG = "pukk/force"
"""Tag on a run in Dagster that is to be made although nothing is new: ``true``."""
_inputs: ContextVar[str | None] = ContextVar("inputs", default=None)


def already_published(ctx: RunContext) -> Generation | None:
    """Return what readers see if a run now would give the same; ``None`` when there is work to do.

    An edition that stands in for a damaged one is not enough: a run mends what is damaged.

    Args:
        ctx: The run's context.
    """
    shown = standing(ctx.paths.published)
    if shown is None or shown.reason:
        return None
    is_same = shown.generation.input_fingerprint == ctx.run_fingerprint()
    return shown.generation if is_same else None


@contextmanager
def inputs_noted(ctx: RunContext) -> Iterator[None]:
    """Note what lies in the inbox as a whole run begins, for as long as the block runs.

    A file that arrives while the run goes on is then news to the next one.
    """
    token = _inputs.set(ctx.run_fingerprint())
    try:
        yield
    finally:
        _inputs.reset(token)


def noted_inputs() -> str | None:
    """Return what the whole run now going on is made from; ``None`` in a part of the job."""
    return _inputs.get()


def nothing_new(number: int) -> str:
    """Return the sentence for a run that has nothing to do.

    Args:
        number: The generation that stands.
    """
    return say("defs.unchanged.nothing_new", number=number, force_tag=FORCE_TAG)
