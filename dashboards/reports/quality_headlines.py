"""The quality of an edition, third part: what each headline rests on, a line for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboards.context import Context
from dashboards.reports.common import Row, metrics
from dashboards.reports.pdf import ReportTable, Section
from dashboards.reports.quality_checks import this_run
from dashboards.reports.quality_files import deliveries
from dashboards.reports.told import headlines


def headlines_section(context: Context, checks: Sequence[Row]) -> Section:
    """Return a line per headline: its sources, their newest file, rules held, where to look.

    Args:
        context: The frame's message.
        checks: The checks of all runs, newest first.
    """
    heading = context.t("explain_headlines")
    if not context.has("mart_lineage"):
        return Section(heading)
    known, label = metrics(context), context.column("label")
    sources = _sources(context)
    newest, held = _newest(context), _held(checks)
    rows = [
        [
            row["unit_name"],
            known[row["metric_id"]][label],
            row["verdict"],
            ", ".join(sources.get(row["metric_id"], ())),
            _last_file(
                context, [newest[s] for s in sources.get(row["metric_id"], ()) if s in newest]
            ),
            _rules(context, [held[s] for s in sources.get(row["metric_id"], ()) if s in held]),
            f"pukk explain {row['unit_id']} {row['metric_id']} after",
        ]
        for row in headlines(context, ("unit_name",), (), order_by=("unit_name", "metric_id"))
    ]
    if not rows:
        return Section(heading)
    table = ReportTable(
        caption=heading,
        head=[context.t("unit"), context.t("metric"), context.t("report_verdict"),
              context.t("explain_sources"), context.t("explain_newest"),
              context.t("explain_rules"), context.t("explain_lookup")],
        rows=rows,
        widths=(5, 4, 4, 5, 5, 3, 7),
    )  # fmt: skip
    return Section(heading, [context.t("explain_headlines_words")], tables=[table])


def _sources(context: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = context.rows(
        "mart_lineage", ("metric_id", "source_table"), order_by=("metric_id", "source_table")
    )
    for row in rows:
        mine = found.setdefault(row["metric_id"], [])
        if row["source_table"] not in mine:
            mine.append(row["source_table"])
    return found


def _newest(context: Context) -> dict[str, Row]:
    """The newest delivery that counts, by source table."""
    rows = sorted(deliveries(context, None), key=lambda row: row["seq"])
    return {
        f"{row['contract_id']}.{row['table_name']}": row
        for row in rows
        if row["status"] == "loaded"
    }


def _held(checks: Sequence[Row]) -> Mapping[str, tuple[int, int]]:
    """Rules of the inbound gate that held in the newest run, and how many there were, by source."""
    found: dict[str, tuple[int, int]] = {}
    for row in this_run(checks) if checks else ():
        if row["gate"] == "inbound":
            source = f"{row['contract_id']}.{row['table_name']}"
            kept, n = found.get(source, (0, 0))
            found[source] = (kept + bool(row["success"]), n + 1)
    return found


def _last_file(context: Context, files: Sequence[Row]) -> str:
    if not files:
        return ""
    last = max(files, key=lambda row: row["seq"])
    received: datetime = last["received_at"]
    return f"{last['delivery_id']} {last['file_name']}, {context.moment(received)}"


def _rules(context: Context, held: Sequence[tuple[int, int]]) -> str:
    kept, n = sum(kept for kept, _ in held), sum(n for _, n in held)
    return f"{context.number(kept)}/{context.number(n)}" if n else ""
