"""``pukk plan orders`` and ``pukk plan draw``: what can be found, and who starts when."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.output import console, print_json, table
from pipelines.cli.sound import sound_warehouse
from pipelines.cli.who import reader
from pipelines.defs.context import RunContext, read_context
from pipelines.defs.lock import warehouse
from pipelines.desk.access_log import last_of
from pipelines.desk.events import log_event
from pipelines.desk.personal_identifiers import masked
from pipelines.errors import PukkError
from pipelines.ingest.drawn_starts import keep_draw
from pipelines.planning.drawing import draw as drawn_order
from pipelines.planning.drawing import list_hash, waves
from pipelines.planning.orders import COMPARED, WINDOWS, Order
from pipelines.planning.proposed import Ranked, proposed
from pipelines.words.messages import say
from pipelines.words.numbers import month, quantity

if TYPE_CHECKING:
    from pipelines.planning.comparison import Found
    from pipelines.planning.waiting import PlannedMetric, WaitingList

    Compared = list[tuple[PlannedMetric, list[Found]]]


class Reason(StrEnum):
    """Why a drawn unit is moved; codes, since a log holds no one's words."""

    LEADER = "leder"
    STAFFING = "bemanning"
    REORGANISATION = "omorganisering"
    PREMISES = "lokaler"
    OTHER_PROJECT = "annet-prosjekt"


_SUBJECT = "waiting_list"
_JSON = typer.Option("--json", help=say("cli.orders.as_json"))
_LARGEST_WAVE = 200


