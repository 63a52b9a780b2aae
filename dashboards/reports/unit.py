"""The report of one unit: what may be said, metric by metric, with charts, and the gains."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.context import Context
from dashboards.reports.common import (
    Row,
    before_after,
    finding,
    findings,
    gains_section,
    metrics,
    report,
)
from dashboards.reports.figures import control_picture
from dashboards.reports.life import life, life_columns
from dashboards.reports.pdf import Item, Report, ReportTable, Section
from dashboards.reports.unit_years import windows_of, years_of
from pipelines.words.verdict_class import class_words

_GAINS = ("gain_id", "title", "tool", "identified_date", "identified_fte", "realised_fte", "status")


class NoSuchUnitError(PermissionError):
    """The unit does not exist, or the reader may not see it."""


def unit_report(context: Context, unit_id: str) -> Report:
    """Return the report of one unit.

    Args:
        context: Generation, language and reader; the reader's scope is applied to every row.
        unit_id: The unit.

    Raises:
        NoSuchUnitError: It is not within the reader's scope.
    """
    columns = ("unit_id", "unit_name", *life_columns(context))
    units = context.rows("dim_units", columns, unit_id=unit_id)
    if not units:
        raise NoSuchUnitError(unit_id)
    name = units[-1]["unit_name"]
    known = metrics(context)
    rows = [row for row in findings(context, unit_id=unit_id) if row["metric_id"] in known]
    rows.sort(key=lambda row: (row["cycle_no"], known[row["metric_id"]]["metric_order"]))
    sections = [
        _in_short(context, rows, life(context, units[-1])),
        *_findings(context, rows, known),
        *_table(context, rows, known),
        *_years(context, unit_id, known),
        gains_section(context, context.rows("mart_gains", _GAINS, unit_id=unit_id)),
    ]
    return report(context, context.t("report_unit_title", unit=name), sections)


def _years(context: Context, unit_id: str, known: dict[str, Row]) -> list[Section]:
    label = context.column("label")
    in_order = sorted(known.items(), key=lambda pair: pair[1]["metric_order"])
    metrics = {name: row | {"label": row[label]} for name, row in in_order}
    told = years_of(context, unit_id, metrics)
    if told is None:
        return []
    windows = windows_of(context, unit_id, metrics)
    # on paper the reasons stand once below, and not beside each year
    reasons = sorted({line[-1] for line in told.taken if line[-1]})
    tables = [_year_table(context.t("parts_by_year"), told.columns[:-1],
                          [line[:-1] for line in told.shown])]  # fmt: skip
    if windows is not None:
        caption = context.t("parts_before_after_words")
        tables.append(_year_table(caption, windows.columns, windows.shown, is_told=True))
    words = [context.t("parts_by_year_words"), *reasons]
    return [Section(context.t("parts_by_year"), words, tables=tables)]


def _year_table(
    caption: str,
    columns: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    is_told: bool = False,
) -> ReportTable:
    # the last column is words where it tells what the figures say
    figures = range(1, len(columns) - is_told)
    rows = [list(line) for line in lines]
    return ReportTable(caption=caption, head=list(columns), rows=rows, right=tuple(figures))


def _in_short(context: Context, rows: list[Row], unit_life: list[str]) -> Section:
    heading = context.t("report_in_short")
    if not rows:
        return Section(heading, [*unit_life, context.t("report_not_started")])
    called = class_words(context.language)
    found = [row["verdict_class"] for row in rows]
    table = ReportTable(
        caption=context.t("report_verdicts_caption"),
        head=[context.t("report_verdict"), context.t("report_count")],
        rows=[[word, str(found.count(code))] for code, word in called.items() if code in found],
        right=(1,),
    )
    return Section(heading, [*unit_life, context.t("report_about")], tables=[table])


def _findings(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    shown = [row for row in rows if known[row["metric_id"]]["is_headline"]]
    if not shown:
        return []
    items = [_with_chart(context, row, known[row["metric_id"]]) for row in shown]
    return [Section(context.t("report_findings"), items=items)]


def _with_chart(context: Context, row: Row, metric: Row) -> Item:
    item = finding(context, row, metric[context.column("label")])
    drawn = control_picture(context, row, metric, item.text)
    return replace(item, pictures=[drawn]) if drawn else item


def _table(context: Context, rows: list[Row], known: dict[str, Row]) -> list[Section]:
    if not rows:
        return []
    return [Section(context.t("report_all"), tables=[before_after(context, rows, known)])]
