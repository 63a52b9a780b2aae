"""What a file holds, and what a delivery of it would be: read, split and judged, nothing stored.

Both who takes a delivery in (``delivery``) and who only tries a file (``trial``) go this way, so
that what is told of a file beforehand is what becomes of it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.shapes import Contract
from pipelines.ingest.assemble import Assembled, Inputs, Watch, assemble
from pipelines.ingest.codes_read import CodeBook
from pipelines.ingest.definitions import set_aside_two_definitions
from pipelines.ingest.delivered_set import DeliveredSet
from pipelines.ingest.erased import ERASED, erased_persons, set_aside_erased
from pipelines.ingest.found import amounts, held_back, persons_in, with_found
from pipelines.ingest.holding import judged
from pipelines.ingest.known import fingerprint, first_received
from pipelines.ingest.landing import sorted_rows
from pipelines.ingest.large.parts import LargeFile
from pipelines.ingest.large.spool import Spool
from pipelines.ingest.left_out import WRONG_TOTAL, with_valueless
from pipelines.ingest.many_sheets import place_names
from pipelines.ingest.not_counted import too_many
from pipelines.ingest.periods import content_id, file_period, register_date, with_period
from pipelines.ingest.plausible_time import Clock, check_file_period, set_aside_implausible
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.reconcile import check_totals
from pipelines.ingest.row_hashes import with_row_hashes
from pipelines.ingest.shapes import Note, Sheet
from pipelines.ingest.split import Split, split
from pipelines.ingest.units import UnitIndex
from pipelines.municipality.feeds import Feed
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import DeliveryResult, next_seq


@dataclass(frozen=True)
class Desk:
    """What every file of one feed is handled with."""

    con: duckdb.DuckDBPyConnection
    paths: Paths
    contract: Contract
    feed: Feed
    units: UnitIndex
    book: CodeBook
    key: Keys
    first_month: date
    hold: bool = False
    watch: Watch | None = None


@dataclass(frozen=True)
class Content:
    """What a file holds.

    Attributes:
        sheet: The file's own rows under their header.
        split: The fates of its rows.
        notes: What the user should know.
        codes: Code system -> the codes of units in the file.
        spool: The valid rows of a file that was read in parts, none of which is in ``split``.
    """

    sheet: Sheet
    split: Split
    notes: tuple[Note, ...]
    codes: Mapping[str, frozenset[str]]
    spool: Spool | None = None


@dataclass(frozen=True)
class Weighed:
    """What a delivery would be.

    Attributes:
        result: The delivery as loaded, held or rejected.
        rows: The rows that would be loaded, in the order they are kept, or the spool they lie in;
            None when it is rejected.
        quarantine: The problems with what stood there and the hash of each row.
        notes: What the user should know.
    """

    result: DeliveryResult
    rows: pl.DataFrame | Spool | None
    quarantine: pl.DataFrame
    notes: tuple[Note, ...]


def new_record(desk: Desk, file_name: str, raw: bytes | LargeFile) -> DeliveryResult:
    """Return what is known of a delivery before it is read.

    Args:
        desk: What the feed's files are handled with.
        file_name: Path below the inbox.
        raw: The whole file, or what is known of one that is not read whole.
    """
    seq = next_seq(desk.con)
    if isinstance(raw, LargeFile):
        sha256, size_bytes = raw.sha256, raw.size_bytes
    else:
        sha256, size_bytes = hashlib.sha256(raw).hexdigest(), len(raw)
    return DeliveryResult(
        delivery_id=f"D{seq:06d}",
        seq=seq,
        contract_id=desk.contract.id,
        table_name=desk.feed.table,
        feed_id=desk.feed.id,
        file_name=file_name,
        file_sha256=sha256,
        content_id=content_id(desk.feed, Path(file_name).name, sha256),
        size_bytes=size_bytes,
        received_at=datetime.now(UTC).replace(tzinfo=None),
        contract_version=desk.contract.version,
        fingerprint=fingerprint(desk.contract, desk.feed, desk.units.fingerprint),
        status="rejected",
    )


def clock_of(desk: Desk, record: DeliveryResult) -> Clock:
    """Return what the times of a delivery's rows are held against."""
    return Clock(_first_received(desk, record).date(), desk.first_month)


def _first_received(desk: Desk, record: DeliveryResult) -> datetime:
    return first_received(desk.con, record) or record.received_at


def read_content(desk: Desk, file_name: str, sheet: Sheet, clock: Clock) -> Content:
    """Return what a file holds, every row with its fate.

    Args:
        desk: What the feed's files are handled with.
        file_name: Path below the inbox.
        sheet: The file's rows.
        clock: What their times are held against.

    Raises:
        DeliveryRejectedError: the file as a whole does not fit the contract.
    """
    return judge_rows(desk, sheet, shape_rows(desk, file_name, sheet, clock), clock)


