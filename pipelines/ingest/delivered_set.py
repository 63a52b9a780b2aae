"""What the judgements of whole deliveries are given, and what they answer with.

Which judgements there are is in ``set_checks``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.shapes import Contract, Table
from pipelines.ingest.large.spool import Spool
from pipelines.ingest.shapes import Sheet
from pipelines.ingest.split import Split
from pipelines.municipality.feeds import Feed


@dataclass(frozen=True)
class Hold:
    """Why a delivery is held until a person has looked at it.

    Attributes:
        code: What kind of doubt; content accepted once is not held for the same code again.
        message_nb: What was found, with counts, months and units; never a person's value.
        way_out: What to do about it, beside looking at the delivery and accepting it.
    """

    code: str
    message_nb: str
    way_out: str


@dataclass(frozen=True)
class DeliveredSet:
    """One delivery as it was read and split, before it counts.

    Attributes:
        con: The working warehouse as it stands without this delivery.
        contract: The contract it was read by.
        feed: The feed.
        table: The contract's table.
        file_name: Path below the inbox.
        split: What became of its rows; those that count are asked for by ``rows``.
        sheet: The file's own rows under their header.
        received_at: When it was read, UTC without a zone.
        first_month: The municipality's first month.
        register_date: The day a register tells of, None for what is no register.
        spool: The rows of a file that was read in parts.
    """

    con: duckdb.DuckDBPyConnection
    contract: Contract
    feed: Feed
    table: Table
    file_name: str
    split: Split
    sheet: Sheet
    received_at: datetime
    first_month: date
    register_date: date | None = None
    spool: Spool | None = None

    @property
    def rows(self) -> pl.LazyFrame:
        """The rows that would count: the table's columns, ``source_row``, ``period_ym``.

        What is asked of them is taken with ``taken``, and is small: sums, counts, what is
        different. A file that was read in parts is never in memory as a whole.
        """
        return self.split.valid.lazy() if self.spool is None else self.spool.rows()

    def taken(self, asked: pl.LazyFrame) -> pl.DataFrame:
        """Return what is asked of ``rows``."""
        return asked.collect(engine="in-memory" if self.spool is None else "streaming")

    def told(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what SQL tells of the rows, as ``__delivered``, beside what is loaded."""
        if self.spool is not None:
            rows = f"(select * from read_parquet('{self.spool.files}')) as __delivered"
            return self.con.execute(sql.replace("__delivered", rows)).fetchall()
        self.con.register("__delivered", self.split.valid.to_arrow())
        try:
            return self.con.execute(sql).fetchall()
        finally:
            self.con.unregister("__delivered")

    @property
    def table_path(self) -> str:
        """``contract.table``: the source table in the warehouse."""
        return f"{self.contract.id}.{self.table.name}"
