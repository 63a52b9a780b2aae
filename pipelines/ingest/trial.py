"""Files tried: everything that would become of them, and nothing kept.

The way is that of a delivery (``reading``, ``weighing``), beside a warehouse in memory that is gone
afterwards. Several files are tried together in the order they would be read, so that a list of
units tried with the others is what their units are looked up in.

What is told of a column's values is decided in ``trial_columns``, what figures and codes come to in
``trial_counts``. Nothing is printed here.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import cast

import duckdb
import polars as pl

from pipelines.contracts.organisation import FIRST_CONTRACT, in_reading_order
from pipelines.contracts.shapes import Contract, Table
from pipelines.desk.personal_identifiers import masked
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.assemble import Assembled
from pipelines.ingest.codes_read import CodeBook
from pipelines.ingest.columns import HeaderFinder, wanted_headers
from pipelines.ingest.inbox import inbox_files
from pipelines.ingest.not_counted import reason_of
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.reading import kind_of, read_sheet, read_stable
from pipelines.ingest.run import matches, patterns_match
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.trial_columns import TriedColumn, tried_columns
from pipelines.ingest.trial_counts import sums_of, unknown_codes
from pipelines.ingest.tried import Lacking, ReadAs, RowsByFate, SetAsideRow, Trial, TriedFile
from pipelines.ingest.units import UnitIndex
from pipelines.ingest.weighing import (
    Content,
    Desk,
    Weighed,
    clock_of,
    judge_rows,
    new_record,
    shape_rows,
    weigh,
)
from pipelines.municipality.feeds import Feed
from pipelines.municipality.model import Municipality
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.warehouse.left_out import in_words
from pipelines.warehouse.load import insert_frame
from pipelines.warehouse.schema import create_tables
from pipelines.words.messages import say

_KEY_BYTES = 32


@dataclass(frozen=True)
class EveryUnit(UnitIndex):
    """Units where no list of them is at hand: every code stands for itself."""

    def resolve(self, codes: pl.Series, days: pl.DataFrame, system: str) -> pl.Series:
        """Return the codes as they are; nothing is known of them."""
        return codes


def try_files(
    municipality: Municipality,
    contracts: Mapping[str, Contract],
    files: Sequence[TriedFile],
    *,
    feed_id: str | None = None,
    registers: Sequence[TriedFile] = (),
) -> list[Trial]:
    """Return what would become of files, in the order they would be read.

    Args:
        municipality: Its feeds say how files are read.
        contracts: The source contracts by id.
        files: The files.
        feed_id: Read every file by this feed, whatever its name.
        registers: Files of units to look up in, told of nowhere, when none of ``files`` is one.
    """
    with duckdb.connect(":memory:") as con:
        create_tables(con, contracts)
        bench = _Bench(con, municipality, contracts)
        pairs = bench.pairs(files, feed_id)
        if not any(feed.contract == FIRST_CONTRACT for _, feed in pairs):
            for file, feed in bench.pairs(registers, None):
                if feed.contract == FIRST_CONTRACT:
                    bench.tried(file, feed)
        known = {id(file) for file, _ in pairs}
        strangers = [_stranger(file, municipality.feeds) for file in files if id(file) not in known]
        return [*(bench.tried(file, feed) for file, feed in pairs), *strangers]


def registers_in(municipality: Municipality, paths: Paths) -> list[TriedFile]:
    """Return the files in the inbox that are lists of units; those that cannot be read are not.

    Args:
        municipality: Its feeds say which files they are.
        paths: Its folders.
    """
    feeds = [feed for feed in municipality.feeds if feed.contract == FIRST_CONTRACT]
    found = []
    for file in inbox_files(paths):
        if any(matches(feed, file) for feed in feeds):
            with suppress(DeliveryRejectedError):
                found.append(TriedFile(file.name, read_stable(file.path)))
    return found


class _Bench:
    """What files are tried at: an empty warehouse in memory and keys that nobody keeps."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        municipality: Municipality,
        contracts: Mapping[str, Contract],
    ) -> None:
        self._con, self._municipality, self._contracts = con, municipality, contracts
        self._key = Keys((secrets.token_bytes(_KEY_BYTES),))

    def pairs(
        self, files: Sequence[TriedFile], feed_id: str | None
    ) -> list[tuple[TriedFile, Feed]]:
        """Return each file with each feed that reads it, in reading order."""
        order = in_reading_order(self._contracts)
        feeds = sorted(self._municipality.feeds, key=lambda feed: order.index(feed.contract))
        return [
            (file, feed)
            for feed in feeds
            for file in sorted(files, key=lambda each: each.name)
            if (feed.id == feed_id if feed_id else patterns_match(feed, file.name))
        ]

    def tried(self, file: TriedFile, feed: Feed) -> Trial:
        """Return what would become of a file; its rows are there for the files after it."""
        desk = self._desk(feed)
        name = masked(PurePosixPath(file.name).name)
        record = new_record(desk, name, file.raw)
        told = Trial(name, feed.id, f"{feed.contract}.{feed.table}", "rejected")
        sheet, shaped = None, None
        try:
            sheet = read_sheet(file.raw, feed)
            told = _read_as(told, file.raw, feed, sheet)
            clock = clock_of(desk, record)
            shaped = shape_rows(desk, name, sheet, clock)
            content = judge_rows(desk, sheet, shaped, clock)
        except DeliveryRejectedError as refused:
            lacking = _lacking(feed, desk.contract.tables[feed.table], sheet, None)
            return replace(told, reason_nb=reason_of(name, refused), lacking=lacking)
        weighed = weigh(desk, record, content)
        self._keep(desk, weighed)
        return _told(told, desk, shaped, content, weighed)

    def _desk(self, feed: Feed) -> Desk:
        units = UnitIndex.load(self._con)
        if feed.contract == FIRST_CONTRACT:
            units = replace(units, fingerprint="")
        elif units.codes.is_empty():
            units = EveryUnit(units.codes, units.fingerprint)
        return Desk(
            con=self._con,
            paths=Paths(self._municipality.folder),  # of a desk where nothing is kept: not used
            contract=self._contracts[feed.contract],
            feed=feed,
            units=units,
            book=CodeBook.of(units, self._key.first),
            key=self._key,
            first_month=self._municipality.first_month,
        )

    def _keep(self, desk: Desk, weighed: Weighed) -> None:
        if not isinstance(weighed.rows, pl.DataFrame) or weighed.result.status != "loaded":
            return
        record = pl.DataFrame([asdict(weighed.result)], infer_schema_length=None)
        insert_frame(self._con, "ops.deliveries", record)
        insert_frame(self._con, f"{desk.contract.id}.{desk.feed.table}", weighed.rows)


