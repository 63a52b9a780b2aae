"""Commands on one person: show what is held about them, and delete it on request.

The number is asked for, or read from standard input; it is never an argument, which others on the
machine can see and the shell remembers.
"""

import getpass
import sys
from collections import Counter
from typing import Annotated, Any

import typer

from pipelines.cli.output import console, print_json
from pipelines.cli.who import reader
from pipelines.defs.context import load_context, progress_to
from pipelines.defs.rows_anew import delete_person, forget_editions, look_up
from pipelines.errors import ConfigError
from pipelines.ingest.erasure import Held
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Innsyn i og sletting av det som er lagret om én person. Ansattnummeret spørres det om."""


_TECHNICAL = frozenset({"feed_id", "source_row"})


@app.command("show")
def show() -> None:
    """Vis alle rader om én person som JSON: dem som teller, og dem som er erstattet eller trukket.

    Ansattnummeret skrives når det blir spurt om, eller leses fra standard inn. Oppslaget logges
    med antall rader, aldri med hvem. Utskriften er personopplysninger: gi den bare til den det
    gjelder.
    """
    print_json(_rows(look_up(load_context(), reader(), _number())))


@app.command("delete")
def delete(
    yes: Annotated[
        bool, typer.Option("--yes", help=say("cli.person.delete_what_is_shown"))
    ] = False,
) -> None:
    """Vis hva som er lagret om én person; slett det med --yes.

    Slettes: radene i landing og datavarehuset, råfilene de kom med, råfiler med personer der
    rader er satt til side eller filen er avvist, datavarehus satt til side, og utgavene før den
    nye. Det som leveres om personen siden, holdes ute. Journalen og loggen sier hvor mange rader,
    aldri hvem.
    """
    from pipelines.defs.run import run_nightly

    ctx, number = load_context(), _number()
    if not yes:
        _tell(look_up(ctx, reader(), number))
        return
    with progress_to(_say):
        held = delete_person(ctx, reader(), number)
    rows = counted_nb(held.n_rows, "rad", "rader")
    console.print(
        say(
            "cli.person.deleted",
            rows=rows,
            n_raw_files=counted_nb(
                len(held.raw_files), say("cli.person.raw_file"), say("cli.person.raw_files")
            ),
        )
    )
    _tell_closed(held)
    outcome = run_nightly(ctx, force=True, on_progress=_say)
    n_editions = forget_editions(ctx, reader())
    console.print(
        say("cli.person.readers_see_now", number=outcome.generation.number, n_editions=n_editions)
    )


def _number() -> str:
    # no echo: whoever stands behind sees nothing, and nothing stays in the window
    text = getpass.getpass("Ansattnummer: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not text.strip():
        raise ConfigError(
            say("cli.person.number_missing"), way_out=say("cli.person.write_it_when_asked")
        )
    return text.strip()


def _tell(held: Held) -> None:
    _tell_closed(held)
    if not held.n_rows:
        console.print(say("cli.person.no_rows_of_number"))
        return
    counts: Counter[str] = Counter()
    for file, rows in held.found:
        counts[f"{file.contract_id}.{file.table_name}"] += rows.height
    for table, n in sorted(counts.items()):
        console.print(f"{table}: {counted_nb(n, 'rad', 'rader')}")
    console.print(say("cli.person.raw_files_deleted_too", n_raw_files=len(held.raw_files)))
    for raw in held.raw_files:
        console.print(f"  {raw.name}", soft_wrap=True)
    console.print(say("cli.person.nothing_deleted"))


def _tell_closed(held: Held) -> None:
    if held.closed_before is not None:
        console.print(say("cli.person.closed_stands", day=held.closed_before))


def _rows(held: Held) -> list[dict[str, Any]]:
    return [
        {"table": f"{file.contract_id}.{file.table_name}"}
        | {name: value for name, value in row.items() if name not in _TECHNICAL}
        for file, rows in held.found
        for row in rows.to_dicts()
    ]


def _say(text: str) -> None:
    console.print(f"  {text}")
