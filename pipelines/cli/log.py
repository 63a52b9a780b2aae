"""Commands on the access log: show the newest entries, and check the chain."""

import sqlite3
from collections.abc import Sequence
from typing import Annotated

import typer

from pipelines.cli.output import console, moment, print_json, table
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.access_log import FILE_NAME, entries, verify
from pipelines.desk.log_breaks import Accepted, accept_break, accepted_breaks
from pipelines.desk.log_chain import Mark, Verification
from pipelines.errors import PukkError
from pipelines.publishing.log_marks import log_marks
from pipelines.settings import Paths

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
_ACCEPT = 'Er det forklart av en hendelse: pukk log accept-loss --reason "…"'
_WAY_OUT = "Ta vare på filen som den er, og sammenlign med siste sikkerhetskopi."


@app.command("show")
def show(
    limit: Annotated[int, typer.Option(help="Flest innføringer.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv som JSON.")] = False,
) -> None:
    """Vis de nyeste innføringene."""
    rows = entries(read_context().paths.state, limit)
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
    ctx = read_context()
    marks = log_marks(ctx.paths)
    found, known = _checked(ctx.paths, marks.found, head)
    if found.broken_at is not None:
        shows = f" Det viser {found.where}." if found.where else ""
        raise PukkError(
            f"Loggen holder ikke fra innføring {found.broken_at}: {_REASONS[found.reason]}.{shows}",
            way_out=f"{_WAY_OUT} {_ACCEPT}" if found.where else _WAY_OUT,
        )
    if found.shortened is not None:
        console.print(
            f"{found.shortened['n_rows']} eldre innføringer er slettet etter oppbevaringstiden"
            f" {moment(found.shortened['at'])} av {found.shortened['actor']}."
        )
    if known.entry is not None:
        console.print(
            f"Obs: {len(known.heads)} hoder passer ikke. Tapet ble godtatt"
            f" {moment(known.entry['at'])} av {known.entry['actor']}:"
            f" {known.entry['detail'].partition(' ')[2]}",
            markup=False,
        )
    console.print(
        f"Loggen er hel: {found.n_entries} innføringer, holdt mot {len(marks.found)} hoder som"
        " er notert i utgaver, rapporter og journal."
    )
    console.print(f"Hode: {found.head}", soft_wrap=True)
    if marks.unreadable:
        raise PukkError(
            f"{len(marks.unreadable)} filer som skulle sagt hvor loggen sto, kan ikke leses.",
            where=str(marks.unreadable[0]),
            way_out="Hent dem fra sikkerhetskopien, og kontroller på nytt.",
        )


@app.command("accept-loss")
def accept_loss(
    reason: Annotated[str, typer.Option("--reason", help="Hvorfor innføringene er borte.")],
) -> None:
    """Godta at innføringer er tapt, for eksempel etter at state ble hentet fra en eldre kopi.

    Det skrives i loggen, og hver kontroll sier siden fra om det.
    """
    from pipelines.ingest.decisions import checked_reason

    ctx = read_context()
    marks = log_marks(ctx.paths).found
    why = checked_reason(reason)
    found, _ = _checked(ctx.paths, marks, "")
    if found.broken_at is None:
        console.print("Ingenting er tapt, og ingenting er gjort.")
        return
    if found.reason in {"changed", "missing"}:
        raise PukkError(
            "Kjeden i loggen selv er brutt, og kan ikke fortsette.",
            where=str(ctx.paths.state / FILE_NAME),
            way_out="Flytt filen til side, og ta vare på den; da begynner en ny. Kjør så på nytt.",
        )
    n = accept_break(ctx.paths.state, marks, reader(), why)
    console.print(f"Godtatt og logget: {n} hoder passer ikke lenger.")


def _checked(paths: Paths, marks: Sequence[Mark], head: str) -> tuple[Verification, Accepted]:
    try:
        known = accepted_breaks(paths.state)
        counting = [mark for mark in marks if mark.head not in known.heads]
        return verify(paths.state, head, counting), known
    except sqlite3.DatabaseError as error:
        raise PukkError(
            f"Loggen kan ikke leses ({error}): filen er skadet.",
            where=str(paths.state / FILE_NAME),
            way_out=_WAY_OUT,
        ) from error
