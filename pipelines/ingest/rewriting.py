"""Files in landing written anew by one event: all of them, or none.

Rows are deleted, and pseudonyms made anew, without a trace of the old ones. The new files lie aside
until the event's entry is in the store; that entry is what commits. Then they take the place of
the old ones, and the warehouse is built anew, for a database file keeps what was deleted from it
(``rebuild`` does both, also when a run was killed in between).
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from pipelines.contracts.retention import person_column, person_tables
from pipelines.contracts.shapes import Contract
from pipelines.desk.on_disk import sha256_of, sync
from pipelines.ingest import landing
from pipelines.ingest.landing_files import REWRITING
from pipelines.ingest.lost_rows import lost_periods
from pipelines.settings import Paths
from pipelines.warehouse import records, replay
from pipelines.warehouse.closed import CLOSED_TABLES
from pipelines.warehouse.records import Tables

_PLAN = "plan.json"
_KEPT = ".kept.json"
_KEPT_TABLES = ("pseudonym_keys", "erasures", *CLOSED_TABLES)
"""What the rows in landing cannot be read on without: by which keys, whom to keep out, and what
those that are deleted gave."""


class PersonFile(NamedTuple):
    """A file in landing with rows about persons.

    Attributes:
        contract_id: Its contract.
        table_name: Its table.
        delivery_id: Its delivery.
        period_ym: ``YYYY-MM`` or ``all``.
        file: Where it lies.
        sha256: Its hash.
        person: The column that says which person a row is about.
    """

    contract_id: str
    table_name: str
    delivery_id: str
    period_ym: str
    file: Path
    sha256: str
    person: str

    def rows(self) -> pl.DataFrame:
        """Return its rows.

        Raises:
            DamagedError: it is gone, or is not what was written.
        """
        return landing.read_file(self.file, self.sha256)


def person_files(
    con: duckdb.DuckDBPyConnection, paths: Paths, contracts: Mapping[str, Contract]
) -> list[PersonFile]:
    """Return every file with rows about persons, also of deliveries that do not count.

    Files that somebody has said are lost are left out.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        contracts: The source contracts by id.
    """
    lost = lost_periods(con, paths)
    rows = con.execute(
        "select d.contract_id, d.table_name, f.delivery_id, f.period_ym, f.sha256"
        " from ops.landing_files as f inner join ops.deliveries as d using (delivery_id)"
        " order by d.seq, f.period_ym"
    ).fetchall()
    tables = set(person_tables(contracts))
    return [
        PersonFile(
            contract_id,
            table,
            delivery_id,
            period,
            landing.file_of(paths, contract_id, table, delivery_id, period),
            sha256,
            person_column(contracts[contract_id], table),
        )
        for contract_id, table, delivery_id, period, sha256 in rows
        if (contract_id, table) in tables and period not in lost.get(delivery_id, ())
    ]


def commit(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    changed: Iterable[tuple[PersonFile, pl.DataFrame]],
    tables: Tables,
) -> None:
    """Write files anew, and say so in the store; ``rebuild`` must come after.

    Args:
        con: The working warehouse, in step with the store; it is outlived when this returns.
        paths: The municipality's folders.
        changed: Each file with the rows it shall have, perhaps none.
        tables: What else the event adds to the tables of ``ops``.
    """
    aside = paths.landing / REWRITING
    shutil.rmtree(aside, ignore_errors=True)
    rows: list[dict[str, Any]] = []
    for old, frame in changed:
        target = aside / old.file.relative_to(paths.landing)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = landing.as_file(frame, landing.about(old.file))
        _write(target, content)
        rows.append(
            {
                "delivery_id": old.delivery_id,
                "period_ym": old.period_ym,
                "row_count": frame.height,
                "sha256": sha256_of(target),
            }
        )
    entry = replay.next_entry(con, paths, "rewrite", {**tables, "landing_files": rows})
    aside.mkdir(parents=True, exist_ok=True)
    kept = {name: [*_rows(con, name), *tables.get(name, ())] for name in _KEPT_TABLES}
    plan = {"number": entry.number, "sha256": entry.sha256, "kept": kept}
    _write(aside / _PLAN, records.as_text(plan).encode())
    sync(aside)
    records.write(paths, entry)


def put_in_place(paths: Paths) -> bool:
    """Put the files of a committed event in the old ones' place; throw away those of no event.

    Args:
        paths: The municipality's folders.

    Returns:
        Whether the warehouse must be built anew, and ``finish`` be called then.
    """
    aside = paths.landing / REWRITING
    if not aside.exists():
        return False
    plan = _committed(paths, aside / _PLAN)
    if plan is None:
        shutil.rmtree(aside)
        return False
    building = paths.landing / f"{_KEPT}.tmp"
    _write(building, json.dumps(plan["kept"]).encode())
    building.replace(paths.landing / _KEPT)
    for file in sorted(aside.glob("*/*/ym=*/*")):
        target = paths.landing / file.relative_to(aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        sync(target.parent)
    return True


def kept_beside(con: duckdb.DuckDBPyConnection, paths: Paths) -> Tables:
    """Return what landing keeps of the events that wrote it anew, when the store has none of them.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
    """
    file = paths.landing / _KEPT
    if not file.exists() or any(_rows(con, name) for name in _KEPT_TABLES):
        return {}
    kept: Tables = json.loads(file.read_bytes())
    return kept


def finish(paths: Paths) -> None:
    """Say that the warehouse has been built anew, and delete those from before.

    Args:
        paths: The municipality's folders.
    """
    delete_outlived(paths)
    shutil.rmtree(paths.landing / REWRITING, ignore_errors=True)


def delete_outlived(paths: Paths) -> None:
    """Delete the warehouses that were set aside: they hold rows that have been written anew.

    Args:
        paths: The municipality's folders.
    """
    for file in paths.warehouses_set_aside():
        file.unlink()


def _committed(paths: Paths, plan: Path) -> dict[str, Any] | None:
    """Return what was planned when its entry is in the store."""
    try:
        planned: dict[str, Any] = json.loads(plan.read_bytes())
    except (OSError, ValueError):
        return None
    is_there = any(
        records.number_of(file) == planned["number"]
        and records.sha256_in(file) == planned["sha256"]
        for file in records.files(paths)
    )
    return planned if is_there else None


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.sql(f"select * from ops.{name} order by all").pl().to_dicts()
    return rows


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
