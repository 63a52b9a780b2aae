"""The data quality of a month, for an auditor: the same content on the page and on paper.

Files and rows set aside are in ``quality_files``, checks in ``quality_checks``, what each headline
rests on in ``quality_headlines``.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.common import Row, metrics, report
from dashboards.reports.pdf import Report, ReportTable, Section
from dashboards.reports.quality_checks import checks, checks_section, this_run
from dashboards.reports.quality_files import (
    adds_up,
    deliveries,
    files_section,
    set_aside_section,
)
from dashboards.reports.quality_headlines import headlines_section
from dashboards.reports.released import released_section
from dashboards.reports.signing import signed_section
from pipelines.desk.log_chain import LogEntry
from pipelines.desk.on_disk import print_of
from pipelines.desk.signed import SignedReport, as_signed
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.numbers import month, quantity


def quality_report(context: Context, wanted: date | None, signed: Sequence[LogEntry]) -> Report:
    """Return the report on the data behind a month.

    Args:
        context: The frame's message.
        wanted: The month; ``None`` for all files.
        signed: The log's sign-offs of the month, newest first.

    Raises:
        PermissionError: The reader is limited to some units.
    """
    title = context.t("quality_report_title", month=_period(context, wanted))
    sections = quality_sections(context, wanted)
    this = print_of(signed_content(context, wanted, sections))
    sections = [*sections, signed_section(context, signed, this)]
    return report(context, title, sections, reading=[context.t("quality_reading")])


def quality_sections(context: Context, wanted: date | None) -> list[Section]:
    """Return what can be said of the data behind a month, the most important first.

    Raises:
        PermissionError: The reader is limited to some units.
    """
    if not context.viewer.scope.is_everything:
        raise PermissionError
    files, found = deliveries(context, wanted), checks(context)
    return [
        _in_short(context, wanted, files, found),
        files_section(context, files),
        set_aside_section(context, files),
        checks_section(context, found),
        released_section(context, files, found),
        _baselines(context),
        headlines_section(context, found),
        _lineage(context),
    ]


def signed_content(
    context: Context, wanted: date | None, sections: Sequence[Section] | None = None
) -> bytes:
    """Return what is signed for: what the report says but for its sign-offs, in one language.

    Args:
        context: The frame's message.
        wanted: The month; ``None`` for all files.
        sections: What the report says, where that is made already.

    Raises:
        PermissionError: The reader is limited to some units.
    """
    if sections is None or context.language != DEFAULT_LANGUAGE:
        sections = quality_sections(replace(context, language=DEFAULT_LANGUAGE), wanted)
    told = description(context.generation)
    return as_signed(
        SignedReport(
            str(told.get("file", "")),
            str(told.get("sha256", "")),
            f"{wanted:%Y-%m}" if wanted else "",
            sections,
        )
    )


def _period(context: Context, wanted: date | None) -> str:
    return month(wanted, context.language) if wanted else context.t("quality_all_months")


def _in_short(
    context: Context, wanted: date | None, files: Sequence[Row], found: Sequence[Row]
) -> Section:
    now, told = this_run(found) if found else [], description(context.generation)
    published = told.get("published_at")
    broken = [row["severity"] for row in now if not row["success"]]
    off = [row for row in files if not adds_up(row)]
    words = [
        context.t(
            "quality_in_short_files",
            files=context.number(len(files)),
            month=_period(context, wanted),
            rows=context.number(sum(row["rows_in"] or 0 for row in files)),
            loaded=context.number(sum(row["rows_loaded"] or 0 for row in files)),
            aside=context.number(sum(row["rows_quarantined"] or 0 for row in files)),
            double=context.number(sum(row["rows_duplicate"] or 0 for row in files)),
        ),
        context.t("quality_sum_fails", n=context.number(len(off)))
        if off
        else context.t("quality_sum_holds"),
        context.t(
            "quality_in_short_checks",
            n=context.number(len(now)),
            errors=context.number(broken.count("error")),
            warnings=context.number(broken.count("warning")),
        ),
        context.t(
            "quality_in_short_edition",
            number=told.get("generation", ""),
            at=context.moment(datetime.fromisoformat(published)) if published else "",
            run=told.get("run_id", ""),
            print=told.get("sha256", ""),
        ),
    ]
    return Section(context.t("report_in_short"), words)


def _baselines(context: Context) -> Section:
    state = context.column("state")
    restated = context.rows(
        "mart_baselines",
        ("unit_name", "metric_id", "first_month", "value", "restated_value", "is_verdict_changed",
         state),
        order_by=("unit_name", "metric_id"),
        is_restated=True,
    )  # fmt: skip
    tables = []
    known = metrics(context)
    if restated:
        tables.append(
            ReportTable(
                caption=context.t("quality_restated_caption"),
                head=[context.t("unit"), context.t("metric"), context.t("quality_frozen"),
                      context.t("quality_restated"), context.t("in_words")],
                rows=[
                    [
                        row["unit_name"],
                        known[row["metric_id"]][context.column("label")],
                        _value(context, row["value"], known[row["metric_id"]]),
                        _value(context, row["restated_value"], known[row["metric_id"]]),
                        row[state],
                    ]
                    for row in restated
                ],
                right=(2, 3),
                widths=(4, 4, 2, 2, 6),
            )
        )  # fmt: skip
    refused = _refused(context)
    if refused:
        tables.append(
            ReportTable(
                caption=context.t("quality_rebase_caption"),
                head=[context.t("unit"), context.t("metric"), context.t("quality_decided"),
                      context.t("in_words")],
                rows=[
                    [
                        row["unit_name"],
                        known[row["metric_id"]][context.column("label")]
                        if row["metric_id"] in known
                        else row["metric_id"],
                        context.day(row["decided_date"]),
                        row[context.column("outcome")],
                    ]
                    for row in refused
                ],
                widths=(3, 3, 2, 6),
            )
        )  # fmt: skip
    words = [context.t("quality_baselines_words")]
    frozen = context.rows("mart_baselines", ("is_frozen_late",))
    late = sum(bool(row["is_frozen_late"]) for row in frozen)
    if late:
        words.append(context.t("quality_baselines_late", late=late, n=len(frozen)))
    if not restated:
        words.append(context.t("quality_none_restated"))
    if not refused:
        words.append(context.t("quality_none_refused"))
    return Section(context.t("quality_baselines"), words, tables=tables)


def _value(context: Context, value: float | None, metric: Row) -> str:
    return quantity(value, metric["decimals"], metric["unit"], context.language)


def _refused(context: Context) -> list[Row]:
    if not context.has("mart_rebase_decisions"):
        return []
    return context.rows(
        "mart_rebase_decisions",
        ("unit_name", "metric_id", "decided_date", context.column("outcome")),
        order_by=("decided_date", "unit_name"),
        is_in_force=False,
    )


def _lineage(context: Context) -> Section:
    tables = []
    if context.has("mart_lineage"):
        known = metrics(context)
        rows = context.rows(
            "mart_lineage", ("source_table", "metric_id"), order_by=("source_table", "metric_id")
        )
        lines = []
        for source, found in groupby(rows, key=lambda row: row["source_table"]):
            ids = {row["metric_id"] for row in found} & set(known)
            ordered = sorted(ids, key=lambda metric: known[metric]["metric_order"])
            names = [known[metric][context.column("label")] for metric in ordered]
            lines.append([source, ", ".join(names)])
        if lines:
            tables.append(
                ReportTable(
                    caption=context.t("quality_lineage_caption"),
                    head=[context.t("quality_source"), context.t("quality_metrics")],
                    rows=lines,
                    widths=(2, 7),
                )
            )
    steps = [
        context.t("quality_step_file"),
        context.t("quality_step_row"),
        context.t("quality_step_gate"),
        context.t("quality_step_metric"),
        context.t("quality_step_mart"),
        context.t("quality_step_edition"),
    ]
    return Section(context.t("quality_lineage"), steps, tables=tables)
