"""The command that shows before and after: ``result``."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipelines.cli.comparison import has_column, overview_lines, pooled_lines, sentence_lines
from pipelines.cli.output import console, hidden_or, marked, number, print_json, table
from pipelines.cli.published import current_generation
from pipelines.cli.unit_life import life_lines
from pipelines.defs.context import RunContext, read_context
from pipelines.desk.generations import Generation
from pipelines.errors import PukkError
from pipelines.publishing.contents import read_rows
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.messages import say
from pipelines.words.printed import printed_change
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric
from pipelines.words.verdict_class import COMPARED, Judged, verdict_words


def result(
    unit: Annotated[
        str | None, typer.Argument(help=say("cli.results.unit_or_part_of_name"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.results.as_json"))] = False,
) -> None:
    """Vis konklusjonene: pilotene, eller alle måltall for én enhet."""
    ctx = read_context()
    generation = current_generation(ctx)
    unit_id = _unit_id(ctx, generation, unit) if unit else None
    if not has_column(ctx.paths, generation, "mart_headlines", "verdict_class"):
        raise PukkError(
            say("cli.results.older_edition", number=generation.number),
            way_out=say("cli.results.older_edition_way_out"),
        )
    found = _unit_rows(ctx, generation, unit_id) if unit_id else _pilot_rows(ctx, generation)
    rows = [row | _told(row) for row in found]
    if as_json:
        print_json(rows)
        return
    if ctx.identity.notice_nb:
        console.print(marked("[bold]{}[/]", ctx.identity.notice_nb))
    if unit_id:
        for said in life_lines(ctx.paths, generation, unit_id):
            console.print(said, markup=False)
    if rows:
        console.print(_headlines(rows, console.width))
        console.print(_LEGEND)
        for line in _in_words(ctx, generation, rows, of_one_unit=unit is not None):
            console.print(line)
    else:
        console.print(_totals(ctx, generation) or _economy(ctx, generation))
        console.print(say("cli.results.nobody_has_started"))
    console.print(
        marked(
            "Se videre: [bold]make serve[/] (Dagster og resultatsiden), "
            "[bold].venv/bin/pukk result ENHET[/], [bold].venv/bin/pukk report[/], "
            '[bold].venv/bin/pukk sql "select * from mart_headlines"[/]'
        )
    )


def _in_words(
    ctx: RunContext,
    generation: Generation,
    rows: Sequence[Mapping[str, Any]],
    *,
    of_one_unit: bool,
) -> list[str | Text]:
    """Return the sentences: all of one unit's, or the pilots' that most need talk, and the sums."""
    if of_one_unit:
        return sentence_lines(rows)
    return [
        *sentence_lines(rows, most=_MOST_SENTENCES),
        *overview_lines(ctx.paths, generation),
        *pooled_lines(ctx.paths, generation),
    ]


_MOST_SENTENCES = 6
_LEGEND = say("cli.results.two_measurements")

_COLUMNS = (
    "select h.unit_id, h.unit_name, h.cycle_no, h.is_pilot, h.pilot_order, h.metric_id,"
    " m.label_nb as metric_nb, m.label_nb, m.label_en, m.unit, m.decimals, m.direction,"
    " h.value_before, h.value_after, h.seasonal_delta as seasonal_difference, h.n_before,"
    " h.n_after, h.headline, h.headline_group, h.verdict_class, h.basis, h.reason_code,"
    " h.comparison_reason, h.next_step_nb, h.lowered_by, h.tested_as, h.n_tested, h.estimate,"
    " h.estimate_lo, h.estimate_hi, h.effect_unit, h.q, h.shrunken_estimate, h.anyway,"
    " h.persistence, h.talk_order, h.measured_verdict, h.effect_verdict, h.chart_verdict"
    " from mart_headlines as h inner join dim_metrics as m using (metric_id)"
)


def _read(
    ctx: RunContext, generation: Generation, sql: str, params: Sequence[object] = ()
) -> list[dict[str, Any]]:
    return [dict(row) for row in read_rows(ctx.paths, generation, sql, params)]


def _pilot_rows(ctx: RunContext, generation: Generation) -> list[dict[str, Any]]:
    return _read(
        ctx,
        generation,
        f"{_COLUMNS} where is_pilot and m.is_headline order by pilot_order, m.metric_order",
    )


def _unit_id(ctx: RunContext, generation: Generation, unit: str) -> str:
    known = read_rows(
        ctx.paths,
        generation,
        "select unit_id, unit_name from dim_units where unit_id = ? or unit_name ilike ?",
        [unit, f"%{unit}%"],
    )
    if not known:
        raise PukkError(
            say("cli.results.no_such_unit", unit=unit),
            way_out='Se enhetene: pukk sql "select unit_id, unit_name from dim_units"',
        )
    if len(known) > 1:
        names = ", ".join(f"{row['unit_id']} {row['unit_name']}" for row in known[:8])
        raise PukkError(f"Flere enheter passer: {names}.", way_out=say("cli.results.write_unit_id"))
    return str(known[0]["unit_id"])


def _unit_rows(ctx: RunContext, generation: Generation, unit_id: str) -> list[dict[str, Any]]:
    return _read(
        ctx,
        generation,
        f"{_COLUMNS} where h.unit_id = ? order by cycle_no, m.metric_order",
        [unit_id],
    )


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says: its change as printed, its verdict, and its sentences."""
    metrics = {row["metric_id"]: Metric.of(row)}
    change = printed_change(row["value_before"], row["value_after"], row["decimals"])
    sentences = {
        f"{name}_nb": SENTENCES["mart_headlines", name].text(row, metrics, DEFAULT_LANGUAGE)
        for name in ("sentence", "lowered_by")
    }
    return {
        "change": None if change is None else float(change),
        "verdict_nb": verdict_words(Judged.of(row), DEFAULT_LANGUAGE),
        **sentences,
    }


