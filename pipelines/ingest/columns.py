"""Which column of the file feeds which column of the contract; what is missing, extra, renamed.

The values themselves are read in ``mapping``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipelines.contracts.shapes import Table
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.shapes import SOURCE_ROW, Note, Sheet
from pipelines.ingest.text_keys import close_match, fold, fold_words
from pipelines.municipality.feeds import Feed
from pipelines.words.messages import say

_SHOWN_COLUMNS = 40


class MeltedRow(NamedTuple):
    """What one long row takes from a wide one.

    Attributes:
        headers: Contract column -> the file column its value stands in.
        constants: Contract column -> configured value.
    """

    headers: dict[str, str]
    constants: dict[str, Any]


@dataclass(frozen=True)
class Resolved:
    """Headers of one file, by what they are used for.

    Attributes:
        sources: Contract column -> the file columns its mapping reads, none if it is absent.
        melted: What each long row takes from a wide one; empty when the feed does not melt.
        year_header: The file column with the year of melted months; None when there is none.
        reconciled: Configured name -> file column, for totals to compare.
        notes: Extra and absent columns.
    """

    sources: dict[str, tuple[str, ...]]
    melted: tuple[MeltedRow, ...]
    year_header: str | None
    reconciled: dict[str, str]
    notes: tuple[Note, ...]

    @property
    def melted_headers(self) -> dict[str, str]:
        """Melted file column -> the contract column it feeds."""
        return {header: name for row in self.melted for name, header in row.headers.items()}


def wanted_headers(feed: Feed) -> list[tuple[str, ...]]:
    """Return, for each file column the feed reads, the names it may have."""
    group = feed.layout.group_row.column if feed.layout.group_row else None
    wanted: list[tuple[str, ...]] = []
    for mapping in feed.columns.values():
        if mapping.column:
            wanted.append(mapping.column)
        wanted.extend((name,) for name in mapping.concat or ())
    if feed.melt:
        wanted.extend((name,) for name in feed.melt.file_columns)
        wanted.extend((name,) for name in (feed.melt.year_column,) if name)
    added = {group, feed.sheet_column}  # columns the reader adds; they are in no header
    return [names for names in dict.fromkeys(wanted) if not added & set(names)]


def yaml_place(feed: Feed, key: str) -> str:
    """Return where in the municipality's YAML a key of the feed stands."""
    return say("ingest.columns.place_in_sources", the_key=key, id=feed.id, contract=feed.contract)


def resolve_columns(feed: Feed, table: Table, sheet: Sheet) -> Resolved:
    """Return which file column feeds which contract column.

    Raises:
        DeliveryRejectedError: ``missing_column``, naming the columns found, a likely new name and
            the YAML key to edit.
    """
    finder = HeaderFinder([name for name in sheet.rows.columns if name != SOURCE_ROW])
    notes: list[Note] = []
    sources: dict[str, tuple[str, ...]] = {}
    for name, mapping in feed.columns.items():
        if mapping.column:
            hit = next((h for h in map(finder.find, mapping.column) if h), None)
            sources[name] = (hit,) if hit else ()
        elif mapping.concat:
            hits = [finder.find(part) for part in mapping.concat]
            sources[name] = tuple(hit for hit in hits if hit)
        else:
            continue
        if len(sources[name]) < (len(mapping.concat) if mapping.concat else 1):
            found = {finder.find(part) or "" for part in mapping.file_columns}
            missing = next(p for p in mapping.file_columns if finder.find(p) not in found - {""})
            notes.append(_missing(feed, table, sheet, name, missing))
            sources[name] = ()
    melted = _melted(feed, sheet, finder, notes)
    year_header = _year_header(feed, sheet, finder)
    wanted = {entry.column: finder.find(entry.column) for entry in feed.reconcile}
    notes.extend(
        Note("reconcile_column", say("ingest.columns.reconciled_column_not_in_file", name=name))
        for name, hit in wanted.items()
        if hit is None
    )
    notes.extend(
        Note(
            "declared_column",
            say("ingest.columns.not_personal_column_not_in_file", name=name),
        )
        for name in feed.not_personal
        if finder.find(name) is None
    )
    used = {header for headers in sources.values() for header in headers}
    used |= {header for row in melted for header in row.headers.values()}
    used |= {year_header} if year_header else set()
    notes.extend(_extra(feed, sheet, finder, used))
    reconciled = {name: hit for name, hit in wanted.items() if hit}
    return Resolved(sources, melted, year_header, reconciled, tuple(notes))


