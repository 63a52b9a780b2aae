"""The command that lays files out for their recipients: ``deliver``. Another program makes them."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.published import current_generation
from pipelines.cli.report_program import run_report_program
from pipelines.defs.context import RunContext, read_context
from pipelines.desk.programs import OUTBOX
from pipelines.errors import ConfigError, PukkError
from pipelines.words.messages import say

_COLUMNS = "subject;file;about;metric;language"
_OUTCOMES = {
    "laid": say("cli.deliver.outcome.laid"),
    "there": say("cli.deliver.outcome.there"),
    "refused": say("cli.deliver.outcome.refused"),
    "no_access": say("cli.deliver.outcome.no_access"),
    "unknown": say("cli.deliver.outcome.unknown"),
}
_DONE = ("laid", "there")


def deliver(
    recipients: Annotated[Path | None, typer.Option(help=say("cli.deliver.recipients"))] = None,
    outbox: Annotated[Path | None, typer.Option(help=say("cli.deliver.outbox"))] = None,
) -> None:
    """Legg ut filer til dem som står på listen, hver med mottakerens egne rettigheter."""
    ctx = read_context()
    list_file, access = recipients or ctx.settings.recipients, ctx.settings.access
    if list_file is None or not list_file.is_file():
        raise ConfigError(
            say("cli.deliver.no_list"),
            where=str(list_file or ""),
            way_out=say("cli.deliver.make_a_list", columns=_COLUMNS),
        )
    if access is None or not access.is_file():
        raise ConfigError(say("cli.deliver.no_access_table"), way_out=say("cli.deliver.set_access"))
    folder = outbox or ctx.settings.outbox or ctx.paths.outbox
    lines = _laid_out(ctx, list_file, access, folder)
    for line, outcome, file in lines:
        told = _OUTCOMES[outcome]
        typer.echo(say("cli.deliver.line", line=line, file=file, outcome=told))
    if lost := sum(outcome not in _DONE for _, outcome, _ in lines):
        raise PukkError(
            say("cli.deliver.some_not_laid", n=lost, all=len(lines)),
            where=str(list_file),
            way_out=say("cli.deliver.mend_the_list"),
        )


def _laid_out(
    ctx: RunContext, list_file: Path, access: Path, folder: Path
) -> list[tuple[int, str, str]]:
    done = run_report_program(
        OUTBOX,
        *("--generation", str(ctx.paths.published / current_generation(ctx).file_name)),
        *("--state", str(ctx.paths.state), "--access", str(access.resolve())),
        *("--recipients", str(list_file.resolve()), "--outbox", str(folder.resolve())),
        *("--today", date.today().isoformat()),  # noqa: DTZ011 - lines are valid by local days
    )
    if not done.is_made:
        name, _, reason = done.error.partition(": ")
        if name == "ValueError":
            raise ConfigError(
                say("cli.deliver.list_unread", reason=reason),
                where=str(list_file),
                way_out=say("cli.deliver.make_a_list", columns=_COLUMNS),
            )
        raise PukkError(
            say("cli.deliver.not_laid", value=name), way_out=say("cli.take.check_disk_and_state")
        )
    return [tuple(json.loads(line)) for line in done.answer.splitlines()]
