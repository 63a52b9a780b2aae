"""The home's files looked over: editions, the journal, landed rows, the warehouse, and rights.

Everything is read and nothing is changed. How each is mended is in ``pipelines.ingest.rebuild``
and ``pipelines.defs.closed``; a run does it by itself where it can.
"""

import os
import shlex
from collections.abc import Iterator

import duckdb

from pipelines.defs.closed import refuse_open_home, refuse_open_keys
from pipelines.defs.context import RunContext
from pipelines.defs.keys import keys_of
from pipelines.desk.generations import has_remains, is_whole, list_generations, standing
from pipelines.desk.private_files import why_refused
from pipelines.desk.standing_words import words_about
from pipelines.errors import BusyError, PukkError
from pipelines.ingest.catch_up import chained
from pipelines.ingest.landing_files import is_being_rewritten, unfinished
from pipelines.ingest.pseudonyms import key_files
from pipelines.ingest.rotation import check_keys
from pipelines.settings import Paths
from pipelines.upkeep.drill import left_by_drills
from pipelines.upkeep.finding import Finding, attention, fault, fault_of, well
from pipelines.upkeep.landed import landed_faults
from pipelines.upkeep.restore import RESTORING
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_to_read, read_through
from pipelines.warehouse.migrations import refuse_newer, refuse_newer_warehouse
from pipelines.warehouse.replay import last_applied
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb


def edition(ctx: RunContext) -> Iterator[Finding]:
    """Look at what readers are shown: the pointer, and the checksum of every edition."""
    folder = ctx.paths.published
    shown = standing(folder, afresh=True)
    if shown is None:
        if has_remains(folder):
            yield fault(say("upkeep.edition.none_whole"), say("upkeep.edition.bring_back_or_force"))
        else:
            yield attention(say("upkeep.edition.none_yet"), say("upkeep.edition.run"))
        return
    words = words_about(shown)
    if words is not None:
        yield fault(words.whole(), say("upkeep.edition.bring_back_or_force"))
    else:
        number = shown.generation.number
        yield well(say("upkeep.edition.whole", number=number))
    for older in list_generations(folder):
        if older.number not in (shown.generation.number, shown.wanted) and not is_whole(
            folder, older, afresh=True
        ):
            yield fault(
                say("upkeep.edition.older_damaged", file_name=older.file_name),
                say("upkeep.edition.bring_older_back", file_name=older.file_name),
            )


def store(ctx: RunContext) -> Iterator[Finding]:
    """Look at the journal: every entry against its checksum and the one before."""
    files = records.files(ctx.paths)
    if not files:
        yield _nothing_yet(ctx.paths)
        return
    try:
        entries = chained(files)
    except PukkError as error:
        yield fault_of(error)
        return
    yield well(say("upkeep.store.whole", n=counted_nb(len(entries), "hendelse", "hendelser")))


def _nothing_yet(paths: Paths) -> Finding:
    if paths.warehouse.exists() or any(paths.landing.glob("*/*")):
        return fault(say("upkeep.store.gone"), say("upkeep.store.bring_back"))
    return attention(say("upkeep.store.nothing_yet"), say("upkeep.edition.run"))


def warehouse(ctx: RunContext) -> Iterator[Finding]:
    """Look at the working database: whole, in step with the journal, made with the same keys."""
    paths = ctx.paths
    refuse_newer(paths)
    if not paths.warehouse.exists():
        if records.files(paths):
            yield fault(say("upkeep.warehouse.gone"), say("upkeep.warehouse.rebuild"))
        return
    try:
        with open_to_read(paths.warehouse) as con:
            yield from _of_open(ctx, con)
    except BusyError as busy:
        yield attention(busy.message, say("upkeep.warehouse.look_again"))
    except PukkError as error:
        yield fault_of(error)
    except duckdb.Error as error:
        said = say("upkeep.warehouse.unreadable", name=type(error).__name__)
        yield fault(said, say("upkeep.warehouse.rebuild"))


def _of_open(ctx: RunContext, con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    refuse_newer_warehouse(con, ctx.paths.warehouse)
    read_through(con, ctx.sources)
    number, sha256 = last_applied(con)
    files = records.files(ctx.paths)
    last = records.number_of(files[-1]) if files else 0
    if (last, records.sha256_in(files[-1]) if files else sha256) != (number, sha256):
        yield fault(
            say("upkeep.warehouse.out_of_step", number=number, last=last),
            say("upkeep.warehouse.run_mends"),
        )
    else:
        yield well(say("upkeep.warehouse.whole"))
    yield from landed_faults(ctx.paths, con)
    if number:
        yield from _keys(ctx, con)


def _keys(ctx: RunContext, con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    is_there = bool(key_files(ctx.paths)) or ctx.settings.pseudonym_key is not None
    feeds = ctx.municipality.feeds
    needs_one = any(column.pseudonymise for feed in feeds for column in feed.columns.values())
    if is_there or not needs_one:
        if is_there:
            check_keys(con, keys_of(ctx))
        return
    # a run would make a new one, and each person would become another
    yield fault(say("upkeep.warehouse.no_key"), say("upkeep.warehouse.bring_key_back"))


def leftovers(ctx: RunContext) -> Iterator[Finding]:
    """Look for what a killed run left half done, which the next run clears; and killed restores.

    What a drill or a restore had brought back is a home with persons in it that no rule reaches.
    """
    paths = ctx.paths
    n = len(unfinished(paths)) + len(list(paths.published.glob("*.tmp*")))
    if is_being_rewritten(paths) or n:
        yield attention(say("upkeep.leftovers.there"), say("upkeep.leftovers.run_clears"))
    homes = paths.root.parent
    for folder in left_by_drills(homes):
        yield fault(
            say("upkeep.leftovers.drill", folder=folder),
            say("upkeep.leftovers.remove_drill", folder=shlex.quote(str(folder))),
        )
    for folder in homes.glob(f"{RESTORING}{paths.root.name}"):
        yield fault(
            say("upkeep.leftovers.restoring", folder=folder),
            say("upkeep.leftovers.remove_restoring", folder=shlex.quote(str(folder))),
        )


def rights(ctx: RunContext) -> Iterator[Finding]:
    """Look at who can read the home, the keys and the login, and who owns the files."""
    found = list(_rights(ctx))
    yield from found or [well(say("upkeep.rights.nobody_else"))]


def _rights(ctx: RunContext) -> Iterator[Finding]:
    for refuse in (refuse_open_keys, refuse_open_home):
        try:
            refuse(ctx.paths)
        except PukkError as error:
            yield fault_of(error)
    given = {"PUKK_AUTH": ctx.settings.login, "PUKK_ACCESS": ctx.settings.access}
    for name, file in given.items():
        if file is None:
            continue
        if not file.is_file():
            yield fault(
                say("upkeep.rights.file_is_gone", name=name, file=file),
                say("upkeep.rights.put_file_there", name=name),
            )
        elif name == "PUKK_AUTH" and (why := why_refused(file)):
            yield fault(f"{name}: {why}", say("upkeep.rights.close_file", file=file))
    us, root = os.getuid(), ctx.paths.root
    others = [f for f in root.rglob("*") if f.lstat().st_uid != us] if us else []
    if others:
        yield fault(
            say("upkeep.rights.owned_by_others", n=len(others), first=others[0]),
            say("upkeep.rights.take_over", root=root),
        )
