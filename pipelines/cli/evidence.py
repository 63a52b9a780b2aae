"""``pukk evidence``: estimates of several municipalities, checked and pooled. Files only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from pipelines.cli.evidence_sent import announce, export, signature_of, write_signed
from pipelines.cli.evidence_told import keep_for_pages, write_pages
from pipelines.cli.given import known_language
from pipelines.cli.output import console, print_json
from pipelines.desk.private_files import write_for_the_user
from pipelines.errors import ConfigError
from pipelines.evidence.answer import answers, as_rows
from pipelines.evidence.checks import Delivered, Outcome, Reason, Seen, read_delivered
from pipelines.evidence.keys import new_key, public_of, read_private_key, read_public_keys, sign
from pipelines.evidence.pack import Pack, PackError, read_pack, write_pack
from pipelines.evidence.sentences import left_out, own, together
from pipelines.evidence.table import Chains, TableError, read_chains, read_table
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes
from pipelines.words.messages import say

_TABLE = "samlet.json"
_CHAIN = "rekker.json"
_JSON = typer.Option("--json", help=say("cli.evidence.as_json"))


_LANGUAGE = typer.Option(
    "--language",
    callback=known_language,
    help=say("cli.evidence.language", codes=", ".join(codes())),
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def evidence() -> None:
    """Felles målestokk: anslag fra flere kommuner, signert, kontrollert og regnet sammen."""


@app.command("keys")
def keys(
    file: Annotated[Path, typer.Argument(metavar="FIL", help=say("cli.evidence.private_key_file"))],
    new: Annotated[bool, typer.Option("--new", help=say("cli.evidence.make_a_new_key"))] = False,
) -> None:
    """Lag nøkkelen kommunen signerer med, eller vis den offentlige delen av den.

    Den private nøkkelen legges utenfor PUKK_HOME og deles aldri. Den offentlige gis en gang, for
    hånd, til den som regner sammen: én linje i <organisasjonsnummer>.pub.
    """
    from pipelines.settings import Settings

    if file.resolve().is_relative_to(Settings().home.resolve()):
        raise ConfigError(
            say("cli.evidence.key_beside_data"),
            where=str(file),
            way_out=say("cli.evidence.choose_file_outside"),
        )
    if new and file.exists():
        raise ConfigError(
            say("cli.evidence.never_written_over"),
            where=str(file),
            way_out=say("cli.evidence.choose_another_name"),
        )
    if new:
        # whoever runs a command of ours writes for themselves alone
        with file.open("x", encoding="ascii") as made:
            made.write(f"{new_key()}\n")
    console.print(say("cli.evidence.public_key", file=public_of(read_private_key(file))))


@app.command("sign")
def sign_pack(
    file: Annotated[Path, typer.Argument(metavar="PAKKE", help=say("cli.evidence.pack_to_sign"))],
    key: Annotated[Path, typer.Option("--key", help=say("cli.evidence.private_key_file"))],
) -> None:
    """Kontroller en pakke, skriv den på den ene måten den kan skrives, og signer den.

    Signaturen legges ved siden av, i PAKKE.sig. Det er de to filene som sendes til den som regner
    sammen.
    """
    try:
        content = write_pack(read_pack(file.read_bytes()))
        signature = sign(content, read_private_key(key))
    except OSError as error:
        raise ConfigError(
            say("cli.evidence.cannot_be_read"),
            where=str(error.filename),
            way_out=say("cli.evidence.choose_another"),
        ) from error
    except PackError as error:
        raise ConfigError(
            say("cli.evidence.no_pack"),
            where=f"{file}: {error}",
            way_out=say("cli.evidence.write_by_the_format"),
        ) from error
    write_signed(file, content, signature)
    console.print(say("cli.evidence.signed", file=file))


app.command("announce")(announce)
app.command("export")(export)


@app.command("pool")
def pool(
    folder: Annotated[Path, typer.Argument(metavar="MAPPE", help=say("cli.evidence.packs"))],
    public: Annotated[Path, typer.Option("--keys", help=say("cli.evidence.folder_of_public_keys"))],
    confirm: Annotated[
        list[str] | None,
        typer.Option(help=say("cli.evidence.let_in_a_stopped_pack")),
    ] = None,
    page: Annotated[bool, typer.Option("--page", help=say("cli.evidence.write_page"))] = False,
    language: Annotated[str, _LANGUAGE] = DEFAULT_LANGUAGE,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Kontroller pakkene i en mappe og regn dem sammen; skriver samlet.json der.

    Med --page skrives også en side og en PDF med et skogdiagram for hvert måltall, hva de andre
    sier uten hver kommune, og pakkene som ikke er med.

    Hver pakke som ikke blir med, står med grunnen. En pakke som er stanset fordi den ser feil ut,
    slippes inn av en person med en grunn, som skrives i rekker.json sammen med hvor langt hver
    kommunes rekke er kommet.
    """
    kept_file = folder / _CHAIN
    kept = _chains(kept_file)
    now = datetime.now(UTC)
    before = [one.model_dump() for one in kept.confirmed] if kept else []
    confirmations = [*before, *(_confirmed(one, now) for one in confirm or [])]
    seen = {who: Seen(**vars(place)) for who, place in kept.seen.items()} if kept else {}
    read, refused = read_delivered(_delivered(folder), read_public_keys(public), seen, now.date())
    confirmed = {(one["municipality_id"], one["reason"]) for one in confirmations}
    names = {pack.municipality_id: pack.municipality_name for _, pack in read}
    rows = [as_rows(answer, names) for answer in answers(read, confirmed=confirmed)]
    table = {"made_at": now.isoformat(timespec="seconds"), "answers": rows}
    table["refused"] = [_plain(one) for one in refused]
    write_for_the_user(folder / _TABLE, _written(table))
    chains = {"seen": _seen(seen, read), "confirmed": confirmations}
    write_for_the_user(kept_file, _written(chains))
    files = write_pages(table, folder, language) if page else []
    if as_json:
        print_json(table)
        return
    _say(table, language)
    for file in (folder / _TABLE, *files):
        console.print(f"Skrevet: {file}")


