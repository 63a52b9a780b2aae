"""Which published generation a command reads, said aloud when it is not the newest."""

from pipelines.cli.output import warn
from pipelines.defs.context import RunContext
from pipelines.desk.generations import Generation, has_remains, standing
from pipelines.desk.standing_words import words_about
from pipelines.errors import PublishError, PukkError
from pipelines.words.messages import say


def current_generation(ctx: RunContext) -> Generation:
    """Return what readers see now; an older one is warned about on standard error.

    Raises:
        PublishError: What was published is damaged or gone.
        PukkError: Nothing is published yet.
    """
    now = standing(ctx.paths.published)
    if now is None and has_remains(ctx.paths.published):
        raise PublishError(
            say("cli.published.no_edition_is_whole"),
            where=str(ctx.paths.published),
            way_out=say("cli.published.run_forced_or_bring_back"),
        )
    if now is None:
        raise PukkError(
            say("cli.published.nothing_published_yet"), way_out=say("cli.published.run")
        )
    words = words_about(now)
    if words is not None:
        warn(words.whole())
    return now.generation
