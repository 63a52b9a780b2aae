"""The command that builds the warehouse anew from landing and the store: ``rebuild``."""

from collections.abc import Sequence
from typing import Annotated

import typer

from pipelines.cli.output import console, print_json
from pipelines.cli.who import reader
from pipelines.defs.closed import close_home
from pipelines.defs.context import RunContext, load_context, progress_to, tell
from pipelines.defs.lock import run_lock
from pipelines.defs.sound import rebuild_warehouse
from pipelines.desk.events import log_event
from pipelines.errors import ConfigError
from pipelines.ingest.gaps import go_without
from pipelines.words.messages import say


def rebuild(
    without: Annotated[
        list[str] | None,
        typer.Option(help=say("cli.rebuild.damaged_or_lost_file")),
    ] = None,
    reason: Annotated[str | None, typer.Option(help=say("cli.rebuild.why_left_out"))] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.rebuild.outcome_as_json"))
    ] = False,
) -> None:
    """Bygg datavarehuset på nytt fra landing og records, regn alt ut igjen og publiser.

    Leserne ser det som er publisert, hele tiden. Er resultatet det samme, kommer det ingen ny
    generasjon. Det gamle datavarehuset settes til side og kan slettes. Med --without FIL går
    byggingen videre uten en fil som er skadet eller tapt, og det sies og lagres hva som er tapt.
    """
    from pipelines.defs.run import run_nightly

    ctx = load_context()
    say = None if as_json else _say
    with run_lock(ctx.paths), progress_to(say):
        close_home(ctx)
        told = (*_gone_without(ctx, without or [], reason), *rebuild_warehouse(ctx))
    outcome = run_nightly(ctx, force=True, on_progress=say)
    if as_json:
        print_json(
            {
                "mended": told,
                "generation": outcome.generation.number,
                "is_new": outcome.is_new,
                "run_id": outcome.run_id,
            }
        )
        return
    was = "ny" if outcome.is_new else "uendret"
    console.print(f"Leserne ser generasjon {outcome.generation.number} ({was}).")


def _gone_without(ctx: RunContext, names: Sequence[str], reason: str | None) -> tuple[str, ...]:
    if not names:
        return ()
    if reason is None:
        raise ConfigError(say("cli.rebuild.say_why"), way_out=say("cli.rebuild.add_reason"))
    log_event(ctx.paths.state, "loss", "records", n_rows=len(names))
    told = go_without(ctx.paths, names, reason, reader().actor)
    for message in told:
        tell(message)
    return told


def _say(text: str) -> None:
    console.print(f"  {text}")
