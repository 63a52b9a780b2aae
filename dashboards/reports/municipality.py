"""The report of the whole municipality: what can be said over all units, the pilots, the gains."""

from dataclasses import replace
from itertools import groupby

from dashboards.context import Context
from dashboards.reports.common import Row, before_after, finding, findings, metrics, report
from dashboards.reports.figures import control_picture, figure_picture
from dashboards.reports.pdf import Item, Report, ReportTable, Section
from dashboards.reports.told import told
from dashboards.reports.whole import Figure, monthly, pilots, rollout, verdicts
from dashboards.reports.whole_gains import gain_facts, gains_measured, gains_over_time
from pipelines.words.numbers import suffix

TALKED = 6
"""Findings shown with a chart: the first ones of the overview page."""

_MOST_METRICS = 4
_LOW_PX = 155
_LOWER_PX = 140


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
    rows = [row for row in findings(context) if row["metric_id"] in known]
    (who,) = context.rows("mart_municipality", ("name",))
    sections = [
        _overall(context, known),
        *([] if rows else _as_it_is(context, known)),
        *_rollout(context),
        *_most_in_need(context, rows, known),
        *_pilots(context, rows, known),
        _gains(context),
    ]
    return report(context, context.t("report_all_title", name=who["name"]), sections)


def _overall(context: Context, known: dict[str, Row]) -> Section:
    columns = ("n_series", "n_by_comparison", "n_by_chart")
    rows = told(context, "mart_overview", columns, ("chance",), scope_type="municipality")
    heading = context.t("report_in_short")
    if not rows:
        units = {row["unit_id"] for row in context.rows("dim_units", ("unit_id",), valid_to=None)}
        start = context.t(
            "report_start",
            units=context.number(len(units)),
            metrics=context.number(len(known)),
        )
        return Section(heading, [context.t("no_pilots"), start])
    row = rows[0]
    words = context.t(
        "counts_words",
        series=context.number(row["n_series"]),
        compared=context.number(row["n_by_comparison"]),
        alone=context.number(row["n_by_chart"]),
    )
    drawn = verdicts(context)
    caption = context.t("report_overall_caption", n=context.number(row["n_series"]))
    return Section(
        heading,
        [text for text in (context.t("report_about_all"), words, row["chance"]) if text],
        [figure_picture(drawn, caption)] if drawn else [],
        tables=[_as_table(drawn, context.t("figures_behind"), widths=(5, 1))] if drawn else [],
    )


def _as_table(drawn: Figure, caption: str, widths: tuple[int, ...]) -> ReportTable:
    head = list(drawn.rows[0])
    return ReportTable(
        caption=caption,
        head=head,
        rows=[[row[name] for name in head] for row in drawn.rows],
        right=tuple(range(1, len(head))),
        widths=widths,
    )


def _as_it_is(context: Context, known: dict[str, Row]) -> list[Section]:
    # before anything has started there is nothing to judge, but there are figures to start from
    chosen = sorted(known.values(), key=lambda row: (not row["is_headline"], row["metric_order"]))
    items = []
    for metric in chosen[:_MOST_METRICS]:
        if drawn := monthly(context, metric):
            measure = suffix(metric["unit"], context.language)
            caption = context.t("report_month_by_month", unit=f", {measure}" if measure else "")
            picture = figure_picture(drawn, caption, height=_LOWER_PX)
            items.append(Item(metric[context.column("label")], drawn.words, pictures=[picture]))
    return [Section(context.t("report_as_it_is"), items=items)] if items else []


def _rollout(context: Context) -> list[Section]:
    drawn = rollout(context)
    if drawn is None:
        return []
    table = _as_table(drawn, context.t("report_rollout_years"), widths=(2, 2, 2, 2, 2))
    picture = figure_picture(drawn, context.t("report_rollout_caption"), height=_LOW_PX)
    return [Section(context.t("how_far"), [drawn.words], [picture], tables=[table])]


