"""What of a home cannot be made again, and is therefore in a backup; and what is left out.

In ``state`` everything is taken but what is named here, so that what comes later is not forgotten.
Keys are never taken: who has the rows and the keys can tell who is who.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipelines.defs.context import RunContext
from pipelines.desk.access_log import HEAD_FILE

DATA = "data"
"""Where the municipality's folder lies in a backup."""
CONFIGURATION = "configuration"
"""Where its YAML lies."""
LISTS = "lists"
"""Where the tables of who may see and who gets what lie; the login has a secret, and is left."""
_FOLDERS = ("landing", "records", "published", "reports", "outbox")
_REMADE = frozenset({"dbt", "effects", "plans", "spill", "errors", "dagster", "run.lock"})
_REMADE_NAMES = ("contracts-*.json", "*.sqlite-wal", "*.sqlite-shm", "*.sqlite-journal", "*.tmp")
_KEYS = "*.key"
_SQLITE = ".sqlite"
_DAGSTER_SETTINGS = "dagster/dagster.yaml"


def kept_files(ctx: RunContext, *, with_inbox: bool) -> Iterator[tuple[str, Path]]:
    """Yield the place of each file in a backup, and the file; the access log's head first.

    A head noted before the log is copied is met by it, whoever logs meanwhile.

    Args:
        ctx: The municipality, held alone.
        with_inbox: Whether its own inbox is taken too; one outside the home is another's.
    """
    root, state = ctx.paths.root, ctx.paths.state
    head = state / HEAD_FILE
    if head.is_file():
        yield f"{DATA}/state/{HEAD_FILE}", head
    folders = [*_FOLDERS, "inbox"] if with_inbox and not ctx.paths.inbox_override else _FOLDERS
    for folder in folders:
        yield from _below(root / folder, f"{DATA}/{folder}")
    for place, file in _below(state, f"{DATA}/state"):
        if file != head and _is_kept(file.relative_to(state)):
            yield place, file
    yield from _below(ctx.identity.folder, CONFIGURATION)
    given = {"access": ctx.settings.access, "recipients": ctx.settings.recipients}
    for name, table in given.items():
        if table is not None and table.is_file():
            yield f"{LISTS}/{name}{table.suffix}", table


def is_database(file: Path) -> bool:
    """Tell whether somebody may be writing to a file as a database while it is copied."""
    return file.suffix == _SQLITE


def copy_database(source: Path, target: Path) -> None:
    """Copy a small SQLite file as it is between two writes, whoever writes meanwhile.

    Args:
        source: The database.
        target: A file that is not there yet.

    Raises:
        sqlite3.Error: The database is damaged.
    """
    target.parent.mkdir(0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(source, timeout=15.0)) as reading:
        reading.execute("pragma query_only = true")
        with closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
    target.chmod(0o600)


def _below(folder: Path, place: str) -> Iterator[tuple[str, Path]]:
    # a folder of ours may lie on another disk; no other link is followed
    for file in sorted(folder.resolve().rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield f"{place}/{file.relative_to(folder.resolve()).as_posix()}", file


def _is_kept(place: Path) -> bool:
    if place.as_posix() == _DAGSTER_SETTINGS:
        return True
    is_remade = place.parts[0] in _REMADE or any(place.match(name) for name in _REMADE_NAMES)
    return not is_remade and not place.match(_KEYS)
