"""What is said when a command cannot go on: one sentence and the way out, never a traceback.

Errors with words of their own are shown as they are. What the machine says (full disk, no access, a
damaged file) is said in bokmål. Anything else is a fault of ours: its trace is kept in the
municipality's state folder, without values that could be somebody's.
"""

import errno
import os
import re
import sqlite3
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.defs.context import load_context
from pipelines.defs.disk import about_the_disk
from pipelines.errors import BusyError, PukkError
from pipelines.settings import Settings
from pipelines.warehouse.connection import is_locked
from pipelines.words.messages import say

_ROOM = say("cli.failures.make_room")
_FULL = re.compile(r"no space left|disk (?:is )?full|file too large|disk quota", re.IGNORECASE)
_FULL_CODES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED_CODES = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# what stands between quotes, and long numbers, may be a value from a file
_VALUES = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|«[^»\n]*»|\d{6,}|p_[0-9a-f]{8,}")


def explain(error: Exception) -> PukkError:
    """Return what to say about an error that ended a command.

    Args:
        error: What was raised.
    """
    if isinstance(error, PukkError):
        return error
    if isinstance(error, OSError):
        return _about_the_machine(error)
    full = _about_the_disk()
    if full:
        return PukkError(full, way_out=_ROOM)
    if isinstance(error, duckdb.Error | sqlite3.Error):
        return _about_a_database(error)
    if isinstance(error.__cause__, sqlite3.Error):
        # Dagster's own files are read through a library that wraps the error
        return _about_a_database(error.__cause__)
    if isinstance(error, MemoryError):
        return PukkError(say("cli.failures.too_little_memory"), way_out="Lukk andre programmer.")
    kept = _keep(error)
    return PukkError(
        say("cli.failures.unknown_fault", name=type(error).__name__),
        way_out=say("cli.failures.send_this_file", kept=kept)
        if kept
        else say("cli.failures.run_again_no_trace"),
    )


def _about_the_machine(error: OSError) -> PukkError:
    where = str(error.filename) if error.filename is not None else None
    if error.errno in _FULL_CODES:
        return PukkError(say("cli.failures.disk_is_full"), where=where, way_out=_ROOM)
    if error.errno in _CLOSED_CODES:
        return PukkError(
            say("cli.failures.may_not_read_or_write"),
            where=where,
            way_out=say("cli.failures.run_as_owner"),
        )
    if isinstance(error, FileNotFoundError):
        return PukkError(say("cli.failures.no_such_file"), where=where, way_out="Sjekk stien.")
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
        return PukkError(
            say("cli.failures.file_where_folder_should_be"),
            where=where,
            way_out=say("cli.failures.move_it"),
        )
    return PukkError(
        say(
            "cli.failures.file_not_read_or_written", strerror=error.strerror or type(error).__name__
        ),
        where=where,
        way_out=say("cli.failures.check_disk_and_network"),
    )


def _about_a_database(error: duckdb.Error | sqlite3.Error) -> PukkError:
    said = str(error)
    if _FULL.search(said):
        return PukkError(say("cli.failures.database_disk_is_full"), way_out=_ROOM)
    if is_locked(error):
        return BusyError(
            "En annen prosess holder datavarehuset.",
            way_out=say("cli.failures.wait_and_try_again"),
        )
    if isinstance(error, sqlite3.Error):
        return PukkError(
            say("cli.failures.state_file_unusable"),
            way_out=say("cli.failures.check_state"),
        )
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return PukkError(
            say("cli.failures.file_lacks_table_or_column"),
            way_out=say("cli.failures.run_forced"),
        )
    kept = _keep(error)
    return PukkError(
        say("cli.failures.database_fault", name=type(error).__name__),
        way_out=say("cli.failures.rebuild_or_run")
        + (say("cli.failures.whole_fault_is_in", kept=kept) if kept else ""),
    )


def _keep(error: BaseException) -> Path | None:
    text = _VALUES.sub("[skjult]", "".join(traceback.format_exception_only(error)))
    steps = "".join(traceback.format_tb(error.__traceback__))
    start = f"feil-{datetime.now(UTC):%Y%m%dT%H%M%S}-"
    content = (steps + text).encode("utf-8", "backslashreplace")
    for folder in (_state_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(0o700, parents=True, exist_ok=True)
            # a name nobody can have made beforehand, and readable by us alone
            handle, name = tempfile.mkstemp(prefix=start, suffix=".txt", dir=folder)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            continue
        return Path(name)
    return None


def _about_the_disk() -> str:
    # on a full disk a log answers that it cannot be read, and a library with errors of its own
    return about_the_disk(_state_folder().parent.parent)


def _state_folder() -> Path:
    try:
        return load_context().paths.state / "errors"
    except Exception:
        # the configuration may be what failed
        settings = Settings()
        return settings.home / Path(settings.municipality).name / "state" / "errors"
