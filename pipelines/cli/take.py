"""The command that writes a report to take away: ``pdf``. The page's own program makes it."""

import os
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.results import current_generation
from pipelines.cli.sql import reader
from pipelines.defs.context import load_context
from pipelines.errors import PukkError
from pipelines.settings import REPO_ROOT


class Language(StrEnum):
    """The report's language."""

    NB = "nb"
    EN = "en"


def pdf(
    unit: Annotated[str | None, typer.Argument(help="Enhetens id; uten: hele kommunen.")] = None,
    language: Annotated[Language, typer.Option("--lang", help="Språket.")] = Language.NB,
    out: Annotated[Path | None, typer.Option(help="Filen som skrives.")] = None,
) -> None:
    """Skriv rapporten for en enhet eller for kommunen som PDF med universell utforming."""
    ctx = load_context()
    file = ctx.paths.published / current_generation(ctx).file_name
    target = out or Path(f"pukk-{unit or ctx.municipality.id}-{language}.pdf")
    who = reader()
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-m", "dashboards.reports"),
            *("--generation", str(file), "--state", str(ctx.paths.state)),
            *("--actor", who.actor, "--role", who.role),
            *("--language", str(language), "--out", str(target.resolve())),
            *(("--unit", unit) if unit else ()),
        ],
        cwd=REPO_ROOT,
        env={**os.environ, "PYTHONPATH": str(REPO_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise PukkError(
            lines[-1] if lines else "Rapporten ble ikke laget.",
            way_out='Se enhetene: pukk sql "select unit_id, unit_name from dim_units"',
        )
    typer.echo(str(target))
