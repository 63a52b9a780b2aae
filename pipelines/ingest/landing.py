"""The read rows of every delivery as Parquet, one file per period: the source of truth.

Nothing here deletes a finished file. Which delivery counts is decided in ``in_force``.
"""

import os
from collections.abc import Container
from pathlib import Path

import polars as pl

from pipelines.errors import ConfigError
from pipelines.settings import Paths

_SUFFIX = ".parquet"
_TEMPORARY = ".tmp"
_UNFINISHED = ".unfinished"
_UNITS = ("unit_id", "from_unit_id", "cost_centre")


def write_landing(
    paths: Paths, contract_id: str, table: str, delivery_id: str, rows: pl.DataFrame
) -> list[Path]:
    """Write a delivery's rows, one file per ``period_ym``; returns the files.

    Until ``finish`` is called they are unfinished, and the next run removes them.

    Args:
        paths: The municipality's folders.
        contract_id: The contract.
        table: Its table.
        delivery_id: The delivery.
        rows: The rows with technical columns, sorted by ``sorted_rows``.
    """
    marker = _marker(paths, delivery_id)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
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


def read_period(
    paths: Paths, contract_id: str, table: str, delivery_id: str, period: str
) -> pl.DataFrame:
    """Return the rows one delivery has for one period.

    Raises:
        ConfigError: when they are not in landing.
    """
    file = paths.landing / contract_id / table / f"ym={period}" / f"{delivery_id}{_SUFFIX}"
    if not file.exists():
        raise ConfigError(
            f"Radene fra leveranse {delivery_id} for {period} mangler.",
            where=str(file),
            way_out="Hent mappen landing tilbake fra sikkerhetskopien.",
        )
    return pl.read_parquet(file, hive_partitioning=False)


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


def finish(paths: Paths, delivery_id: str) -> None:
    """Say that a delivery is recorded, so that its files are no longer a run's own to remove."""
    _marker(paths, delivery_id).unlink(missing_ok=True)


def sweep(paths: Paths, recorded: Container[str]) -> int:
    """Delete what a killed run left unfinished, which it named before it wrote; returns how many.

    No other file is ever deleted, whatever the ledger says: it may be the only copy there is.

    Args:
        paths: The municipality's folders.
        recorded: The deliveries that were recorded before the run was killed.
    """
    markers = sorted((paths.landing / _UNFINISHED).glob("*"))
    files = list(paths.landing.glob(f"*/*/ym=*/*{_TEMPORARY}")) if markers else []
    for marker in markers:
        if marker.name not in recorded:
            files += paths.landing.glob(f"*/*/ym=*/{marker.name}{_SUFFIX}")
    for file in files:
        file.unlink()
    for marker in markers:
        marker.unlink()
    return len(files)


def _marker(paths: Paths, delivery_id: str) -> Path:
    return paths.landing / _UNFINISHED / delivery_id
