"""Everything that is held about one person: found, shown to them, and deleted on request.

Who it is comes in as a number and is never written down; what is written is how many rows went, and
the pseudonym, so that the rows can be kept out when they are delivered again (``erased``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.retention import person_tables
from pipelines.contracts.shapes import Contract
from pipelines.ingest.inbox import inbox_files
from pipelines.ingest.pseudonyms import Keys, pseudonym
from pipelines.ingest.rewriting import PersonFile, commit, person_files
from pipelines.settings import Paths
from pipelines.warehouse.closed import closed_until

_MAY_HOLD = """
select distinct file_sha256, file_name from ops.deliveries
where concat(contract_id, '.', table_name) in (select unnest(?))
    and (list_contains(?, delivery_id) or list_contains(?, duplicate_of)
        or rows_quarantined > 0 or status = 'rejected')
"""


@dataclass(frozen=True)
class Held:
    """What is held about one person.

    Attributes:
        person_id: The pseudonym.
        found: Each file in landing with rows about the person, and those rows.
        raw_files: Files as they came, which hold the person or may do so.
        closed_before: Figures of months before this day stand whatever is deleted: their rows are
            gone for their age; ``None`` when there are none such.
    """

    person_id: str
    found: tuple[tuple[PersonFile, pl.DataFrame], ...]
    raw_files: tuple[Path, ...]
    closed_before: date | None = None

    @property
    def n_rows(self) -> int:
        """Rows in landing, also of deliveries that do not count."""
        return sum(rows.height for _, rows in self.found)


def held_about(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    keys: Keys,
    number: str,
) -> Held:
    """Return everything that is held about one person.

    Files as they came are those the rows were read from, and those with persons from which rows
    were set aside or which were refused: what stood in them nobody has kept.

    Args:
        con: The working warehouse, in step with the store.
        paths: The municipality's folders.
        contracts: The source contracts by id.
        keys: The keys in use.
        number: The employee number as it stands in the deliveries.

    Raises:
        DamagedError: a file in landing is gone or damaged.
    """
    person_id = pseudonym(number, keys)
    found = []
    for file in person_files(con, paths, contracts):
        rows = file.rows()
        mine = rows.filter(pl.col(file.person) == person_id)
        if mine.height:
            found.append((file, mine))
    raw = _raw_files(con, paths, contracts, [file.delivery_id for file, _ in found])
    closed = [day for source in contracts if (day := closed_until(con, source)) is not None]
    return Held(person_id, tuple(found), raw, max(closed, default=None))


def erase(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    keys: Keys,
    held: Held,
    erased_by: str,
) -> None:
    """Delete everything that is held about one person; ``rebuild`` must come after.

    Args:
        con: The working warehouse, in step with the store.
        paths: The municipality's folders.
        keys: The keys in use.
        held: What is held; at least one row.
        erased_by: The account that does it.
    """
    row = {
        "erased_at": datetime.now(UTC).replace(tzinfo=None),
        "erased_by": erased_by,
        "person_id": held.person_id,
        "n_keys": len(keys.chain),
        "n_rows": held.n_rows,
        "n_files": len(held.raw_files),
    }
    changed = (
        (file, file.rows().filter(pl.col(file.person) != held.person_id)) for file, _ in held.found
    )
    # first the files: stopped here, the rows are still there to find the person by
    for raw in held.raw_files:
        raw.unlink(missing_ok=True)
    commit(con, paths, changed, {"erasures": [row]})


def _raw_files(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    deliveries: Sequence[str],
) -> tuple[Path, ...]:
    tables = [f"{contract}.{table}" for contract, table in person_tables(contracts)]
    known = set(con.execute(_MAY_HOLD, [tables, list(deliveries), list(deliveries)]).fetchall())
    return tuple(file.path for file in inbox_files(paths) if (file.sha256(), file.name) in known)
