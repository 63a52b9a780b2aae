"""Commands on the access log: show the newest entries, and check the chain."""

from typing import Annotated

import typer

from pipelines.cli.output import console, moment, print_json, table
from pipelines.defs.context import load_context
from pipelines.desk.access_log import entries, verify
from pipelines.errors import PukkError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Hvem har sett, spurt om og tatt med seg hva; kjedet med avtrykk, så endringer vises.",
)
_REASONS = {
    "changed": "innføringen er endret etter at den ble skrevet",
    "missing": "en innføring er fjernet eller satt inn",
    "cut": "innføringer er kuttet bort etter dette",
}


@app.command("show")
def show(
    limit: Annotated[int, typer.Option(help="Flest innføringer.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv som JSON.")] = False,
) -> None:
    """Vis de nyeste innføringene."""
    rows = entries(load_context().paths.state, limit)
    if as_json:
        print_json(rows)
        return
    words = ["Når", "Hvem", "Rolle", "Hva", "Gjelder", "Enhet"]
    shown = table("Logg", [("Nr.", "right"), *words, ("Rader", "right"), "Fil", "Utfall"])
    for row in rows:
        shown.add_row(
            str(row["seq"]),
            moment(row["at"]),
            row["actor"],
            row["role"],
            row["action"],
            row["subject"],
            row["unit"],
            "" if row["n_rows"] is None else str(row["n_rows"]),
            "ja" if row["is_export"] else "",
            row["outcome"],
        )
    console.print(shown if rows else "Ingenting er logget ennå.")


@app.command("verify")
def verify_chain(
    head: Annotated[
        str, typer.Option(help="Et hode som er notert før (nr:avtrykk); viser om noe er kuttet.")
    ] = "",
) -> None:
    """Kontroller at ingen innføring er endret, fjernet eller satt inn."""
    found = verify(load_context().paths.state, head)
    if found.broken_at is not None:
        raise PukkError(
            f"Loggen holder ikke fra innføring {found.broken_at}: {_REASONS[found.reason]}.",
            way_out="Ta vare på filen, og sammenlign med siste sikkerhetskopi.",
        )
    console.print(f"Loggen er hel: {found.n_entries} innføringer.")
    console.print(f"Hode: {found.head}", soft_wrap=True)
