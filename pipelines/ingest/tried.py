"""A file that is tried, and what is known of it: shapes alone.

How it is found out is in ``trial``; how it is printed is not known here.
"""

from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from pipelines.desk.trial_told import SumsTold
from pipelines.ingest.trial_columns import TriedColumn
from pipelines.ingest.trial_counts import UnknownCode
from pipelines.warehouse.left_out import DroppedRow


@dataclass(frozen=True)
class TriedFile:
    """A file as it is tried.

    Attributes:
        name: Its name; the period may stand in it.
        raw: The whole file.
    """

    name: str
    raw: bytes


class ReadAs(TypedDict):
    """How a file was read; a text file has an encoding, a workbook its sheets."""

    format: str
    encoding: str | None
    separator: str | None
    sheets: list[str]
    header_rows: list[int]
    lines_total: int
    lines_left_out: int


class Lacking(TypedDict):
    """A column of the contract that gets nothing, and the file's columns the feed names for it."""

    column_name: str
    is_required: bool
    is_mapped: bool
    file_columns: list[str]


class RowsByFate(TypedDict):
    """Rows in, and what became of them."""

    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_duplicate: int
    periods: str | None


class SetAsideRow(TypedDict):
    """One rule that one row breaks; what stood there where it may be told."""

    source_row: int
    column_name: str | None
    rule_id: str
    reason_nb: str
    found_nb: str | None


@dataclass(frozen=True)
class Trial:
    """What would become of one file for one feed.

    Attributes:
        file_name: The file, with personal identifiers hidden.
        feed_id: The feed; None when none knows the file.
        source: ``contract.table``; empty without a feed.
        status: ``loaded``, ``held``, ``rejected``, or ``no_feed``.
        reason_nb: Why it is not loaded, and the way out.
        read_as: How it was read; None when it could not be.
        headers: The file's columns that have a name.
        columns: Each column of the contract that is read, raw beside parsed.
        unread: Columns of the file that feed nothing.
        lacking: Columns of the contract that get nothing from the file.
        rows: Rows in, loaded, set aside and repeated, and the periods; None when none were read.
        set_aside: Every broken rule and row.
        duplicates: The row numbers of those that repeat another.
        dropped: Every row that is no data.
        sums: Every column of figures before and after.
        unknown: Codes that nothing knows, and how often each stands there.
        units_nb: What units were looked up in, or that they were not.
        notes: What a delivery of it would be told of.
    """

    file_name: str
    feed_id: str | None
    source: str
    status: str
    reason_nb: str | None = None
    read_as: ReadAs | None = None
    headers: tuple[str, ...] = ()
    columns: tuple[TriedColumn, ...] = ()
    unread: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    rows: RowsByFate | None = None
    set_aside: tuple[SetAsideRow, ...] = ()
    duplicates: tuple[int, ...] = ()
    dropped: tuple[DroppedRow, ...] = ()
    sums: tuple[SumsTold, ...] = ()
    unknown: tuple[UnknownCode, ...] = ()
    units_nb: str | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        return asdict(self) | {"read_as": self.read_as or {}, "rows": self.rows or {}}
