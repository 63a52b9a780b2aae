"""What a page is told of a tried file: shapes alone. Made of what ``ingest.tried`` says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadAs:
    """How the file was read."""

    format: str
    encoding: str | None
    separator: str | None
    sheets: tuple[str, ...]
    header_rows: tuple[int, ...]
    lines_total: int
    lines_left_out: int


@dataclass(frozen=True)
class Fates:
    """Rows in, and what would become of them."""

    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_duplicate: int
    periods: str | None


@dataclass(frozen=True)
class Sample:
    """A value, or its form, as it stands and as it was read."""

    raw: str
    parsed: str | None


@dataclass(frozen=True)
class ColumnTold:
    """A column of the contract."""

    name: str
    file_columns: tuple[str, ...]
    type: str
    is_required: bool
    n_filled: int
    n_empty: int
    n_unreadable: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class SumsTold:
    """One column of figures, before and after.

    Attributes:
        file_column: The file's column.
        column_name: The contract's column it feeds.
        in_rows: The sum of the file's data rows, in the contract's unit.
        loaded: The sum of what would be loaded.
        difference: What is set aside, repeated or unreadable.
        left_out: The sum of rows that are no data: totals, footnotes.
        is_sum: Whether the figures can be added up to something; shares and means cannot, and their
            sums only say whether all were read.
    """

    file_column: str
    column_name: str
    in_rows: float
    loaded: float
    difference: float
    left_out: float
    is_sum: bool


@dataclass(frozen=True)
class AsideTold:
    """One rule that one row breaks."""

    source_row: int
    column_name: str | None
    reason_nb: str
    found_nb: str | None


@dataclass(frozen=True)
class DroppedTold:
    """A row that is no data."""

    source_row: int
    kind_nb: str
    column_name: str | None
    amount: float | None


@dataclass(frozen=True)
class UnknownTold:
    """A code nothing knows."""

    column_name: str
    found_nb: str | None
    n_rows: int
    first_row: int


@dataclass(frozen=True)
class LackingTold:
    """A column of the contract that gets nothing."""

    column_name: str
    is_required: bool


@dataclass(frozen=True)
class TrialTold:
    """What would become of one file."""

    file_name: str
    feed_id: str | None
    source: str
    status: str
    reason_nb: str | None
    read_as: ReadAs | None
    columns: tuple[ColumnTold, ...]
    unread: tuple[str, ...]
    lacking: tuple[LackingTold, ...]
    rows: Fates | None
    set_aside: tuple[AsideTold, ...]
    duplicates: tuple[int, ...]
    dropped: tuple[DroppedTold, ...]
    sums: tuple[SumsTold, ...]
    unknown: tuple[UnknownTold, ...]
    units_nb: str | None
    notes: tuple[str, ...]
