"""What has come, month by month, and whether the figures can be trusted: rows and figures only.

A line is what one table gets from the feeds that follow each other; two feeds that tell of the same
months are two lines. Nobody says what is agreed, so it is taken from what has come: a line that has
nearly every month between its first and last is monthly, and a month that it lacks is missing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.context import Context
from dashboards.reports.quality_checks import checks, this_run
from dashboards.reports.quality_files import adds_up

Row = dict[str, Any]
_COLUMNS = (
    "delivery_id", "contract_id", "table_name", "feed_id", "file_name", "status", "duplicate_of",
    "periods", "rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate", "seq",
)  # fmt: skip
_CAME = ("loaded", "superseded")
_MONTHLY_SHARE = 0.8
_MUCH_ASIDE = 0.01
_DECEMBER = 12
YES, RESERVED, NO = "yes", "reserved", "no"


@dataclass(frozen=True)
class Column:
    """A year, or a month of the last year.

    Attributes:
        first: Its first month.
        months: The months in it.
        is_year: Whether it is a whole year.
    """

    first: date
    months: frozenset[date]
    is_year: bool


@dataclass(frozen=True)
class Cell:
    """What came of a line in a column.

    Attributes:
        has_come: Whether anything did.
        n_missing: Months that should have come.
        n_aside: Rows held back.
        is_restated: A later file replaced one.
        is_twice: The same file came twice.
    """

    has_come: bool
    n_missing: int
    n_aside: int
    is_restated: bool
    is_twice: bool

    @property
    def state(self) -> str:
        """What the cell is drawn as; empty where nothing was to come."""
        if self.n_missing:
            return "missing"
        if self.is_restated:
            return "restated"
        if self.n_aside:
            return "aside"
        return "read" if self.has_come else ""


@dataclass(frozen=True)
class Line:
    """What one table gets from feeds that follow each other.

    Attributes:
        contract_id: The source.
        feeds: The municipality's feeds.
        is_alone: Whether it is the table's only line.
        cells: One per column.
    """

    contract_id: str
    feeds: tuple[str, ...]
    is_alone: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Came:
    """What has come.

    Attributes:
        columns: Years, then the months of the last year.
        lines: What tells of months.
        others: Files that tell of no month: contract, files, rows, rows held back.
        files: Every file.
        promises: The checks of the newest run.
    """

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    others: tuple[tuple[str, int, int, int], ...]
    files: tuple[Row, ...]
    promises: tuple[Row, ...]

    @property
    def broken(self) -> list[Row]:
        """Promises that were broken in the newest run."""
        return [row for row in self.promises if not row["success"]]

    def total(self, column: str) -> int:
        """Return the sum of a count over all files."""
        return sum(row[column] or 0 for row in self.files)

    def missing(self, *, in_last_year: bool) -> int:
        """Return how many months are missing, of the last year or of the years before."""
        return sum(
            cell.n_missing
            for line in self.lines
            for column, cell in zip(self.columns, line.cells, strict=True)
            if column.is_year is not in_last_year
        )

    @property
    def waiting(self) -> list[Row]:
        """Files that are held, or refused and not delivered again under their name."""
        loaded = {row["file_name"]: row["seq"] for row in self.files if row["status"] in _CAME}
        return [
            row
            for row in self.files
            if row["status"] == "held"
            or (row["status"] == "rejected" and loaded.get(row["file_name"], 0) < row["seq"])
        ]

    @property
    def answer(self) -> str:
        """Whether the figures can be trusted: ``yes``, ``reserved`` or ``no``."""
        is_broken = any(row["severity"] == "error" for row in self.broken)
        off = any(not adds_up(row) for row in self.files if row["status"] in _CAME)
        if is_broken or off or self.missing(in_last_year=True):
            return NO
        much = self.total("rows_quarantined") > _MUCH_ASIDE * self.total("rows_in")
        if self.waiting or much or self.missing(in_last_year=False):
            return RESERVED
        return YES


def came(context: Context) -> Came:
    """Return what has come; the reader may see all units."""
    rows = context.rows("mart_deliveries", _COLUMNS, order_by=("seq",))
    (who,) = context.rows("mart_municipality", ("last_month",))
    told = [row for row in rows if months_of(row["periods"])]
    columns = columns_of(told, who["last_month"])
    others: dict[str, list[Row]] = {}
    for row in rows:
        if row["periods"] == "all" and row["status"] in _CAME:
            others.setdefault(row["contract_id"], []).append(row)
    found = checks(context)
    return Came(
        columns,
        tuple(lines_of(rows, columns, who["last_month"])),
        tuple(
            (
                contract,
                len({row["file_name"] for row in files}),
                sum(row["rows_in"] or 0 for row in files),
                sum(row["rows_quarantined"] or 0 for row in files),
            )
            for contract, files in others.items()
        ),
        tuple(rows),
        tuple(this_run(found) if found else ()),
    )


def months_of(periods: str | None) -> frozenset[date]:
    """Return the months a delivery tells of; none for a register.

    The accounts' opening and closing periods (0, 13 and on) are of the year's first and last month.
    """
    if not periods or periods == "all":
        return frozenset()
    parts = ([int(part) for part in each.split("-")] for each in periods.split(","))
    return frozenset(date(year, min(max(month, 1), _DECEMBER), 1) for year, month in parts)


def columns_of(rows: Sequence[Row], until: date | None) -> tuple[Column, ...]:
    """Return the years before the last one, and its months until the last with figures."""
    every = {month for row in rows for month in months_of(row["periods"])}
    if not every:
        return ()
    last = max(every) if until is None else max(max(every), until)
    years = [
        Column(date(year, 1, 1), _span(date(year, 1, 1), date(year, 12, 1)), is_year=True)
        for year in range(min(every).year, last.year)
    ]
    months = sorted(_span(date(last.year, 1, 1), last))
    return (*years, *(Column(each, frozenset({each}), is_year=False) for each in months))


def _span(first: date, last: date) -> frozenset[date]:
    n = (last.year - first.year) * 12 + last.month - first.month
    starts = (first.month - 1 + place for place in range(n + 1))
    return frozenset(date(first.year + each // 12, each % 12 + 1, 1) for each in starts)


def lines_of(rows: Sequence[Row], columns: Sequence[Column], until: date | None) -> Iterable[Line]:
    """Return the lines of the calendar; arguments as of :func:`came`'s own rows and columns."""
    feeds: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if months_of(row["periods"]) and row["contract_id"]:
            feeds.setdefault((row["contract_id"], row["table_name"], row["feed_id"]), []).append(
                row
            )
    for contract, table in dict.fromkeys(key[:2] for key in feeds):
        mine = {key[2]: found for key, found in feeds.items() if key[:2] == (contract, table)}
        groups = _that_follow(mine)
        reaches = [max(_covered(group), default=date.min) for group in groups.values()]
        for (names, group), reach in zip(groups.items(), reaches, strict=True):
            # what ended before the others ended by agreement
            end = max(reach, until or reach) if reach == max(reaches) else reach
            cells = tuple(_cells(group, rows, columns, end))
            yield Line(contract, names, len(groups) == 1, cells)


