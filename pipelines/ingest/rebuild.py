"""A warehouse that is missing, old or damaged is found, set aside and built from store and landing.

What is built here is what the deliveries gave; what dbt computes is made by the next run.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.contracts.shapes import Contract
from pipelines.errors import DamagedError, OutlivedError
from pipelines.ingest import rewriting
from pipelines.ingest.catch_up import (
    apply_all,
    catch_up,
    chained,
    mend_store,
    take_in_landing,
)
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.salvage import written_back
from pipelines.settings import SET_ASIDE, Paths
from pipelines.warehouse import records
from pipelines.warehouse.connection import is_damage, open_warehouse, read_through
from pipelines.warehouse.migrations import note_version, refuse_newer
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_BUILDING = "warehouse-under-bygging.duckdb"


def make_sound(
    paths: Paths, contracts: Mapping[str, Contract], *, thorough: bool
) -> tuple[str, ...]:
    """Find what is wrong with the warehouse and mend it; returns what was done, in bokmål.

    Args:
        paths: The municipality's folders.
        contracts: The source contracts by id.
        thorough: Also read every entry of the store, and every row of the source tables.

    Raises:
        BusyError: another process holds the warehouse.
        DamagedError: something that cannot be computed again is damaged; nothing is changed.
        NewerStoreError: a newer program has written here; nothing is changed.
    """
    refuse_newer(paths)
    told = _made_sound(paths, contracts, thorough=thorough)
    if records.files(paths):
        note_version(paths)
    return told


def _made_sound(
    paths: Paths, contracts: Mapping[str, Contract], *, thorough: bool
) -> tuple[str, ...]:
    if rewriting.put_in_place(paths):
        return rebuild(paths, contracts)
    if not paths.warehouse.exists():
        if not records.files(paths) and not files_by_delivery(paths):
            return ()
        return (say("ingest.rebuild.warehouse_missing"), *rebuild(paths, contracts))
    try:
        with open_warehouse(paths.warehouse, contracts) as con:
            told = catch_up(con, paths)
            if thorough:
                read_through(con, contracts)
                told += mend_store(con, paths)
                told += take_in_landing(con, paths)
            return told
    except DamagedError as damaged:
        if damaged.where != str(paths.warehouse):
            raise
        is_outlived = isinstance(damaged, OutlivedError)
        return (damaged.message, *rebuild(paths, contracts, is_outlived=is_outlived))
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        return (say("ingest.rebuild.warehouse_damaged"), *rebuild(paths, contracts))


def rebuild(
    paths: Paths, contracts: Mapping[str, Contract], *, is_outlived: bool = False
) -> tuple[str, ...]:
    """Build a new warehouse from store and landing, and set the old one aside.

    When rows were deleted or written anew, the old one and those set aside before are deleted.

    Args:
        paths: The municipality's folders.
        contracts: The source contracts by id.
        is_outlived: Whether the old one holds what must not be kept.

    Returns:
        What was done, in bokmål.

    Raises:
        DamagedError: an entry, or a file in landing that counts, is damaged or missing; the old
            warehouse stands.
        NewerStoreError: a newer program has written here; the old warehouse stands.
    """
    refuse_newer(paths)
    building = paths.root / _BUILDING
    _remove(building)
    is_outlived |= rewriting.put_in_place(paths)
    entries, told = _entries(paths)
    try:
        with open_warehouse(building, contracts) as con:
            with transaction(con):
                apply_all(con, paths, entries)
            told += take_in_landing(con, paths) + _deliveries_gone(con)
            (n_deliveries,) = con.execute("select count(*) from ops.deliveries").fetchall()[0]
    except BaseException:
        _remove(building)
        raise
    aside = _set_aside(paths.warehouse)
    building.replace(paths.warehouse)
    counted = counted_nb(n_deliveries, "leveranse", "leveranser")
    done = say("ingest.rebuild.rebuilt", counted=counted)
    if is_outlived:
        rewriting.finish(paths)
        return (*told, done)
    kept = say("ingest.rebuild.old_warehouse_set_aside", name=aside.name) if aside else ""
    return (*told, " ".join(filter(None, (done, kept))))


def _entries(paths: Paths) -> tuple[list[records.Entry], tuple[str, ...]]:
    """Return the store's entries; what is damaged there is first looked for in the warehouses."""
    told: tuple[str, ...] = ()
    tried: set[int] = set()
    while True:
        try:
            return chained(records.files(paths)), told
        except DamagedError as damaged:
            number = records.number_of(Path(damaged.where or ""))
            found = None if number in tried else written_back(paths, number)
            if found is None:
                raise
            tried.add(number)
            told += (found,)


def _deliveries_gone(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Say which numbers of deliveries neither store nor landing knows, where entries are lost."""
    rows = con.execute(
        "select n from (select unnest(range(1, (select max(seq) from ops.deliveries))) as n)"
        " where n not in (select seq from ops.deliveries)"
        " and exists (select 1 from ops.losses where entry_number is not null) order by n"
    ).fetchall()
    if not rows:
        return ()
    names = ", ".join(f"D{n:06d}" for (n,) in rows)
    return (say("ingest.rebuild.deliveries_gone", names=names),)


def _set_aside(file: Path) -> Path | None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = file.with_name(f"{file.stem}{SET_ASIDE}{stamp}{file.suffix}")
    log = _log_of(file)
    if log.exists():
        log.rename(_log_of(aside))
    return file.rename(aside) if file.exists() else None


def _remove(building: Path) -> None:
    for file in (building, _log_of(building)):
        file.unlink(missing_ok=True)


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")
