"""What would become of a tried file, in words and tables; found out by ``pipelines.desk.trying``.

Of what may be a person's only the form is told: that is decided where the file is read.
"""

from collections.abc import Iterator, Sequence

from dashboards.context import Context
from dashboards.reports.pdf import ReportTable, Section
from pipelines.desk.trial_told import (
    AsideTold,
    ColumnTold,
    DroppedTold,
    Sample,
    SumsTold,
    TrialTold,
    UnknownTold,
)

_SHOWN = 200


def tried_section(context: Context, trial: TrialTold) -> Section:
    """Return one file: what it becomes, how it was read, its columns, sums, and rows left out.

    Args:
        context: The frame's message.
        trial: One of ``Tried.trials``.
    """
    feed = f" → {trial.feed_id} ({trial.source})" if trial.feed_id else ""
    heading = f"{trial.file_name}{feed}: {_status(context, trial.status)}"
    tables = [
        table
        for table in (
            _columns(context, trial.columns),
            _sums(context, trial.sums),
            _set_aside(context, trial.set_aside),
            _dropped(context, trial.dropped),
            _unknown(context, trial.unknown),
        )
        if table is not None
    ]
    return Section(heading, list(_words(context, trial)), tables=tables)


def _status(context: Context, status: str) -> str:
    return {
        "loaded": context.t("try_would_load"),
        "held": context.t("try_would_hold"),
        "rejected": context.t("try_would_reject"),
        "no_feed": context.t("try_no_feed"),
    }[status]


def _words(context: Context, trial: TrialTold) -> Iterator[str]:
    if trial.reason_nb:
        yield trial.reason_nb
    read, rows = trial.read_as, trial.rows
    if read:
        parts = [read.format, read.encoding, read.separator, *read.sheets]
        yield context.t(
            "try_read_as",
            parts=", ".join(f"«{part}»" for part in parts if part),
            header=", ".join(str(row) for row in read.header_rows) or "-",
            lines=context.number(read.lines_total),
            left_out=context.number(read.lines_left_out),
        )
    if rows:
        yield context.t(
            "try_rows",
            rows=context.number(rows.rows_in),
            loaded=context.number(rows.rows_loaded),
            aside=context.number(rows.rows_quarantined),
            double=context.number(rows.rows_duplicate),
            periods=rows.periods or "-",
        )
    if trial.units_nb:
        yield trial.units_nb
    if trial.duplicates:
        yield context.t("try_duplicates", rows=_numbers(trial.duplicates))
    if trial.unread:
        yield context.t("try_unread", columns=", ".join(trial.unread))
    lacks = {True: context.t("try_lacks_must"), False: context.t("try_lacks_may")}
    for is_required, said in lacks.items():
        names = [each.column_name for each in trial.lacking if each.is_required == is_required]
        if names:
            yield f"{said} {', '.join(names)}"
    yield from trial.notes


def _numbers(rows: Sequence[int]) -> str:
    more = f" … (+{len(rows) - _SHOWN})" if len(rows) > _SHOWN else ""
    return ", ".join(str(row) for row in rows[:_SHOWN]) + more


def _columns(context: Context, columns: Sequence[ColumnTold]) -> ReportTable | None:
    if not columns:
        return None
    return ReportTable(
        caption=context.t("try_columns"),
        head=[context.t("try_column"), context.t("try_from"), context.t("try_type"),
              context.t("try_filled"), context.t("try_empty"), context.t("try_unreadable"),
              context.t("try_samples")],
        rows=[
            [
                each.name + ("*" if each.is_required else ""),
                " + ".join(each.file_columns) or context.t("try_constant"),
                each.type,
                context.number(each.n_filled),
                context.number(each.n_empty),
                context.number(each.n_unreadable),
                "; ".join(_sample(sample) for sample in each.samples),
            ]
            for each in columns
        ],
        right=(3, 4, 5),
    )  # fmt: skip


def _sample(sample: Sample) -> str:
    parsed = "?" if sample.parsed is None else sample.parsed
    return parsed if sample.raw in ("", parsed) else f"{sample.raw} → {parsed}"


def _sums(context: Context, sums: Sequence[SumsTold]) -> ReportTable | None:
    if not sums:
        return None
    return ReportTable(
        caption=context.t("try_sums"),
        head=[context.t("try_from"), context.t("try_column"), context.t("try_in_rows"),
              context.t("try_loaded"), context.t("try_difference"), context.t("try_left_out")],
        rows=[
            [
                each.file_column,
                each.column_name,
                context.number(each.in_rows, 2),
                context.number(each.loaded, 2),
                context.number(each.difference, 2),
                context.number(each.left_out, 2),
            ]
            for each in sums
            if each.is_sum
        ],
        right=(2, 3, 4, 5),
    )  # fmt: skip


def _set_aside(context: Context, rows: Sequence[AsideTold]) -> ReportTable | None:
    if not rows:
        return None
    return ReportTable(
        caption=context.t("try_set_aside", shown=context.number(min(len(rows), _SHOWN)),
                          n=context.number(len(rows))),
        head=[context.t("quality_row"), context.t("try_column"), context.t("quality_reason"),
              context.t("quality_found")],
        rows=[
            [str(row.source_row), row.column_name or "", row.reason_nb,
             row.found_nb or ""]
            for row in rows[:_SHOWN]
        ],
        right=(0,),
    )  # fmt: skip


def _dropped(context: Context, rows: Sequence[DroppedTold]) -> ReportTable | None:
    if not rows:
        return None
    return ReportTable(
        caption=context.t("try_dropped", shown=context.number(min(len(rows), _SHOWN)),
                          n=context.number(len(rows))),
        head=[context.t("quality_row"), context.t("quality_reason"), context.t("try_column"),
              context.t("try_amount")],
        rows=[
            [str(row.source_row), row.kind_nb, row.column_name or "",
             context.number(row.amount, 2)]
            for row in rows[:_SHOWN]
        ],
        right=(0, 3),
    )  # fmt: skip


def _unknown(context: Context, codes: Sequence[UnknownTold]) -> ReportTable | None:
    if not codes:
        return None
    return ReportTable(
        caption=context.t("try_unknown"),
        head=[context.t("try_column"), context.t("quality_found"), context.t("explain_rows"),
              context.t("try_first_row")],
        rows=[
            [each.column_name, each.found_nb or "", context.number(each.n_rows),
             str(each.first_row)]
            for each in codes
        ],
        right=(2, 3),
    )  # fmt: skip
