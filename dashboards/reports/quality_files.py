"""The quality of a month, first half: which files it rests on, and what was set aside from them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from dashboards.context import Context
from dashboards.reports.common import Row
from dashboards.reports.pdf import ReportTable, Section
from pipelines.words.numbers import HIDDEN

_COLUMNS = (
    "delivery_id", "seq", "contract_id", "table_name", "file_name", "file_sha256", "size_bytes",
    "received_at", "contract_version", "status", "reason_nb", "duplicate_of", "periods", "rows_in",
    "rows_loaded", "rows_quarantined", "rows_duplicate",
)  # fmt: skip
SHOWN_ROWS = 15
"""Rows set aside that are listed for one file and one rule; the rest are counted."""


def months(context: Context) -> list[date]:
    """Return the months there are figures for, newest first."""
    (who,) = context.rows("mart_municipality", ("last_month",))
    found = context.rows("dim_months", ("month",), order_by=("month",))
    return [row["month"] for row in reversed(found) if row["month"] <= who["last_month"]]


def deliveries(context: Context, month: date | None) -> list[Row]:
    """Return the files that say something about a month; all of them when no month is named.

    A register covers every month. A file delivered twice belongs where its first copy does, and a
    refused file that never told its months may concern any.
    """
    columns = (*_COLUMNS, *context.present("mart_deliveries", ("quarantined_nok",)))
    rows = context.rows("mart_deliveries", columns, order_by=("seq",))
    if month is None:
        return rows
    told = {row["delivery_id"]: row["periods"] or "" for row in rows}
    wanted = f"{month:%Y-%m}"

    def concerns(row: Row) -> bool:
        periods = told[row["delivery_id"]] or told.get(row["duplicate_of"] or "", "")
        return periods in ("", "all") or wanted in periods.split(",")

    return [row for row in rows if concerns(row)]


def files_section(context: Context, rows: Sequence[Row]) -> Section:
    """Return the files: what came, when, by which contract, and that no row is lost."""
    heading = context.t("quality_files")
    if not rows:
        return Section(heading, [context.t("quality_no_files")])
    status = context.labels("delivery_status")
    came = ReportTable(
        caption=context.t("quality_files_caption"),
        head=[context.t("quality_file"), context.t("quality_table"), context.t("quality_received"),
              context.t("status"), context.t("quality_rows_in"), context.t("quality_loaded"),
              context.t("quality_set_aside"), context.t("quality_double"),
              context.t("quality_sum")],
        rows=[
            [
                row["file_name"],
                row["table_name"] or "",
                context.moment(row["received_at"]),
                str(status.get(row["status"], row["status"])),
                context.number(row["rows_in"]),
                context.number(row["rows_loaded"]),
                context.number(row["rows_quarantined"]),
                context.number(row["rows_duplicate"]),
                _sum_in_words(context, row),
            ]
            for row in rows
        ],
        right=(4, 5, 6, 7),
        widths=(20, 18, 13, 10, 8, 8, 7, 7, 9),
    )  # fmt: skip
    print_ = ReportTable(
        caption=context.t("quality_prints_caption"),
        head=[context.t("quality_file"), context.t("quality_print"), context.t("quality_size"),
              context.t("quality_contract")],
        rows=[
            [
                row["file_name"],
                row["file_sha256"] or HIDDEN,
                context.number(row["size_bytes"]),
                f"{row['contract_id'] or ''} {row['contract_version'] or ''}".strip(),
            ]
            # a workbook is delivered once, however many tables it holds
            for row in {_print_of(row): row for row in reversed(rows)}.values()
        ][::-1],
        right=(2,),
        widths=(5, 10, 2, 4),
    )  # fmt: skip
    return Section(heading, [context.t("quality_who_loaded")], tables=[came, print_])


def adds_up(row: Row) -> bool:
    """Return whether every row of a file was loaded, set aside or known from before.

    Of a file about few persons no rows are told; that they add up stops publishing when it fails.
    """
    if row["rows_in"] is None:
        return True
    parts = (row["rows_loaded"], row["rows_quarantined"], row["rows_duplicate"])
    return bool(row["rows_in"] == sum(parts))


def _sum_in_words(context: Context, row: Row) -> str:
    if row["rows_in"] is None:
        return context.t("quality_few_persons")
    return context.t("quality_adds_up") if adds_up(row) else context.t("quality_adds_not_up")


def _print_of(row: Row) -> str:
    return str(row["file_sha256"] or row["delivery_id"])


def set_aside_section(context: Context, files: Sequence[Row]) -> Section:
    """Return why files were refused and rows set aside, and what stood there if it may be told."""
    refused = [row for row in files if row["reason_nb"]]
    tables = []
    if refused:
        tables.append(
            ReportTable(
                caption=context.t("quality_refused_caption"),
                head=[context.t("quality_file"), context.t("quality_reason")],
                rows=[[row["file_name"], row["reason_nb"]] for row in refused],
                widths=(2, 3),
            )
        )
    shown, left_out = _set_aside(context, files)
    if shown:
        tables.append(
            ReportTable(
                caption=context.t("quality_rows_caption"),
                head=[context.t("quality_file"), context.t("quality_row"),
                      context.t("quality_reason"), context.t("quality_found"),
                      context.t("quality_file_status")],
                rows=shown,
                right=(1,),
                widths=(4, 1, 6, 3, 2),
            )
        )  # fmt: skip
    words = [
        context.t("quality_set_aside_words") if tables else context.t("quality_nothing_set_aside")
    ]
    held_back = [row for row in files if row.get("quarantined_nok") is not None]
    if held_back:
        rows, nok = (
            sum(row[name] for row in held_back) for name in ("rows_quarantined", "quarantined_nok")
        )
        words.append(
            context.t(
                "quality_held_back",
                rows=context.number(rows),
                nok=context.number(nok),
            )
        )
    if left_out:
        words.append(context.t("quality_more_rows", n=context.number(left_out)))
    return Section(context.t("quality_refused"), words, tables=tables)


def reasons_held_back(context: Context) -> list[str]:
    """Return why each row was set aside, without its place in the file; all files."""
    if not context.has("mart_quarantine"):
        return []
    rows = context.rows("mart_quarantine", ("reason_nb", "source_row"))
    # the words begin with the row, which is another for each
    return [row["reason_nb"].partition(": ")[2] or row["reason_nb"] for row in rows]


def _set_aside(context: Context, files: Sequence[Row]) -> tuple[list[list[str]], int]:
    if not context.has("mart_quarantine"):
        return [], 0
    files_by_id = {row["delivery_id"]: row for row in files}
    status = context.labels("delivery_status")
    found_columns = context.present("mart_quarantine", ("found_nb",))
    rows = context.rows(
        "mart_quarantine",
        ("delivery_id", "source_row", "rule_id", "reason_nb", *found_columns),
        order_by=("delivery_id", "rule_id", "source_row"),
        delivery_id=tuple(files_by_id),
    )
    shown, left_out = [], 0
    for (delivery, _), group in groupby(rows, key=lambda r: (r["delivery_id"], r["rule_id"])):
        found, file = list(group), files_by_id[delivery]
        left_out += len(found[SHOWN_ROWS:])
        shown += [
            [
                file["file_name"],
                str(row["source_row"]),
                row["reason_nb"],
                row.get("found_nb") or "",
                str(status.get(file["status"], file["status"])),
            ]
            for row in found[:SHOWN_ROWS]
        ]
    return shown, left_out
