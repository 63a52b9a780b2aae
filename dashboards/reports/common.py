"""What the reports share: whose figures, the edition, findings, and the words that close them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from dashboards.context import Context
from dashboards.marts import Value, description
from dashboards.reports import released_notice
from dashboards.reports.pdf import Item, Report, ReportTable, Section
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.numbers import HIDDEN, month, quantity

Row = dict[str, Any]


def findings(context: Context, **where: Value) -> list[Row]:
    """Return the headlines with what a finding needs, what most needs talk first."""
    columns = ("unit_name", "cycle_no", "is_pilot", "pilot_order", "talk_order",
               context.column("next_step"))  # fmt: skip
    return headlines(context, columns, ("sentence",), order_by=("talk_order",), **where)


def metrics(context: Context) -> dict[str, Row]:
    """Return the metrics by id, with label, unit, decimals and place."""
    columns = ("metric_id", context.column("label"), "unit", "decimals", "metric_order",
               "is_headline", "target_value")  # fmt: skip
    return {row["metric_id"]: row for row in context.rows("dim_metrics", columns)}


def labels(context: Context, *domains: str) -> dict[str, str]:
    """Return what codes are called, by code."""
    label = context.column("label")
    rows = context.rows("dim_labels", ("domain", "code", label), domain=tuple(domains))
    return {row["code"]: row[label] for row in rows}


def finding(context: Context, row: Row, heading: str) -> Item:
    """Return a headline as a finding without chart."""
    return Item(
        heading=heading,
        verdict=row["verdict"],
        text=row["sentence"],
        next=row[context.column("next_step")] or "",
    )


def before_after(context: Context, rows: Sequence[Row], known: dict[str, Row]) -> ReportTable:
    """Return headlines as a table of before, after, change and verdict; ``:`` where hidden.

    Args:
        context: The frame's message.
        rows: From :func:`findings`.
        known: The metrics by id.
    """
    label = context.column("label")
    return ReportTable(
        caption=context.t("report_all_caption"),
        head=[context.t("metric"), context.t("before"), context.t("after"),
              context.t("report_change"), context.t("report_verdict")],
        rows=[
            [
                known[row["metric_id"]][label],
                *_figures(row, known[row["metric_id"]], context.language),
                row["verdict"],
            ]
            for row in rows
        ],
        right=(1, 2, 3),
        widths=(5, 3, 3, 3, 6),
    )  # fmt: skip


def _figures(row: Row, metric: Row, language: str) -> list[str]:
    if row["verdict_class"] == HIDDEN_CLASS:
        return [HIDDEN] * 3
    digits, unit = metric["decimals"], metric["unit"]
    return [
        quantity(row["value_before"], digits, unit, language),
        quantity(row["value_after"], digits, unit, language),
        quantity(row["change"], digits, unit, language, is_change=True),
    ]


def gains_section(context: Context, rows: Sequence[Row]) -> Section:
    """Return the gains as a table, identified beside realised, never added together."""
    status = labels(context, "gain_status")
    kept = sorted(rows, key=lambda row: (row["identified_date"], row["gain_id"]))
    table = ReportTable(
        caption=context.t("report_gains_caption"),
        head=[context.t("report_gain"), context.t("report_tool"), context.t("report_identified"),
              context.t("report_realised"), context.t("report_status")],
        rows=[
            [
                row["title"] or "",
                row["tool"] or "",
                context.number(row["identified_fte"], 1),
                context.number(row["realised_fte"], 1),
                status.get(row["status"], row["status"] or ""),
            ]
            for row in kept
        ],
        right=(2, 3),
        widths=(5, 3, 2, 2, 3),
    )  # fmt: skip
    return Section(
        context.t("report_gains"),
        [] if kept else [context.t("report_no_gains")],
        tables=[table] if kept else [],
    )


def edition_line(context: Context) -> str:
    """Return which edition it is, and when it was published."""
    told = description(context.generation)
    published = told.get("published_at")
    return context.t(
        "picture_edition",
        number=told.get("generation", ""),
        day=context.day(datetime.fromisoformat(published)) if published else "",
    )


def origin(context: Context) -> tuple[str, ...]:
    """Return what a picture says of where it comes from: municipality and notice, then edition."""
    notice = context.column("notice")
    (who,) = context.rows("mart_municipality", ("name", notice))
    return (
        ". ".join(part for part in (who["name"], who[notice]) if part),
        edition_line(context),
    )


def report(
    context: Context,
    title: str,
    sections: Iterable[Section],
    *,
    reading: Sequence[str] | None = None,
    is_one_wide_page: bool = False,
) -> Report:
    """Return the report around its sections, with the words that close it.

    Args:
        context: The frame's message.
        title: The document's title.
        sections: Its parts.
        reading: How it is to be read; without it, how verdicts are.
        is_one_wide_page: One large page on its side, with the sections' tables and no words after.
    """
    notice = context.column("notice")
    (who,) = context.rows("mart_municipality", ("name", "last_month", notice))
    told = description(context.generation)
    published = told.get("published_at")
    when = datetime.fromisoformat(published) if published else datetime(2000, 1, 1, tzinfo=UTC)
    edition = {"day": context.day(when), "number": told.get("generation", "")}
    until = month(who["last_month"], context.language)
    if reading is None:
        reading = [context.t("report_reading"), context.t("limits"), context.t("hidden")]
    if context.caution:
        reading = [context.caution.text(context.language), *reading]
    closing = [] if is_one_wide_page else [Section(context.t("report_how"), reading)]
    return Report(
        language=context.language,
        title=title,
        subtitle=context.t("report_subtitle", name=who["name"], month=until),
        author=who["name"],
        footer=context.t("report_footer", **edition),
        notice=" ".join(filter(None, (who[notice], released_notice.notice(context)))),
        published_at=when,
        sections=[*sections, *closing],
        is_one_wide_page=is_one_wide_page,
    )
