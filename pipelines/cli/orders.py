"""``pukk plan orders`` and ``pukk plan draw``: what can be found, and who starts when."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.output import console, print_json, table
from pipelines.cli.who import reader
from pipelines.defs.context import RunContext, read_context
from pipelines.defs.lock import warehouse
from pipelines.desk.access_log import last_of
from pipelines.desk.events import log_event
from pipelines.desk.personal_identifiers import masked
from pipelines.errors import PukkError
from pipelines.planning.drawing import draw as drawn_order
from pipelines.planning.drawing import list_hash, waves
from pipelines.planning.orders import COMPARED, WINDOWS, Order
from pipelines.words.numbers import month, quantity

if TYPE_CHECKING:
    from pipelines.planning.comparison import Found
    from pipelines.planning.waiting import PlannedMetric, WaitingList

    Compared = list[tuple[PlannedMetric, list[Found]]]

_SUBJECT = "waiting_list"
_JSON = typer.Option("--json", help="Skriv som JSON.")
_LARGEST_WAVE = 200


def orders(
    metric: Annotated[
        list[str] | None,
        typer.Option(help="Bare dette måltallet (kan gjentas). Ellers kommunens hovedmåltall."),
    ] = None,
    months: Annotated[int, typer.Option(min=12, max=120, help="Måneder fram i tid.")] = 36,
    wave: Annotated[
        int | None, typer.Option(min=1, max=_LARGEST_WAVE, help="Egen pulje: enheter om gangen.")
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, max=60, help="Måneder mellom egne puljer (med --wave).")
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
            "Måltallet har ingen modell å planlegge med.",
            where=", ".join(sorted(unknown)),
            way_out=f"Velg blant: {', '.join(m.metric_id for m in waiting.metrics)}.",
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
        f"{n_waiting} enheter venter. Siste måned med tall: {month(waiting.last_month, 'nb')}. "
        f"Det ses {months} måneder fram; første pulje starter i den første av dem, "
        "etter innføringen."
    )
    for each, rows in found:
        console.print(_orders_table(each, rows, n_waiting))
    _say_what_cannot_be_found(found)
    console.print(
        "Forskjeller i hvor godt det virker fra enhet til enhet kommer i tillegg. Rekkefølgen innen"
        " listen er trukket, for det endrer ikke hvor lite som kan ses, men det tar bort skjevheten"
        " som kommer når de dårligste månedene avgjør hvem som starter."
    )
    console.print("Trekk rekkefølgen slik at alle kan kontrollere den: pukk plan draw --help")
    console.print("Lås målet før første kursdag: pukk plan lock RUNDE MÅLTALL --target VERDI")


def draw(
    seed: Annotated[
        str | None,
        typer.Option(help="Det som ble trukket mens andre så på. Uten: listen noteres først."),
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
        console.print("Ingen enheter venter, så det er ingenting å trekke.")
        return
    strata = {unit.unit_id: unit.service_type for unit in waiting.units}
    digest = list_hash(strata)
    if seed is None:
        _note(ctx, digest, len(strata))
        return
    noted = last_of(ctx.paths.state, "draw", _SUBJECT)
    if noted is None or digest not in noted["detail"]:
        raise PukkError(
            "Listen er ikke notert slik den er nå, så trekningen kan ikke kontrolleres.",
            where=f"{len(strata)} enheter, sha256 {digest[:12]}…",
            way_out="Kjør først pukk plan draw uten --seed, og trekk tallet etterpå.",
        )
    detail = f"sha256:{digest} seed={seed} size={size}"
    if masked(detail) != detail:
        raise PukkError(
            "Det som ble trukket, ligner et nummer en person kan kjennes på, og loggføres ikke.",
            way_out="Trekk et annet tall.",
        )
    order = waves(drawn_order(strata, seed), [size])
    log_event(
        ctx.paths.state, "draw", "start_order", who=reader(), n_rows=len(strata), detail=detail
    )
    names = {unit.unit_id: unit.name for unit in waiting.units}
    if as_json:
        print_json({"seed": seed, "list_sha256": digest, "waves": [list(w) for w in order]})
        return
    shown = table(f"Trukket med «{seed}»", ["Pulje", "Enhet", "Id", "Tjeneste"])
    for place, units in enumerate(order, 1):
        for unit_id in units:
            shown.add_row(str(place), names[unit_id], unit_id, strata[unit_id])
    console.print(shown)
    console.print("Et bytte etterpå er lov med en grunn, og gjør at den enheten regnes som valgt.")


def _orders_table(metric: "PlannedMetric", rows: "list[Found]", n_waiting: int) -> Table:
    shown = table(
        metric.label,
        [
            "Startrekkefølge",
            *[(f"Vurdert, {w} md.", "right") for w in WINDOWS],
            *[(f"Minste endring, {w} md.", "right") for w in WINDOWS],
            ("Første dom etter", "right"),
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
        return "Alle på én gang"
    if order.size is None:
        many = ", ".join(str(size) for size in sizes)
        return f"{len(sizes)} puljer ({many}), {order.months_between} md. mellom"
    return f"Puljer på {order.size}, {order.months_between} md. mellom"


def _least_change(metric: "PlannedMetric", found: "Found") -> str:
    if found.mde80 is None:
        return "–"
    unit = "percent" if metric.scale == "log" else metric.unit
    return "±" + quantity(found.mde80, metric.decimals + 1, unit, "nb", is_change=True).lstrip("+")


def _say_what_cannot_be_found(found: "Compared") -> None:
    for metric, rows in found:
        known = [row.mde80 for row in rows if row.mde80 is not None]
        if not known:
            console.print(
                f"{metric.label}: ingen rekkefølge gir noe å sammenligne med. For få enheter har "
                "måltallet, eller for få venter lenge nok. Mål det i flere kommuner sammen."
            )
        elif metric.scale == "raw" and metric.relevant and min(known) > metric.relevant:
            least = quantity(metric.relevant, metric.decimals, metric.unit, "nb", is_change=True)
            console.print(
                f"{metric.label}: en endring på {least.lstrip('+')} betyr noe i praksis, "
                "og er mindre enn det noen rekkefølge kan vise."
            )


def _as_rows(found: "Compared", n_waiting: int) -> list[dict[str, Any]]:
    return [
        {
            "metric_id": metric.metric_id,
            "scale": metric.scale,
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
    console.print(
        f"Notert: {n_units} enheter, sha256 {digest}. "
        "Trekk nå et tall mens andre ser på, og kjør: pukk plan draw --seed TALLET"
    )


def _read(ctx: RunContext) -> "WaitingList":
    from pipelines.planning.waiting import read_waiting_list

    if not ctx.paths.warehouse.exists():
        raise PukkError(
            "Ingenting er regnet ut ennå.", where=ctx.identity.id, way_out="Kjør: pukk run"
        )
    with warehouse(ctx.paths) as con:
        return read_waiting_list(con)
