"""How deep Lean goes in the units: maturity, steps of change, culture now and as it should be."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from dashboards.charts.effects import bars
from dashboards.charts.totals import side_by_side
from dashboards.components import links
from dashboards.components.choices import choose_among
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.figures import figure, folded, not_delivered
from dashboards.components.folds import part
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from pipelines.words.numbers import HIDDEN
from pipelines.words.printed import printed_change

Row = dict[str, Any]
_SHOWN = 12
_STEPS = 8
_SCALE = (1.0, 5.0)


def unit_link(context: Context, unit_id: str, name: str) -> Drawn:
    """Return a cell with the unit's name as a link to its page."""
    return Drawn(f"[{plain(name)}]({links.address('enhet', context.language, enhet=unit_id)})")


def maturity(context: Context) -> None:
    """Draw the units by level, and for each what takes it one level up."""
    level, step, missing = (context.column(stem) for stem in ("level", "next_step", "missing"))
    rows = context.rows(
        "mart_maturity",
        ("unit_id", "unit_name", "level_shown", "level_computed", "override_reason", "as_of_date",
         level, step, missing),
        order_by=("level_shown", "unit_name"),
        is_latest=True,
    )  # fmt: skip
    known = [row for row in rows if row["level_shown"] is not None]
    if not known:
        not_delivered(context, context.t("maturity_basis"), "lean_activity")
        return
    said = context.t("maturity_words", day=context.day(known[0]["as_of_date"]))
    part(context.t("maturity"), said, partial(_levels, context, rows, known))


def _levels(context: Context, rows: Sequence[Row], known: Sequence[Row]) -> None:
    level, step, missing = (context.column(stem) for stem in ("level", "next_step", "missing"))
    names = {row["level_shown"]: row[level] for row in known}
    counts = [
        (f"{n} {name}", len([row for row in known if row["level_shown"] == n]), "")
        for n, name in sorted(names.items())
    ]
    _counted(context, counts, context.t("level"), Taken("modenhet-antall", context.t("maturity")))
    told = [
        {
            context.t("unit"): unit_link(context, row["unit_id"], row["unit_name"]),
            context.t("level"): _level(context, row, row[level] or row[missing] or ""),
            context.t("next_step"): row[step] or "",
        }
        for row in rows
    ]
    folded(context, told, _SHOWN)
    headings = (context.t("unit"), context.t("level"), context.t("in_words"),
                context.t("next_step"))  # fmt: skip
    cells = [(r["unit_name"], r["level_shown"], r[level] or r[missing], r[step]) for r in rows]
    table_buttons(context, Taken("modenhet", context.t("maturity"), headings, cells))


def _counted(
    context: Context, counts: Sequence[tuple[str, int, str]], heading: str, taken: Taken
) -> None:
    alt = ". ".join(f"{name}: {n}" for name, n, _ in counts)
    told = [{heading: name, context.t("count"): context.number(n)} for name, n, _ in counts]
    figure(context, bars(counts, context.language), alt, told, taken)


def _level(context: Context, row: Row, words: str) -> str:
    if row["level_shown"] is None:
        return words
    text = f"{row['level_shown']} {words}"
    if row["override_reason"]:
        text += " " + context.t(
            "level_set",
            computed=context.number(row["level_computed"]) or "–",
            why=row["override_reason"],
        )
    return text


def kotter(context: Context) -> None:
    """Draw where the units say they are among Kotter's steps, and whether figures support it."""
    step, phase = context.column("step"), context.column("phase")
    rows = context.rows(
        "mart_kotter",
        ("unit_id", "unit_name", "step", "since_date", "evidence", step, phase),
        order_by=("step", "unit_name"),
        is_current=True,
    )
    if not rows:
        not_delivered(context, context.t("kotter"), "lean_activity")
        return
    part(context.t("kotter"), context.t("kotter_words"), partial(_steps, context, rows))


def _steps(context: Context, rows: Sequence[Row]) -> None:
    step, phase, supported = (context.column(stem) for stem in ("step", "phase", "supported"))
    hints = {
        (hint["unit_id"], hint["step"]): hint[supported]
        for hint in context.rows("mart_kotter_hints", ("unit_id", "step", supported))
    }
    names = {row["step"]: f"{row[phase]}: {row['step']} {row[step]}" for row in rows}
    counts = [
        (names[n], len([row for row in rows if row["step"] == n]), "")
        for n in range(1, _STEPS + 1)
        if n in names
    ]
    _counted(context, counts, context.t("step"), Taken("kotter-antall", context.t("kotter")))
    told = [
        {
            context.t("unit"): unit_link(context, row["unit_id"], row["unit_name"]),
            context.t("step"): f"{row['step']} {row[step]}",
            context.t("what_figures_say"): hints.get((row["unit_id"], row["step"]), ""),
            context.t("since"): context.day(row["since_date"]),
            context.t("evidence"): row["evidence"] or "",
        }
        for row in rows
    ]
    folded(context, told, _SHOWN)


def culture(context: Context) -> None:
    """Draw the culture survey of one unit: how it is and how it should be, statement by statement.

    A unit with too few answers shows colons, and no chart.
    """
    rows = context.rows(
        "mart_culture",
        ("unit_id", "unit_name", "statement_text", "survey_date", "now_mean", "target_mean", "gap",
         "gap_change", "n_respondents", "suppression_reason"),
        order_by=("unit_name", "statement_id"),
        is_latest=True,
    )  # fmt: skip
    if not rows:
        not_delivered(context, context.t("culture"), "lean_activity")
        return
    said = context.t("culture_words")
    part(context.t("culture"), said, partial(_survey, context, rows), opened_by="enhet")


def _survey(context: Context, rows: Sequence[Row]) -> None:
    unit_id = choose_among(context, {row["unit_id"]: row["unit_name"] for row in rows})
    mine = [row for row in rows if row["unit_id"] == unit_id]
    if not mine:
        return
    hidden = mine[0]["suppression_reason"] is not None
    if hidden:
        st.info(context.t("culture_hidden"))
    told = [_statement(context, row) for row in mine]
    if hidden:
        table(told)
        return
    st.markdown(
        context.t(
            "culture_when",
            day=context.day(mine[0]["survey_date"]),
            n=context.number(mine[0]["n_respondents"]),
        )
    )
    names = (context.t("now"), context.t("should_be"))
    marks = [(row["statement_text"], (row["now_mean"], row["target_mean"])) for row in mine]
    alt = ". ".join(
        f"{text} {names[0]} {context.number(a, 1)}, {names[1]} {context.number(b, 1)}"
        for text, (a, b) in marks
    )
    spec = side_by_side(names, marks, context.language, decimals=1, ends=_SCALE)
    title = f"{context.t('culture')}: {mine[0]['unit_name']}"
    figure(context, spec, alt, told, Taken("kultur", title, unit=unit_id or ""))


def _statement(context: Context, row: Row) -> dict[str, str]:
    hidden = row["suppression_reason"] is not None

    def written(value: float | Decimal | None, *, signed: bool = False) -> str:
        return HIDDEN if hidden else context.number(value, 1, signed=signed)

    return {
        context.t("statement"): row["statement_text"],
        context.t("now"): written(row["now_mean"]),
        context.t("should_be"): written(row["target_mean"]),
        context.t("gap"): written(printed_change(row["now_mean"], row["target_mean"], 1)),
        context.t("gap_change"): written(row["gap_change"], signed=True),
    }
