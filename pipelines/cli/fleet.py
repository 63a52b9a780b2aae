"""``pukk fleet``: several municipalities in one installation, each by itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.given import figure
from pipelines.cli.output import console, moment, print_json, table
from pipelines.errors import ConfigError
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

if TYPE_CHECKING:
    from pipelines.fleet.members import Member
    from pipelines.fleet.work import Done

_FLEET = typer.Option("--fleet", envvar="PUKK_FLEET", help=say("cli.fleet.folder"))
_NAMES = typer.Argument(metavar=say("cli.fleet.names_argument"), help=say("cli.fleet.names"))
_JSON = typer.Option("--json", help=say("cli.fleet.as_json"))
_WORKERS = typer.Option(min=1, help=say("cli.fleet.workers"))

_EXAMPLE = "eksempel"

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def fleet() -> None:
    """Flere kommuner i én installasjon: legg til, kjør, se på og kontroller hver for seg.

    En mappe per kommune, med eget hjem, egen nøkkel, egen logg og egne lesere. Hver kommune kjøres
    i en prosess som bare får sine egne innstillinger. At én feiler, stanser ingen andre.
    """


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAVN", help=say("cli.fleet.name"))],
    folder: Annotated[Path, _FLEET],
    municipality: Annotated[str, typer.Option(help=say("cli.fleet.municipality"))],
) -> None:
    """Legg til en kommune: hjem, nøkkel og innstillinger lages og lukkes for andre."""
    from pipelines.fleet.members import add_member

    made = add_member(folder, name, municipality)
    console.print(say("cli.fleet.added", name=name, settings=made.settings_file))
    console.print(say("cli.fleet.keep_the_key"))


@app.command("example")
def example(
    folder: Annotated[Path, _FLEET],
    count: Annotated[int, typer.Option(min=1, max=400, help=say("cli.fleet.how_many"))] = 10,
    seed: Annotated[int, typer.Option(min=0, help=say("cli.fleet.seed"))] = 1,
    mean: Annotated[
        float, typer.Option(parser=figure, metavar="TALL", help=say("cli.fleet.mean"))
    ] = -0.6,
    tau: Annotated[float, typer.Option(min=0, max=100, help=say("cli.fleet.tau"))] = 0.4,
    without: Annotated[float, typer.Option(min=0, max=1, help=say("cli.fleet.without"))] = 0.3,
    drawn: Annotated[float, typer.Option(min=0, max=1, help=say("cli.fleet.drawn"))] = 0.5,
    workers: Annotated[int, _WORKERS] = 1,
) -> None:
    """Lag en flåte av oppdiktede kommuner med kjent virkning, og legg leveransene i innboksene.

    Samme tall gir samme kommuner. Hva som er plantet, står i eksempel/truth.json i flåtens mappe,
    og aldri i en leveranse.
    """
    from pipelines.example.many import World, make_many
    from pipelines.fleet.members import add_member

    made = folder / _EXAMPLE
    if made.exists():
        raise ConfigError(
            say("cli.fleet.example_is_there"),
            where=str(made),
            way_out=say("cli.fleet.choose_empty_folder"),
        )
    made.mkdir(parents=True)
    planted = make_many(made, count, World(seed, mean, tau, without, drawn))
    added = [add_member(folder, one.name, str(made / one.name)) for one in planted]
    _exit(_run(added, ["example"], workers, as_json=True))
    console.print(say("cli.fleet.example_made", n=len(planted), folder=folder))


@app.command("list")
def list_(folder: Annotated[Path, _FLEET], as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis kommunene i flåten og hvor hver har sitt."""
    from pipelines.fleet.members import members

    found = members(folder)
    if as_json:
        print_json([{"name": one.name, "home": str(one.home)} for one in found])
        return
    shown = table(say("cli.fleet.fleet"), ["Kommune", "Hjem"])
    for one in found:
        shown.add_row(one.name, str(one.home))
    console.print(shown)


