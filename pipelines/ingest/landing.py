"""The read rows of every delivery as Parquet, one file per period: the source of truth.

Nothing here deletes a finished file. Which delivery counts is decided in ``in_force``.
"""

import hashlib
import io
from collections.abc import Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.desk.on_disk import sha256_of, sync
from pipelines.errors import ConfigError, DamagedError
from pipelines.ingest.landing_files import SUFFIX, UNFINISHED
from pipelines.settings import Paths
from pipelines.warehouse.records import way_out_of_loss
from pipelines.words.messages import say

_TEMPORARY = ".tmp"
_ABOUT = "pukk.delivery"
UNIT_COLUMNS = ("unit_id", "from_unit_id", "cost_centre")
"""Columns that name the unit of a row, the first a table has counts."""
_AT_ONCE = 16
_BROKEN = say("ingest.landing.rows_damaged")


class LandedFile(NamedTuple):
    """One delivery's rows of one period, as they were written.

    Attributes:
        period_ym: ``YYYY-MM`` or ``all``.
        row_count: Rows in the file.
        sha256: Of the file.
    """

    period_ym: str
    row_count: int
    sha256: str


def write_landing(  # noqa: PLR0913 - where, what, and what is said about it
    paths: Paths, contract_id: str, table: str, delivery_id: str, rows: pl.DataFrame, about: str
) -> list[LandedFile]:
    """Write a delivery's rows, one file per ``period_ym``, and force them to the disk.

    Until ``finish`` is called they are unfinished, and the next run removes them.

    Args:
        paths: The municipality's folders.
        contract_id: The contract.
        table: Its table.
        delivery_id: The delivery.
        rows: The rows with technical columns, sorted by ``sorted_rows``.
        about: What is known of the delivery, as text; kept in every file, so that landing alone
            can tell where its rows came from.
    """
    begin(paths, delivery_id)
    landed, written = [], []
    for period in rows["period_ym"].unique(maintain_order=True):
        # a period at a time: all parts at once are the rows once more
        part = rows.filter(pl.col("period_ym") == period)
        content = as_file(part, about)
        with in_place(paths, contract_id, table, delivery_id, period) as (temporary, target):
            temporary.write_bytes(content)
        written.append(target)
        sha256 = hashlib.sha256(content).hexdigest()
        landed.append(LandedFile(str(period), part.height, sha256))
    settle(paths, delivery_id, written)
    return landed


def begin(paths: Paths, delivery_id: str) -> None:
    """Say that a delivery's files are about to be written, so that the next run knows whose."""
    marker = _marker(paths, delivery_id)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()


@contextmanager
def in_place(
    paths: Paths, contract_id: str, table: str, delivery_id: str, period: str
) -> Iterator[tuple[Path, Path]]:
    """Give where a period's rows are written, and where they lie when all of them are."""
    target = file_of(paths, contract_id, table, delivery_id, period)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(_TEMPORARY)
    yield temporary, target
    temporary.replace(target)


def settle(paths: Paths, delivery_id: str, written: list[Path]) -> None:
    """Force a delivery's files to the disk."""
    folder = _marker(paths, delivery_id).parent
    _sync([folder, *written, *{file.parent for file in written}])


def as_file(rows: pl.DataFrame, about: str) -> bytes:
    """Return rows as the bytes of a file in landing.

    Args:
        rows: Rows of one period with technical columns.
        about: What is known of the delivery, as text.
    """
    content = io.BytesIO()
    rows.write_parquet(content, compression="zstd", metadata=key_of(about))
    return content.getvalue()


def key_of(about: str) -> dict[str, str]:
    """Return what is known of a delivery as it stands in the head of its files."""
    return {_ABOUT: about}


def about(file: Path) -> str:
    """Return what is kept about the delivery in one of its files; empty when nothing is.

    Raises:
        DamagedError: the file cannot be read.
    """
    try:
        return pl.read_parquet_metadata(file).get(_ABOUT, "")
    except (pl.exceptions.PolarsError, OSError):
        raise _damaged(file, _BROKEN) from None


def file_of(paths: Paths, contract_id: str, table: str, delivery_id: str, period: str) -> Path:
    """Return where one delivery's rows of one period lie."""
    return paths.landing / contract_id / table / f"ym={period}" / f"{delivery_id}{SUFFIX}"


def sorted_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows sorted by unit, then date, then place in the file."""
    return rows.sort(*order_of(rows.schema), nulls_last=True, maintain_order=True)


def order_of(schema: pl.Schema) -> tuple[str, ...]:
    """Return the columns rows in landing are sorted by."""
    units = [name for name in UNIT_COLUMNS if name in schema][:1]
    dates = [name for name, kind in schema.items() if kind == pl.Date][:1]
    return (*units, *dates, "source_row")


def read_file(file: Path, sha256: str | None) -> pl.DataFrame:
    """Return the rows of one file, held against its checksum where there is one.

    Raises:
        DamagedError: the file is gone, or is not what was written.
    """
    must_be(file, sha256)
    try:
        return pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError):
        raise _damaged(file, _BROKEN) from None


def must_be(file: Path, sha256: str | None) -> None:
    """Do nothing when a file is there as it was written, as far as its checksum is known.

    Raises:
        DamagedError: the file is gone, or is not what was written.
    """
    if not file.exists():
        raise _damaged(file, say("ingest.landing.rows_missing"))
    if sha256 is not None and sha256_of(file) != sha256:
        raise _damaged(file, _BROKEN)


def is_whole(file: Path, sha256: str | None) -> bool:
    """Return whether a file is there as it was written, as far as its checksum is known."""
    try:
        read_file(file, sha256)
    except DamagedError:
        return False
    return True


def _damaged(file: Path, problem: str) -> DamagedError:
    return DamagedError(
        problem, where=str(file), way_out=way_out_of_loss("/".join(file.parts[-4:]))
    )


def read_delivery(paths: Paths, delivery_id: str) -> pl.DataFrame:
    """Return the rows of one delivery as they were read, also after a correction replaced them.

    Raises:
        ConfigError: when the delivery has no rows in landing.
    """
    files = sorted(paths.landing.glob(f"*/*/ym=*/{delivery_id}{SUFFIX}"))
    if not files:
        raise ConfigError(
            say("ingest.landing.no_rows_kept"),
            where=delivery_id,
            way_out=say("ingest.landing.see_the_list"),
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
    markers = sorted((paths.landing / UNFINISHED).glob("*"))
    files = list(paths.landing.glob(f"*/*/ym=*/*{_TEMPORARY}")) if markers else []
    for marker in markers:
        if marker.name not in recorded:
            files += paths.landing.glob(f"*/*/ym=*/{marker.name}{SUFFIX}")
    for file in files:
        file.unlink()
    for marker in markers:
        marker.unlink()
    return len(files)


def _marker(paths: Paths, delivery_id: str) -> Path:
    return paths.landing / UNFINISHED / delivery_id


def _sync(targets: list[Path]) -> None:
    # at once they share the disk's waits; one by one each waits for its own
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(sync, targets))