def orders(
    metric: Annotated[
        list[str] | None,
        typer.Option(help=say("cli.orders.only_this_metric")),
    ] = None,
    months: Annotated[int, typer.Option(min=12, max=120, help=say("cli.orders.months_ahead"))] = 36,
    wave: Annotated[
        int | None, typer.Option(min=1, max=_LARGEST_WAVE, help=say("cli.orders.own_wave"))
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, max=60, help=say("cli.orders.months_between_waves"))
    ] = 12,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Vis hva ventelisten kan finne ut, etter hvem som starter når.

    Minste endring er den som ville blitt funnet i 80 av 100, for enhetene samlet. Den følger av
    hvem som er målt før hvem, og av hvor mye måltallet svinger; ingen framtidige tall trengs.
    """
    from pipelines.planning.comparison import compare

    ctx = read_context()
    waiting = _read(ctx)
    chosen = [m for m in waiting.metrics if (m.metric_id in metric if metric else m.is_headline)]
    if metric and (unknown := set(metric) - {m.metric_id for m in waiting.metrics}):
        raise PukkError(
            say("cli.orders.metric_without_model"),
            where=", ".join(sorted(unknown)),
            way_out=say(
                "cli.orders.choose_among", metrics=", ".join(m.metric_id for m in waiting.metrics)
            ),
        )
    strata = {unit.unit_id: unit.service_type for unit in waiting.units}
    sequence = drawn_order(strata, list_hash(strata))
    compared = (*COMPARED, Order(None, wave, every)) if wave else COMPARED
    found = []
    for each in chosen:
        if not as_json:
            console.print(f"  Regner ut {each.label} …")
        found.append((each, compare(each, sequence, compared, months)))
    if as_json:
        print_json(_as_rows(found, len(sequence)))
        return
    n_waiting = len(waiting.units)
    console.print(
        say(
            "cli.orders.units_waiting",
            n_waiting=n_waiting,
            last_month=month(waiting.last_month, "nb"),
            months=months,
        )
    )
    best = _proposed(found)
    if best is not None:
        console.print(say("cli.orders.proposal", order=_words_of(best, n_waiting)))
    for each, rows in found:
        # where no order finds anything, the sentence below says so
        if any(row.n_judged for row in rows):
            console.print(_orders_table(each, rows, n_waiting))
    _say_what_cannot_be_found(found)
    console.print(say("cli.orders.differences_between_units"))
    console.print(say("cli.orders.draw_so_all_can_check"))
    console.print(say("cli.orders.lock_before_first_day"))


def draw(
    seed: Annotated[
        str | None,
        typer.Option(help=say("cli.orders.what_was_drawn")),
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=_LARGEST_WAVE, help="Enheter per pulje.")] = 6,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Trekk hvem på ventelisten som starter når, slik at hvem som helst kan regne etter.

    Først uten --seed: listen og kontrollsummen dens skrives i tilgangsloggen. Så trekkes et tall
    mens andre ser på (terninger, en lottokule), og kommandoen kjøres igjen med --seed. Innen hver
    tjenestetype sorteres enhetene etter HMAC-SHA256 av tallet og enhetens id; typene spres jevnt.
    """
    ctx = read_context()
    waiting = _read(ctx)
    if not waiting.units:
        console.print(say("cli.orders.none_waiting"))
        return
    strata = {unit.unit_id: unit.service_type for unit in waiting.units}
    digest = list_hash(strata)
    if seed is None:
        _note(ctx, digest, len(strata))
        return
    noted = last_of(ctx.paths.state, "draw", _SUBJECT)
    if noted is None or digest not in noted["detail"]:
        raise PukkError(
            say("cli.orders.list_not_noted"),
            where=f"{len(strata)} enheter, sha256 {digest[:12]}…",
            way_out=say("cli.orders.draw_without_seed_first"),
        )
    detail = f"sha256:{digest} seed={seed} size={size}"
    if masked(detail) != detail:
        raise PukkError(
            say("cli.orders.drawn_looks_personal"),
            way_out=say("cli.orders.draw_another"),
        )
    order = waves(drawn_order(strata, seed), [size])
    log_event(
        ctx.paths.state, "draw", "start_order", who=reader(), n_rows=len(strata), detail=detail
    )
    with sound_warehouse(_nothing(ctx)) as (_, con):
        keep_draw(con, ctx.paths, digest, order)
    names = {unit.unit_id: unit.name for unit in waiting.units}
    if as_json:
        print_json({"seed": seed, "list_sha256": digest, "waves": [list(w) for w in order]})
        return
    shown = table(say("cli.orders.drawn_with", seed=seed), ["Pulje", "Enhet", "Id", "Tjeneste"])
    for place, units in enumerate(order, 1):
        for unit_id in units:
            shown.add_row(str(place), names[unit_id], unit_id, strata[unit_id])
    console.print(shown)
    console.print(say("cli.orders.swap_needs_reason"))


def _proposed(found: "Compared") -> Order | None:
    compared = list(dict.fromkeys(row.order for _, rows in found for row in rows))
    number = proposed(
        [Ranked(compared.index(r.order), r.window, r.mde80, r.months_to_verdict) for r in rows]
        for _, rows in found
    )
    return None if number is None else compared[number]


def exchange(
    unit: Annotated[str, typer.Argument(metavar="ENHET", help=say("cli.orders.id_of_unit"))],
    wave: Annotated[int, typer.Option(min=1, help=say("cli.orders.new_wave"))],
    reason: Annotated[Reason, typer.Option(help=say("cli.orders.why_exchanged"))],
) -> None:
    """Flytt en trukket enhet til en annen pulje, med en grunn.

    Grunnen står i tilgangsloggen. Enheten regnes som valgt når den starter med en annen pulje enn
    den ble trukket til.
    """
    ctx = read_context()
    with sound_warehouse(_nothing(ctx)) as (_, con):
        found = con.execute(
            "select arg_max(wave_no, entry_no) from ops.drawn_starts where unit_id = ?", [unit]
        ).fetchone()
    if found is None or found[0] is None:
        raise PukkError(
            say("cli.orders.unit_not_drawn"), where=unit, way_out=say("cli.orders.draw_it_first")
        )
    detail = f"exchange wave={found[0]}->{wave} reason={reason.value}"
    log_event(ctx.paths.state, "draw", unit, who=reader(), outcome="exchanged", detail=detail)
    console.print(say("cli.orders.exchanged", unit_id=unit, was=found[0], wave=wave))


