"""Commands that copy a home to safety and bring it back: ``backup`` and ``restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.output import console, errors, moment, number, print_json, warn
from pipelines.defs.context import progress_to, read_context
from pipelines.errors import ConfigError, DamagedError
from pipelines.municipality.identity import read_identity
from pipelines.settings import Settings
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.upkeep.manifest import Manifest
    from pipelines.upkeep.restore import Restored

_JSON = typer.Option("--json", help=say("cli.backup.as_json"))
_MB = 1e6
_MINUTE_S = 60.0


def backup(
    target: Annotated[Path, typer.Argument(metavar="MAPPE", help=say("cli.backup.target"))],
    inbox: Annotated[
        bool, typer.Option("--inbox/--no-inbox", help=say("cli.backup.with_inbox"))
    ] = True,
    wait: Annotated[
        float, typer.Option(min=0, max=1440, metavar="MINUTTER", help=say("cli.backup.wait"))
    ] = 0.0,
    keep: Annotated[int | None, typer.Option(min=1, help=say("cli.backup.keep"))] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Kopier alt som ikke kan lages igjen, til en ny mappe med avtrykk av hver fil.

    Landing, journalen, utgavene, rapportene, utboksen, state (logg, oppfølging, spørringer),
    innboksen, kommunens mappe med YAML, og listene over tilgang og mottakere. Nøkkelen til
    pseudonymene og innloggingen er aldri med. Ingen kjøring går imens; går én fra før, ventes det
    med --wait. Er hjemmet skadet, lages ingen kopi.
    """
    from pipelines.upkeep.backup import make_backup

    ctx = read_context()
    made = make_backup(
        ctx, target.expanduser(), with_inbox=inbox, wait_s=wait * _MINUTE_S, keep=keep
    )
    if as_json:
        told = {"folder": str(made.folder), "removed": made.removed}
        print_json(told | _plain(made.manifest))
    else:
        console.print(
            say(
                "cli.backup.made",
                folder=made.folder,
                n_files=len(made.manifest.files),
                size_mb=number(made.manifest.size_bytes / _MB),
            ),
            soft_wrap=True,
        )
        for name in made.removed:
            console.print(say("cli.backup.removed", name=name))
    if made.manifest.key_is_file:
        warn(say("cli.backup.key_is_not_in_it", state=ctx.paths.state))
    elif ctx.settings.pseudonym_key is not None and not as_json:
        console.print(say("cli.backup.keep_the_key_elsewhere"), soft_wrap=True)


def restore(
    source: Annotated[Path, typer.Argument(metavar="MAPPE", help=say("cli.backup.source"))],
    verify: Annotated[bool, typer.Option("--verify", help=say("cli.backup.only_verify"))] = False,
    drill: Annotated[bool, typer.Option("--drill", help=say("cli.backup.drill"))] = False,
    night: Annotated[bool, typer.Option("--night", help=say("cli.backup.night"))] = False,
    replace: Annotated[bool, typer.Option("--replace", help=say("cli.backup.replace"))] = False,
    key: Annotated[
        Path | None, typer.Option(metavar="FIL", exists=True, help=say("cli.backup.key"))
    ] = None,
    place: Annotated[
        Path | None, typer.Option("--in", metavar="MAPPE", help=say("cli.backup.drill_in"))
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Hent et hjem tilbake fra en sikkerhetskopi, eller øv på det uten å røre noe.

    Hver fil holdes mot avtrykket sitt før og etter, og datavarehuset bygges av det som kom tilbake.
    Et hjem som ikke er tomt, røres ikke uten --replace; da settes det til side under et annet navn.
    Med --verify kontrolleres bare kopien. Med --drill hentes den til en midlertidig mappe, og
    tallene i utgaven, journalen, radene og loggen kontrolleres der; --night kjører en natt også.
    """
    from pipelines.upkeep.restore import chosen, verified
    from pipelines.upkeep.restore import restore as bring_back

    settings = Settings()
    backup_ = chosen(source.expanduser(), _municipality(settings))
    if verify:
        manifest = verified(backup_)
        _tell_verified(backup_, manifest, as_json=as_json)
        return
    if drill or night:
        _drill(settings, backup_, key, place or settings.home, night=night, as_json=as_json)
        return
    done = bring_back(settings, backup_, replaces=replace, key=key)
    if as_json:
        print_json({"root": str(done.root), "set_aside": done.set_aside, **_of(done)})
    else:
        console.print(say("cli.backup.restored", root=done.root, name=backup_.name))
        if done.set_aside is not None:
            console.print(say("cli.backup.set_aside", name=done.set_aside.name), soft_wrap=True)
        console.print(say("cli.backup.compare_configuration", folder=backup_ / "configuration"))
        console.print(say("cli.backup.now_doctor_and_run"))
    if done.lacks_key:
        warn(say("cli.backup.key_is_missing", state=done.root / "state"))


def _drill(
    settings: Settings, source: Path, key: Path | None, place: Path, *, night: bool, as_json: bool
) -> None:
    from pipelines.upkeep.drill import drill

    said = None if as_json else _say
    with progress_to(said), drill(settings, source, key, place.expanduser()) as (done, ctx):
        is_same = None
        if night:
            from pipelines.defs.run import run_nightly

            _refuse_without_key(done)
            outcome = run_nightly(ctx, force=True, on_progress=said)
            is_same = outcome.generation.content_sha256 == done.manifest.content_sha256
        if as_json:
            print_json({"is_same_after_a_night": is_same, **_of(done)})
        else:
            _tell_drilled(done)
    if is_same is False:
        raise DamagedError(
            say("cli.backup.other_after_a_night"), way_out=say("cli.backup.see_what_is_new")
        )
    if is_same and not as_json:
        console.print(say("cli.backup.same_after_a_night"))


def _refuse_without_key(done: "Restored") -> None:
    if done.lacks_key:
        raise ConfigError(
            say("cli.backup.no_night_without_key"), way_out=say("cli.backup.give_key")
        )


def _municipality(settings: Settings) -> str | None:
    try:
        return read_identity(settings.municipality).id
    except ConfigError:
        return None  # its configuration may be what was lost: it is in the backup


def _say(text: str) -> None:
    errors.print(f"  {text}")


def _tell_verified(folder: Path, manifest: "Manifest", *, as_json: bool) -> None:
    if as_json:
        print_json({"folder": str(folder), **_plain(manifest)})
        return
    console.print(
        say(
            "cli.backup.verified",
            name=folder.name,
            made_at=moment(manifest.made_at),
            n_files=len(manifest.files),
            size_mb=number(manifest.size_bytes / _MB),
        ),
        soft_wrap=True,
    )


def _tell_drilled(done: "Restored") -> None:
    for line in done.told:
        console.print(f"  {line}", soft_wrap=True)
    console.print(
        say(
            "cli.backup.drilled",
            made_at=moment(done.manifest.made_at),
            generation=done.manifest.generation or "–",
            last_entry=done.manifest.last_entry,
            seconds=number(done.seconds),
        ),
        soft_wrap=True,
    )
    if done.lacks_key:
        warn(say("cli.backup.drilled_without_key"))


def _of(done: "Restored") -> dict[str, object]:
    return {
        "told": done.told,
        "lacks_key": done.lacks_key,
        "seconds": round(done.seconds, 2),
        **_plain(done.manifest),
    }


def _plain(manifest: "Manifest") -> dict[str, object]:
    left_out = ("files", "format")
    own = {name: value for name, value in vars(manifest).items() if name not in left_out}
    return own | {"n_files": len(manifest.files), "size_bytes": manifest.size_bytes}
