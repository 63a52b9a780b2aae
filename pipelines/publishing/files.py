"""The folder of published generations: numbered files, their descriptions, and one pointer.

A generation is ``generation-000012.duckdb`` with ``generation-000012.json`` beside it; readers
follow ``current.json``. Every JSON file is replaced in one step, so it is never half written.
What goes into a generation is built in ``build``.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import PublishError
from pipelines.settings import Paths

KEPT_GENERATIONS = 30
_POINTER = "current.json"
_NAME = re.compile(r"^generation-(\d{6,})\.duckdb$")


@dataclass(frozen=True)
class Generation:
    """One published file and where it came from.

    Attributes:
        number: 1, 2, 3 …; never used twice.
        file_name: Name in the folder of published generations.
        sha256: Of the file.
        size_bytes: Of the file.
        content_sha256: Of the sorted rows of all tables, without the run's own id and time.
        published_at: UTC, ISO 8601.
        run_id: The run that built it.
        input_fingerprint: Of the deliveries, configuration and code it was built from.
    """

    number: int
    file_name: str
    sha256: str
    size_bytes: int
    content_sha256: str
    published_at: str
    run_id: str
    input_fingerprint: str


def file_of(paths: Paths, generation: Generation) -> Path:
    """Return the path of a generation's file."""
    return paths.published / generation.file_name


def name_of(number: int) -> str:
    """Return the file name of a generation."""
    return f"generation-{number:06d}.duckdb"


def current(paths: Paths, *, verify: bool = False) -> Generation | None:
    """Return the generation readers see, or the newest older whole one if its file is damaged.

    Args:
        paths: The municipality's folders.
        verify: Also compare the file's SHA-256; otherwise only its size.

    Returns:
        ``None`` when nothing has been published, or nothing whole is left.
    """
    pointer = paths.published / _POINTER
    if not pointer.exists():
        return None
    pointed = _read(pointer)
    if pointed is not None and is_whole(paths, pointed, verify=verify):
        return pointed
    older = [g for g in list_generations(paths) if pointed is None or g.number < pointed.number]
    return next((g for g in reversed(older) if is_whole(paths, g, verify=True)), None)


def pointed_to(paths: Paths) -> Generation | None:
    """Return what the pointer says, without looking at the file; ``None`` if it cannot be read."""
    return _read(paths.published / _POINTER)


def list_generations(paths: Paths) -> list[Generation]:
    """Return the generations whose files exist, oldest first."""
    described = (_read(file) for file in sorted(paths.published.glob("generation-*.json")))
    found = [g for g in described if g is not None and file_of(paths, g).is_file()]
    return sorted(found, key=lambda g: g.number)


def is_whole(paths: Paths, generation: Generation, *, verify: bool) -> bool:
    """Tell whether the file exists with the size, and if ``verify`` the SHA-256, it was given."""
    file = file_of(paths, generation)
    try:
        if file.stat().st_size != generation.size_bytes:
            return False
        return not verify or sha256_of(file) == generation.sha256
    except OSError:
        return False


def next_number(paths: Paths) -> int:
    """Return a number no file, description or pointer in the folder has used."""
    taken = [int(m.group(1)) for f in paths.published.iterdir() if (m := _NAME.match(f.name))]
    taken += [g.number for g in (pointed_to(paths),) if g is not None]
    taken += [int(f.stem.split("-")[1]) for f in paths.published.glob("generation-*.json")]
    return max(taken, default=0) + 1


def put_in_place(paths: Paths, building: Path, generation: Generation) -> None:
    """Describe a verified file, give it its name and make both survive a power cut.

    Readers do not see it before ``point_to``.
    """
    _write_atomically(_description(paths, generation), _as_json(generation))
    building.replace(file_of(paths, generation))
    sync_folder(paths.published)


def point_to(paths: Paths, generation: Generation) -> None:
    """Move the pointer: after this, new readers see the generation.

    Raises:
        PublishError: The generation's file is not whole.
    """
    if not is_whole(paths, generation, verify=True):
        raise PublishError(
            "Filen er skadet eller borte, og pekeren er ikke flyttet.",
            where=generation.file_name,
            way_out="Velg en annen generasjon, eller kjør på nytt: pukk run --force",
        )
    _write_atomically(_description(paths, generation), _as_json(generation))
    _write_atomically(paths.published / _POINTER, _as_json(generation))


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


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 as hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_file(file: Path) -> None:
    """Wait until a file's content is on disk."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _description(paths: Paths, generation: Generation) -> Path:
    return file_of(paths, generation).with_suffix(".json")


def _as_json(generation: Generation) -> str:
    fields = asdict(generation)
    named = {"generation": fields.pop("number"), "file": fields.pop("file_name"), **fields}
    return json.dumps(named, indent=2, ensure_ascii=False) + "\n"


def _read(file: Path) -> Generation | None:
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        return Generation(number=fields.pop("generation"), file_name=fields.pop("file"), **fields)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write_atomically(file: Path, text: str) -> None:
    building = file.with_name(file.name + ".tmp")
    building.write_text(text, encoding="utf-8")
    sync_file(building)
    building.replace(file)
    sync_folder(file.parent)
