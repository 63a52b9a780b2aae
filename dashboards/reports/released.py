"""What an edition rests on in spite of a doubt: by whom it was let through, why and until when."""

from collections.abc import Sequence

from dashboards.context import Context
from dashboards.reports.common import Row
from dashboards.reports.pdf import ReportTable, Section
from dashboards.reports.quality_checks import this_run

_RELEASE = ("released_at", "released_by", "release_reason", "release_expires_on")


def _is_used(delivery: Row) -> bool:
    return bool(delivery["status"] == "loaded")


def released_section(context: Context, files: Sequence[Row], rows: Sequence[Row]) -> Section:
    """Return what was published in spite of something being wrong, and who decided that it may."""
    warned = [row for row in (this_run(rows) if rows else []) if not row["success"]]
    figures = context.t(
        "quality_released_figures",
        warnings=context.number(len(warned)),
        rows=context.number(sum(row["rows_quarantined"] or 0 for row in files if _is_used(row))),
        files=context.number(sum(row["status"] == "rejected" for row in files)),
    )
    tables = []
    if warned:
        tables.append(
            ReportTable(
                caption=context.t("quality_released_caption"),
                head=[context.t("quality_promise"), context.t("quality_contract"),
                      context.t("quality_bad_rows")],
                rows=[
                    [
                        row["promised_nb"] or row["rule_id"],
                        f"{row['contract_id']} {row['contract_version'] or ''}".strip(),
                        context.number(row["n_failed"]),
                    ]
                    for row in warned
                ],
                right=(2,),
                widths=(6, 3, 2),
            )
        )  # fmt: skip
    let_through = _let_through(context, files, rows)
    words = [context.t("quality_released_words"), figures]
    if let_through:
        tables.insert(0, _by_whom(context, let_through))
    else:
        words.append(context.t("quality_released_none"))
    return Section(context.t("quality_released"), words, tables=tables)


def _let_through(context: Context, files: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """The deliveries and checks that somebody released, each with what it is called."""
    told = {
        row["delivery_id"]: row
        for row in _released(context, "mart_deliveries", ("delivery_id",))
        if row["released_by"]
    }
    found = [
        told[row["delivery_id"]] | {"name": f"{row['delivery_id']} {row['file_name']}"}
        for row in files
        if row["delivery_id"] in told and _is_used(row)
    ]
    run = this_run(rows)[0]["run_id"] if rows else None
    checks = _released(context, "mart_data_quality", ("run_id", "promised_nb", "rule_id"))
    return found + [
        row | {"name": row["promised_nb"] or row["rule_id"]}
        for row in checks
        if row["released_by"] and row["run_id"] == run
    ]


def _released(context: Context, mart: str, columns: tuple[str, ...]) -> list[Row]:
    if context.present(mart, _RELEASE) != _RELEASE:
        return []
    return context.rows(mart, (*columns, *_RELEASE), order_by=("released_at", *columns))


def _by_whom(context: Context, found: Sequence[Row]) -> ReportTable:
    return ReportTable(
        caption=context.t("quality_released_by_caption"),
        head=[context.t("quality_released_what"), context.t("quality_released_by"),
              context.t("quality_signed_at"), context.t("quality_released_until"),
              context.t("quality_reason")],
        rows=[
            [
                row["name"],
                row["released_by"],
                context.moment(row["released_at"]),
                context.day(row["release_expires_on"]) or context.t("quality_released_for_good"),
                row["release_reason"],
            ]
            for row in found
        ],
        widths=(6, 3, 3, 3, 6),
    )  # fmt: skip