def _that_follow(feeds: dict[str, list[Row]]) -> dict[tuple[str, ...], list[Row]]:
    """Feeds that follow each other as one line; where two tell of the same months, each its own."""
    months = [month for rows in feeds.values() for month in _covered(rows)]
    if len(months) == len(set(months)):
        return {tuple(sorted(feeds)): [row for rows in feeds.values() for row in rows]}
    return {(name,): feeds[name] for name in sorted(feeds)}


def _covered(rows: Iterable[Row]) -> set[date]:
    return {month for row in rows if row["status"] in _CAME for month in months_of(row["periods"])}


def _cells(
    group: Sequence[Row], rows: Sequence[Row], columns: Sequence[Column], end: date
) -> Iterable[Cell]:
    covered = _covered(group)
    expected = _expected(covered, end)
    told = {row["delivery_id"]: months_of(row["periods"]) for row in group}
    twice = {
        month
        for row in rows
        if row["status"] == "duplicate"
        for month in told.get(row["duplicate_of"] or "", ())
    }
    for column in columns:
        mine = [row for row in group if told[row["delivery_id"]] & column.months]
        yield Cell(
            bool(covered & column.months),
            len((expected - covered) & column.months),
            sum(
                row["rows_quarantined"] or 0
                for row in mine
                # a file over several years is counted where it ends
                if row["status"] in _CAME and max(told[row["delivery_id"]]) in column.months
            ),
            any(row["status"] == "superseded" for row in mine),
            bool(twice & column.months),
        )


def _expected(covered: Collection[date], end: date) -> frozenset[date]:
    if not covered:
        return frozenset()
    own = _span(min(covered), max(covered))
    if len(covered) < _MONTHLY_SHARE * len(own):
        return frozenset()
    return _span(min(covered), end)
