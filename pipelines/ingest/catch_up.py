"""Store and warehouse in step: whichever lacks something gets it from the other.

The usual night compares one number and one checksum. A warehouse that is missing or cannot be read
is dealt with in ``rebuild``; one from before there was a store in ``older_homes``.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from pipelines.errors import DamagedError, OutlivedError
from pipelines.ingest.decisions import follow, follow_earlier
from pipelines.ingest.gaps import stated_gaps
from pipelines.ingest.in_force import Table, refresh
from pipelines.ingest.older_homes import adopt_landing, adopt_warehouse
from pipelines.settings import Paths
from pipelines.warehouse import records, replay
from pipelines.warehouse.deliveries import is_recorded
from pipelines.warehouse.records import NOTHING, Entry
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb


def catch_up(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    """Bring store and warehouse in step; returns what was done, in bokmål, usually nothing.

    Args:
        con: The working warehouse with all its tables.
        paths: The municipality's folders.

    Raises:
        DamagedError: an entry or a file in landing that is needed is damaged or missing; or, with
            the warehouse as its place, the warehouse has other entries than the store.
    """
    number, sha256 = replay.last_applied(con)
    files = records.files(paths)
    last = records.number_of(files[-1]) if files else 0
    if number == 0 and con.execute("select 1 from ops.deliveries limit 1").fetchall():
        return _begin_store(con, paths)
    if last == number == 0:
        return take_in_landing(con, paths)
    if last == number and records.sha256_in(files[-1]) == sha256:
        return ()
    if last < number:
        return mend_store(con, paths)
    if number and sha256 != _sha256_of(files, number):
        raise _astray(paths)
    fresh = chained(files, after=(number, sha256))
    if any(entry.kind == "rewrite" for entry in fresh):
        raise OutlivedError(
            say("ingest.catch_up.warehouse_before_deletion"),
            where=str(paths.warehouse),
            way_out=say("ingest.catch_up.rebuild_from_landing"),
        )
    with transaction(con):
        apply_all(con, paths, fresh)
    events = counted_nb(len(fresh), "hendelse", "hendelser")
    return (say("ingest.catch_up.warehouse_lacked_events", events=events),)


def apply_all(con: duckdb.DuckDBPyConnection, paths: Paths, entries: Iterable[Entry]) -> None:
    """Apply entries in order, then let the source tables of the feeds they touch follow.

    Args:
        con: The working warehouse, in a transaction.
        paths: The municipality's folders.
        entries: From the store, after the last one applied.
    """
    touched: set[Table] = set()
    for entry in entries:
        replay.apply(con, entry)
        for row in entry.tables.get("deliveries", ()):
            if row["feed_id"] is not None:
                touched.add(Table(row["contract_id"], row["table_name"], row["feed_id"]))
                # where its own entry is lost, it comes after what was decided about it
                follow_earlier(con, row["delivery_id"])
        for row in entry.tables.get("decisions", ()):
            if is_recorded(con, row["delivery_id"]):
                touched.add(follow(con, row["delivery_id"], row["action"]))
    for table in sorted(touched):
        refresh(con, paths, table)


def refresh_all(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Let every source table follow the ledger; the caller holds the transaction."""
    rows = con.execute(
        "select distinct contract_id, table_name, feed_id from ops.deliveries"
        " where feed_id is not null order by all"
    )
    for row in rows.fetchall():
        refresh(con, paths, Table(*row))


def chained(files: Sequence[Path], after: tuple[int, str] = (0, NOTHING)) -> list[Entry]:
    """Read the entries after one, each held against its checksum and the one before it.

    Args:
        files: The files of the store in order.
        after: Number and SHA-256 of the entry to begin after.

    Raises:
        DamagedError: an entry is damaged, or one is missing between two and nobody has said that
            it is lost.
    """
    number, sha256 = after
    earlier = {sha256}
    lost = stated_gaps(files)
    found = []
    for file in files:
        if records.number_of(file) <= number:
            continue
        missing = [n for n in range(number + 1, records.number_of(file)) if n not in lost]
        if missing:
            raise _missing(file, missing[0])
        entry = records.read(file)
        is_after_gap = entry.number > number + 1
        # what was said of a loss follows what was whole then; the lost may have been found since
        is_statement = entry.kind == "loss" and entry.previous in earlier
        if not (entry.previous == sha256 or is_after_gap or is_statement):
            raise _missing(file, number)
        found.append(entry)
        number, sha256 = entry.number, entry.sha256
        earlier.add(sha256)
    return found


def _missing(file: Path, number: int) -> DamagedError:
    name = f"{number:08d}"
    return DamagedError(
        say("ingest.catch_up.journal_lacks_file", name=file.name, name_2=name),
        where=str(file.with_name(name)),
        way_out=records.way_out_of_loss(name),
    )


def _sha256_of(files: Sequence[Path], number: int) -> str:
    return next((records.sha256_in(f) for f in files if records.number_of(f) == number), NOTHING)


def mend_store(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    """Write entries that are missing or damaged in the store back from the warehouse.

    A damaged file is set aside under another name.

    Args:
        con: A warehouse that has every entry of the store.
        paths: The municipality's folders.

    Raises:
        DamagedError: the store has an entry the warehouse has otherwise.
    """
    rows = con.execute("select number, kind, sha256, text from ops.records order by number")
    kept = {row[0]: Entry(*row) for row in rows.fetchall()}
    told, whole = [], set()
    for file in records.files(paths):
        entry = kept.get(records.number_of(file))
        try:
            found = records.read(file)
        except DamagedError as damaged:
            if entry is None:
                raise
            file.rename(file.with_suffix(f"{file.suffix}.skadet"))
            told.append(say("ingest.catch_up.file_was_damaged", where=damaged.where))
            continue
        if entry is None or found.sha256 != entry.sha256:
            raise _astray(paths)
        whole.add(entry.number)
    missing = [entry for number, entry in kept.items() if number not in whole]
    for entry in missing:
        records.write(paths, entry)
    if len(missing) > len(told):
        told.append(
            say(
                "ingest.catch_up.journal_lacked_events",
                n_missing=len(missing) - len(told),
                n_kept=len(kept),
            )
        )
    return tuple(told)


def _begin_store(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    try:
        return adopt_warehouse(con, paths)
    except FileExistsError:
        raise _astray(paths) from None


def _astray(paths: Paths) -> DamagedError:
    return DamagedError(
        say("ingest.catch_up.warehouse_and_journal_differ"),
        where=str(paths.warehouse),
        way_out=say("ingest.catch_up.rebuild_or_run"),
    )


def take_in_landing(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    """Let what lies in landing and nowhere else count again; returns what was done."""
    with transaction(con):
        told = adopt_landing(con, paths)
        if told:
            refresh_all(con, paths)
    return told
