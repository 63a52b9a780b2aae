"""The rows of a large file to landing, some at a time, as any other delivery's lie there.

What a file in landing is, and how it is read, is in ``landing``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.desk.on_disk import sha256_of
from pipelines.ingest.landing import (
    LandedFile,
    begin,
    in_place,
    key_of,
    order_of,
    settle,
)
from pipelines.ingest.large.spool import Spool
from pipelines.settings import Paths


def write_spooled(  # noqa: PLR0913 - where, what, and what is said about it
    paths: Paths, contract_id: str, table: str, delivery_id: str, spool: Spool, about: str
) -> list[LandedFile]:
    """Write a delivery's rows, one file per ``period_ym``, and force them to the disk.

    See ``landing.write_landing``; here no more than a row group is in memory.

    Args:
        paths: The municipality's folders.
        contract_id: The contract.
        table: Its table.
        delivery_id: The delivery.
        spool: The rows with technical columns.
        about: What is known of the delivery, as text.
    """
    begin(paths, delivery_id)
    schema = spool.rows().collect_schema()
    order = ("period_ym", *order_of(schema))
    landed, written = list[LandedFile](), list[Path]()
    for period, groups in _by_period(spool.in_order(order)):
        with in_place(paths, contract_id, table, delivery_id, period) as (temporary, target):
            height = _write(temporary, groups, about)
        written.append(target)
        landed.append(LandedFile(period, height, sha256_of(target)))
    settle(paths, delivery_id, written)
    return landed


def _by_period(frames: Iterator[pl.DataFrame]) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
    """Yield each period with its rows; frames come in the order of periods."""
    parts = (
        (str(part["period_ym"][0]), part)
        for frame in frames
        for part in frame.partition_by("period_ym", maintain_order=True)
    )
    waiting = next(parts, None)

    def of(period: str) -> Iterator[pl.DataFrame]:
        nonlocal waiting
        while waiting is not None and waiting[0] == period:
            yield waiting[1]
            waiting = next(parts, None)

    while waiting is not None:
        period = waiting[0]
        yield period, of(period)


def _write(file: Path, groups: Iterator[pl.DataFrame], about: str) -> int:
    """Write rows as row groups of one Parquet file, and return how many they are."""
    import pyarrow.parquet as pq  # only large files need it

    writer: Any = None
    height = 0
    for rows in groups:
        part = rows.to_arrow()
        if writer is None:
            schema = part.schema.with_metadata(key_of(about))
            writer = pq.ParquetWriter(file, schema, compression="zstd")
        writer.write_table(part.cast(writer.schema))
        height += rows.height
    writer.close()
    return height
