"""The folder of published generations: numbered files, their descriptions, and one pointer.

A generation is ``generation-000012.duckdb`` with ``generation-000012.json`` beside it; readers
follow ``current.json``. Every JSON file is replaced in one step, so it is never half written.
What goes into a generation is built in ``build``; which one a reader is given is found in
``pipelines.desk.generations``.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path

from pipelines.desk import generations
from pipelines.desk.generations import (
    POINTER,
    Generation,
    name_of,
    read_description,
    standing,
)
from pipelines.desk.on_disk import sync, write_whole
from pipelines.errors import PublishError
from pipelines.settings import Paths
from pipelines.words.messages import say

__all__ = [
    "KEPT_GENERATIONS",
    "Generation",
    "current",
    "file_of",
    "is_whole",
    "list_generations",
    "name_of",
    "next_number",
    "point_to",
    "pointed_to",
    "put_in_place",
    "remove_old",
    "sweep",
]

KEPT_GENERATIONS = 30
_NAME = re.compile(r"^generation-(\d{6,})\.(?:duckdb|json)$")


def file_of(paths: Paths, generation: Generation) -> Path:
    """Return the path of a generation's file."""
    return paths.published / generation.file_name


def current(paths: Paths, *, verify: bool = False) -> Generation | None:
    """Return the generation readers see, or the newest older whole one if its file is damaged.

    Args:
        paths: The municipality's folders.
        verify: Compute the file's SHA-256 again, also if it was computed before.

    Returns:
        ``None`` when nothing has been published, or nothing whole is left.
    """
    found = standing(paths.published, afresh=verify)
    return found.generation if found else None


def pointed_to(paths: Paths) -> Generation | None:
    """Return what the pointer says, without looking at the file; ``None`` if it cannot be read."""
    return read_description(paths.published / POINTER)


def list_generations(paths: Paths) -> list[Generation]:
    """Return the generations whose files exist, oldest first."""
    return generations.list_generations(paths.published)


def is_whole(paths: Paths, generation: Generation, *, verify: bool) -> bool:
    """Tell whether the file is there as it was published; ``verify`` computes its hash again."""
    return generations.is_whole(paths.published, generation, afresh=verify)


def next_number(paths: Paths) -> int:
    """Return a number no file, description or pointer in the folder has used."""
    taken = [int(m.group(1)) for f in paths.published.iterdir() if (m := _NAME.match(f.name))]
    taken += [g.number for g in (pointed_to(paths),) if g is not None]
    return max(taken, default=0) + 1


def put_in_place(paths: Paths, building: Path, generation: Generation) -> None:
    """Describe a verified file, give it its name and make both survive a power cut.

    Readers do not see it before ``point_to``.
    """
    _write_atomically(_description(paths, generation), _as_json(generation))
    building.replace(file_of(paths, generation))
    sync(paths.published)


def point_to(paths: Paths, generation: Generation) -> None:
    """Move the pointer: after this, new readers see the generation.

    Raises:
        PublishError: The generation's file is not whole.
    """
    if not is_whole(paths, generation, verify=True):
        raise PublishError(
            say("publishing.files.file_damaged_or_gone"),
            where=generation.file_name,
            way_out=say("publishing.files.choose_another"),
        )
    _write_atomically(_description(paths, generation), _as_json(generation))
    _write_atomically(paths.published / POINTER, _as_json(generation))


def sweep(paths: Paths) -> None:
    """Remove what a killed run left: unfinished files, and descriptions without a file."""
    for file in paths.published.glob("*.tmp*"):
        file.unlink()
    pointed = pointed_to(paths)
    for description in paths.published.glob("generation-*.json"):
        file = description.with_suffix(".duckdb")
        if not file.exists() and (pointed is None or file.name != pointed.file_name):
            description.unlink()


def remove_old(paths: Paths, *, keep: int = KEPT_GENERATIONS) -> None:
    """Delete all but the newest generations, never the one readers see."""
    pointed = pointed_to(paths)
    for generation in list_generations(paths)[:-keep]:
        if pointed is None or generation.number != pointed.number:
            file_of(paths, generation).unlink()
            _description(paths, generation).unlink()


def _description(paths: Paths, generation: Generation) -> Path:
    return file_of(paths, generation).with_suffix(".json")


def _as_json(generation: Generation) -> str:
    fields = asdict(generation)
    named = {"generation": fields.pop("number"), "file": fields.pop("file_name"), **fields}
    return json.dumps(named, indent=2, ensure_ascii=False) + "\n"


def _write_atomically(file: Path, text: str) -> None:
    write_whole(file, text.encode())
