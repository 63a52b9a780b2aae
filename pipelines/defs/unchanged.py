"""Whether there is anything to do: one answer for the command line, the status and Dagster."""

from pipelines.defs.context import RunContext
from pipelines.desk.generations import Generation, standing


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
