"""The command that shows before and after: ``result``."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipelines.cli.comparison import (
    has_column,
    label_column,
    overview_lines,
    pooled_lines,
    sentence_lines,
)
from pipelines.cli.named_unit import unit_named
from pipelines.cli.output import console, hidden_or, marked, print_json, table
from pipelines.cli.published import current_generation
from pipelines.cli.released import released_lines
from pipelines.cli.take import Language
from pipelines.cli.unit_life import life_lines
from pipelines.defs.context import RunContext, read_context
from pipelines.desk.generations import Generation
from pipelines.errors import PukkError
from pipelines.publishing.contents import open_generation, read_rows
from pipelines.publishing.files import file_of
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.messages import say
from pipelines.words.numbers import number
from pipelines.words.printed import printed_change
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric
from pipelines.words.verdict_class import COMPARED, Judged, verdict_words


def result(
    unit: Annotated[
        str | None, typer.Argument(help=say("cli.results.unit_or_part_of_name"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.results.as_json"))] = False,
    language: Annotated[
        Language | None, typer.Option("--lang", help=say("cli.take.language"))
    ] = None,
) -> None:
    """Vis konklusjonene: pilotene, eller alle måltall for én enhet."""
    ctx = read_context()
    generation = current_generation(ctx)
    # it is asked some eight times: opening it takes 40 ms, and under one while it is open already
    with open_generation(file_of(ctx.paths, generation)):
        _tell(ctx, generation, unit, str(language or ctx.identity.language), as_json=as_json)


def _tell(
    ctx: RunContext, generation: Generation, unit: str | None, code: str, *, as_json: bool
) -> None:
    unit_id = unit_named(ctx.paths, generation, unit) if unit else None
    if not has_column(ctx.paths, generation, "mart_headlines", "verdict_class"):
        raise PukkError(
            say("cli.results.older_edition", number=generation.number),
            way_out=say("cli.results.older_edition_way_out"),
        )
    named = label_column(ctx.paths, generation, code)
    found = _rows(ctx, generation, named, unit_id)
    rows = [row | _told(row, code) for row in found]
    if as_json:
        print_json(rows)
        return
    if ctx.identity.notice_nb:
        console.print(marked("[bold]{}[/]", ctx.identity.notice_nb))
    for released in released_lines(ctx.paths, generation):
        console.print(released, markup=False, soft_wrap=True)
    if unit_id:
        for said in life_lines(ctx.paths, generation, unit_id, code):
            console.print(said, markup=False)
    if rows:
        console.print(_headlines(rows, console.width, code))
        console.print(_LEGEND)
        for line in _in_words(ctx, generation, rows, code, of_one_unit=unit_id is not None):
            console.print(line)
    else:
        console.print(_totals(ctx, generation, code) or _economy(ctx, generation, code))
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
    language: str,
    *,
    of_one_unit: bool,
) -> list[str | Text]:
    """Return the sentences: all of one unit's, or the pilots' that most need talk, and the sums."""
    if of_one_unit:
        return sentence_lines(rows, language)
    return [
        *sentence_lines(rows, language, most=_MOST_SENTENCES),
        *overview_lines(ctx.paths, generation, language),
        *pooled_lines(ctx.paths, generation, language),
    ]


_MOST_SENTENCES = 6
_LEGEND = say("cli.results.two_measurements")

_COLUMNS = (
    "select h.unit_id, h.unit_name, h.cycle_no, h.is_pilot, h.pilot_order, h.metric_id,"
    " m.label_nb as metric_nb, m.label_nb, m.label_en, m.{named} as metric, m.unit,"
    " m.decimals, m.direction,"
    " h.value_before, h.value_after, h.seasonal_delta as seasonal_difference, h.n_before,"
    " h.n_after, h.headline, h.headline_group, h.verdict_class, h.basis, h.reason_code,"
    " h.comparison_reason, h.next_step_nb, h.lowered_by, h.tested_as, h.n_tested, h.start_order,"
    " h.estimate,"
    " h.estimate_lo, h.estimate_hi, h.effect_unit, h.q, h.shrunken_estimate, h.anyway,"
    " h.persistence, h.talk_order, h.measured_verdict, h.effect_verdict, h.chart_verdict"
    " from mart_headlines as h inner join dim_metrics as m using (metric_id)"
)


def _rows(
    ctx: RunContext, generation: Generation, named: str, unit_id: str | None
) -> list[dict[str, Any]]:
    """Return one unit's rows, or the pilots' of the metrics that matter most."""
    sql, params = f"{_COLUMNS.format(named=named)} where is_pilot and m.is_headline", []
    order = "pilot_order, h.unit_id, m.metric_order"
    if unit_id is not None:
        sql, params = f"{_COLUMNS.format(named=named)} where h.unit_id = ?", [unit_id]
        order = "cycle_no, m.metric_order"
    rows = read_rows(ctx.paths, generation, f"{sql} order by {order}", params)
    return [dict(row) for row in rows]


def _told(row: dict[str, Any], language: str) -> dict[str, Any]:
    """Return what a row says: its change as printed, its verdict, and its sentences."""
    metrics = {row["metric_id"]: Metric.of(row | {f"label_{language}": row["metric"]})}
    change = printed_change(row["value_before"], row["value_after"], row["decimals"])
    sentences = {
        f"{name}_{language}": SENTENCES["mart_headlines", name].text(row, metrics, language)
        for name in ("sentence", "lowered_by")
    }
    return {
        "change": None if change is None else float(change),
        f"verdict_{language}": verdict_words(Judged.of(row), language),
        **sentences,
    }


_WIDE = 110
_FIGURES = [(say("cli.results.before"), "right"), ("Etter", "right"), ("Endring", "right")]
_MORE: list[str | tuple[str, str]] = [("Anslag", "right"), ("n", "right")]


def _headlines(rows: Sequence[Mapping[str, Any]], width: int, language: str) -> Table:
    """Return the table; a narrow screen has fewer columns, each with the same figure."""
    is_wide = width >= _WIDE
    columns = [say("cli.results.metric"), *_FIGURES, *(_MORE if is_wide else []), "Konklusjon"]
    shown = table(say("cli.results.before_and_after_lean"), columns)
    unit_id = None
    for row in rows:
        if row["unit_id"] != unit_id:
            unit_id, unit = row["unit_id"], row["unit_name"]
            order = f"{row['pilot_order']}. " if row["pilot_order"] else ""
            shown.add_section()
            shown.add_row(marked("[bold]{}{}[/]", order, unit))
        n = f"{row['n_before']}+{row['n_after']}" if row["n_before"] is not None else ""
        more = [_estimate(row, language), n] if is_wide else []
        shown.add_row(*_figures(row, language), *more, row[f"verdict_{language}"])
    return shown


def _estimate(row: Mapping[str, Any], language: str) -> str:
    """Return what the comparison estimates; a chart's change is no effect."""
    if row["basis"] != COMPARED:
        return ""
    is_share = row["effect_unit"] == "percent"
    digits = max(row["decimals"], 1) if is_share else row["decimals"]
    told = number(row["estimate"], digits, language, signed=True)
    return f"{told} %" if is_share else told


