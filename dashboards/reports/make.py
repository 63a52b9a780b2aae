"""A report as bytes, in the log before it is handed over; for the page and the command line."""

from pathlib import Path

from dashboards.context import Context
from dashboards.reports.municipality import municipality_report
from dashboards.reports.pdf import to_pdf
from dashboards.reports.unit import unit_report
from pipelines.desk.logged import Reader, log_taken


def make_report(context: Context, state: Path, reader: Reader, unit_id: str = "") -> bytes:
    """Return the PDF of a unit, or of the whole municipality when no unit is named.

    Args:
        context: Generation, language and the reader's scope.
        state: The municipality's state folder, where the log is.
        reader: Who takes it, as the log names them.
        unit_id: The unit; empty for all.

    Raises:
        NoSuchUnitError: The unit is not within the reader's scope.
        PermissionError: All units are asked for by a reader who is limited to some.
        sqlite3.Error: The log could not be written; there is no report.
    """
    made = unit_report(context, unit_id) if unit_id else municipality_report(context)
    content = to_pdf(made)
    subject = "enhet" if unit_id else "kommune"
    log_taken(state, reader, Path(context.generation), subject, kind="pdf", unit=unit_id)
    return content
