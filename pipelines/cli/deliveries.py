"""Commands on deliveries: list them, look at one, and decide what counts.

What a decision leads to is worked out in ``pipelines.ingest``; how one delivery is shown is in
``delivery_shown``.
"""

from contextlib import AbstractContextManager
from typing import Annotated

import duckdb
import typer

from pipelines.cli.delivery_printed import print_changes, print_delivery
from pipelines.cli.delivery_shown import (
    STATUS_NB,
    changes_of,
    shown_delivery,
)
from pipelines.cli.ledger import read_warehouse
from pipelines.cli.output import console, number, print_json, table
from pipelines.cli.sound import sound_warehouse
from pipelines.defs.context import RunContext, load_context
from pipelines.desk.accounts import person
from pipelines.errors import PukkError
from pipelines.ingest.decisions import Action, decide_delivery
from pipelines.warehouse.releases import checked_expiry, today_in_norway
from pipelines.words.messages import say

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)


_JSON = typer.Option("--json", help=say("cli.deliveries.as_json"))
_ID = typer.Argument(help="Leveransens nummer, f.eks. D000012.")
_REASON = typer.Option("--reason", help=say("cli.deliveries.why_it_is_so"))


@app.callback()
def deliveries(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Bare denne kontrakten.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Vis leveransene, se på én, og bestem om den skal telle."""
    if context.invoked_subcommand is None:
        _list(source, as_json=as_json)


@app.command("show")
def show(delivery: Annotated[str, _ID], as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis én leveranse: rader inn og holdt tilbake, perioder, summer før og etter, merknader."""
    with _sound(delivery) as (ctx, con):
        shown = shown_delivery(ctx, con, delivery)
    print_json(shown) if as_json else print_delivery(shown)


@app.command("diff")
def diff(delivery: Annotated[str, _ID], as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis hva leveransen endrer, per periode og enhet: summer før og etter, aldri rader."""
    with _sound(delivery) as (ctx, con):
        changes = changes_of(ctx, con, delivery)
    print_json(changes) if as_json else print_changes(delivery, changes)


@app.command("accept")
def accept(
    delivery: Annotated[str, _ID],
    reason: Annotated[str, _REASON],
    until: Annotated[str | None, typer.Option(help=say("cli.deliveries.last_day"))] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Godta en leveranse som er holdt tilbake, eller som ble trukket tilbake."""
    _decide("accept", delivery, reason, until, as_json=as_json)


@app.command("withdraw")
def withdraw(
    delivery: Annotated[str, _ID],
    reason: Annotated[str, _REASON],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Trekk en leveranse tilbake: det den erstattet, gjelder igjen. Angres med accept."""
    _decide("withdraw", delivery, reason, None, as_json=as_json)


def _sound(delivery: str) -> AbstractContextManager[tuple[RunContext, duckdb.DuckDBPyConnection]]:
    nothing = PukkError(
        say("cli.deliveries.nothing_read_yet"),
        where=delivery,
        way_out=say("cli.deliveries.run"),
    )
    return sound_warehouse(nothing)


def _decide(
    action: Action, delivery: str, reason: str, until: str | None, *, as_json: bool
) -> None:
    expires_on = checked_expiry(until, today_in_norway())
    with _sound(delivery) as (ctx, con):
        done = decide_delivery(
            con, ctx.paths, action, delivery, reason, person(),
            expires_on=expires_on, four_eyes=ctx.municipality.releases.four_eyes,
        )  # fmt: skip
    if as_json:
        print_json(vars(done))
        return
    if done.is_proposed:
        console.print(say("cli.deliveries.waits_for_second", delivery_id=done.delivery_id))
        return
    console.print(
        say("cli.deliveries.is_now", delivery_id=done.delivery_id, status_nb=STATUS_NB[done.status])
    )
    if done.changed_periods:
        console.print(
            say("cli.deliveries.other_rows_count", changed_periods=", ".join(done.changed_periods))
        )
    else:
        console.print(say("cli.deliveries.same_rows_count"))


def _list(source: str | None, *, as_json: bool) -> None:
    ctx = load_context()
    rows = read_warehouse(
        ctx,
        "select * from ops.deliveries where ?1 is null or contract_id = ?1 order by seq",
        source,
    )
    if as_json:
        print_json(rows)
        return
    right = ("Inn", "Lastet", "Karantene", "Duplikat")
    shown = table(
        "Leveranser",
        ["Nr.", "Kilde", "Fil", "SHA-256", "Status", *[(name, "right") for name in right]],
    )
    for row in rows:
        shown.add_row(
            row["delivery_id"],
            f"{row['contract_id']}.{row['table_name']}",
            row["file_name"],
            row["file_sha256"][:8],
            STATUS_NB.get(row["status"], row["status"]),
            *[
                number(row[name], 0)
                for name in ("rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate")
            ],
        )
    console.print(shown if rows else say("cli.deliveries.none_yet"))
    for note in read_warehouse(
        ctx, "select delivery_id, message_nb from ops.warnings order by delivery_id, message_nb"
    ):
        console.print(
            say(
                "cli.deliveries.note_to",
                delivery_id=note["delivery_id"],
                message_nb=note["message_nb"],
            )
        )
