"""The report of the whole municipality: what can be said over all units, the pilots, the gains."""

from itertools import groupby

from dashboards.context import Context
from dashboards.reports.common import Row, figures, finding, headline_columns, metrics, report
from dashboards.reports.pdf import Report, ReportTable, Section
from dashboards.text.formats import day, number

_MOST_FINDINGS = 12
_TALK = frozenset({"worsened", "improved"})


def municipality_report(context: Context) -> Report:
    """Return the report of all units.

    Args:
        context: Generation, language and a reader who may see all units.

    Raises:
        PermissionError: The reader is limited to some units.
    """
    if not context.viewer.scope.is_everything:
        raise PermissionError
    known = metrics(context)
    rows = [
        row
        for row in context.rows(
            "mart_headlines", headline_columns(context), order_by=("talk_order",)
        )
        if row["metric_id"] in known
    ]
    (who,) = context.rows("mart_municipality", ("name",))
    sections = [
        _overall(context),
        *_most_in_need(context, rows, known),
        *_pilots(context, rows, known),
        _gains(context),
    ]
    return report(context, context.t("report_all_title", name=who["name"]), sections)


def _overall(context: Context) -> Section:
    chance = context.column("expected_by_chance")
    counts = {
        "n_improved": context.t("report_n_improved"),
        "n_association": context.t("report_n_association"),
        "n_worsened": context.t("report_n_worsened"),
        "n_association_worsened": context.t("report_n_association_worsened"),
        "n_no_change": context.t("report_n_no_change"),
        "n_cannot_tell": context.t("report_n_cannot_tell"),
        "n_too_little_data": context.t("report_n_too_little_data"),
        "n_not_interpretable": context.t("report_n_not_interpretable"),
        "n_suppressed": context.t("report_n_suppressed"),
    }
    rows = context.rows("mart_overview", (chance, "n_series", *counts), scope_type="municipality")
    heading = context.t("report_in_short")
    if not rows:
        return Section(heading, [context.t("no_pilots")])
    row = rows[0]
    table = ReportTable(
        caption=context.t("report_overall_caption", n=number(row["n_series"])),
        head=[context.t("report_verdict"), context.t("report_count")],
        rows=[[words, number(row[name])] for name, words in counts.items()],
        right=(1,),
    )
    paragraphs = [context.t("report_about_all")]
    return Section(
        heading, [*paragraphs, row[chance]] if row[chance] else paragraphs, tables=[table]
    )


def _most_in_need(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    label = context.column("label")
    talked = [row for row in rows if row["headline_group"] in _TALK][:_MOST_FINDINGS]
    items = [
        finding(context, row, f"{row['unit_name']}: {known[row['metric_id']][label]}")
        for row in talked
    ]
    if not items:
        return []
    return [Section(context.t("report_talk"), [context.t("report_talk_about")], items)]


def _pilots(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    mine = [row for row in rows if row["is_pilot"] and known[row["metric_id"]]["is_headline"]]
    mine.sort(key=lambda row: (row["pilot_order"], known[row["metric_id"]]["metric_order"]))
    head = [context.t("metric"), context.t("before"), context.t("after"),
            context.t("report_change"), context.t("report_verdict")]  # fmt: skip
    tables = [
        ReportTable(
            caption=f"{order}. {name}",
            head=head,
            rows=[
                [
                    known[row["metric_id"]][context.column("label")],
                    *figures(row, known[row["metric_id"]], context.language),
                    row[context.column("headline")] or "",
                ]
                for row in found
            ],
            right=(1, 2, 3),
            widths=(5, 3, 3, 3, 6),
        )
        for (order, name), found in groupby(mine, key=lambda r: (r["pilot_order"], r["unit_name"]))
    ]
    return [Section(context.t("page_pilots"), tables=tables)] if tables else []


def _gains(context: Context) -> Section:
    columns = (
        "as_of_date", "breakdown", "breakdown_value", "identified_fte", "realised_fte", "n_gains",
    )  # fmt: skip
    rows = context.rows(
        "mart_gain_totals",
        columns,
        order_by=("as_of_date", "breakdown", "breakdown_value"),
        breakdown=("tool", "total"),
    )
    latest = [row for row in rows if row["as_of_date"] == rows[-1]["as_of_date"]]
    heading = context.t("report_gains")
    if not latest:
        return Section(heading, [context.t("report_no_gains")])
    total = context.t("report_total")
    table = ReportTable(
        caption=context.t("report_gains_by_tool", day=day(latest[0]["as_of_date"])),
        head=[context.t("report_tool"), context.t("report_count"),
              context.t("report_identified"), context.t("report_realised")],
        rows=[
            [
                total if row["breakdown"] == "total" else row["breakdown_value"] or "",
                number(row["n_gains"]),
                number(row["identified_fte"], 1),
                number(row["realised_fte"], 1),
            ]
            for row in latest
        ],
        right=(1, 2, 3),
        widths=(5, 2, 3, 3),
    )  # fmt: skip
    return Section(heading, tables=[table])