def _told(told: Trial, desk: Desk, shaped: Assembled, content: Content, weighed: Weighed) -> Trial:
    feed, table, result = desk.feed, desk.contract.tables[desk.feed.table], weighed.result
    columns = tried_columns(content.sheet, shaped, feed, table, desk.units)
    return replace(
        told,
        status=result.status,
        reason_nb=result.reason_nb,
        columns=columns,
        lacking=_lacking(feed, table, content.sheet, columns),
        rows=_rows(result, content),
        set_aside=tuple(_set_aside(weighed.quarantine)),
        duplicates=tuple(content.split.duplicate_rows.to_list()),
        dropped=tuple(in_words(row) for row in content.sheet.dropped.to_dicts()),
        sums=sums_of(content, feed, table),
        unknown=unknown_codes(weighed.quarantine, table),
        units_nb=_units_nb(desk.units, feed),
        notes=tuple(note.message_nb for note in weighed.notes),
    )


def _rows(result: DeliveryResult, content: Content) -> RowsByFate:
    found = content.split
    return {
        "rows_in": found.n_in,
        "rows_loaded": found.valid.height,
        "rows_quarantined": found.n_quarantined,
        "rows_duplicate": found.n_duplicate,
        "periods": result.periods,
    }


def _set_aside(quarantine: pl.DataFrame) -> Iterator[SetAsideRow]:
    names = (SOURCE_ROW, "column_name", "rule_id", "reason_nb", "found_nb")
    for row in quarantine.select(names).iter_rows(named=True):
        yield cast("SetAsideRow", row)


def _read_as(told: Trial, raw: bytes, feed: Feed, sheet: Sheet) -> Trial:
    headers = sheet.dropped.filter(pl.col("kind") == "header")[SOURCE_ROW].unique().sort()
    used = {name for names in wanted_headers(feed) for name in names}
    finder = HeaderFinder(sheet.named_columns)
    found = {finder.find(name) for name in (*used, *feed.ignore_columns)}
    return replace(
        told,
        read_as=ReadAs(
            format=kind_of(raw, feed),
            encoding=sheet.encoding or None,
            separator=sheet.separator or None,
            sheets=list(sheet.sheets_read),
            header_rows=headers.to_list(),
            lines_total=sheet.lines_total,
            lines_left_out=sheet.layout_rows,
        ),
        headers=tuple(sheet.named_columns),
        unread=tuple(name for name in sheet.named_columns if name not in found),
    )


def _lacking(
    feed: Feed, table: Table, sheet: Sheet | None, columns: Sequence[TriedColumn] | None
) -> tuple[Lacking, ...]:
    """Return the contract's columns that get nothing, and what the feed says of each."""
    filled = {column.name for column in columns or () if column.n_filled}
    found = []
    for column in table.columns:
        mapping = feed.columns.get(column.name)
        names = list(mapping.file_columns) if mapping else []
        if columns is None and sheet is not None:
            absent = bool(names) and not {*names} & {*sheet.named_columns}
        else:
            absent = column.name not in filled
        if absent and (columns is not None or sheet is not None):
            found.append(
                Lacking(
                    column_name=column.name,
                    is_required=column.required,
                    is_mapped=mapping is not None,
                    file_columns=names,
                )
            )
    return tuple(found)


def _units_nb(units: UnitIndex, feed: Feed) -> str | None:
    if feed.contract == FIRST_CONTRACT:
        return None
    if isinstance(units, EveryUnit):
        return say("ingest.trial.units_not_looked_up")
    return say("ingest.trial.units_looked_up", n_units=len(set(units.codes["unit_id"])))


def _stranger(file: TriedFile, feeds: Sequence[Feed]) -> Trial:
    patterns = ", ".join(sorted({pattern for feed in feeds for pattern in feed.files}))
    name = masked(PurePosixPath(file.name).name)
    refused = DeliveryRejectedError(
        "no_feed",
        say("ingest.run.no_feed_fits", patterns=patterns or "ingen"),
        where=name,
        way_out=say("ingest.trial.name_a_feed", feeds=", ".join(feed.id for feed in feeds)),
    )
    return Trial(name, None, "", "no_feed", refused.text)
