"""One large text file for one feed, read part by part, as long as all of it is plain.

Each part is read as a file of its own, under the first part's header, by the same code as any other
file. Where a part sets something aside, repairs or tells something, or where parts would not have
been read alike, nothing is returned, and the file is read whole. So what is returned is what
reading it whole gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.contracts.shapes import Table
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.cell_faults import has_faults
from pipelines.ingest.columns import wanted_headers
from pipelines.ingest.csv_reader import cells_of, read_csv
from pipelines.ingest.half_file import LINE_LIMITS
from pipelines.ingest.header import find_header, wanted_keys
from pipelines.ingest.large.parts import LargeFile, NotPlainError, Part, parts_of
from pipelines.ingest.large.spool import Spool
from pipelines.ingest.large.watch import ColumnWatch
from pipelines.ingest.plausible_time import Clock
from pipelines.ingest.reading import sheet_of
from pipelines.ingest.shapes import SOURCE_ROW, Grid, Note, Sheet
from pipelines.ingest.split import keeps_identical, notes_on, warned
from pipelines.ingest.weighing import Content, Desk, read_content
from pipelines.municipality.feeds import Feed
from pipelines.warehouse.deliveries import DeliveryResult

_MOST_REPEATS = 4
_MOST_PLACES = 100_000
_HINT = "sep="
_DEFINITION = "definition"


def read_large(
    desk: Desk, record: DeliveryResult, file: LargeFile, clock: Clock, spool: Spool
) -> Content | None:
    """Return what a large file holds, its rows in the spool; None when it must be read whole.

    Args:
        desk: What the feed's files are handled with.
        record: The delivery the rows are of.
        file: The file.
        clock: What the times of its rows are held against.
        spool: Where its rows are kept; without any.
    """
    table = desk.contract.tables[desk.feed.table]
    if not _may_be_parted(desk.feed, table):
        return None
    watch = ColumnWatch()
    reader = _Reader(replace(desk, watch=watch), table, record.file_name, clock)
    try:
        for grid, n_head in _grids(file, desk.feed):
            rows = reader.read(grid, n_head)
            spool.add(
                rows.with_columns(
                    pl.lit(record.delivery_id).alias("delivery_id"),
                    pl.lit(desk.feed.id).alias("feed_id"),
                )
            )
        watch.check()
        if not file.is_unchanged() or _has_twins(spool, desk.feed, table):
            return None
        return reader.content(spool)
    except (NotPlainError, DeliveryRejectedError):
        return None


def _may_be_parted(feed: Feed, table: Table) -> bool:
    """Return whether no row of a file says anything about another one."""
    layout = feed.layout
    is_one_by_one = not (layout.group_row or layout.fill_down or layout.required_end)
    is_plain = layout.surplus_fields == "quarantine" and not feed.melt and not feed.not_personal
    return (
        is_one_by_one
        and is_plain
        and not feed.reconcile
        and feed.contract != FIRST_CONTRACT
        and _DEFINITION not in table.column_names
    )


def _grids(file: LargeFile, feed: Feed) -> Iterator[tuple[Grid, int]]:
    """Yield the parts' cells below the rows down to the header, and how many of those are lent.

    Raises:
        NotPlainError, DeliveryRejectedError: the file must be read whole.
    """
    wanted, separator = wanted_headers(feed), ""
    head: pl.DataFrame | None = None
    for part, is_last in _with_last(parts_of(file)):
        text = part.decoded.text
        if head is None:
            if text[: len(_HINT)].casefold() == _HINT:
                raise NotPlainError
            grid = read_csv(part.decoded, wanted_keys(wanted), feed.separator)
            header = find_header(grid, wanted, feed.layout.header_rows)
            head, separator = grid.cells.head(header.first + header.height), grid.separator
            cells, n_lent = grid.cells, 0
        else:
            n_lent = head.height
            cells = pl.concat([head, _as_wide(cells_of(text, separator, part.first_line), head)])
        is_cut = is_last and not text.endswith(("\n", "\r"))
        yield Grid(cells, part.decoded.encoding, cut=is_cut, separator=separator), n_lent


def _as_wide(cells: pl.DataFrame, head: pl.DataFrame) -> pl.DataFrame:
    more = [name for name in head.columns if name not in cells.columns]
    if cells.width + len(more) != head.width:
        raise NotPlainError
    return cells.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in more).select(
        head.columns
    )


def _with_last(parts: Iterator[Part]) -> Iterator[tuple[Part, bool]]:
    waiting = next(parts, None)
    while waiting is not None:
        following = next(parts, None)
        yield waiting, following is None
        waiting = following


@dataclass
class _Reader:
    """Reads the parts, and remembers what must be alike in all of them."""

    desk: Desk
    table: Table
    file_name: str
    clock: Clock
    first: Content | None = None
    alike: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        self._n_lines = self._n_layout = self._n_rows = 0
        self._codes: dict[str, frozenset[str]] = {}
        self._warned: dict[str, int] = {}
        self._like_first: list[int] = []
        self._opening: tuple[str | None, ...] = ()

    def read(self, grid: Grid, n_lent: int) -> pl.DataFrame:
        """Return the rows of a part, ready but for what they are a delivery of.

        Args:
            grid: Its cells.
            n_lent: How many of the first rows are the first part's.

        Raises:
            NotPlainError: something in it can only be told from the whole file.
        """
        if has_faults(grid.cells, grid.columns):
            raise NotPlainError
        sheet = sheet_of(grid, self.desk.feed, wanted_headers(self.desk.feed))
        content = read_content(self.desk, self.file_name, sheet, self.clock)
        found = content.split
        told = tuple(note for note in content.notes if note not in found.notes)
        if sheet.broken or sheet.printed_totals.height or found.problems.height:
            raise NotPlainError
        if found.n_duplicate or found.n_quarantined or found.n_untimely:
            raise NotPlainError
        if self.first is None:
            self.first = replace(content, sheet=replace(sheet, rows=sheet.rows.clear()))
            self.alike = told
        self._must_be_like(self.first.sheet, sheet, told)
        self._count(sheet, content, n_lent)
        return found.valid

    def content(self, spool: Spool) -> Content:
        """Return what the whole file holds.

        Raises:
            NotPlainError: it has no part, or as many lines as a spreadsheet.
        """
        limits = {*LINE_LIMITS, *(limit - 1 for limit in LINE_LIMITS)}
        if self.first is None or {self._n_lines, self._n_rows} & limits or self._is_repeated():
            raise NotPlainError
        notes = notes_on(self._warned, self.table)
        first = self.first
        return Content(
            sheet=replace(first.sheet, lines_total=self._n_lines, layout_rows=self._n_layout),
            split=replace(
                first.split, valid=first.split.valid.clear(), n_in=self._n_rows, notes=notes
            ),
            notes=(*self.alike, *notes),
            codes=self._codes,
            spool=spool,
        )

    def _must_be_like(self, first: Sheet, sheet: Sheet, told: tuple[Note, ...]) -> None:
        is_alike = (
            sheet.rows.columns == first.rows.columns
            and sheet.named_columns == first.named_columns
            and sheet.dropped.equals(first.dropped)
            and told == self.alike
        )
        if not is_alike:
            raise NotPlainError

    def _count(self, sheet: Sheet, content: Content, n_lent: int) -> None:
        self._n_lines += sheet.lines_total - n_lent
        self._n_layout += sheet.layout_rows - n_lent
        for system, codes in content.codes.items():
            self._codes[system] = self._codes.get(system, frozenset()) | codes
        if content.split.notes:
            for rule, n in warned(content.split.valid, self.table).items():
                self._warned[rule] = self._warned.get(rule, 0) + n
        cells = sheet.rows.drop(SOURCE_ROW)
        if not self._n_rows:
            self._opening = cells.row(0)
        is_like = pl.all_horizontal(
            pl.col(name).eq_missing(pl.lit(cell, dtype=pl.String))
            for name, cell in zip(cells.columns, self._opening, strict=True)
        )
        places = cells.select(is_like.arg_true()).to_series() + self._n_rows
        self._like_first += places.to_list()
        if len(self._like_first) > _MOST_PLACES:
            raise NotPlainError
        self._n_rows += sheet.rows.height

    def _is_repeated(self) -> bool:
        """Return whether the file may be its own rows several times over."""
        blocks = {
            self._n_rows // times
            for times in range(2, _MOST_REPEATS + 1)
            if not self._n_rows % times
        }
        return not blocks.isdisjoint(self._like_first)


def _has_twins(spool: Spool, feed: Feed, table: Table) -> bool:
    """Return whether rows of different parts repeat each other, or have the same key."""
    keys = [rule.columns for rule in table.rules if rule.kind == "unique_key"]
    if not keeps_identical(feed, table):
        keys.append(tuple(table.column_names))
    return any(spool.has_equal(key) for key in keys)
