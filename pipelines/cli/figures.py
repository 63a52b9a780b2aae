"""``pukk figures``: the edition as open files, for whoever reads figures with other tools."""

import json
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import console, print_json
from pipelines.cli.published import current_generation
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.logged import take
from pipelines.desk.private_files import users_umask
from pipelines.errors import ConfigError
from pipelines.words.messages import say

_UNFINISHED = ".part"


def figures(
    folder: Annotated[Path, typer.Argument(help=say("cli.figures.folder"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.figures.as_json"))] = False,
) -> None:
    """Skriv de publiserte tallene som en mappe med Parquet og en innholdsliste (manifest.json)."""
    ctx = read_context()
    target = folder.expanduser().resolve()
    if target.exists():
        raise ConfigError(
            say("cli.figures.folder_exists"),
            where=str(target),
            way_out=say("cli.figures.another_folder"),
        )
    generation = current_generation(ctx)
    from pipelines.publishing.parquet_folder import MANIFEST, build_folder

    file = ctx.paths.published / generation.file_name
    building = target.with_name(f"{target.name}{_UNFINISHED}")
    before = os.umask(users_umask())  # what is asked for elsewhere is its asker's
    try:
        content = take(
            ctx.paths.state, reader(), file, "figures",
            lambda: build_folder(file, generation, building), kind="parquet",
        )  # fmt: skip
        building.rename(target)
    finally:
        os.umask(before)
        shutil.rmtree(building, ignore_errors=True)
    manifest = json.loads(content)
    if as_json:
        print_json(manifest)
        return
    console.print(
        say(
            "cli.figures.written",
            n_tables=len(manifest["tables"]),
            folder=target,
            manifest=MANIFEST,
            number=generation.number,
        ),
        soft_wrap=True,
    )
