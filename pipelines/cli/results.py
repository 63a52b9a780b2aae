"""The command that shows before and after: ``result``."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.comparison import pooled_lines, unit_lines
from pipelines.cli.output import console, hidden_or, number, print_json, table
from pipelines.defs.context import RunContext, load_context
from pipelines.errors import PukkError
from pipelines.publishing.generation import Generation, current, read_rows


def result(
    unit: Annotated[
        str | None, typer.Argument(help="Enhetens id eller en del av navnet; uten: pilotene.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv som JSON.")] = False,
) -> None:
    """Vis før og etter Lean: pilotene, eller alle måltall for én enhet."""
    ctx = load_context()
    generation = current_generation(ctx)
    rows = _unit_rows(ctx, generation, unit) if unit else _pilot_rows(ctx, generation)
    if as_json:
        print_json(rows)
        return
    if ctx.municipality.constructed:
        console.print(f"[bold]{ctx.municipality.constructed.notice_nb}[/]")
    if rows:
        console.print(_before_after(rows, console.width))
        console.print(_LEGEND)
        compared = (
            unit_lines(ctx.paths, generation, rows[0]["unit_id"])
            if unit
            else pooled_lines(ctx.paths, generation)
        )
        for line in compared:
            console.print(line)
    else:
        console.print(_totals(ctx, generation) or _economy(ctx, generation))
        console.print(
            "Ingen enhet har registrert oppstart med Lean, så det finnes ikke noe før og etter."
        )
    console.print(
        "Se videre: [bold]make serve[/] (Dagster og resultatsiden), "
        "[bold].venv/bin/pukk result ENHET[/], [bold].venv/bin/pukk report[/], "
        '[bold].venv/bin/pukk sql "select * from mart_before_after"[/]'
    )


_LEGEND = (
    "Før og etter er sum delt på sum over vinduet. Endring (samme måneder) sammenligner januar med "
    "januar osv. «:» er skjult av hensyn til personvern. Kontrolldiagrammet spør om enhetens egen "
    "prosess endret seg etter innføringen, og om det holdt. Ingen av dem sier at Lean er årsaken."
)

_COLUMNS = (
    "select b.unit_id, unit_name, cycle_no, pilot_order, b.metric_id, m.label_nb as metric_nb,"
    " m.decimals, b.direction, value_before, value_after, difference, seasonal_difference,"
    " b.n_before, b.n_after, window_months, b.verdict, b.verdict_nb, reason_nb, b.caveats,"
    " c.verdict as chart_verdict, c.verdict_nb as chart_verdict_nb"
    " from mart_before_after as b inner join dim_metrics as m using (metric_id)"
    " left join mart_control_chart_phases as c on b.unit_id = c.unit_id"
    " and b.metric_id = c.metric_id and b.cycle_id = c.cycle_id and c.series = 'value'"
)


def _pilot_rows(ctx: RunContext, generation: Generation) -> list[Mapping[str, Any]]:
    return read_rows(
        ctx.paths,
        generation,
        f"{_COLUMNS} where is_pilot and m.is_headline order by pilot_order, m.metric_order",
    )


def _unit_rows(ctx: RunContext, generation: Generation, unit: str) -> list[Mapping[str, Any]]:
    known = read_rows(
        ctx.paths,
        generation,
        "select unit_id, unit_name from dim_units where unit_id = ? or unit_name ilike ?",
        [unit, f"%{unit}%"],
    )
    if not known:
        raise PukkError(
            f"Ingen enhet heter «{unit}».",
            way_out='Se enhetene: pukk sql "select unit_id, unit_name from dim_units"',
        )
    if len(known) > 1:
        names = ", ".join(f"{row['unit_id']} {row['unit_name']}" for row in known[:8])
        raise PukkError(f"Flere enheter passer: {names}.", way_out="Skriv enhetens id.")
    return read_rows(
        ctx.paths,
        generation,
        f"{_COLUMNS} where b.unit_id = ? order by cycle_no, m.metric_order",
        [known[0]["unit_id"]],
    )


_WIDE = 110
_FIGURES = [("Før", "right"), ("Etter", "right"), ("Endring", "right")]
_MORE: list[str | tuple[str, str]] = [
    ("Samme mnd.", "right"),
    ("n", "right"),
    "Før/etter",
    "Kontrolldiagram",
]


def _before_after(rows: list[Mapping[str, Any]], width: int) -> Table:
    """Return the table; on a narrow screen one change and one verdict instead of two of each."""
    is_wide = width >= _WIDE
    shown = table("Før og etter Lean", ["Måltall", *_FIGURES, *(_MORE if is_wide else ["Dom"])])
    unit = None
    for row in rows:
        if row["unit_name"] != unit:
            unit = row["unit_name"]
            order = f"{row['pilot_order']}. " if row["pilot_order"] else ""
            shown.add_section()
            shown.add_row(f"[bold]{order}{unit}[/]")
        figures = _figures(row)
        if is_wide:
            n = f"{row['n_before']}+{row['n_after']}"
            shown.add_row(*figures, n, row["verdict_nb"], _short(row))
        else:
            *values, as_measured, same_months = figures
            has_chart = str(row["verdict"]).startswith("measured_") and _short(row)
            verdict = _short(row) if has_chart else row["verdict_nb"]
            shown.add_row(*values, same_months or as_measured, verdict)
    return shown


def _figures(row: Mapping[str, Any]) -> list[str]:
    reason = row["verdict"] if row["verdict"] == "suppressed" else None
    digits = row["decimals"]
    return [
        f"  {row['metric_nb']}",
        hidden_or(number(row["value_before"], digits), reason),
        hidden_or(number(row["value_after"], digits), reason),
        hidden_or(number(row["difference"], digits, signed=True), reason),
        hidden_or(number(row["seasonal_difference"], digits, signed=True), reason),
    ]


def _short(row: Mapping[str, Any]) -> str:
    # where most months are hidden a chart has nothing to say, and the reason stands to the left
    if row["verdict"] == "suppressed" or row["chart_verdict_nb"] is None:
        return ""
    return str(row["chart_verdict_nb"]).split(":")[0]


def _totals(ctx: RunContext, generation: Generation) -> Table | None:
    rows = read_rows(
        ctx.paths,
        generation,
        "select f.month, m.label_nb, m.decimals, f.value, f.numerator, f.denominator"
        " from fct_metric_months as f inner join dim_metrics as m using (metric_id)"
        " where f.level = 'municipality' and f.value is not null order by m.label_nb, f.month",
    )
    if not rows:
        return None
    shown = table(
        f"{ctx.municipality.name}: hele organisasjonen",
        ["Måltall", "Måned", ("Verdi", "right"), ("Teller", "right"), ("Nevner", "right")],
    )
    for row in rows:
        shown.add_row(
            row["label_nb"],
            row["month"].strftime("%m.%Y"),
            number(row["value"], 3),
            number(row["numerator"], 0),
            number(row["denominator"], 0),
        )
    return shown


def _economy(ctx: RunContext, generation: Generation) -> Table:
    """Return the whole organisation's accounts and budgets, where nothing is known by month."""
    rows = read_rows(
        ctx.paths,
        generation,
        "select art_group, year, sum(original_budget_nok) as budget, sum(revised_budget_nok) as"
        " revised, sum(accounts_nok) as accounts from mart_economy group by all order by all",
    )
    shown = table(
        f"{ctx.municipality.name}: regnskap og budsjett, kr",
        [
            "Artsgruppe",
            "År",
            ("Opprinnelig", "right"),
            ("Revidert", "right"),
            ("Regnskap", "right"),
        ],
    )
    for row in rows:
        figures = [number(row[name], 0) for name in ("budget", "revised", "accounts")]
        shown.add_row(row["art_group"], str(row["year"]), *figures)
    if not rows:
        shown.add_row("Ingen tall er levert per måned eller år.")
    return shown


def current_generation(ctx: RunContext) -> Generation:
    """Return what readers see now.

    Raises:
        PukkError: Nothing is published yet.
    """
    generation = current(ctx.paths)
    if generation is None:
        raise PukkError("Ingenting er publisert ennå.", way_out="Kjør: pukk run")
    return generation
