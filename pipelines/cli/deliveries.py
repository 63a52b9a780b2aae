"""Commands on deliveries: list them, and decide what counts.

What a decision leads to is worked out in ``pipelines.ingest``.
"""

from typing import Annotated

import typer

from pipelines.cli.inspect import read_warehouse
from pipelines.cli.output import console, number, print_json, table
from pipelines.cli.sql import reader
from pipelines.defs.context import load_context
from pipelines.errors import PukkError
from pipelines.ingest.decisions import Action, decide_delivery
from pipelines.warehouse.connection import open_warehouse

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    help="Vis leveransene, se på én, og bestem om den skal telle.",
)
_JSON = typer.Option("--json", help="Skriv som JSON.")
_ID = typer.Argument(help="Leveransens nummer, f.eks. D000012.")
_REASON = typer.Option("--reason", help="Hvorfor; lagres med navn og tidspunkt.")
_STATUS = {
    "loaded": "lastet",
    "rejected": "avvist",
    "duplicate": "levert før",
    "superseded": "erstattet",
    "held": "holdt tilbake",
    "withdrawn": "trukket tilbake",
}


@app.callback()
def deliveries(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Bare denne kontrakten.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Vis leveransene: rader inn = lastet + karantene + duplikat."""
    if context.invoked_subcommand is None:
        _list(source, as_json=as_json)


@app.command("accept")
def accept(
    delivery: Annotated[str, _ID],
    reason: Annotated[str, _REASON],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Godta en leveranse som er holdt tilbake, eller som ble trukket tilbake."""
    _decide("accept", delivery, reason, as_json=as_json)


def _decide(action: Action, delivery: str, reason: str, *, as_json: bool) -> None:
    ctx = load_context()
    if not ctx.paths.warehouse.exists():
        raise PukkError("Ingenting er lest inn ennå.", way_out="Kjør: pukk run")
    with open_warehouse(ctx.paths.warehouse) as con:
        done = decide_delivery(con, ctx.paths, action, delivery, reason, reader().actor)
    if as_json:
        print_json(vars(done))
        return
    console.print(f"{done.delivery_id} er nå {_STATUS[done.status]}.")
    if done.changed_periods:
        console.print(
            f"Andre rader enn før teller for: {', '.join(done.changed_periods)}. "
            "Publiser med: pukk run"
        )
    else:
        console.print("De samme radene teller som før.")


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
            _STATUS.get(row["status"], row["status"]),
            *[
                number(row[name], 0)
                for name in ("rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate")
            ],
        )
    console.print(shown if rows else "Ingen leveranser ennå. Kjør: pukk run")
    for note in read_warehouse(
        ctx, "select delivery_id, message_nb from ops.warnings order by delivery_id, message_nb"
    ):
        console.print(f"Merknad til {note['delivery_id']}: {note['message_nb']}")
