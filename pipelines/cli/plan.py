"""``pukk plan``: targets agreed before a cycle begins, locked in the journal and the log.

What a lock is, and when one counts, is in ``ingest.target_locks``; who starts when in ``orders``.
"""

from typing import Annotated

import typer

from pipelines.cli.given import figure
from pipelines.cli.orders import draw, exchange, orders
from pipelines.cli.output import console, print_json, table
from pipelines.cli.published import current_generation
from pipelines.cli.sound import sound_warehouse
from pipelines.defs.context import RunContext, read_context
from pipelines.errors import PukkError
from pipelines.ingest.target_locks import Action, lock_target
from pipelines.municipality.metrics import Metric
from pipelines.publishing.contents import read_rows
from pipelines.words.messages import say

_CYCLE = typer.Argument(metavar="RUNDE", help="Rundens id i Lean-registeret.")
_METRIC = typer.Argument(metavar=say("cli.plan.metric_argument"), help=say("cli.plan.id_of_metric"))
_JSON = typer.Option("--json", help=say("cli.plan.as_json"))
_LOCKS = (
    "select c.cycle_id, c.unit_name, c.start_date, c.locked_metric_id, c.locked_on, c.look_months,"
    " l.label_nb as state_nb, c.target_state"
    " from mart_cycles as c inner join dim_labels as l"
    " on l.domain = 'target_state' and l.code = c.target_state"
    " where c.target_state <> 'none' order by c.start_date desc nulls first, c.cycle_id"
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def plan() -> None:
    """Før en runde begynner: lås målet, se hva ventelisten kan vise, og trekk rekkefølgen."""


app.command("orders")(orders)
app.command("draw")(draw)
app.command("exchange")(exchange)


@app.command("lock")
def lock(
    cycle: Annotated[str, _CYCLE],
    metric: Annotated[str, _METRIC],
    target: Annotated[
        float | None,
        typer.Option(parser=figure, metavar="TALL", help=say("cli.plan.value_to_reach")),
    ] = None,
    months: Annotated[int, typer.Option(help=say("cli.plan.months_after_start"))] = 24,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Lås målet for en runde nå, før første kursdag.

    Måltallet, hva det betyr, retningen, målet og når det ses etter, skrives i journalen og i
    tilgangsloggen med klokkeslettet. Ett måltall per runde. En lås som lages etter at runden
    begynte, eller endres da, gjelder ikke: tallet regnes som sett i ettertid.
    """
    _write("lock", cycle, metric, target=target, months=months, as_json=as_json)


@app.command("unlock")
def unlock(
    cycle: Annotated[str, _CYCLE],
    metric: Annotated[str, _METRIC],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Ta et låst mål tilbake; begge deler står i journalen og i tilgangsloggen."""
    _write("unlock", cycle, metric, as_json=as_json)


@app.command("locks")
def locks(as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis hver runde med et mål: låst på forhånd, eller hvorfor det regnes som sett i ettertid."""
    ctx = read_context()
    rows = read_rows(ctx.paths, current_generation(ctx), _LOCKS)
    if as_json:
        print_json(rows)
        return
    shown = table(
        say("cli.plan.targets_of_rounds"),
        [
            "Runde",
            "Enhet",
            "Start",
            say("cli.plan.locked_metric"),
            say("cli.plan.locked"),
            "Grunnlag",
        ],
    )
    for row in rows:
        start, locked_on = row["start_date"], row["locked_on"]
        shown.add_row(
            row["cycle_id"],
            row["unit_name"],
            f"{start:%d.%m.%Y}" if start else "",
            row["locked_metric_id"] or "",
            f"{locked_on:%d.%m.%Y}" if locked_on else "",
            row["state_nb"],
        )
    console.print(shown)


def _write(
    action: Action,
    cycle: str,
    metric_id: str,
    *,
    target: float | None = None,
    months: int = 24,
    as_json: bool,
) -> None:
    nothing = PukkError(
        say("cli.plan.nothing_read_yet"), where="Lean-registeret", way_out=say("cli.plan.run")
    )
    with sound_warehouse(nothing) as (ctx, con):
        found = lock_target(
            con,
            ctx.paths,
            cycle,
            _metric(ctx, metric_id),
            target_value=target,
            look_months=months,
            action=action,
        )
    if as_json:
        print_json(vars(found))
        return
    done = say("cli.plan.is_locked") if action == "lock" else say("cli.plan.is_not_locked")
    console.print(
        say(
            "cli.plan.target_written",
            metric_id=metric_id,
            done=done,
            cycle_id=found.cycle_id,
            unit_id=found.unit_id,
        )
    )
    if not found.is_in_time:
        console.print(say("cli.plan.round_had_begun", first_day=found.first_day))


def _metric(ctx: RunContext, metric_id: str) -> Metric:
    known = {metric.id: metric for metric in ctx.municipality.metrics}
    if metric_id not in known:
        raise PukkError(
            say("cli.plan.no_such_metric"),
            where=metric_id,
            way_out=say("cli.plan.choose_one_of", known=", ".join(sorted(known))),
        )
    return known[metric_id]
