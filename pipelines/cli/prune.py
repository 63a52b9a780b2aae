"""The command that deletes what every night adds and nobody is promised: ``prune``."""

from typing import Annotated

import typer

from pipelines.cli.output import console, print_json, table
from pipelines.defs.context import read_context
from pipelines.words.messages import say


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.prune.dry_run"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.prune.as_json"))] = False,
) -> None:
    """Slett det hver natt legger igjen og ingen er lovet: Dagsters gamle kjøringer, utlagte filer.

    Hver natt gjør dette av seg selv når den er ferdig. Hvor lenge noe beholdes, står i
    data_contracts/retention.yml. Loggen, journalen, utgavene og rapportene røres aldri her; det som
    er for gammelt av dem, og av det som er levert, tas av `pukk retention`.
    """
    from pipelines.defs.pruning import KIND_NB
    from pipelines.defs.pruning import prune as prune_home

    found = prune_home(read_context(), dry_run=dry_run)
    if as_json:
        rows = [{"kind": each.kind, "name": each.name, "dated": each.dated} for each in found]
        print_json({"dry_run": dry_run, "found": rows})
        return
    if not found:
        console.print(say("cli.prune.nothing"))
        return
    shown = table(None, ["Hva", ("Antall", "right"), "Eldste"])
    for kind, name in KIND_NB.items():
        of_kind = [each.dated for each in found if each.kind == kind]
        if of_kind:
            shown.add_row(name, str(len(of_kind)), f"{min(of_kind):%d.%m.%Y}")
    console.print(shown)
    console.print(say("cli.prune.nothing_deleted") if dry_run else say("cli.prune.deleted"))
