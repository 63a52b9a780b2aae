"""What is drawn of the whole municipality, alike on the pages and on paper: chart, words, figures.

The gains are in ``whole_gains``; how a chart is fitted to paper is in ``figures``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.effects import Dot, bars, dots
from dashboards.charts.totals import Line, lines
from dashboards.context import Context
from dashboards.reports.told import estimated, headlines
from pipelines.words.numbers import month, quantity
from pipelines.words.verdict_class import OWN_CHART, basis_word, class_words

Row = dict[str, Any]

DECEMBER = 12
_TRAINED, _TOTAL = "units_trained", "units_total"
_ON_THE_CHART_TOO = ("better", "not_held", "worse", "changed", "no_change")
"""Classes that are counted apart where the unit's own chart alone judged."""


@dataclass(frozen=True)
class Figure:
    """A chart with everything said beside it.

    Attributes:
        spec: The chart.
        alt: The chart in words.
        rows: The same figures as rows of texts, by heading.
        words: The answer in one sentence; empty when there is none.
        cells: Every figure drawn, as figures, under the headings of ``rows``; for a file.
    """

    spec: dict[str, Any]
    alt: str
    rows: Sequence[Mapping[str, str]]
    words: str = ""
    cells: Sequence[Sequence[Any]] = ()


def verdicts(context: Context) -> Figure | None:
    """Return how many of the reader's measurements got each verdict; ``None`` without any.

    What rests on the unit's own chart alone is counted apart, and a metric that is another's
    complement is not counted once more.
    """
    twin = context.present("mart_headlines", ("is_twin",))
    rows = [row for row in headlines(context, twin, ()) if not row.get("is_twin")]
    if not rows:
        return None
    found = Counter((row["verdict_class"], row["basis"] == OWN_CHART) for row in rows)
    marks = []
    for code, word in class_words(context.language).items():
        compared, alone = found[code, False], found[code, True]
        if code in _ON_THE_CHART_TOO:
            basis = basis_word(OWN_CHART, context.language)
            marks += [(word, compared, code), (f"{word}, {basis}", alone, code)]
        else:
            marks.append((word, compared + alone, code))
    told = [
        {context.t("conclusion"): a, context.t("count"): context.number(n)} for a, n, _ in marks
    ]
    alt = ". ".join(f"{label}: {context.number(n)}" for label, n, _ in marks)
    return Figure(bars(marks, context.language), alt, told, cells=[mark[:2] for mark in marks])


def rollout(context: Context) -> Figure | None:
    """Return how many units have come how far, month by month; ``None`` before the first start."""
    columns = (
        "as_of_date", "units_total", "units_trained", "units_in_progress", "units_not_started",
    )  # fmt: skip
    rows = context.rows("mart_adoption", columns, order_by=("as_of_date",))
    begun = next(
        (n for n, row in enumerate(rows) if row["units_trained"] or row["units_in_progress"]), None
    )
    if begun is None:
        return None
    rows = rows[max(begun - 1, 0) :]
    now = rows[-1]
    words = context.t(
        "rollout_headline",
        trained=context.number(now["units_trained"]),
        total=context.number(now["units_total"]),
        day=context.day(now["as_of_date"]),
        under_way=context.number(now["units_in_progress"]),
        waiting=context.number(now["units_not_started"]),
    )
    label = context.column("label")
    facts = [
        fact
        for fact in context.rows(
            "mart_facts", ("fact_id", "as_of", "value", label), order_by=("as_of",), unit="count"
        )
        if fact["fact_id"].startswith((_TRAINED, _TOTAL))
        and fact["value"] is not None
        and fact["as_of"]
    ]
    drawn = [
        Line(
            context.t("in_operation"),
            [(row["as_of_date"], row["units_trained"]) for row in rows],
            [(f["as_of"], f["value"]) for f in facts if f["fact_id"].startswith(_TRAINED)],
        ),
        Line(
            context.t("units_in_all"),
            [(row["as_of_date"], row["units_total"]) for row in rows],
            [(f["as_of"], f["value"]) for f in facts if f["fact_id"].startswith(_TOTAL)],
        ),
        Line(
            context.t("in_progress"),
            [(row["as_of_date"], row["units_in_progress"]) for row in rows],
        ),
    ]
    alt = ". ".join(
        [words]
        + [
            f"{fact[label]} {context.day(fact['as_of'])}: {context.number(fact['value'])}"
            for fact in facts
        ]
    )
    ends = [row for row in rows if row["as_of_date"].month == DECEMBER] or rows
    told = [
        {
            context.t("date"): context.day(row["as_of_date"]),
            context.t("in_operation"): context.number(row["units_trained"]),
            context.t("in_progress"): context.number(row["units_in_progress"]),
            context.t("not_yet_started"): context.number(row["units_not_started"]),
            context.t("units_in_all"): context.number(row["units_total"]),
        }
        for row in ends
    ]
    order = (
        "as_of_date", "units_trained", "units_in_progress", "units_not_started", "units_total",
    )  # fmt: skip
    cells = [tuple(row[name] for name in order) for row in rows]
    return Figure(lines(drawn, context.language), alt, told, words, cells)


def pilots(context: Context, rows: Sequence[Row], metric: Row) -> Figure | None:
    """Return one metric's estimates of the pilots side by side; ``None`` without an estimate.

    Args:
        context: The frame's message.
        rows: Rows of ``mart_headlines`` for the metric, one per pilot; the compared are drawn.
        metric: Row of the metric catalogue.
    """
    marks = [
        Dot(
            row["unit_name"],
            row["estimate"],
            row["estimate_lo"],
            row["estimate_hi"],
            row["verdict_class"],
            text,
        )
        for row in rows
        if (text := estimated(context, row, metric))
    ]
    if not marks:
        return None
    alt = ". ".join(f"{dot.label}: {dot.text}" for dot in marks)
    told = [{context.t("unit"): dot.label, context.t("estimate"): dot.text} for dot in marks]
    return Figure(dots(marks, context.language, zero=True), alt, told)


def monthly(
    context: Context, metric: Row, level: str = "municipality", group_id: str = "all"
) -> Figure | None:
    """Return a metric of units together, month by month; ``None`` without figures.

    Args:
        context: The frame's message.
        metric: Row of the metric catalogue with label, unit and decimals.
        level: What kind of group.
        group_id: Which.
    """
    rows = context.rows(
        "fct_metric_months",
        ("month", "value"),
        order_by=("month",),
        level=level,
        group_id=group_id,
        metric_id=metric["metric_id"],
    )
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return None
    name, digits, unit = metric[context.column("label")], metric["decimals"], metric["unit"]
    told = [
        {
            context.t("month"): month(row["month"], context.language),
            name: quantity(row["value"], digits, unit, context.language),
        }
        for row in known
    ]
    drawn = [Line(name, [(row["month"], row["value"]) for row in rows])]
    ends = {
        key: text
        for place, row in (("first", told[0]), ("last", told[-1]))
        for key, text in zip((f"{place}_month", place), row.values(), strict=True)
    }
    words = context.t("report_from_to", **ends)
    alt = f"{name}. {words}"
    return Figure(lines(drawn, context.language, decimals=digits), alt, told, words)
