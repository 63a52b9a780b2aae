"""``pukk evidence announce`` and ``export``: what a municipality tells the others of itself."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.output import console, print_json
from pipelines.cli.published import current_generation
from pipelines.desk.events import log_event
from pipelines.desk.on_disk import print_of
from pipelines.desk.private_files import write_for_the_user
from pipelines.errors import ConfigError
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.defs.context import RunContext
    from pipelines.evidence.edition import Edition
    from pipelines.evidence.export import Exported
    from pipelines.evidence.issued import Issued
    from pipelines.evidence.withheld import Fate, Reason
    from pipelines.publishing.files import Generation

_SIGNATURE = ".sig"
_KEY_ID_CHARS = 8
_REASONS: "dict[Reason, str]" = {
    "few_units": say("evidence.reasons.few_units"),
    "few_persons": say("evidence.reasons.few_persons"),
    "unit_below_k": say("evidence.reasons.unit_below_k"),
    "one_unit_dominates": say("evidence.reasons.one_unit_dominates"),
    "difference": say("evidence.reasons.difference"),
    "model_checks": say("evidence.reasons.model_checks"),
    "no_start_year": say("evidence.reasons.no_start_year"),
    "level_hidden": say("evidence.reasons.level_hidden"),
    "units_unsure": say("evidence.reasons.units_unsure"),
}
_JSON = typer.Option("--json", help=say("cli.evidence.as_json"))


def announce(
    metric: Annotated[
        str,
        typer.Argument(
            metavar=say("cli.plan.metric_argument"), help=say("cli.evidence.metric_announced")
        ),
    ],
    first_start: Annotated[
        str,
        typer.Option(
            metavar=say("cli.evidence.month_argument"), help=say("cli.evidence.months_first_start")
        ),
    ],
    units: Annotated[int, typer.Option(min=1, help=say("cli.evidence.units_that_start"))],
    kind: Annotated[
        str, typer.Option("--service-type", help=say("cli.evidence.only_this_kind"))
    ] = "all",
    drawn: Annotated[
        bool, typer.Option("--drawn", help=say("cli.evidence.order_was_drawn"))
    ] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Varsle en start før den begynner, så alle kan se hvem som varslet og aldri fortalte.

    Varselet skrives i tilgangsloggen med klokkeslettet og går ut med neste pakke. Et varsel endres
    aldri, og kan ikke lages etter at måneden er begynt.
    """
    from pipelines.defs.context import read_context
    from pipelines.evidence.announcing import announce_start

    ctx = read_context()
    made = announce_start(
        ctx.paths,
        _edition(ctx, current_generation(ctx)),
        metric_id=metric,
        first_start=first_start,
        n_units=units,
        service_type=kind,
        is_drawn=drawn,
    )
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    console.print(say("cli.evidence.announced", metric=metric, n=units, month=first_start))


def export(
    file: Annotated[Path, typer.Argument(metavar="FIL", help=say("cli.evidence.pack_to_write"))],
    number: Annotated[str, typer.Option("--id", help=say("cli.evidence.own_number"))],
    key: Annotated[Path, typer.Option("--key", help=say("cli.evidence.private_key_file"))],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Lag og signer en pakke av anslagene i den publiserte utgaven.

    Bare anslag for minst tre enheter og femten personer går ut, og aldri et som sammen med de
    andre, eller med det som er sendt før, forteller om færre. Det som holdes tilbake, står med
    grunnen. Filen og signaturen sendes til den som regner sammen.
    """
    from pipelines.defs.context import read_context
    from pipelines.evidence.export import Sender, make_pack
    from pipelines.evidence.issued import keep_pack, read_issued
    from pipelines.evidence.keys import public_of, read_private_key, sign
    from pipelines.evidence.pack import write_pack

    ctx = read_context()
    generation = current_generation(ctx)
    issued = read_issued(ctx.paths)
    _check_number(number, issued)
    if file.is_dir() or not file.parent.is_dir():
        # a pack that is made is one of the chain, whether anybody gets it or not
        raise ConfigError(
            say("evidence.exporting.cannot_be_written"),
            where=str(file),
            way_out=say("evidence.exporting.choose_a_file"),
        )
    private = read_private_key(key)
    key_id = hashlib.sha256(public_of(private).encode()).hexdigest()[:_KEY_ID_CHARS]
    sender = Sender(number, key_id, datetime.now(UTC), generation.content_sha256)
    made = make_pack(_edition(ctx, generation), issued, sender)
    content = write_pack(made.pack)
    signature = sign(content, private)
    sha256 = print_of(content)
    log_event(
        ctx.paths.state, "export", f"evidence:{made.pack.sequence}",
        generation=str(generation.number), n_rows=len(made.pack.results), detail=f"sha256:{sha256}",
    )  # fmt: skip
    kept = keep_pack(ctx.paths, made.pack.sequence, content, made.sets)
    try:
        write_signed(file, content, signature)
    except OSError as error:
        raise ConfigError(
            say("evidence.exporting.kept_not_written"),
            where=str(file),
            way_out=say("evidence.exporting.copy_it_from", kept=kept),
        ) from error
    if as_json:
        print_json(made.pack.model_dump(mode="json"))
        return
    _tell(made, file)


def write_signed(file: Path, content: bytes, signature: str) -> None:
    """Write a pack, and its signature beside it.

    Raises:
        OSError: One of them cannot be written.
    """
    write_for_the_user(file, content)
    write_for_the_user(signature_of(file), f"{signature}\n".encode())


def signature_of(file: Path) -> Path:
    """Return where the signature of a pack lies."""
    return file.with_name(file.name + _SIGNATURE)


def _edition(ctx: "RunContext", generation: "Generation") -> "Edition":
    from pipelines.cli.ledger import read_warehouse
    from pipelines.evidence.edition import SICK_LEAVE_DEFINITIONS, read_edition

    found = read_warehouse(ctx, SICK_LEAVE_DEFINITIONS)
    return read_edition(ctx.paths, generation, [row["definition"] for row in found])


def _tell(made: "Exported", file: Path) -> None:
    console.print(
        say(
            "cli.evidence.exported",
            sequence=made.pack.sequence,
            file=file,
            n_rows=len(made.pack.results),
        )
    )
    for metric, fates in made.fates.items():
        for fate in fates:
            if fate.status == "told":
                continue
            console.print(f"  {metric}, {fate.name}: {_why(fate)}")


def _why(fate: "Fate") -> str:
    reason = _REASONS[fate.reason] if fate.reason else ""
    if fate.status == "repeated":
        return say("cli.evidence.as_in_an_earlier_pack", reason=reason)
    return say("cli.evidence.kept_back", reason=reason)


def _check_number(number: str, issued: "Issued") -> None:
    if not re.fullmatch(r"[0-9]{9}", number):
        raise ConfigError(
            say("evidence.exporting.is_no_number"),
            where=number,
            way_out=say("evidence.exporting.write_number_so"),
        )
    before = issued.packs[-1].municipality_id if issued.packs else number
    if before != number:
        raise ConfigError(
            say("evidence.exporting.another_number", number=before),
            where=number,
            way_out=say("evidence.exporting.same_number_always"),
        )