@app.command("read")
def read(
    file: Annotated[Path, typer.Argument(metavar="FIL", help=say("cli.evidence.pooled_file"))],
    municipality: Annotated[str, typer.Option(help="Kommunens organisasjonsnummer.")],
    keep: Annotated[bool, typer.Option("--keep", help=say("cli.evidence.keep_for_pages"))] = False,
    language: Annotated[str, _LANGUAGE] = DEFAULT_LANGUAGE,
) -> None:
    """Vis hvordan det gikk i kommunene, og hva kommunens eget anslag er verdt ved siden av.

    Med --keep viser resultatsiden det også, på Oversikt og Gruppe, til neste gang.
    """
    found = _table(file)
    if keep:
        keep_for_pages(found, municipality)
    for row in found["answers"]:
        _head(row)
        for sentence in (*together(row, language), *own(row, municipality, language)):
            console.print(f"  {sentence}")


def _delivered(folder: Path) -> list[Delivered]:
    if not folder.is_dir():
        raise ConfigError(
            say("cli.evidence.no_such_folder"),
            where=str(folder),
            way_out=say("cli.evidence.choose_another"),
        )
    files = [f for f in sorted(folder.glob("*.json")) if f.name not in {_TABLE, _CHAIN}]
    if not files:
        raise ConfigError(
            say("cli.evidence.no_packs"),
            where=str(folder),
            way_out=say("cli.evidence.put_packs_there"),
        )
    return [Delivered(file.name, file.read_bytes(), _signature_of(file)) for file in files]


def _signature_of(file: Path) -> str:
    signature = signature_of(file)
    return signature.read_text(encoding="ascii", errors="replace") if signature.exists() else ""


def _confirmed(told: str, now: datetime) -> dict[str, str]:
    who, _, rest = told.partition(":")
    reason, _, why = rest.partition(":")
    if reason not in get_args(Reason) or not why.strip():
        raise ConfigError(
            say("cli.evidence.confirm_says_who_what_why"),
            where=told,
            way_out=say("cli.evidence.confirm_for_example"),
        )
    return {
        "municipality_id": who,
        "reason": reason,
        "why": why.strip(),
        "confirmed_at": now.isoformat(timespec="seconds"),
    }


def _seen(before: dict[str, Seen], read: list[tuple[Delivered, Pack]]) -> dict[str, Any]:
    now = {pack.municipality_id: Seen(pack.sequence, one.sha256) for one, pack in read}
    return {who: vars(place) for who, place in sorted((before | now).items())}


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": outcome.name,
        "municipality_id": outcome.municipality_id,
        "status": outcome.status,
        "reason": outcome.reason,
        "detail": outcome.detail,
    }


def _say(table: dict[str, Any], language: str) -> None:
    for row in table["answers"]:
        _head(row)
        for sentence in together(row, language):
            console.print(f"  {sentence}")
        for outcome in row["left_out"]:
            console.print(f"  {left_out(outcome, language)}")
    for outcome in table["refused"]:
        console.print(left_out(outcome, language))


def _head(row: dict[str, Any]) -> None:
    definition = row["definition"]
    console.print(f"{definition['metric_id']}, {row['service_type']}, {row['window']}")


def _table(file: Path) -> dict[str, Any]:
    with _readable(
        file, say("cli.evidence.table_unreadable"), say("cli.evidence.ask_for_a_new_one")
    ):
        return read_table(file.read_bytes())


def _chains(file: Path) -> Chains | None:
    with _readable(
        file, say("cli.evidence.chains_unreadable"), say("cli.evidence.take_back_the_chains")
    ):
        return read_chains(file.read_bytes()) if file.exists() else None


@contextmanager
def _readable(file: Path, message: str, way_out: str) -> Iterator[None]:
    """Say where a file that cannot be read is, and where in it it is wrong."""
    try:
        yield
    except OSError as error:
        raise ConfigError(message, where=str(file), way_out=way_out) from error
    except TableError as error:
        raise ConfigError(message, where=f"{file}: {error}", way_out=way_out) from error


def _written(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()
