"""One file for one feed, from bytes to the ledger: read, split, landed, loaded, recorded.

Which files there are and in which order they are taken is decided in ``run``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.shapes import Contract
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.assemble import Inputs, assemble
from pipelines.ingest.codes_read import CodeBook
from pipelines.ingest.definitions import set_aside_two_definitions
from pipelines.ingest.delivered_set import DeliveredSet
from pipelines.ingest.erased import ERASED, erased_persons, set_aside_erased
from pipelines.ingest.found import amounts, held_back, with_found
from pipelines.ingest.holding import judged
from pipelines.ingest.in_force import Table as SourceTable
from pipelines.ingest.in_force import refresh
from pipelines.ingest.inbox import InboxFile
from pipelines.ingest.known import (
    Decision,
    Received,
    counts_of,
    decide,
    fingerprint,
    first_received,
    same_content_nb,
)
from pipelines.ingest.landing import LandedFile, finish, sorted_rows, write_landing
from pipelines.ingest.left_out import WRONG_TOTAL, with_valueless
from pipelines.ingest.lost_rows import lost_periods
from pipelines.ingest.many_sheets import place_names
from pipelines.ingest.not_counted import reason_of, too_many
from pipelines.ingest.periods import content_id, file_period, register_date, with_period
from pipelines.ingest.plausible_time import Clock, check_file_period, set_aside_implausible
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.reading import read_sheet, read_stable
from pipelines.ingest.reconcile import check_totals
from pipelines.ingest.row_hashes import with_row_hashes
from pipelines.ingest.shapes import Note, Sheet
from pipelines.ingest.split import Split, split
from pipelines.ingest.units import UnitIndex
from pipelines.municipality.feeds import Feed
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import (
    DeliveryResult,
    next_seq,
    reason_code_of,
    record_delivery,
    status_of,
    transaction,
)
from pipelines.warehouse.records import as_text


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


@dataclass(frozen=True)
class _Content:
    sheet: Sheet
    split: Split
    notes: tuple[Note, ...]
    codes: Mapping[str, frozenset[str]]


def deliver(desk: Desk, file: InboxFile) -> DeliveryResult | None:
    """Take in one file for one feed; None when it has been taken in before.

    Everything about the delivery goes into the warehouse in one transaction, after its rows are
    safe in landing. A file that is refused is recorded too, with the reason.
    """
    feed = desk.feed
    try:
        raw = read_stable(file.path)
    except DeliveryRejectedError as refused:
        record = _empty_record(desk, file, b"")
        told = _decide(desk, record)
        return None if told.action == "skip" else _refuse(desk, record, refused, None)
    record = _empty_record(desk, file, raw)
    known = _decide(desk, record)
    if known.action == "skip":
        return None
    if known.action == "duplicate":
        lines_total, layout_rows, rows_in = counts_of(desk.con, known.duplicate_of)
        same = replace(
            record,
            lines_total=lines_total,
            layout_rows=layout_rows,
            rows_in=rows_in,
            rows_duplicate=rows_in,
            status="duplicate",
            duplicate_of=known.duplicate_of,
            reason_code="same_content",
            reason_nb=same_content_nb(desk.con, known.duplicate_of),
        )
        with transaction(desk.con):
            record_delivery(desk.con, desk.paths, same)
        return same
    held = known.duplicate_of if known.action == "judge" else None
    if held and desk.hold:
        return None  # nothing is let in while somebody only looks
    sheet = None
    try:
        sheet = read_sheet(raw, feed)
        content = _read(desk, file, sheet, _clock(desk, record))
    except DeliveryRejectedError as refused:
        return _refuse(desk, record, refused, sheet)
    return _store(desk, record, content, held)


def _decide(desk: Desk, record: DeliveryResult) -> Decision:
    sha256 = record.file_sha256
    same = record.content_id or sha256
    file = Received(desk.feed.id, record.file_name, sha256, same, record.fingerprint)
    lost = lost_periods(desk.con, desk.paths)
    return decide(desk.con, file, lambda read: desk.book.still_means(desk.con, read), lost)


def _empty_record(desk: Desk, file: InboxFile, raw: bytes) -> DeliveryResult:
    seq = next_seq(desk.con)
    sha256 = hashlib.sha256(raw).hexdigest()
    return DeliveryResult(
        delivery_id=f"D{seq:06d}",
        seq=seq,
        contract_id=desk.contract.id,
        table_name=desk.feed.table,
        feed_id=desk.feed.id,
        file_name=file.name,
        file_sha256=sha256,
        content_id=content_id(desk.feed, Path(file.name).name, sha256),
        size_bytes=len(raw),
        received_at=datetime.now(UTC).replace(tzinfo=None),
        contract_version=desk.contract.version,
        fingerprint=fingerprint(desk.contract, desk.feed, desk.units.fingerprint),
        status="rejected",
    )


def _clock(desk: Desk, record: DeliveryResult) -> Clock:
    return Clock(_first_received(desk, record).date(), desk.first_month)


def _first_received(desk: Desk, record: DeliveryResult) -> datetime:
    return first_received(desk.con, record) or record.received_at


def _read(desk: Desk, file: InboxFile, sheet: Sheet, clock: Clock) -> _Content:
    table = desk.contract.tables[desk.feed.table]
    period = file_period(desk.feed, Path(file.name).name)
    check_file_period(period, table, clock)
    assembled = assemble(sheet, Inputs(desk.feed, table, desk.units, desk.key, period))
    assembled = replace(assembled, rows=with_period(assembled.rows, desk.feed, period))
    result = split(sheet, assembled, desk.feed, table)
    result = set_aside_erased(result, table, erased_persons(desk.con, desk.key))
    result = set_aside_implausible(result, desk.feed, table, clock)
    result = _by_sheet(set_aside_two_definitions(result, table), sheet)
    totals = check_totals(sheet, desk.feed, table)
    sheet = replace(sheet, dropped=with_valueless(sheet, assembled.rows))
    notes = (*sheet.notes, *assembled.notes, *result.notes, *totals)
    return _Content(sheet, result, notes, assembled.codes)


def _by_sheet(found: Split, sheet: Sheet) -> Split:
    """Return the problems with sheet and row in their words, when several sheets are read."""
    reasons = place_names(found.problems["reason_nb"], sheet.sheet_names)
    return replace(found, problems=found.problems.with_columns(reasons.alias("reason_nb")))


def _refuse(
    desk: Desk, record: DeliveryResult, refused: DeliveryRejectedError, sheet: Sheet | None
) -> DeliveryResult:
    result = replace(
        record,
        reason_code=refused.code,
        reason_nb=reason_of(record.file_name, refused),
        encoding=sheet.encoding if sheet else None,
        lines_total=sheet.lines_total if sheet else 0,
        layout_rows=sheet.layout_rows if sheet else 0,
    )
    with transaction(desk.con):
        record_delivery(
            desk.con,
            desk.paths,
            result,
            dropped_rows=sheet.dropped if sheet else pl.DataFrame(),
        )
    return result


def _store(
    desk: Desk, record: DeliveryResult, content: _Content, held: str | None
) -> DeliveryResult | None:
    feed, found = desk.feed, content.split
    record = replace(
        record,
        encoding=content.sheet.encoding or None,
        lines_total=content.sheet.lines_total,
        layout_rows=content.sheet.layout_rows,
        register_date=register_date(
            feed, Path(record.file_name).name, _clock(desk, record).received_on
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
        result = replace(too_many(record, feed, found), **amounts(held_back(everything, promised)))
        with transaction(desk.con):
            record_delivery(
                desk.con,
                desk.paths,
                result,
                content.notes,
                quarantine=quarantine,
                dropped_rows=content.sheet.dropped,
            )
        return result
    rows = sorted_rows(
        found.valid.with_columns(
            pl.lit(record.delivery_id).alias("delivery_id"), pl.lit(feed.id).alias("feed_id")
        )
    )
    result = replace(
        record,
        status="loaded",
        periods=",".join(sorted(rows["period_ym"].unique().to_list())),
        rows_in=found.n_in,
        rows_loaded=rows.height,
        rows_quarantined=found.n_quarantined,
        **amounts(held_back(found.aside, promised)),
        rows_duplicate=found.n_duplicate,
    )
    result, told = judged(result, _delivered(desk, record, content), asked=desk.hold)
    if held and result.status == "held" and result.reason_code == reason_code_of(desk.con, held):
        return None
    landed = write_landing(
        desk.paths, desk.contract.id, feed.table, record.delivery_id, rows, as_text(asdict(result))
    )
    table = SourceTable(desk.contract.id, feed.table, feed.id)
    with transaction(desk.con):
        record_delivery(
            desk.con,
            desk.paths,
            result,
            (*content.notes, *told),
            quarantine=quarantine,
            dropped_rows=content.sheet.dropped,
            codes_read=desk.book.read_by(content.codes),
            landing_files=pl.DataFrame(landed, schema=list(LandedFile._fields), orient="row"),
        )
        refresh(desk.con, desk.paths, table, {record.delivery_id: rows})
    finish(desk.paths, record.delivery_id)
    return replace(result, status=status_of(desk.con, record.delivery_id))


def _delivered(desk: Desk, record: DeliveryResult, content: _Content) -> DeliveredSet:
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
    )
