"""The command that looks a home over and says what to do: ``doctor``."""

from typing import Annotated, Any

import typer

from pipelines.cli.output import console, marked, print_json
from pipelines.defs.context import read_context
from pipelines.errors import PukkError
from pipelines.upkeep.doctor import Point, looked_over
from pipelines.words.messages import say

_MARKS = {
    "ok": "[green]ok[/]  ",
    "attention": "[bold yellow]obs[/] ",
    "fault": "[bold red]feil[/]",
}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.doctor.as_json"))] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help=say("cli.doctor.only_what_is_wrong"))
    ] = False,
) -> None:
    """Se over alt driften hviler på, og si for hver ting hva som må gjøres. Ingenting endres.

    Disk, versjoner, klokke, rettigheter, hvem som lytter, utgavene, journalen, datavarehuset, siste
    natt, det som venter på noen, og loggen. Avslutningskoden er 0 når ingenting er galt (obs teller
    ikke), ellers 1.
    """
    points = looked_over(read_context())
    is_well = all(point.level != "fault" for point in points)
    if as_json:
        print_json({"is_well": is_well, "points": [_plain(point) for point in points]})
    else:
        for point in points:
            _print(point, quiet=quiet)
        if is_well:
            console.print(say("cli.doctor.is_well"))
    if not is_well:
        wrong = [point.name_nb for point in points if point.level == "fault"]
        raise PukkError(
            say("cli.doctor.is_wrong", points=", ".join(wrong)),
            way_out=say("cli.doctor.do_what_is_said"),
        )


def _plain(point: Point) -> dict[str, Any]:
    found = [vars(each) for each in point.findings]
    return {"check": point.check, "level": point.level, "findings": found}


def _print(point: Point, *, quiet: bool) -> None:
    for found in point.findings:
        if quiet and found.level == "ok":
            continue
        line = f"{_MARKS[found.level]} [bold]{{}}[/] {{}}"
        console.print(marked(line, f"{point.name_nb}:", found.said), soft_wrap=True)
        if found.way_out:
            console.print(marked(say("cli.output.do_this"), found.way_out), soft_wrap=True)
