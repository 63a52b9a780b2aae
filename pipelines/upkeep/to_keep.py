"""What of a home cannot be made again, and is therefore in a backup; and what is left out.

In ``state`` everything is taken but what is named here, so that what comes later is not forgotten.
Keys are never taken: who has the rows and the keys can tell who is who.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipelines.defs.context import RunContext
from pipelines.desk.access_log import FILE_NAME
from pipelines.desk.log_breaks import BREAKS_FILE
from pipelines.desk.on_disk import UNFINISHED, sync
from pipelines.desk.signed import SIGNED

DATA = "data"
"""Where the municipality's folder lies in a backup."""
CONFIGURATION = "configuration"
"""Where its YAML lies."""
LISTS = "lists"
"""Where the tables of who may see and who gets what lie; the login has a secret, and is left."""
_FOLDERS = ("landing", "records", "published", "reports", "outbox")
_REMADE = frozenset({"dbt", "effects", "plans", "spill", "errors", "dagster", "run.lock"})
_REMADE_NAMES = ("contracts-*.json", f"*{UNFINISHED}")
_OF_THE_LOG = frozenset({BREAKS_FILE, FILE_NAME, SIGNED})
_KEYS = "*.key"
_SQLITE = ".sqlite"
_BEGINS_A_DATABASE = b"SQLite format 3\0"
_DAGSTER_SETTINGS = "dagster/dagster.yaml"
# what people, the pages or whoever fetches files may take away while nobody runs
_MAY_GO = ("inbox", "outbox", "state")


def kept_files(ctx: RunContext, *, with_inbox: bool) -> Iterator[tuple[str, Path]]:
    """Yield the place of each file in a backup, and the file; but for the log's, ``log_files``.

    Args:
        ctx: The municipality, held alone.
        with_inbox: Whether its own inbox is taken too; one outside the home is another's.

    Raises:
        OSError: A folder cannot be read.
    """
    root, state = ctx.paths.root, ctx.paths.state
    folders = [*_FOLDERS, "inbox"] if with_inbox and not ctx.paths.inbox_override else _FOLDERS
    for folder in folders:
        yield from _below(root / folder, f"{DATA}/{folder}")
    for place, file in _below(state, f"{DATA}/state"):
        if _is_kept(place.removeprefix(f"{DATA}/state/"), file):
            yield place, file
    yield from _below(ctx.identity.folder, CONFIGURATION)
    given = {"access": ctx.settings.access, "recipients": ctx.settings.recipients}
    for name, table in given.items():
        if table is not None and table.is_file():
            yield f"{LISTS}/{name}{table.suffix}", table


def log_files(ctx: RunContext) -> Iterator[tuple[str, Path]]:
    """Yield the log's files in the order to be copied, each looked for when its turn comes.

    What is done is in the log before it is done, and whatever notes the log's head is written
    after: copied when all else is, the log meets it, whoever writes meanwhile. Only what somebody
    signs for is kept before the log says so, and is therefore looked for after.

    Args:
        ctx: The municipality, held alone.
    """
    for name in (BREAKS_FILE, FILE_NAME):
        file = ctx.paths.state / name
        if file.is_file():
            yield f"{DATA}/state/{name}", file
    for place, file in _below(ctx.paths.state / SIGNED, f"{DATA}/state/{SIGNED}"):
        if file.suffix != UNFINISHED:
            yield place, file


def may_go(place: str) -> bool:
    """Tell whether a file of a backup may be taken away by others before it is copied.

    Args:
        place: Its place in the backup.
    """
    return place.split("/")[:1] == [DATA] and place.split("/")[1] in _MAY_GO


def is_database(place: str, file: Path) -> bool:
    """Tell whether somebody may be writing to a file as a database while it is copied.

    Args:
        place: Its place in the backup: what was delivered is a file whatever it holds.
        file: The file.

    Raises:
        OSError: It cannot be read.
    """
    if not place.startswith(f"{DATA}/state/"):
        return False
    with file.open("rb") as stream:
        begins = stream.read(len(_BEGINS_A_DATABASE))
    return file.suffix == _SQLITE or begins == _BEGINS_A_DATABASE


def copy_database(source: Path, target: Path) -> None:
    """Copy a small SQLite file as it is between two writes, whoever writes meanwhile.

    The copy is one file, also of a database with a write-ahead log beside it.

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
            writing.execute("pragma journal_mode = delete")
    target.chmod(0o600)
    sync(target)


def _below(folder: Path, place: str) -> Iterator[tuple[str, Path]]:
    # a folder of ours may lie on another disk; no other link is followed
    root = folder.resolve()
    found = [
        Path(at, name) for at, _, names in os.walk(root, onerror=_refuse_unread) for name in names
    ]
    for file in sorted(found):
        if file.is_file() and not file.is_symlink():
            yield f"{place}/{file.relative_to(root).as_posix()}", file


def _refuse_unread(error: OSError) -> None:
    # a folder that is not there holds nothing; one that cannot be read is not empty
    if not isinstance(error, FileNotFoundError):
        raise error


def _is_kept(name: str, file: Path) -> bool:
    place = Path(name)
    if name == _DAGSTER_SETTINGS:
        return True
    is_remade = place.parts[0] in _REMADE or any(place.match(each) for each in _REMADE_NAMES)
    is_kept = not is_remade and place.parts[0] not in _OF_THE_LOG and not place.match(_KEYS)
    return is_kept and not _is_beside_a_database(name, file)


def _is_beside_a_database(name: str, file: Path) -> bool:
    base, _, last = file.name.rpartition("-")
    if last not in {"wal", "shm", "journal"}:
        return False
    try:
        return is_database(f"{DATA}/state/{name}", file.with_name(base))
    except FileNotFoundError:
        return False
