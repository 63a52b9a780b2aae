"""One file for one feed, from bytes to the ledger: read, split, landed, loaded, recorded.

Which files there are and in which order they are taken is decided in ``run``.
"""

from dataclasses import asdict, replace

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.in_force import Table as SourceTable
from pipelines.ingest.in_force import refresh
from pipelines.ingest.inbox import InboxFile
from pipelines.ingest.known import (
    Decision,
    Received,
    counts_of,
    decide,
    same_content_nb,
)
from pipelines.ingest.landing import LandedFile, finish, write_landing
from pipelines.ingest.large.landing import write_spooled
from pipelines.ingest.large.parts import LargeFile, large_file, whole_of
from pipelines.ingest.large.reading import read_large
from pipelines.ingest.large.spool import Spool, new_spool
from pipelines.ingest.lost_rows import lost_periods
from pipelines.ingest.not_counted import reason_of
from pipelines.ingest.patience import patiently
from pipelines.ingest.reading import read_sheet, read_stable
from pipelines.ingest.shapes import Sheet
from pipelines.ingest.weighing import Content, Desk, clock_of, new_record, read_content, weigh
from pipelines.warehouse.deliveries import (
    DeliveryResult,
    reason_code_of,
    record_delivery,
    status_of,
)
from pipelines.warehouse.records import as_text
from pipelines.warehouse.transaction import transaction


def deliver(desk: Desk, file: InboxFile) -> DeliveryResult | None:
    """Take in one file for one feed; None when it has been taken in before.

    Everything about the delivery goes into the warehouse in one transaction, after its rows are
    safe in landing. A file that is refused is recorded too, with the reason.
    """
    raw: bytes | LargeFile
    try:
        raw = patiently(lambda: large_file(file.path, desk.feed) or read_stable(file.path))
    except DeliveryRejectedError as refused:
        record = new_record(desk, file.name, b"")
        told = _decide(desk, record)
        return None if told.action == "skip" else _refuse(desk, record, refused, None)
    record = new_record(desk, file.name, raw)
    known = _decide(desk, record)
    if known.action == "skip":
        return None
    if known.action == "duplicate":
        return _note_duplicate(desk, record, known.duplicate_of)
    held = known.duplicate_of if known.action == "judge" else None
    if held and desk.hold:
        return None  # nothing is let in while somebody only looks
    if isinstance(raw, LargeFile):
        with new_spool(desk.paths, record.delivery_id) as spool:
            content = read_large(desk, record, raw, clock_of(desk, record), spool)
            if content is not None:
                return _store(desk, record, content, held)
    return _take_whole(desk, file, record, raw, held)


def _note_duplicate(desk: Desk, record: DeliveryResult, of: str | None) -> DeliveryResult:
    counts = counts_of(desk.con, of)
    same = replace(
        record,
        **counts,
        rows_duplicate=counts["rows_in"],
        status="duplicate",
        duplicate_of=of,
        reason_code="same_content",
        reason_nb=same_content_nb(desk.con, of),
    )
    with transaction(desk.con):
        record_delivery(desk.con, desk.paths, same)
    return same


def _take_whole(
    desk: Desk, file: InboxFile, record: DeliveryResult, raw: bytes | LargeFile, held: str | None
) -> DeliveryResult | None:
    """Take in a file that is read in one piece."""
    sheet = None
    try:
        whole = raw if isinstance(raw, bytes) else whole_of(raw)
        sheet = read_sheet(whole, desk.feed)
        content = read_content(desk, file.name, sheet, clock_of(desk, record))
    except DeliveryRejectedError as refused:
        return _refuse(desk, record, refused, sheet)
    return _store(desk, record, content, held)


def _decide(desk: Desk, record: DeliveryResult) -> Decision:
    sha256 = record.file_sha256
    same = record.content_id or sha256
    file = Received(desk.feed.id, record.file_name, sha256, same, record.fingerprint)
    lost = lost_periods(desk.con, desk.paths)
    return decide(desk.con, file, lambda read: desk.book.still_means(desk.con, read), lost)


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
    desk: Desk, record: DeliveryResult, content: Content, held: str | None
) -> DeliveryResult | None:
    feed, weighed = desk.feed, weigh(desk, record, content)
    result, rows = weighed.result, weighed.rows
    dropped = content.sheet.dropped
    if rows is None:
        with transaction(desk.con):
            record_delivery(
                desk.con, desk.paths, result, weighed.notes,
                quarantine=weighed.quarantine, dropped_rows=dropped,
            )  # fmt: skip
        return result
    if held and result.status == "held" and result.reason_code == reason_code_of(desk.con, held):
        return None
    where = (desk.paths, desk.contract.id, feed.table, record.delivery_id)
    about, at_hand = as_text(asdict(result)), dict[str, pl.DataFrame]()
    if isinstance(rows, Spool):
        landed = write_spooled(*where, rows, about)
    else:
        landed = write_landing(*where, rows, about)
        at_hand = {record.delivery_id: rows}
    table = SourceTable(desk.contract.id, feed.table, feed.id)
    with transaction(desk.con):
        record_delivery(
            desk.con,
            desk.paths,
            result,
            weighed.notes,
            quarantine=weighed.quarantine,
            dropped_rows=dropped,
            codes_read=desk.book.read_by(content.codes),
            landing_files=pl.DataFrame(landed, schema=list(LandedFile._fields), orient="row"),
        )
        refresh(desk.con, desk.paths, table, at_hand)
    finish(desk.paths, record.delivery_id)
    return replace(result, status=status_of(desk.con, record.delivery_id))
