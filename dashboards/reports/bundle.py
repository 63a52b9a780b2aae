"""All about one unit as one file: its papers, its slides, and every series the reader may see.

What is hidden is not in it: the sheet has the months as they are published, with the mark of what
is hidden, and the papers are made with the reader's own rows.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.common import edition_line, origin
from dashboards.reports.council_files import council_pdf, council_pptx, unit_findings
from dashboards.reports.pdf import to_pdf
from dashboards.reports.quality import quality_report
from dashboards.reports.unit import unit_report
from pipelines.desk.table_files import to_xlsx
from pipelines.words.numbers import HIDDEN, MISSING

_MONTHS = ("metric_id", "month", "value", "numerator", "denominator", "suppression_reason")


def unit_bundle(context: Context, unit_id: str) -> bytes:
    """Return everything about a unit as one ZIP; the same edition gives the same bytes.

    Args:
        context: Generation, language and reader.
        unit_id: The unit.

    Raises:
        NoSuchUnitError: It is not within the reader's scope.
    """
    # first, since it says when the unit is not the reader's
    files = {f"pukk-{unit_id}.pdf": to_pdf(unit_report(context, unit_id))}
    if findings := unit_findings(context, unit_id):
        files[f"{_council(context)}-{unit_id}.pdf"] = council_pdf(context, findings)
        files[f"{_council(context)}-{unit_id}.pptx"] = council_pptx(context, findings)
    files[f"pukk-{unit_id}.xlsx"] = _series(context, unit_id)
    if context.viewer.scope.is_everything:
        # the deliveries are about all units, so they are not a limited reader's
        files["pukk-data.pdf"] = to_pdf(quality_report(context, None, []))
    return _zipped(context, files)


def _council(context: Context) -> str:
    return context.t("council_file")


def _series(context: Context, unit_id: str) -> bytes:
    label = context.column("label")
    names = {
        row["metric_id"]: row[label]
        for row in context.rows("dim_metrics", ("metric_id", label), order_by=("metric_order",))
    }
    rows = context.rows(
        "fct_metric_months", _MONTHS, order_by=("metric_id", "month"),
        level="unit", group_id=unit_id,
    )  # fmt: skip
    cells = [
        (names[row["metric_id"]], row["month"], *_figures(row))
        for row in rows
        if row["metric_id"] in names
    ]
    columns = (
        context.t("metric"), context.t("month"), context.t("value"), context.t("made_of_above"),
        context.t("made_of_below"),
    )  # fmt: skip
    whose, _ = origin(context)
    about = ((context.t("file_table"), whose), (context.t("file_edition"), edition_line(context)))
    return to_xlsx(
        columns, cells, title=context.t("all_series"), about=about, language=context.language
    )


def _figures(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    if row["suppression_reason"]:
        return HIDDEN, HIDDEN, HIDDEN
    value = MISSING if row["value"] is None else row["value"]
    return value, row["numerator"], row["denominator"]


def _zipped(context: Context, files: dict[str, bytes]) -> bytes:
    published = description(context.generation).get("published_at")
    when = datetime.fromisoformat(published) if published else datetime(2000, 1, 1, tzinfo=UTC)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            info = ZipInfo(Path(name).name, date_time=when.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            zipped.writestr(info, content)
    return out.getvalue()
