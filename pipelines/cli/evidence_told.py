"""What a pooling says, made into something to read: for the municipality's pages, or as files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.cli.report_program import run_report_program
from pipelines.desk.elsewhere import keep_elsewhere, written
from pipelines.desk.events import log_event
from pipelines.desk.programs import POOLING
from pipelines.errors import PukkError
from pipelines.evidence.told import as_told
from pipelines.municipality.load import load_standard_metrics
from pipelines.words.catalogue import codes
from pipelines.words.messages import say


def keep_for_pages(table: Mapping[str, Any], municipality: str) -> None:
    """Let the municipality's own pages show a pooling, in place of the one before.

    Args:
        table: The answers.
        municipality: The own organisation number.
    """
    from pipelines.defs.context import read_context

    paths = read_context().paths.create()
    log_event(paths.state, "configuration", "evidence", detail=f"pooled {table['made_at']}")
    keep_elsewhere(paths.state, as_told(table, _labels(), municipality))


def write_pages(table: Mapping[str, Any], folder: Path, language: str) -> list[Path]:
    """Write a pooling as a page and a PDF; returns the files.

    Args:
        table: The answers.
        folder: Where they are written.
        language: Of the words.

    Raises:
        PukkError: They could not be made.
    """
    out = folder / f"samlet-{language}"
    done = run_report_program(
        POOLING,
        *("--language", language, "--out", str(out.resolve())),
        given=written(as_told(table, _labels())),
    )
    if not done.is_made:
        raise PukkError(
            say("cli.take.report_not_made", value=done.error.split(":")[0]),
            way_out=say("cli.evidence.check_folder", folder=folder),
        )
    return [out.with_suffix(".html"), out.with_suffix(".pdf")]


def _labels() -> dict[str, dict[str, str]]:
    """Return metric -> language -> what it is called; a municipality's own have no other name."""
    return {
        metric.id: {code: metric.label.columns("label")[f"label_{code}"] for code in codes()}
        for metric in load_standard_metrics()
    }
