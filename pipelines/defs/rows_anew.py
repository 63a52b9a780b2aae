"""A person's rows shown or deleted, and the key rotated: under the lock, with the log.

How it is done with the rows is in ``pipelines.ingest``; the run that publishes afterwards is the
caller's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pipelines.defs.context import RunContext
from pipelines.defs.keys import keys_of, keys_to_rotate_to
from pipelines.defs.lock import run_lock, warehouse
from pipelines.defs.sound import mend_warehouse, rebuild_warehouse
from pipelines.desk.events import log_event
from pipelines.desk.logged import Reader
from pipelines.errors import PukkError
from pipelines.ingest.erasure import Held, erase, held_about
from pipelines.ingest.rewriting import person_files
from pipelines.ingest.rotation import check_keys, keys_in_use, rotate
from pipelines.retention.carry_out import delete_files
from pipelines.retention.found import editions_with_erased
from pipelines.words.messages import say

PERSON = "person"


def look_up(ctx: RunContext, who: Reader, number: str) -> Held:
    """Return what is held about one person, and log that somebody looked, never at whom.

    Args:
        ctx: The run's context.
        who: Who looks, for the log.
        number: The employee number.

    Raises:
        ConfigError: the keys are not those the rows were made with.
        sqlite3.Error: the log could not be written; nothing is shown.
    """
    with run_lock(ctx.paths), _sound(ctx) as con:
        held = _held(ctx, con, number)
    log_event(ctx.paths.state, "view", PERSON, who=who, n_rows=held.n_rows)
    return held


def delete_person(ctx: RunContext, who: Reader, number: str) -> Held:
    """Delete what is held about one person; returns what that was. Publishing comes after.

    Args:
        ctx: The run's context.
        who: Who does it, for the log.
        number: The employee number.

    Raises:
        ConfigError: the keys are not those the rows were made with.
        PukkError: no row is about the person; nothing is done.
        sqlite3.Error: the log could not be written; nothing is deleted.
    """
    with run_lock(ctx.paths):
        with _sound(ctx) as con:
            held = _held(ctx, con, number)
            if not held.n_rows:
                raise PukkError(
                    say("defs.rows_anew.no_rows_of_number"),
                    way_out=say("defs.rows_anew.check_number"),
                )
            log_event(ctx.paths.state, "delete", PERSON, who=who, n_rows=held.n_rows)
            erase(con, ctx.paths, keys_of(ctx), held, who.actor)
        rebuild_warehouse(ctx)
    return held


def forget_editions(ctx: RunContext, who: Reader) -> int:
    """Delete the editions from before somebody was deleted; returns how many.

    Args:
        ctx: The run's context.
        who: Who does it, for the records.
    """
    with run_lock(ctx.paths), _sound(ctx) as con:
        return delete_files(con, ctx.paths, editions_with_erased(con, ctx.paths), who.actor)


def count_to_rotate(ctx: RunContext) -> tuple[int, int]:
    """Return how many keys are in use, and how many files would be written anew.

    Args:
        ctx: The run's context.
    """
    with run_lock(ctx.paths), _sound(ctx) as con:
        return keys_in_use(con), len(person_files(con, ctx.paths, ctx.sources))


def rotate_key(ctx: RunContext, who: Reader) -> int:
    """Make every stored pseudonym anew with one more key; returns how many files that was.

    Args:
        ctx: The run's context.
        who: Who does it, for the log.

    Raises:
        ConfigError: there is no new key, or the others are not those in use.
        DamagedError: a file in landing is gone or damaged; nothing is changed.
        sqlite3.Error: the log could not be written; nothing is changed.
    """
    with run_lock(ctx.paths):
        with _sound(ctx) as con:
            keys = keys_to_rotate_to(ctx, keys_in_use(con))
            log_event(ctx.paths.state, "rotate", "pseudonym_key", who=who)
            n_files = rotate(con, ctx.paths, ctx.sources, keys, who.actor)
        rebuild_warehouse(ctx)
    return n_files


@contextmanager
def _sound(ctx: RunContext) -> Iterator[duckdb.DuckDBPyConnection]:
    mend_warehouse(ctx)
    if not ctx.paths.warehouse.exists():
        raise PukkError(say("defs.rows_anew.nothing_read_yet"), way_out=say("defs.rows_anew.run"))
    with warehouse(ctx.paths) as con:
        yield con


def _held(ctx: RunContext, con: duckdb.DuckDBPyConnection, number: str) -> Held:
    keys = keys_of(ctx)
    check_keys(con, keys)
    return held_about(con, ctx.paths, ctx.sources, keys, number)
