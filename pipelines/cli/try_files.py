"""``pukk try``: what would become of files, in seconds and without keeping anything.

What it is, is found in ``pipelines.ingest.trial``; how it is printed is in ``tried_printed``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import print_json
from pipelines.defs.context import read_context
from pipelines.errors import DeliveryRejectedError, PukkError
from pipelines.words.messages import say

_REFUSED = frozenset({"rejected", "no_feed"})


def try_files(
    files: Annotated[
        list[Path], typer.Argument(help=say("cli.try_files.files"), metavar="FIL…", show_default="")
    ],
    feed: Annotated[str | None, typer.Option(help=say("cli.try_files.feed"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.try_files.as_json"))] = False,
) -> None:
    """Prøv filer uten å ta dem inn: hva som leses, hva som faller ut og hvorfor. Skriver intet.

    Leser bare filene, kommunens mappe og enhetslisten i innboksen. Prøv gjerne enhetslisten
    sammen med de andre filene.
    """
    from pipelines.cli.tried_printed import print_trial
    from pipelines.contracts.model import load_contracts
    from pipelines.ingest.trial import registers_in, try_files
    from pipelines.ingest.tried import TriedFile
    from pipelines.municipality.load import load_municipality

    ctx = read_context()
    municipality = load_municipality(ctx.identity.folder)
    known = [each.id for each in municipality.feeds]
    if feed is not None and feed not in known:
        raise PukkError(
            say("cli.try_files.no_such_feed", feed=feed),
            where="--feed",
            way_out=say("cli.try_files.feeds_are", known=", ".join(known) or "ingen"),
        )
    tried = try_files(
        municipality,
        load_contracts(),  # not the kept ones: keeping them is writing
        [TriedFile(path.name, raw) for path, raw in contents(files)],
        feed_id=feed,
        registers=registers_in(municipality, ctx.paths),
    )
    if as_json:
        print_json([trial.as_dict() for trial in tried])
    else:
        for trial in tried:
            print_trial(trial)
    if any(trial.status in _REFUSED for trial in tried):
        raise typer.Exit(DeliveryRejectedError.exit_code)


def contents(files: Sequence[Path]) -> list[tuple[Path, bytes]]:
    """Return files with what they hold.

    Args:
        files: The files.

    Raises:
        PukkError: one is a folder, or cannot be read.
    """
    from pipelines.ingest.reading import read_stable

    found = []
    for path in files:
        if path.is_dir():
            raise PukkError(
                say("cli.try_files.is_a_folder"),
                where=str(path),
                way_out=say("cli.try_files.name_the_files", path=path),
            )
        try:
            found.append((path, read_stable(path)))
        except DeliveryRejectedError as refused:
            raise PukkError(refused.message, where=str(path), way_out=refused.way_out) from None
    return found
