"""Commands on the access log: show the newest entries, and check the chain."""

import sqlite3
from typing import Annotated

import typer

from pipelines.cli.output import console, moment, print_json, table
from pipelines.defs.context import load_context
from pipelines.desk.access_log import FILE_NAME, entries, verify
from pipelines.errors import PukkError
from pipelines.publishing.log_marks import log_marks

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Hvem har sett, spurt om og tatt med seg hva; kjedet med avtrykk, så endringer vises.",
)
_REASONS = {
    "changed": "innføringen er endret etter at den ble skrevet",
    "missing": "en innføring er fjernet eller satt inn",
    "cut": "innføringer er kuttet bort fra slutten",
    "recomputed": "innføringer er endret og kjeden regnet ut på nytt",
    "gone": "loggen er slettet",
    "shortened_early": "innføringer er slettet før oppbevaringstiden var ute",
}
_WAY_OUT = "Ta vare på filen som den er, og sammenlign med siste sikkerhetskopi."


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
    """Kontroller at ingen innføring er endret, fjernet eller satt inn, og at loggen er hel.

    Kjeden holdes mot hodene som står i hver utgave, hver rapport og hver hendelse i journalen.
    """
    ctx = load_context()
    marks = log_marks(ctx.paths)
    try:
        found = verify(ctx.paths.state, head, marks.found)
    except sqlite3.DatabaseError as error:
        raise PukkError(
            f"Loggen kan ikke leses ({error}): filen er skadet.",
            where=str(ctx.paths.state / FILE_NAME),
            way_out=_WAY_OUT,
        ) from error
    for file in marks.unreadable:
        console.print(f"Obs: {file} kan ikke leses, så det den sier om loggen er ikke med.")
    if found.broken_at is not None:
        shows = f" Det viser {found.where}." if found.where else ""
        raise PukkError(
            f"Loggen holder ikke fra innføring {found.broken_at}: {_REASONS[found.reason]}.{shows}",
            way_out=_WAY_OUT,
        )
    if found.shortened is not None:
        console.print(
            f"{found.shortened['n_rows']} eldre innføringer er slettet etter oppbevaringstiden"
            f" {moment(found.shortened['at'])} av {found.shortened['actor']}."
        )
    console.print(
        f"Loggen er hel: {found.n_entries} innføringer, holdt mot {len(marks.found)} hoder som"
        " er notert i utgaver, rapporter og journal."
    )
    console.print(f"Hode: {found.head}", soft_wrap=True)