@app.command("run")
def run(
    folder: Annotated[Path, _FLEET],
    names: Annotated[list[str] | None, _NAMES] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.fleet.force"))] = False,
    workers: Annotated[int, _WORKERS] = 1,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Kjør hovedjobben for alle kommunene, eller for dem som er nevnt.

    Avslutningskoden er 0 når alle gikk, ellers 1. En kommune som feilet eller ble stanset, leser
    fortsatt forrige utgave, og kjøres igjen alene med navnet sitt.
    """
    command = ["run", "--json", *(["--force"] if force else [])]
    done = _run(_members(folder, names), command, workers, as_json=as_json)
    _end(done, as_json=as_json)


@app.command("status")
def status(
    folder: Annotated[Path, _FLEET],
    names: Annotated[list[str] | None, _NAMES] = None,
    workers: Annotated[int, _WORKERS] = 1,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Vis hva hver kommune har publisert, og hva som venter på noen der."""
    done = _run(_members(folder, names), ["status", "--json"], workers, as_json=True)
    if as_json:
        _end(done, as_json=True)
        return
    shown = table(
        say("cli.fleet.fleet"),
        ["Kommune", ("Utgave", "right"), "Publisert", "Oppdatert", ("Venter", "right")],
    )
    for one in done:
        if not one.is_well:
            shown.add_row(one.name, "", "", one.fault, "")
            continue
        said = one.said
        n_waiting = sum(len(said[name]) for name in ("rejected", "held", "losses"))
        shown.add_row(
            one.name,
            str(said["generation"] or ""),
            moment(said["published_at"]) if said["published_at"] else "",
            "ja" if said["up_to_date"] else "nei",
            str(n_waiting),
        )
    console.print(shown)
    _exit(done)


@app.command("doctor")
def doctor(
    folder: Annotated[Path, _FLEET],
    names: Annotated[list[str] | None, _NAMES] = None,
    workers: Annotated[int, _WORKERS] = 1,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Kontroller at hver kommune er i orden, og at ingen av dem når noe som er en annens.

    Rettigheter, nøkler og mapper holdes opp mot alle i flåten; alt annet er det som `pukk doctor`
    ser over i hver kommune.
    """
    from pipelines.fleet.health import faults

    chosen = _members(folder, names)
    found = faults(_members(folder, None))
    for one in _run(chosen, ["doctor", "--json"], workers, as_json=True):
        told = _faults_told(one) or ([] if one.is_well else [_why(one)])
        found[one.name] += [fault for fault in told if fault not in found[one.name]]
    wrong = {one.name: found[one.name] for one in chosen}
    if as_json:
        print_json(wrong)
    for name, told in wrong.items() if not as_json else ():
        console.print(f"{name}: {say('cli.fleet.in_order') if not told else ''}", markup=False)
        for fault in told:
            console.print(f"  {fault}", markup=False)
    if any(wrong.values()):
        raise typer.Exit(1)


@app.command("upgrade")
def upgrade(
    folder: Annotated[Path, _FLEET],
    names: Annotated[list[str] | None, _NAMES] = None,
    workers: Annotated[int, _WORKERS] = 1,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Regn alt på nytt etter at programmet er byttet, den første kommunen alene.

    Går ikke den første, begynnes det ikke på noen andre. Leserne ser forrige utgave til den nye er
    kontrollert, og `pukk publish --rollback` peker tilbake.
    """
    chosen = _members(folder, names)
    command = ["run", "--json", "--force"]
    done = _run(chosen[:1], command, 1, as_json=as_json)
    if done[0].is_well:
        done += _run(chosen[1:], command, workers, as_json=as_json)
    elif not as_json:
        console.print(say("cli.fleet.first_failed", n=len(chosen) - 1), markup=False)
    _end(done, as_json=as_json)


def _members(folder: Path, names: Sequence[str] | None) -> "list[Member]":
    from pipelines.fleet.members import members

    return members(folder, names or ())


def _run(
    members: "Sequence[Member]", command: Sequence[str], workers: int, *, as_json: bool
) -> "list[Done]":
    from pipelines.fleet.work import run_for

    def tell(done: "Done") -> None:
        if not as_json:
            seconds = number_nb(done.seconds, 1)
            console.print(f"  {done.name}: {_outcome(done)} ({seconds} s)", markup=False)

    return run_for(members, command, workers, tell)


def _end(done: "Sequence[Done]", *, as_json: bool) -> None:
    if as_json:
        print_json([_plain(one) for one in done])
    else:
        columns: list[str | tuple[str, str]] = [
            "Kommune",
            "Utfall",
            ("Utgave", "right"),
            ("Sekunder", "right"),
            "Mer",
        ]
        shown = table(say("cli.fleet.fleet"), columns)
        for one in done:
            generation = one.said["generation"] if one.is_well and one.said else ""
            seconds = number_nb(one.seconds, 1)
            shown.add_row(one.name, _outcome(one), str(generation), seconds, one.fault)
        console.print(shown)
    _exit(done)


def _faults_told(done: "Done") -> list[str]:
    points = done.said["points"] if isinstance(done.said, dict) else []
    told = (each for point in points for each in point["findings"] if each["level"] == "fault")
    return [f"{each['said']} {each['way_out']}" for each in told]


def _why(done: "Done") -> str:
    return done.fault or say("cli.fleet.see_log", log=done.log)


def _exit(done: "Sequence[Done]") -> None:
    if not all(one.is_well for one in done):
        raise typer.Exit(1)


def _outcome(done: "Done") -> str:
    if done.code < 0:
        return say("cli.fleet.killed", signal=-done.code)
    if done.code:
        return say("cli.fleet.failed")
    is_new = isinstance(done.said, dict) and done.said.get("is_new")
    return say("cli.fleet.published") if is_new else say("cli.fleet.unchanged")


def _plain(done: "Done") -> dict[str, Any]:
    return {**vars(done), "log": str(done.log), "seconds": round(done.seconds, 2)}
