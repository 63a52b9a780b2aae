"""The gains of the whole municipality as charts, alike on the page and on paper.

What is reported and what is measured are drawn side by side and never added together.
"""

from collections.abc import Sequence

from dashboards.charts.effects import Dot, dots
from dashboards.charts.totals import Line, lines
from dashboards.context import Context
from dashboards.reports.told import told
from dashboards.reports.whole import DECEMBER, Figure, Row

_IDENTIFIED_FACTS = ("gains_at_decision", "gains_identified")
_REALISED_FACTS = ("gains_realised",)
_MEASURED = (
    "scope_type", "realised_compared_fte", "measured_fte", "measured_lo", "measured_hi",
)  # fmt: skip


def gain_facts(context: Context) -> list[Row]:
    """Return what is known from elsewhere about identified and realised FTE, oldest first."""
    columns = ("fact_id", "as_of", "value", "source_note", context.column("label"))
    return [
        fact
        for fact in context.rows("mart_facts", columns, order_by=("as_of",), unit="fte")
        if fact["fact_id"].startswith(_IDENTIFIED_FACTS + _REALISED_FACTS) and fact["as_of"]
    ]


def gains_over_time(context: Context, totals: Sequence[Row], facts: Sequence[Row]) -> Figure:
    """Return identified and realised FTE as two lines, with the facts as points.

    Args:
        context: The frame's message.
        totals: Rows of ``mart_gain_totals`` by date; the figures of a date are sums until then.
        facts: From :func:`gain_facts`.
    """
    label = context.column("label")
    groups = {
        context.t("identified"): ("identified_fte", _IDENTIFIED_FACTS),
        context.t("realised"): ("realised_fte", _REALISED_FACTS),
    }
    drawn = [
        Line(
            name,
            [(row["as_of_date"], row[column]) for row in totals],
            [
                (fact["as_of"], fact["value"])
                for fact in facts
                if fact["fact_id"].startswith(prefixes) and fact["value"]
            ],
        )
        for name, (column, prefixes) in groups.items()
    ]
    alt = ". ".join(
        [
            f"{line.name}: "
            f"{context.number(line.points[0][1], 1)} {context.day(line.points[0][0])}, "
            f"{context.number(line.points[-1][1], 1)} {context.day(line.points[-1][0])}"
            for line in drawn
        ]
        + [
            f"{fact[label]} {context.day(fact['as_of'])}: {context.number(fact['value'], 1)}"
            for fact in facts
        ]
    )
    ends = [row for row in totals if row["as_of_date"].month == DECEMBER] or totals
    told = [
        {
            context.t("date"): context.day(row["as_of_date"]),
            context.t("identified_fte"): context.number(row["identified_fte"], 1),
            context.t("realised_fte"): context.number(row["realised_fte"], 1),
        }
        for row in ends
    ]
    cells = [(row["as_of_date"], row["identified_fte"], row["realised_fte"]) for row in totals]
    return Figure(lines(drawn, context.language, decimals=1), alt, told, cells=cells)


def gains_measured(context: Context) -> Figure | None:
    """Return what is reported beside the measured change in paid FTE, on one axis.

    What is reported is drawn as the reduction it would be if all of it were fewer paid FTE, so
    that it falls inside the interval of the measurement, or outside. ``None`` when nothing is
    measured.
    """
    if not context.has("mart_gain_checks"):
        return None
    scopes = ("municipality", "pilots")
    found = {
        row["scope_type"]: row
        for row in told(context, "mart_gain_checks", _MEASURED, ("sentence",), scope_type=scopes)
        if row["measured_fte"] is not None and row["realised_compared_fte"] is not None
    }
    names = {"municipality": context.t("all_units"), "pilots": context.t("page_pilots")}
    as_reported, as_measured = context.t("report_as_reported"), context.t("report_as_measured")
    marks = []
    for scope, name in names.items():
        if scope not in found:
            continue
        row = found[scope]
        reported, measured = -row["realised_compared_fte"], row["measured_fte"]
        low, high = row["measured_lo"], row["measured_hi"]
        ends = context.interval(low, high, 1)
        marks += [
            Dot(f"{name}: {as_reported}", reported, None, None, "changed",
                context.number(reported, 1, signed=True)),
            Dot(f"{name}: {as_measured}", measured, low, high, "",
                f"{context.number(measured, 1, signed=True)} ({ends})"),
        ]  # fmt: skip
    if not marks:
        return None
    heading = context.t("report_paid_fte")
    lines_told = [{context.t("who"): dot.label, heading: dot.text} for dot in marks]
    alt = f"{heading}. " + ". ".join(f"{dot.label}: {dot.text}" for dot in marks)
    words = found["municipality"]["sentence"] if "municipality" in found else ""
    return Figure(dots(marks, context.language, zero=True), alt, lines_told, words)
