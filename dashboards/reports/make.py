"""A report as bytes, in the log before it is handed over; for the page and the command line."""

from datetime import date
from pathlib import Path

from dashboards.context import Context
from dashboards.reports.municipality import municipality_report
from dashboards.reports.pdf import to_pdf
from dashboards.reports.quality import quality_report
from dashboards.reports.status import status_report
from dashboards.reports.unit import unit_report
from pipelines.desk.access_log import sign_offs
from pipelines.desk.logged import Reader, take

QUALITY = "datakvalitet"
"""What is signed for and taken away, as the log names it."""


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

    def make() -> bytes:
        return to_pdf(unit_report(context, unit_id) if unit_id else municipality_report(context))

    subject = "enhet" if unit_id else "kommune"
    return take(state, reader, Path(context.generation), subject, make, kind="pdf", unit=unit_id)


def make_quality_report(
    context: Context, state: Path, reader: Reader, wanted: date | None
) -> bytes:
    """Return the PDF on the data behind a month, with its sign-offs.

    Args:
        context: Generation, language and the reader's scope.
        state: The municipality's state folder, where the log is.
        reader: Who takes it, as the log names them.
        wanted: The month; ``None`` for all files.

    Raises:
        PermissionError: The reader is limited to some units.
        sqlite3.Error: The log could not be written; there is no report.
    """
    period = period_code(wanted)

    def make() -> bytes:
        return to_pdf(quality_report(context, wanted, sign_offs(state, QUALITY, period)))

    return take(state, reader, Path(context.generation), QUALITY, make, kind="pdf", period=period)


def make_status_report(context: Context, state: Path, reader: Reader) -> bytes:
    """Return the matrix of units and metrics as one page, of what the reader may see.

    Args:
        context: Generation, language and the reader's scope.
        state: The municipality's state folder, where the log is.
        reader: Who takes it, as the log names them.

    Raises:
        sqlite3.Error: The log could not be written; there is no report.
    """

    def make() -> bytes:
        return to_pdf(status_report(context))

    return take(state, reader, Path(context.generation), "status", make, kind="pdf")


def period_code(wanted: date | None) -> str:
    """Return a month as the log and the address write it; empty for all."""
    return f"{wanted:%Y-%m}" if wanted else ""
