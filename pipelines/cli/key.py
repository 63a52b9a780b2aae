"""The command that rotates the key of pseudonyms: ``key rotate``."""

from typing import Annotated

import typer

from pipelines.cli.output import console
from pipelines.cli.who import reader
from pipelines.defs.context import load_context, progress_to
from pipelines.defs.rows_anew import count_to_rotate, rotate_key
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def key() -> None:
    """Nøkkelen som gjør ansattnummer til pseudonymer."""


@app.command("rotate")
def rotate(
    yes: Annotated[bool, typer.Option("--yes", help="Bytt. Uten --yes endres ingenting.")] = False,
) -> None:
    """Bytt nøkkelen: alle lagrede pseudonymer lages om, og historikken henger sammen.

    Den nye nøkkelen settes i PUKK_PSEUDONYM_KEY_2 (så _3 og videre), ved siden av de gamle, som må
    stå: et ansattnummer blir pseudonym med alle nøklene etter tur. Nøkler Pukk har laget selv,
    får én til i state/pseudonym.key. De publiserte tallene blir de samme.
    """
    from pipelines.defs.run import run_nightly

    ctx = load_context()
    if not yes:
        n_keys, n_files = count_to_rotate(ctx)
        files = counted_nb(n_files, "fil", "filer")
        console.print(say("cli.key.keys_in_use", n_keys=n_keys, files=files, n_keys_2=n_keys + 1))
        return
    with progress_to(_say):
        n_files = rotate_key(ctx, reader())
    console.print(say("cli.key.rotated", n_files=counted_nb(n_files, "fil", "filer")))
    outcome = run_nightly(ctx, force=True, on_progress=_say)
    was = "ny" if outcome.is_new else "uendret"
    console.print(f"Leserne ser generasjon {outcome.generation.number} ({was}).")


def _say(text: str) -> None:
    console.print(f"  {text}")