_WIDE = 110
_FIGURES = [(say("cli.results.before"), "right"), ("Etter", "right"), ("Endring", "right")]
_MORE: list[str | tuple[str, str]] = [("Anslag", "right"), ("n", "right")]


def _headlines(rows: Sequence[Mapping[str, Any]], width: int) -> Table:
    """Return the table; a narrow screen has fewer columns, each with the same figure."""
    is_wide = width >= _WIDE
    columns = [say("cli.results.metric"), *_FIGURES, *(_MORE if is_wide else []), "Konklusjon"]
    shown = table(say("cli.results.before_and_after_lean"), columns)
    unit = None
    for row in rows:
        if row["unit_name"] != unit:
            unit = row["unit_name"]
            order = f"{row['pilot_order']}. " if row["pilot_order"] else ""
            shown.add_section()
            shown.add_row(marked("[bold]{}{}[/]", order, unit))
        n = f"{row['n_before']}+{row['n_after']}" if row["n_before"] is not None else ""
        more = [_estimate(row), n] if is_wide else []
        shown.add_row(*_figures(row), *more, row["verdict_nb"])
    return shown


def _estimate(row: Mapping[str, Any]) -> str:
    """Return what the comparison estimates; a chart's change is no effect."""
    if row["basis"] != COMPARED:
        return ""
    is_share = row["effect_unit"] == "percent"
    digits = max(row["decimals"], 1) if is_share else row["decimals"]
    told = number(row["estimate"], digits, signed=True)
    return f"{told} %" if is_share else told


def _figures(row: Mapping[str, Any]) -> list[str]:
    reason = row["headline"] if row["headline"] == "suppressed" else None
    digits = row["decimals"]
    return [
        f"  {row['metric_nb']}",
        hidden_or(number(row["value_before"], digits), reason),
        hidden_or(number(row["value_after"], digits), reason),
        hidden_or(number(row["change"], digits, signed=True), reason),
    ]


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
        f"{ctx.identity.name}: hele organisasjonen",
        [
            say("cli.results.metric_of_totals"),
            say("cli.results.month"),
            ("Verdi", "right"),
            ("Teller", "right"),
            ("Nevner", "right"),
        ],
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
        "select art_group_nb, year, original_budget_nok, revised_budget_nok, accounts_nok,"
        " deviation_nb from mart_economy_totals where scope_type = 'municipality'"
        " order by art_group_nb, year",
    )
    shown = table(
        say("cli.results.accounts_and_budget", name=ctx.identity.name),
        [
            "Artsgruppe",
            say("cli.results.year"),
            ("Opprinnelig", "right"),
            ("Revidert", "right"),
            ("Regnskap", "right"),
            "Avvik",
        ],
    )
    for row in rows:
        names = ("original_budget_nok", "revised_budget_nok", "accounts_nok")
        figures = [number(row[name], 0) for name in names]
        words = row["deviation_nb"] or ""
        shown.add_row(row["art_group_nb"], str(row["year"]), *figures, words)
    if not rows:
        shown.add_row(say("cli.results.no_figures"))
    return shown
