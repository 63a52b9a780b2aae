"""``pukk init``: a municipality's folder out of its own files, ready to be tried.

What is guessed is found in ``pipelines.ingest.drafting``; here it is asked, written and tried.
"""

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.given import known_language
from pipelines.cli.output import console
from pipelines.errors import ConfigError, PukkError
from pipelines.settings import CONTRACTS_DIR, Settings, paths_for
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

if TYPE_CHECKING:
    from pipelines.ingest.drafting.folder import Named
    from pipelines.ingest.drafting.written import Written
    from pipelines.ingest.tried import TriedFile

_ID = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"\d{4}")
_CALENDARS = ("norway", "calendar_days")


def init(
    more: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    files: Annotated[
        list[Path] | None, typer.Option("--from", metavar="FIL…", help=say("cli.init.from_files"))
    ] = None,
    name: Annotated[str | None, typer.Option(help=say("cli.init.name"))] = None,
    id_: Annotated[str | None, typer.Option("--id", help=say("cli.init.id"))] = None,
    number: Annotated[str | None, typer.Option(help=say("cli.init.number"))] = None,
    calendar: Annotated[str | None, typer.Option(help=say("cli.init.calendar"))] = None,
    language: Annotated[str, typer.Option(help=say("cli.init.language"))] = DEFAULT_LANGUAGE,
    folder: Annotated[Path | None, typer.Option(help=say("cli.init.folder"))] = None,
) -> None:
    """Lag en mappe for kommunen, med utkast til hvordan filene leses, og prøv dem.

    Spør om det som mangler når dette er en terminal. Hver gjetning i utkastet er merket.
    """
    from pipelines.ingest.drafting.folder import Named
    from pipelines.ingest.drafting.written import write_folder

    called = name or _ask(say("cli.init.ask_name"), "--name", None)
    named = Named(
        id=_checked_id(id_ or _ask(say("cli.init.ask_id"), "--id", _suggested(called))),
        name=called,
        calendar=_calendar(calendar or _ask(say("cli.init.ask_calendar"), "", _CALENDARS[0])),
        language=known_language(language),
        number=_checked_number(number),
    )
    target = (folder or Path(named.id)).expanduser().resolve()
    _refuse_taken(target)
    sources = [*(files or ()), *(more or ())]
    given = _read(sources)
    written = write_folder(target, named, given, schemas=CONTRACTS_DIR / "schemas")
    paths = paths_for(Settings(), named.id).create()
    _tell(written, named, target, sources, paths.inbox)


def _ask(question: str, flag: str, suggested: str | None) -> str:
    if is_terminal():
        answer: str = typer.prompt(question, default=suggested)
        return answer
    if suggested is not None:
        return suggested
    raise PukkError(
        say("cli.init.cannot_ask", question=question),
        where=flag,
        way_out=say("cli.init.give_the_flag", flag=flag),
    )


def is_terminal() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty()


def _suggested(name: str) -> str | None:
    """Return an id made of a name; None when the name has no letter an id can begin with."""
    from pipelines.ingest.drafting.wide import plain_id

    return plain_id(re.sub(r"(?i)\s+kommune$", "", name)) or None


def _checked_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ConfigError(
            say("cli.init.id_is_no_id", id=text),
            where="--id",
            way_out=say("cli.init.letters_of_an_id"),
        )
    return text


def _checked_number(text: str | None) -> str | None:
    if text is not None and not _NUMBER.fullmatch(text):
        raise ConfigError(say("cli.init.number_is_four_digits", number=text), where="--number")
    return text


def _calendar(text: str) -> str:
    if text not in _CALENDARS:
        raise ConfigError(
            say("cli.init.no_such_calendar", calendar=text),
            where="--calendar",
            way_out=say("cli.init.calendars_are", calendars=", ".join(_CALENDARS)),
        )
    return text


def _refuse_taken(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigError(
            say("cli.init.folder_is_taken"),
            where=str(target),
            way_out=say("cli.init.another_folder"),
        )


def _read(files: Sequence[Path]) -> "list[TriedFile]":
    from pipelines.cli.try_files import contents
    from pipelines.ingest.tried import TriedFile

    return [TriedFile(path.name, raw) for path, raw in contents(files)]


def _tell(
    written: "Written", named: "Named", target: Path, given: Sequence[Path], inbox: Path
) -> None:
    from pipelines.cli.tried_printed import STATUS_NB

    console.print(say("cli.init.folder_made", folder=target, name=named.name))
    for text in written.silent:
        console.print(f"  {text}", soft_wrap=True)
    for feed in written.feeds:
        console.print(
            say(
                "cli.init.feed_drafted",
                contract=feed.contract,
                id=feed.id,
                table=f"{feed.contract}.{feed.table}",
                likely=feed.count("likely"),
                guessed=feed.count("guessed"),
            ),
            soft_wrap=True,
        )
    for trial in written.trials:
        console.print(f"  {trial.file_name} → {trial.feed_id or '?'}: {STATUS_NB[trial.status]}")
        if trial.rows:
            counted = counted_nb(trial.rows["rows_loaded"], "rad", "rader")
            aside = trial.rows["rows_quarantined"]
            console.print(say("cli.init.rows_would_load", counted=counted, aside=aside))
        if trial.reason_nb:
            console.print(f"    {trial.reason_nb}", soft_wrap=True)
    chosen = ", ".join(written.metrics) or say("cli.init.no_metrics")
    console.print(say("cli.init.metrics_chosen", metrics=chosen), soft_wrap=True)
    names = " ".join(shlex.quote(str(path)) for path in given) or "FIL…"
    console.print(
        say("cli.init.next_commands", folder=target, names=names, inbox=inbox), soft_wrap=True
    )