def _most_in_need(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    label = context.column("label")
    talked = [row for row in rows if known[row["metric_id"]]["is_headline"]][:TALKED]
    items = []
    for row in talked:
        metric = known[row["metric_id"]]
        item = finding(context, row, f"{row['unit_name']}: {metric[label]}")
        items.append(_with_chart(context, item, row, metric, _LOW_PX))
    if not items:
        return []
    return [Section(context.t("report_talk"), [context.t("report_talk_about")], items=items)]


def _with_chart(context: Context, item: Item, row: Row, metric: Row, height: int) -> Item:
    drawn = control_picture(context, row, metric, row["sentence"], height=height)
    return replace(item, pictures=[drawn]) if drawn else item


def _pilots(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    mine = [row for row in rows if row["is_pilot"] and known[row["metric_id"]]["is_headline"]]
    if not mine:
        return []
    mine.sort(
        key=lambda row: (
            row["pilot_order"],
            row["unit_id"],
            known[row["metric_id"]]["metric_order"],
        )
    )
    # the metric the page of the pilots opens with
    metric = min(
        (known[row["metric_id"]] for row in mine), key=lambda metric: metric["metric_order"]
    )
    together = pilots(context, [r for r in mine if r["metric_id"] == metric["metric_id"]], metric)
    label = metric[context.column("label")]
    words = [context.t("side_by_side_words", metric=label)] if together else []
    pictures = (
        [figure_picture(together, context.t("report_pilots_caption", metric=label))]
        if together
        else []
    )
    items = [
        _pilot(context, f"{order}. {found[0]['unit_name']}", found, known, metric)
        for (order, _), found in (
            (key, list(rows))
            for key, rows in groupby(mine, key=lambda r: (r["pilot_order"], r["unit_id"]))
        )
    ]
    return [Section(context.t("page_pilots"), words, pictures, items)]


def _pilot(
    context: Context, heading: str, rows: list[Row], known: dict[str, Row], metric: Row
) -> Item:
    item = Item(heading, tables=[before_after(context, rows, known)])
    # the latest round, as the unit's own page shows it
    for row in [row for row in rows if row["metric_id"] == metric["metric_id"]][-1:]:
        return _with_chart(context, item, row, metric, _LOWER_PX)
    return item


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
    section = _gains_over_time(context, [row for row in rows if row["breakdown"] == "total"])
    total = context.t("report_total")
    table = ReportTable(
        caption=context.t("report_gains_by_tool", day=context.day(latest[0]["as_of_date"])),
        head=[context.t("report_tool"), context.t("report_count"),
              context.t("report_identified"), context.t("report_realised")],
        rows=[
            [
                total if row["breakdown"] == "total" else row["breakdown_value"] or "",
                context.number(row["n_gains"]),
                context.number(row["identified_fte"], 1),
                context.number(row["realised_fte"], 1),
            ]
            for row in latest
        ],
        right=(1, 2, 3),
        widths=(5, 2, 3, 3),
    )  # fmt: skip
    return replace(section, tables=[*section.tables, table])


def _gains_over_time(context: Context, totals: list[Row]) -> Section:
    facts = gain_facts(context)
    drawn = gains_over_time(context, totals, facts)
    caption = context.t("over_time_words") if facts else context.t("report_gains_lines")
    now = totals[-1]
    words = context.t(
        "gains_headline",
        day=context.day(now["as_of_date"]),
        identified=context.number(now["identified_fte"], 1),
        realised=context.number(now["realised_fte"], 1),
    )
    return Section(
        context.t("report_gains"),
        [words, context.t("gains_never_added")],
        [figure_picture(drawn, caption, height=_LOW_PX)],
        [_measured(context)],
        [_as_table(drawn, context.t("report_gains_by_year"), widths=(1, 1, 1))],
    )


def _measured(context: Context) -> Item:
    heading, drawn = context.t("measured_beside"), gains_measured(context)
    if drawn is None:
        return Item(heading, context.t("not_measured"))
    picture = figure_picture(drawn, context.t("report_measured_caption"))
    return Item(heading, drawn.words, pictures=[picture])
