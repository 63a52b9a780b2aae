"""Units by metrics: which rows under which heading; the same as rows of a file and as a PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.context import Context
from dashboards.reports.common import report
from dashboards.reports.pdf import Report, ReportTable, Section
from dashboards.reports.shown import STANDS_OUT, Shown, from_to, shown
from pipelines.words.numbers import short_month
from pipelines.words.verdict_class import CLASSES, COMPARED, class_words

Row = dict[str, Any]
BY_SECTOR, BY_TALK, BY_START = "sektor", "samtale", "start"
_WAITING = ("waiting", "planned")
# what each font has, one for each class; the filled is the compared
_SIGNS = {
    "better": ("□", "■"), "not_held": ("◱", "◪"), "worse": ("◇", "◆"), "changed": ("△", "▲"),
    "no_change": ("○", "●"), "cannot_tell": ("·", "·"), "hidden": (":", ":"),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Rows under one heading.

    Attributes:
        heading: The sector; empty where the rows are not parted.
        units: Unit to its rows, in order.
        waiting: Id and name of those who wait.
    """

    heading: str
    units: Mapping[str, Sequence[Row]]
    waiting: Sequence[tuple[str, str]] = ()


def parts_of(
    context: Context, found: Shown, *, sector: str | None, order: str, verdict_class: str | None
) -> list[Part]:
    """Return the matrix' rows under their headings.

    Args:
        context: The frame's message.
        found: The set.
        sector: Only this one; ``None`` for all.
        order: By sector, by what most needs talk, or by start; only the first has headings.
        verdict_class: Only units with such a cell; ``None`` for all.
    """
    units = {
        unit: rows
        for unit, rows in found.units.items()
        if sector in (None, rows[0]["sector"])
        and (verdict_class is None or any(r["verdict_class"] == verdict_class for r in rows))
    }
    if order != BY_SECTOR:
        place = _talk if order == BY_TALK else _start
        return [Part("", dict(sorted(units.items(), key=lambda pair: place(pair[1]))))]
    waiting = {} if verdict_class else waiting_units(context)
    sectors: dict[str, dict[str, Sequence[Row]]] = {}
    for unit, rows in sorted(units.items(), key=lambda pair: _start(pair[1])):
        sectors.setdefault(rows[0]["sector"] or "", {})[unit] = rows
    ordered = sorted(sectors.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Part(name, rows, waiting.get(name, ())) for name, rows in ordered]


def waiting_units(context: Context) -> dict[str, list[tuple[str, str]]]:
    """Return who waits, id and name by sector."""
    found: dict[str, list[tuple[str, str]]] = {}
    columns = ("unit_id", "unit_name", "sector")
    for row in context.rows("dim_units", columns, order_by=("unit_name",), lean_status=_WAITING):
        found.setdefault(row["sector"] or "", []).append((row["unit_id"], row["unit_name"]))
    return found


def _talk(rows: Sequence[Row]) -> tuple[bool, int, str]:
    out = [row["talk_order"] for row in rows if row["verdict_class"] in STANDS_OUT]
    return not out, min(out, default=0), rows[0]["unit_name"]


def _start(rows: Sequence[Row]) -> tuple[date, str]:
    return rows[0]["start_date"] or date.max, rows[0]["unit_name"]


def signals(context: Context) -> dict[str, int]:
    """Return how many signals of pitfalls each unit has."""
    found: dict[str, int] = {}
    for row in context.rows("mart_pitfalls", ("scope_id",), scope_type="unit", status="signal"):
        found[row["scope_id"]] = found.get(row["scope_id"], 0) + 1
    return found


def as_file(
    context: Context, found: Shown
) -> tuple[list[str], list[tuple[str | date | None, ...]]]:
    """Return the matrix as headings and rows of words, one column a metric; all units."""
    metrics = {**found.common, **found.own}
    headings = [context.t("unit"), context.t("sector"), context.t("start")]
    headings += [metric["label"] for metric in metrics.values()]
    rows: list[tuple[str | date | None, ...]] = []
    parts = parts_of(context, found, sector=None, order=BY_SECTOR, verdict_class=None)
    for unit_rows in (rows for part in parts for rows in part.units.values()):
        first, by_metric = unit_rows[0], {row["metric_id"]: row for row in unit_rows}
        cells = [
            _words(context, by_metric[code], metric) if code in by_metric else None
            for code, metric in metrics.items()
        ]
        rows.append((first["unit_name"], first["sector"], first["start_date"], *cells))
    return headings, rows


def _words(context: Context, row: Row, metric: Row) -> str:
    before, after = from_to(context, row, metric)
    figures = context.t("from_to", before=before, after=after) if after else ""
    return ": ".join(text for text in (row["verdict"], figures) if text)


def status_report(context: Context) -> Report:
    """Return the matrix as one landscape page: a sign a cell, the legend above."""
    found = shown(context)
    parts = parts_of(context, found, sector=None, order=BY_SECTOR, verdict_class=None)
    words = class_words(context.language)
    legend = " · ".join(f"{_SIGNS[code][1]} {words[code]} {found.counts[code]}" for code in CLASSES)
    rows = []
    for part in parts:
        rows.append([part.heading, *[""] * (len(found.common) + 2)])
        rows += [_line(context, found, rows_of) for rows_of in part.units.values()]
    head = [context.t("unit"), context.t("start")]
    head += [metric["label"] for metric in found.common.values()]
    table = ReportTable(
        caption=f"{legend}. {context.t('status_words')}",
        head=[*head, context.t("own_metrics")],
        rows=rows,
        widths=[26, 9, *[7] * len(found.common), 50],
    )
    n = sum(any(r["verdict_class"] in STANDS_OUT for r in rows) for rows in found.units.values())
    title = context.t("status_title", n=n, all=len(found.units))
    return report(context, title, [Section("", tables=[table])], is_one_wide_page=True)


def _line(context: Context, found: Shown, rows: Sequence[Row]) -> list[str]:
    by_metric = {row["metric_id"]: row for row in rows}
    common = [_sign(by_metric[code]) if code in by_metric else "" for code in found.common]
    own = "  ".join(
        f"{_sign(by_metric[code])} {metric['label']}"
        for code, metric in found.own.items()
        if code in by_metric
    )
    start = short_month(rows[0]["start_date"], context.language)
    return [rows[0]["unit_name"], start, *common, own]


def _sign(row: Row) -> str:
    return _SIGNS[row["verdict_class"]][row["basis"] == COMPARED]
