"""Loaded rows of every delivery as Parquet, one file per period, never overwritten by another.

The delivery ledger decides what counts: a file without a record is left over from a killed run.
"""

import os
from collections.abc import Collection
from pathlib import Path

import polars as pl

from pipelines.errors import ConfigError
from pipelines.settings import Paths

_SUFFIX = ".parquet"
_TEMPORARY = ".tmp"
_UNITS = ("unit_id", "from_unit_id", "cost_centre")


def write_landing(
    paths: Paths, contract_id: str, table: str, delivery_id: str, rows: pl.DataFrame
) -> list[Path]:
    """Write a delivery's rows, one file per ``period_ym``; returns the files.

    Args:
        paths: The municipality's folders.
        contract_id: The contract.
        table: Its table.
        delivery_id: The delivery.
        rows: The rows with technical columns, sorted by ``sorted_rows``.
    """
    written = []
    for (period,), part in rows.partition_by(
        "period_ym", as_dict=True, maintain_order=True
    ).items():
        folder = paths.landing / contract_id / table / f"ym={period}"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{delivery_id}{_SUFFIX}"
        temporary = target.with_suffix(_TEMPORARY)
        part.write_parquet(temporary, compression="zstd")
        os.replace(temporary, target)  # noqa: PTH105 - atomic on every system, also over a leftover
        written.append(target)
    return written


def sorted_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows sorted by unit, then date, then place in the file."""
    units = [name for name in _UNITS if name in rows.columns][:1]
    dates = [name for name, kind in rows.schema.items() if kind == pl.Date][:1]
    return rows.sort(*units, *dates, "source_row", nulls_last=True, maintain_order=True)


def read_delivery(paths: Paths, delivery_id: str) -> pl.DataFrame:
    """Return the rows of one delivery as they were loaded, also after a correction replaced them.

    Raises:
        ConfigError: when the delivery has no rows in landing.
    """
    files = sorted(paths.landing.glob(f"*/*/ym=*/{delivery_id}{_SUFFIX}"))
    if not files:
        raise ConfigError(
            "Leveransen har ingen lagrede rader.",
            where=delivery_id,
            way_out="Se listen over leveranser; avviste leveranser lagres ikke.",
        )
    return pl.concat([pl.read_parquet(file, hive_partitioning=False) for file in files])


def sweep(paths: Paths, known: Collection[str]) -> int:
    """Delete files of deliveries that were never recorded; returns how many."""
    files = [
        file
        for file in paths.landing.glob("*/*/ym=*/*")
        if file.suffix == _TEMPORARY or file.stem not in known
    ]
    for file in files:
        file.unlink()
    return len(files)