class HeaderFinder:
    """Finds a header by name: exactly, then without case and spaces, then with æ as ae."""

    def __init__(self, headers: Sequence[str]) -> None:
        """Make the keys of a file's headers."""
        self._exact = {name: name for name in headers}
        self._words = {fold_words(name): name for name in reversed(headers)}
        self._folded = {fold(name): name for name in reversed(headers)}

    def find(self, name: str) -> str | None:
        """Return the header that is meant, None when the file has none."""
        words = self._words.get(fold_words(name))
        return self._exact.get(name) or words or self._folded.get(fold(name))


def _melted(
    feed: Feed, sheet: Sheet, finder: HeaderFinder, notes: list[Note]
) -> tuple[MeltedRow, ...]:
    if feed.melt is None:
        return ()
    absent = [name for name in feed.melt.file_columns if finder.find(name) is None]
    if len(absent) == len(feed.melt.file_columns):
        raise _rejected(feed, sheet, feed.melt.values[0], absent[0], feed.melt.key)
    if absent:
        listed = ", ".join(f"«{name}»" for name in absent)
        notes.append(
            Note("missing_column", say("ingest.columns.columns_not_in_file", listed=listed))
        )
    found = []
    for row in feed.melt.groups:
        hits = {name: finder.find(header) for name, header in row.columns.items()}
        headers = {name: header for name, header in hits.items() if header}
        if headers:
            found.append(MeltedRow(headers, dict(row.constants)))
    return tuple(found)


def _year_header(feed: Feed, sheet: Sheet, finder: HeaderFinder) -> str | None:
    if feed.melt is None or feed.melt.year_column is None:
        return None
    found = finder.find(feed.melt.year_column)
    if found is None:
        raise _rejected(feed, sheet, feed.melt.values[0], feed.melt.year_column, "melt.year_column")
    return found


def _missing(feed: Feed, table: Table, sheet: Sheet, name: str, header: str) -> Note:
    """Return a note for a column that may be absent; refuse the file for one that may not."""
    unused = [h for h in sheet.named_columns if not _is_mentioned(feed, h)]
    if table.column(name).required or close_match(header, unused):
        raise _rejected(feed, sheet, name, header, f"columns.{name}.column")
    return Note(
        "missing_column", say("ingest.columns.column_not_in_file", header=header, name=name)
    )


def _rejected(feed: Feed, sheet: Sheet, name: str, header: str, key: str) -> DeliveryRejectedError:
    unused = [h for h in sheet.named_columns if not _is_mentioned(feed, h)]
    likely = close_match(header, unused)
    guess = say("ingest.columns.did_you_mean", likely=likely) if likely else ""
    found = ", ".join(f"«{h}»" for h in sheet.named_columns[:_SHOWN_COLUMNS])
    return DeliveryRejectedError(
        "missing_column",
        say(
            "ingest.columns.required_column_not_in_file",
            header=header,
            name=name,
            guess=guess,
            found=found,
        ),
        where="overskriften",
        way_out=say("ingest.columns.fix_export_or_add_name", feed=yaml_place(feed, key)),
    )


def _is_mentioned(feed: Feed, header: str) -> bool:
    names = [name for names in wanted_headers(feed) for name in names]
    return fold(header) in {fold(name) for name in (*names, *feed.ignore_columns)}


def _extra(feed: Feed, sheet: Sheet, finder: HeaderFinder, used: set[str]) -> list[Note]:
    ignored = {finder.find(name) for name in (*feed.ignore_columns, *feed.not_personal)}
    ignored |= {finder.find(entry.column) for entry in feed.reconcile}
    group = feed.layout.group_row
    ignored |= {group.column} if group else set()
    ignored |= {feed.sheet_column}
    extra = [h for h in sheet.named_columns if h not in used | ignored]
    if not extra:
        return []
    listed = ", ".join(f"«{name}»" for name in extra[:_SHOWN_COLUMNS])
    return [Note("extra_columns", say("ingest.columns.unused_columns", listed=listed))]
