"""What the judgements of whole deliveries are given, and what they answer with.

Which judgements there are is in ``set_checks``.
"""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.contracts.shapes import Contract, Table
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
        split: Its rows; ``split.valid`` has the table's columns, ``source_row``, ``period_ym``.
        sheet: The file's own rows under their header.
        received_at: When it was read, UTC without a zone.
        first_month: The municipality's first month.
        register_date: The day a register tells of, None for what is no register.
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

    @property
    def table_path(self) -> str:
        """``contract.table``: the source table in the warehouse."""
        return f"{self.contract.id}.{self.table.name}"
