"""The command that writes a report to take away: ``pdf``. The page's own program makes it."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.published import current_generation
from pipelines.cli.report_program import run_report_program
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.programs import REPORTS
from pipelines.errors import ConfigError, PukkError
from pipelines.words.catalogue import codes
from pipelines.words.messages import say

# how Python ends when an error had no words of its own
_UNTOLD = re.compile(r"[\w.]*(Error|Exception)\b")


# typer offers the members of an enum: the languages are the word files
Language = StrEnum("Language", {code.upper(): code for code in codes()})  # type: ignore[misc] # not known before it runs


def pdf(
    unit: Annotated[str | None, typer.Argument(help="Enhetens id; uten: hele kommunen.")] = None,
    quality: Annotated[
        bool,
        typer.Option("--quality", help=say("cli.take.months_quality_report")),
    ] = False,
    month: Annotated[
        str | None,
        typer.Option(help=say("cli.take.quality_month")),
    ] = None,
    language: Annotated[
        Language | None, typer.Option("--lang", help=say("cli.take.language"))
    ] = None,
    out: Annotated[Path | None, typer.Option(help=say("cli.take.file_written"))] = None,
) -> None:
    """Skriv en rapport som PDF med universell utforming: kommunen, en enhet, datakvaliteten."""
    if quality and unit:
        raise ConfigError(
            say("cli.take.quality_is_whole_municipality"),
            way_out=say("cli.take.unit_or_quality"),
        )
    if month and not quality:
        raise ConfigError(
            say("cli.take.month_only_for_quality"), way_out=say("cli.take.add_quality")
        )
    ctx = read_context()
    file = ctx.paths.published / current_generation(ctx).file_name
    parts = ["datakvalitet", month] if quality else [unit or ctx.identity.id]
    told_in = str(language or ctx.identity.language)
    target = out or Path("-".join(["pukk", *(part for part in parts if part), f"{told_in}.pdf"]))
    who = reader()
    done = run_report_program(
        REPORTS,
        *("--generation", str(file), "--state", str(ctx.paths.state)),
        *("--actor", who.actor, "--role", who.role),
        *("--language", told_in, "--out", str(target.resolve())),
        *(("--unit", unit) if unit else ()),
        *(("--quality", month or "latest") if quality else ()),
    )
    if not done.is_made:
        if _UNTOLD.match(done.error):
            raise PukkError(
                say("cli.take.report_not_made", value=done.error.split(":")[0]),
                way_out=say("cli.take.check_disk_and_state"),
            )
        units = 'Se enhetene: pukk sql "select unit_id, unit_name from dim_units"'
        raise PukkError(
            done.error or say("cli.take.report_was_not_made"),
            way_out=say("cli.take.choose_month_with_figures") if quality else units,
        )
    typer.echo(str(target))
