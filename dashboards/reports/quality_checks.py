"""The quality of an edition, second half: what was promised and broken.

What was let through all the same is in ``released``.
"""

from collections.abc import Sequence
from itertools import groupby

from dashboards.context import Context
from dashboards.reports.common import Row
from dashboards.reports.pdf import ReportTable, Section
from pipelines.words.numbers import quantity

_COLUMNS = (
    "run_id", "run_at", "gate", "contract_id", "contract_version", "table_name", "rule_id",
    "severity", "promised_nb", "n_rows", "n_failed", "success",
)  # fmt: skip
_CHANGE = "check_change"
_SHOWN_RUNS = 12


def checks(context: Context) -> list[Row]:
    """Return the checks of all runs, newest run first, broken ones first within it.

    Each has ``change``: ``new``, ``continuing`` or ``fixed`` since the edition before, as it was
    judged when it was published, or empty; an edition from before that was judged has none.
    """
    columns = _COLUMNS + context.present("mart_data_quality", (_CHANGE,))
    rows = context.rows("mart_data_quality", columns, order_by=("run_at",))
    runs = list(dict.fromkeys(row["run_id"] for row in rows))
    judged = [row | {"change": row.get(_CHANGE) or ""} for row in rows]
    newest = {run: place for place, run in enumerate(reversed(runs))}
    return sorted(
        judged,
        key=lambda r: (newest[r["run_id"]], r["success"], r["severity"], r["gate"], *_rule(r)),
    )


def this_run(rows: Sequence[Row]) -> list[Row]:
    """Return the checks of the newest run."""
    return [row for row in rows if row["run_id"] == rows[0]["run_id"]]


def _rule(row: Row) -> tuple[str, ...]:
    return row["gate"], row["contract_id"], row["table_name"], row["rule_id"]


def checks_section(context: Context, rows: Sequence[Row]) -> Section:
    """Return the checks of this run: how many, which broke, what changed, and the runs before."""
    heading = context.t("quality_checks")
    if not rows:
        return Section(heading, [context.t("quality_no_checks")])
    now = this_run(rows)
    tables = [_counts(context, now)]
    told = [row for row in now if row["change"] or not row["success"]]
    if told:
        tables.append(_broken(context, told))
    tables.append(_runs(context, rows))
    is_whole = all(row["success"] for row in now)
    words = context.t("quality_all_kept") if is_whole else context.t("quality_some_broken")
    return Section(heading, [words, context.t("quality_promises_nb")], tables=tables)


def _counts(context: Context, now: Sequence[Row]) -> ReportTable:
    gates = context.labels("gate")
    lines = []
    for gate, found in groupby(sorted(now, key=lambda r: str(r["gate"])), key=lambda r: r["gate"]):
        group = list(found)
        broken = [row["severity"] for row in group if not row["success"]]
        lines.append(
            [
                gates.get(gate, gate),
                context.number(len(group)),
                context.number(broken.count("error")),
                context.number(broken.count("warning")),
            ]
        )
    return ReportTable(
        caption=context.t("quality_counts_caption", at=context.moment(now[0]["run_at"])),
        head=[context.t("quality_gate"), context.t("quality_promises"),
              context.t("quality_errors"), context.t("quality_warnings")],
        rows=lines,
        right=(1, 2, 3),
        widths=(6, 2, 2, 2),
    )  # fmt: skip


def _broken(context: Context, told: Sequence[Row]) -> ReportTable:
    severity, change = context.labels("severity"), context.labels("check_change")
    return ReportTable(
        caption=context.t("quality_broken_caption"),
        head=[context.t("quality_promise"), context.t("quality_table"),
              context.t("quality_severity"), context.t("quality_bad_rows"),
              context.t("quality_share"), context.t("quality_change")],
        rows=[
            [
                row["promised_nb"] or row["rule_id"],
                row["table_name"],
                str(severity.get(row["severity"], row["severity"])),
                context.number(row["n_failed"]),
                quantity(_share(row), 2, "percent", context.language),
                str(change.get(row["change"], row["change"])) or "–",
            ]
            for row in told
        ],
        right=(3, 4),
        widths=(6, 4, 3, 2, 2, 2),
    )  # fmt: skip


def _share(row: Row) -> float | None:
    return 100 * row["n_failed"] / row["n_rows"] if row["n_rows"] else None


def _runs(context: Context, rows: Sequence[Row]) -> ReportTable:
    lines = []
    for _, found in groupby(rows, key=lambda r: r["run_id"]):
        group = list(found)
        broken = [row for row in group if not row["success"]]
        lines.append(
            [
                context.moment(group[0]["run_at"]),
                context.number(len(group)),
                context.number(sum(row["severity"] == "error" for row in broken)),
                context.number(sum(row["severity"] == "warning" for row in broken)),
                context.number(sum(row["n_failed"] or 0 for row in broken)),
            ]
        )
    return ReportTable(
        caption=context.t("quality_runs_caption"),
        head=[context.t("quality_run"), context.t("quality_promises"),
              context.t("quality_errors"), context.t("quality_warnings"),
              context.t("quality_bad_rows")],
        rows=lines[:_SHOWN_RUNS],
        right=(1, 2, 3, 4),
        widths=(4, 2, 2, 2, 2),
    )  # fmt: skip
