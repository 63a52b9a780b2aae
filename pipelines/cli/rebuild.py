"""The command that builds the warehouse anew from landing and the store: ``rebuild``."""

from typing import Annotated

import typer

from pipelines.cli.output import console, print_json
from pipelines.defs.context import load_context, progress_to
from pipelines.defs.lock import run_lock
from pipelines.defs.sound import rebuild_warehouse


def rebuild(
    as_json: Annotated[bool, typer.Option("--json", help="Skriv utfallet som JSON.")] = False,
) -> None:
    """Bygg datavarehuset på nytt fra landing og records, regn alt ut igjen og publiser.

    Leserne ser det som er publisert, hele tiden. Er resultatet det samme, kommer det ingen ny
    generasjon. Det gamle datavarehuset settes til side og kan slettes.
    """
    from pipelines.defs.run import run_nightly

    ctx = load_context()
    say = None if as_json else _say
    with run_lock(ctx.paths), progress_to(say):
        told = rebuild_warehouse(ctx)
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


def _say(text: str) -> None:
    console.print(f"  {text}")