def shape_rows(desk: Desk, file_name: str, sheet: Sheet, clock: Clock) -> Assembled:
    """Return a file's rows in the contract's shape with their period, none of them judged yet.

    Args:
        desk: What the feed's files are handled with.
        file_name: Path below the inbox.
        sheet: The file's rows.
        clock: What the period in its name is held against.

    Raises:
        DeliveryRejectedError: the file as a whole does not fit the contract.
    """
    table = desk.contract.tables[desk.feed.table]
    period = file_period(desk.feed, Path(file_name).name)
    check_file_period(period, table, clock)
    assembled = assemble(sheet, Inputs(desk.feed, table, desk.units, desk.key, period, desk.watch))
    return replace(assembled, rows=with_period(assembled.rows, desk.feed, period))


def judge_rows(desk: Desk, sheet: Sheet, assembled: Assembled, clock: Clock) -> Content:
    """Return what a file holds, every row with its fate.

    Args:
        desk: What the feed's files are handled with.
        sheet: The file's rows.
        assembled: They in the contract's shape.
        clock: What their times are held against.
    """
    table = desk.contract.tables[desk.feed.table]
    result = split(sheet, assembled, desk.feed, table)
    result = set_aside_erased(result, table, erased_persons(desk.con, desk.key))
    result = set_aside_implausible(result, desk.feed, table, clock)
    result = _by_sheet(set_aside_two_definitions(result, table), sheet)
    totals = check_totals(sheet, desk.feed, table)
    sheet = replace(sheet, dropped=with_valueless(sheet, assembled.rows))
    notes = (*sheet.notes, *assembled.notes, *result.notes, *totals)
    return Content(sheet, result, notes, assembled.codes)


def _by_sheet(found: Split, sheet: Sheet) -> Split:
    """Return the problems with sheet and row in their words, when several sheets are read."""
    reasons = place_names(found.problems["reason_nb"], sheet.sheet_names)
    return replace(found, problems=found.problems.with_columns(reasons.alias("reason_nb")))


def weigh(desk: Desk, record: DeliveryResult, content: Content) -> Weighed:
    """Return what a delivery would be: rejected, held or loaded.

    Args:
        desk: What the feed's files are handled with.
        record: The delivery so far.
        content: What it holds.
    """
    feed, found = desk.feed, content.split
    record = replace(
        record,
        encoding=content.sheet.encoding or None,
        lines_total=content.sheet.lines_total,
        layout_rows=content.sheet.layout_rows,
        register_date=register_date(
            feed, Path(record.file_name).name, clock_of(desk, record).received_on
        ),
    )
    promised = desk.contract.tables[feed.table]
    problems = with_found(found.problems, content.sheet, feed, promised, desk.units)
    quarantine = with_row_hashes(problems, content.sheet, desk.key.newest)
    # untimely rows are judged as a set, and a wrong total says nothing about the rows above it;
    # that somebody was deleted is no fault of the file
    n_totals = sum(row.rule_id == WRONG_TOTAL for row in content.sheet.broken)
    n_erased = found.problems.filter(pl.col("rule_id") == ERASED).height
    n_wrong = found.n_quarantined - found.n_untimely - n_totals - n_erased
    if n_wrong * 100 > feed.max_quarantined_pct * found.n_in:
        everything = pl.concat([found.aside, found.valid.select(found.aside.columns)])
        result = replace(
            too_many(record, feed, found),
            n_persons=persons_in([everything], promised),
            **amounts(held_back(everything, promised)),
        )
        return Weighed(result, None, quarantine, content.notes)
    rows = content.spool or sorted_rows(
        found.valid.with_columns(
            pl.lit(record.delivery_id).alias("delivery_id"), pl.lit(feed.id).alias("feed_id")
        )
    )
    result = replace(
        record,
        status="loaded",
        periods=",".join(
            sorted(rows.periods if isinstance(rows, Spool) else rows["period_ym"].unique())
        ),
        rows_in=found.n_in,
        rows_loaded=rows.height,
        rows_quarantined=found.n_quarantined,
        n_persons=persons_in([found.aside, content.spool or found.valid], promised),
        **amounts(held_back(found.aside, promised)),
        rows_duplicate=found.n_duplicate,
    )
    result, told = judged(result, _delivered(desk, record, content), asked=desk.hold)
    return Weighed(result, rows, quarantine, (*content.notes, *told))


def _delivered(desk: Desk, record: DeliveryResult, content: Content) -> DeliveredSet:
    return DeliveredSet(
        con=desk.con,
        contract=desk.contract,
        feed=desk.feed,
        table=desk.contract.tables[desk.feed.table],
        file_name=record.file_name,
        split=content.split,
        sheet=content.sheet,
        received_at=_first_received(desk, record),
        first_month=desk.first_month,
        register_date=record.register_date,
        spool=content.spool,
    )
