"""Commands on privacy: what an outsider could work out of what is published."""

import time
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipelines.cli.output import console, number, print_json, table
from pipelines.cli.published import current_generation
from pipelines.defs.context import RunContext, load_context
from pipelines.disclosure.attack import Attack, attack
from pipelines.disclosure.table import summary
from pipelines.errors import PukkError
from pipelines.warehouse.connection import open_to_read
from pipelines.words.messages import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Personvern: hva en utenforstående kan regne ut av det som er publisert."""


_LEVELS = {"unit": "enhet", "sector": "sektor", "municipality": "kommune"}
_EDITION = "edition"
_COUNTS = ("n_hidden", "n_exact", "n_exact_nonzero", "n_inside")
_EXPOSED = 3


@app.command("attack")
def attack_command(
    marts: Annotated[
        bool,
        typer.Option("--marts", help=say("cli.privacy.attack_the_warehouse")),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.privacy.as_json"))] = False,
) -> None:
    """Prøv å regne ut hvert skjult tall av de publiserte, og tell hvor mange som lar seg finne.

    Leser datavarehuset, som vet hva som er skjult. Skriver bare antall, aldri et tall. Ender med
    kode 3 når noe lar seg finne. Tar et par minutter for ti år.
    """
    ctx = load_context()
    started = time.monotonic()
    with _warehouse(ctx) as con:
        if marts:
            found = attack(con, "marts")
        else:
            file = ctx.paths.published / current_generation(ctx).file_name
            found = _attack_file(con, file)
    rows = summary(found)
    if as_json:
        print_json(rows.to_dicts())
    else:
        _show(found, time.monotonic() - started)
    if not found.exposed.is_empty():
        raise typer.Exit(_EXPOSED)


def _warehouse(ctx: RunContext) -> duckdb.DuckDBPyConnection:
    if not ctx.paths.warehouse.exists():
        raise PukkError(say("cli.privacy.no_warehouse_yet"), way_out=say("cli.privacy.run"))
    return open_to_read(ctx.paths.warehouse)


def _attack_file(con: duckdb.DuckDBPyConnection, file: Path) -> Attack:
    path = str(file).replace("'", "''")
    con.execute(f"attach '{path}' as {_EDITION} (read_only)")
    return attack(con, f"{_EDITION}.main")


def _show(found: Attack, seconds: float) -> None:
    headings = ["Skjult", "Regnes ut", say("cli.privacy.not_zero_of_them"), "For trangt"]
    shown = table(
        "Skjulte tall",
        ["Tabell", "Tall", say("cli.privacy.level"), *((word, "right") for word in headings)],
    )
    rows = summary(found)
    for row in rows.iter_rows(named=True):
        shown.add_row(
            row["table_name"],
            row["metric_id"],
            _LEVELS[row["level"]],
            *(number(row[name], 0) for name in _COUNTS),
        )
    shown.add_section()
    shown.add_row("I alt", "", "", *(number(int(rows[name].sum()), 0) for name in _COUNTS))
    console.print(shown)
    console.print(say("cli.privacy.worked_out_or_narrow"))
    if not found.odd.is_empty():
        console.print(say("cli.privacy.odd_figures_not_used", n_odd=number(len(found.odd), 0)))
    console.print(f"Tok {number(seconds, 0)} sekunder.")