def _figures(row: Mapping[str, Any], language: str) -> list[str]:
    reason = row["headline"] if row["headline"] == "suppressed" else None
    digits = row["decimals"]
    return [
        f"  {row['metric']}",
        hidden_or(number(row["value_before"], digits, language), reason),
        hidden_or(number(row["value_after"], digits, language), reason),
        hidden_or(number(row["change"], digits, language, signed=True), reason),
    ]


def _totals(ctx: RunContext, generation: Generation, language: str) -> Table | None:
    named = label_column(ctx.paths, generation, language)
    rows = read_rows(
        ctx.paths,
        generation,
        f"select f.month, m.{named} as metric, m.decimals, f.value, f.numerator, f.denominator"
        " from fct_metric_months as f inner join dim_metrics as m using (metric_id)"
        " where f.level = 'municipality' and f.value is not null order by metric, f.month",
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
            row["metric"],
            row["month"].strftime("%m.%Y"),
            number(row["value"], 3, language),
            number(row["numerator"], 0, language),
            number(row["denominator"], 0, language),
        )
    return shown


def _economy(ctx: RunContext, generation: Generation, language: str) -> Table:
    """Return the whole organisation's accounts and budgets, where nothing is known by month."""
    has_language = has_column(ctx.paths, generation, "mart_economy_totals", f"art_group_{language}")
    code = language if has_language else DEFAULT_LANGUAGE
    rows = read_rows(
        ctx.paths,
        generation,
        f"select art_group_{code} as art_group, year, original_budget_nok,"
        " revised_budget_nok, accounts_nok,"
        f" deviation_{code} as deviation from mart_economy_totals where scope_type = 'municipality'"
        " order by art_group, year",
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
        figures = [number(row[name], 0, language) for name in names]
        words = row["deviation"] or ""
        shown.add_row(row["art_group"], str(row["year"]), *figures, words)
    if not rows:
        shown.add_row(say("cli.results.no_figures"))
    return shown
