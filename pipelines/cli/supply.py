"""Commands about what the program is made of: ``sbom`` and ``audit``."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import console, print_json
from pipelines.desk.private_files import write_for_the_user
from pipelines.errors import GateError
from pipelines.settings import REPO_ROOT
from pipelines.words.messages import say

_OTHER_LOCKS = ("dev.txt", "bench.txt", "uv.txt")


def sbom(
    out: Annotated[
        Path | None, typer.Option(metavar="FIL", help=say("cli.supply.where_to_write"))
    ] = None,
) -> None:
    """Skriv hva programmet er laget av (CycloneDX 1.5): hvert bibliotek med versjon og avtrykk.

    Laget av låsefilen, uten nett; samme låsefil gir samme fil.
    """
    from pipelines.upkeep.locked import pins_of
    from pipelines.upkeep.sbom import bill_of_materials

    pins = pins_of()
    bill = bill_of_materials(pins, version("pukk"))
    if out is None:
        typer.echo(bill, nl=False)
        return
    write_for_the_user(out, bill.encode())
    console.print(say("cli.supply.written", out=out, n=len(pins)))


def audit(
    advisories: Annotated[
        Path | None,
        typer.Option(envvar="PUKK_ADVISORIES", metavar="FIL", help=say("cli.supply.database")),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=say("cli.supply.every_lock"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.supply.as_json"))] = False,
) -> None:
    """Hold bibliotekene opp mot kjente svakheter i en database dere har hentet (OSV-format).

    Kode 0 bare når databasen er lest, er av ny dato, og ingenting ble funnet; 3 når noe ble funnet;
    1 når kommandoen ikke så noe: ingen database, en tom eller en gammel.
    """
    from pipelines.upkeep.advisories import look_up
    from pipelines.upkeep.locked import pins_of

    pins = pins_of()
    for name in _OTHER_LOCKS if every else ():
        pins += pins_of(REPO_ROOT / "requirements" / name)
    pins = list(dict.fromkeys(pins))
    looked = look_up(pins, advisories, datetime.now(UTC))
    if as_json:
        rows = [
            {"package": w.pin.name, "version": w.pin.version, "advisory": w.advisory_id,
             "summary": w.summary, "fixed_in": w.fixed_in, "doubts": w.doubts}
            for w in looked.found
        ]  # fmt: skip
        print_json({"n_packages": len(pins), "n_advisories": looked.n_advisories,
                    "newest": looked.newest, "found": rows})  # fmt: skip
    else:
        for w in looked.found:
            fixed = ", ".join(w.fixed_in) or "–"
            console.print(
                say(
                    "cli.supply.weakness",
                    package=f"{w.pin.name} {w.pin.version}",
                    advisory=w.advisory_id,
                    summary=w.summary,
                    fixed=fixed,
                ),
                soft_wrap=True,
            )
            if w.doubts:
                doubts = ", ".join(w.doubts)
                console.print(say("cli.supply.doubts", doubts=doubts), soft_wrap=True)
        console.print(
            say(
                "cli.supply.looked",
                n_packages=len(pins),
                n_advisories=looked.n_advisories,
                newest=looked.newest,
            )
        )
    if looked.found:
        raise GateError(
            say("cli.supply.found", n=len(looked.found)), way_out=say("cli.supply.lock_anew")
        )
