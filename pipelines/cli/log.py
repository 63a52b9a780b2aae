"""Commands on the access log: show the newest entries, and check the chain."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import console, moment, print_json, table
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.access_log import FILE_NAME, entries
from pipelines.desk.log_breaks import accept_break
from pipelines.desk.on_disk import sha256_of
from pipelines.desk.signed import check_signed, entry_of_file
from pipelines.errors import PukkError
from pipelines.settings import Paths
from pipelines.upkeep.log_held import REASONS, HeldLog, held_log
from pipelines.words.messages import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Hvem har sett, spurt om og tatt med seg hva; kjedet med avtrykk, så endringer vises."""


_ACCEPT = say("cli.log.accept_if_explained")
_WAY_OUT = say("cli.log.keep_the_file")


@app.command("show")
def show(
    limit: Annotated[int, typer.Option(help=say("cli.log.most_entries"), min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.log.as_json"))] = False,
) -> None:
    """Vis de nyeste innføringene."""
    rows = entries(read_context().paths.state, limit)
    if as_json:
        print_json(rows)
        return
    words = [say("cli.log.when"), "Hvem", "Rolle", "Hva", "Gjelder", "Enhet"]
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
    console.print(shown if rows else say("cli.log.nothing_logged"))


@app.command("verify")
def verify_chain(
    head: Annotated[str, typer.Option(help=say("cli.log.a_head_noted_before"))] = "",
    file: Annotated[
        Path | None, typer.Option(help=say("cli.log.a_file_taken"), dir_okay=False)
    ] = None,
) -> None:
    """Kontroller at ingen innføring er endret, fjernet eller satt inn, og at loggen er hel.

    Kjeden holdes mot hodene som står i hver utgave, hver rapport og hver hendelse i journalen, og
    det som er attestert, mot avtrykket i attestasjonen. Med --file: om en fil er uendret.
    """
    ctx = read_context()
    held = _checked(ctx.paths, head)
    found, known, marks = held.found, held.known, held.marks
    if found.broken_at is not None:
        shows = f" Det viser {found.where}." if found.where else ""
        raise PukkError(
            say(
                "cli.log.log_does_not_hold",
                broken_at=found.broken_at,
                reasons=REASONS[found.reason],
                shows=shows,
            ),
            way_out=f"{_WAY_OUT} {_ACCEPT}" if found.where else _WAY_OUT,
        )
    if found.shortened is not None:
        console.print(
            say(
                "cli.log.older_deleted_by_rule",
                n_rows=found.shortened["n_rows"],
                at=moment(found.shortened["at"]),
                actor=found.shortened["actor"],
            )
        )
    if known.entry is not None:
        console.print(
            say(
                "cli.log.heads_do_not_match",
                n_heads=len(known.heads),
                at=moment(known.entry["at"]),
                actor=known.entry["actor"],
                value=known.entry["detail"].partition(" ")[2],
            ),
            markup=False,
        )
    console.print(say("cli.log.log_is_whole", n_entries=found.n_entries, n_found=len(marks.found)))
    console.print(f"Hode: {found.head}", soft_wrap=True)
    _hold_signed(ctx.paths.state)
    if file is not None:
        _hold_file(ctx.paths.state, file)
    if marks.unreadable:
        raise PukkError(
            say("cli.log.files_unreadable", n_unreadable=len(marks.unreadable)),
            where=str(marks.unreadable[0]),
            way_out=say("cli.log.bring_them_back"),
        )


def _hold_signed(state: Path) -> None:
    signed = check_signed(state)
    if signed.faults:
        fault = signed.faults[0]
        said = (
            say("cli.log.signed_changed", seq=fault.seq)
            if fault.reason == "changed"
            else say("cli.log.signed_missing", seq=fault.seq)
        )
        raise PukkError(said, where=str(fault.file), way_out=say("cli.log.bring_signed_back"))
    if signed.n_kept:
        console.print(say("cli.log.signed_is_whole", n_kept=signed.n_kept))


def _hold_file(state: Path, file: Path) -> None:
    try:
        sha256 = sha256_of(file)
    except OSError as error:
        raise PukkError(
            say("cli.log.file_unreadable", strerror=error.strerror),
            where=str(file),
            way_out=say("cli.log.give_a_file"),
        ) from error
    entry = entry_of_file(state, sha256)
    if entry is None:
        raise PukkError(
            say("cli.log.file_not_logged"), where=str(file), way_out=say("cli.log.take_it_anew")
        )
    console.print(
        say(
            "cli.log.file_as_taken",
            name=file.name,
            at=moment(entry["at"]),
            actor=entry["actor"],
            seq=entry["seq"],
        )
    )


@app.command("accept-loss")
def accept_loss(
    reason: Annotated[str, typer.Option("--reason", help=say("cli.log.why_entries_are_gone"))],
) -> None:
    """Godta at innføringer er tapt, for eksempel etter at state ble hentet fra en eldre kopi.

    Det skrives i loggen, og hver kontroll sier siden fra om det.
    """
    from pipelines.warehouse.releases import checked_reason

    ctx = read_context()
    why = checked_reason(reason)
    held = _checked(ctx.paths, "")
    found, marks = held.found, held.marks.found
    if found.broken_at is None:
        console.print(say("cli.log.nothing_is_lost"))
        return
    if found.reason in {"changed", "missing"}:
        raise PukkError(
            say("cli.log.chain_is_broken"),
            where=str(ctx.paths.state / FILE_NAME),
            way_out=say("cli.log.move_the_file"),
        )
    n = accept_break(ctx.paths.state, marks, reader(), why)
    console.print(say("cli.log.accepted_and_logged", n=n))


def _checked(paths: Paths, head: str) -> HeldLog:
    try:
        return held_log(paths, head)
    except sqlite3.DatabaseError as error:
        raise PukkError(
            say("cli.log.log_unreadable", error=error),
            where=str(paths.state / FILE_NAME),
            way_out=_WAY_OUT,
        ) from error
