"""Rows of a damaged file in landing, written back from a warehouse that still holds them.

The checksum in the store decides: what is written back is byte for byte what was written, or
nothing is. Entries of the store are written back in ``salvage``; what is found nowhere is left to
``gaps``.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from pipelines.desk.on_disk import sync
from pipelines.errors import DamagedError
from pipelines.ingest import landing
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.salvage import set_aside, whole_entries
from pipelines.settings import Paths
from pipelines.warehouse import records
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_LAST = ("source_row", "period_ym", "delivery_id", "feed_id")


class Landed(NamedTuple):
    """What the store says of one file in landing.

    Attributes:
        landed: Its row of ``landing_files``; None when no entry names it.
        delivery: The delivery's own row; None likewise.
    """

    landed: Mapping[str, Any] | None
    delivery: Mapping[str, Any] | None


def recorded(paths: Paths, delivery_id: str, period: str) -> Landed:
    """Return what the store says of a file in landing, and of its delivery."""
    landed = delivery = None
    of_landing = [f for f in records.files(paths) if f.stem.endswith(("-delivery", "-rewrite"))]
    for entry in whole_entries(of_landing):
        for row in entry.tables.get("landing_files", ()):
            if (row["delivery_id"], row["period_ym"]) == (delivery_id, period):
                # written anew since, it is the last that tells
                landed = row
                delivery = entry.tables.get("deliveries", [delivery])[0]
    return Landed(landed, delivery)


def rows_written_back(paths: Paths, file: Path) -> str | None:
    """Write a damaged or missing file in landing back; returns what was done, None if it cannot be.

    Args:
        paths: The municipality's folders; warehouses that were set aside are asked too.
        file: Where the file lies, or should have lain.
    """
    contract_id, table = file.parts[-4:-2]
    period = file.parent.name.removeprefix("ym=")
    landed, delivery = recorded(paths, file.stem, period)
    if landed is None or delivery is None:
        return None
    for warehouse in sorted(paths.root.glob("warehouse*.duckdb")):
        rows = _rows_in(warehouse, f'"{contract_id}"."{table}"', file.stem, period)
        if rows is None or rows.height != landed["row_count"]:
            continue
        for about in _abouts(paths, file.stem, delivery):
            content = landing.as_file(rows, about)
            if hashlib.sha256(content).hexdigest() == landed["sha256"]:
                _write(file, content)
                counted = counted_nb(rows.height, "rad", "rader")
                return say(
                    "ingest.rows_back.written_again",
                    parts="/".join(file.parts[-4:]),
                    name=warehouse.name,
                    counted=counted,
                )
    return None


def _rows_in(warehouse: Path, table: str, delivery_id: str, period: str) -> pl.DataFrame | None:
    """Return a delivery's rows of one period as they were sorted and laid out when written."""
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            rows = con.sql(
                f"select * from {table} where delivery_id = ? and period_ym = ? order by rowid",
                params=[delivery_id, period],
            ).pl()
    except duckdb.Error:
        return None
    own = [name for name in rows.columns if name not in _LAST]
    return landing.sorted_rows(rows.select(*own, *_LAST))


def _abouts(paths: Paths, delivery_id: str, delivery: Mapping[str, Any]) -> Iterator[str]:
    """Yield what may have been kept about the delivery: its own row, and what its files say."""
    yield records.as_text(delivery)
    for other in files_by_delivery(paths).get(delivery_id, ()):
        try:
            yield landing.about(other)
        except DamagedError:
            continue


def _write(file: Path, content: bytes) -> None:
    if file.exists():
        set_aside(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(file)
    sync(file)
    sync(file.parent)