def _orders_table(metric: "PlannedMetric", rows: "list[Found]", n_waiting: int) -> Table:
    shown = table(
        metric.label,
        [
            say("cli.orders.start_order"),
            *[(f"Vurdert, {w} md.", "right") for w in WINDOWS],
            *[(f"Minste endring, {w} md.", "right") for w in WINDOWS],
            (say("cli.orders.first_verdict_after"), "right"),
        ],
    )
    by_order: dict[Order, list[Found]] = {}
    for row in rows:
        by_order.setdefault(row.order, []).append(row)
    for order, found in by_order.items():
        first = min((f.months_to_verdict for f in found if f.months_to_verdict), default=None)
        shown.add_row(
            _words_of(order, n_waiting),
            *(str(f.n_judged) for f in found),
            *(_least_change(metric, f) for f in found),
            f"{first} md." if first else "–",
        )
    return shown


def _words_of(order: Order, n_waiting: int) -> str:
    sizes = order.sizes(n_waiting)
    if len(sizes) <= 1:
        return say("cli.orders.all_at_once")
    if order.size is None:
        many = ", ".join(str(size) for size in sizes)
        return f"{len(sizes)} puljer ({many}), {order.months_between} md. mellom"
    return say("cli.orders.waves_of", size=order.size, months_between=order.months_between)


def _least_change(metric: "PlannedMetric", found: "Found") -> str:
    if found.mde80 is None:
        return "–"
    unit = "percent" if metric.telling.effect_unit == "percent" else metric.unit
    return "±" + quantity(found.mde80, metric.decimals + 1, unit, "nb", is_change=True).lstrip("+")


def _say_what_cannot_be_found(found: "Compared") -> None:
    for metric, rows in found:
        known = [row.mde80 for row in rows if row.mde80 is not None]
        unit = metric.telling.effect_unit
        if not known:
            console.print(say("cli.orders.nothing_to_compare", label=metric.label))
        elif metric.relevant and unit != "percent" and min(known) > metric.relevant:
            least = quantity(metric.relevant, metric.decimals, metric.unit, "nb", is_change=True)
            console.print(
                say("cli.orders.too_small_to_see", label=metric.label, value=least.lstrip("+"))
            )


def _as_rows(found: "Compared", n_waiting: int) -> list[dict[str, Any]]:
    return [
        {
            "metric_id": metric.metric_id,
            "scale": metric.telling.scale,
            "sizes": row.order.sizes(n_waiting),
            "months_between": row.order.months_between,
            "window_months": row.window,
            "n_judged": row.n_judged,
            "mde80": row.mde80,
            "months_to_verdict": row.months_to_verdict,
        }
        for metric, rows in found
        for row in rows
    ]


def _note(ctx: RunContext, digest: str, n_units: int) -> None:
    log_event(
        ctx.paths.state,
        "draw",
        _SUBJECT,
        who=reader(),
        n_rows=n_units,
        outcome="noted",
        detail=f"sha256:{digest}",
    )
    console.print(say("cli.orders.noted", n_units=n_units, digest=digest))


def _nothing(ctx: RunContext) -> PukkError:
    return PukkError(
        say("cli.orders.nothing_computed_yet"),
        where=ctx.identity.id,
        way_out=say("cli.orders.run"),
    )


def _read(ctx: RunContext) -> "WaitingList":
    from pipelines.planning.published import FITS
    from pipelines.planning.waiting import read_waiting_list

    if not ctx.paths.warehouse.exists():
        raise _nothing(ctx)
    with warehouse(ctx.paths) as con:
        return read_waiting_list(con, ctx.paths.state / FITS)
